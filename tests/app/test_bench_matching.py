"""The made-up people of the bench wait, mentor, and fit each other."""

from datetime import timedelta

from app.bench_matching import fill
from mentoring.db import Database
from mentoring.matching.board import read_board
from tests.make import NOW


def test_the_bench_makes_people_of_whom_the_plan_brings_many_together(real_db: Database) -> None:
    fill(real_db, 40, NOW)
    with real_db.transaction() as session:
        board = read_board(session, now=NOW + timedelta(hours=1))

    assert (len(board.pool.proteges), len(board.pool.mentors)) == (40, 40)
    assert len(board.plan.picks) >= 20
    assert {mentor.places for mentor in board.pool.mentors} == {1, 2, 3}
