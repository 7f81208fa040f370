"""The pool of pair lines: as many as the most matches of one phone, and no more."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.lines import (
    add_line,
    draw_line,
    free_quarantined,
    main_line,
    main_line_or_none,
    main_number,
)
from mentoring.matches import close_match
from mentoring.models import ClosureReason, Line, LineKind, Match, MatchSide, Person, Role
from tests.make import (
    MAIN,
    NOW,
    all_at_once,
    another_process,
    make_lines,
    make_match,
    make_person,
)

MONTH = timedelta(days=30)


def protege(session: Session, which: int) -> Person:
    return make_person(session, Role.PROTEGE, f"P{which}", which=which)


def mentor(session: Session, which: int) -> Person:
    return make_person(session, Role.MENTOR, f"M{which}", which=30 + which)


def close(session: Session, match: Match, days_ago: int = 0) -> None:
    close_match(
        session,
        match,
        reason=ClosureReason.TERM_END,
        actor="staff",
        now=NOW - timedelta(days=days_ago),
    )


def test_a_mentor_with_three_proteges_needs_three_lines_and_other_pairs_share_them(
    session: Session,
) -> None:
    lines = make_lines(session, 3)
    busy = mentor(session, 1)
    of_busy = [make_match(session, protege(session, n), busy).line for n in (1, 2, 3)]
    others = [
        make_match(session, protege(session, n), mentor(session, n)).line for n in (11, 12, 13)
    ]

    assert {line.number for line in of_busy} == {line.number for line in lines}
    assert {line.number for line in others} == {line.number for line in lines}


def test_a_fourth_protege_of_one_mentor_needs_a_fourth_line(session: Session) -> None:
    make_lines(session, 3)
    busy = mentor(session, 1)
    for n in (1, 2, 3):
        make_match(session, protege(session, n), busy)
    with pytest.raises(ProgrammeError, match="All 3 pair lines are in use"):
        make_match(session, protege(session, 4), busy)

    add_line(session, "+15155550104", LineKind.PAIR, now=NOW)
    assert make_match(session, protege(session, 5), busy).line.number == "+15155550104"


def test_twenty_pairs_of_strangers_fit_on_one_line(session: Session) -> None:
    make_lines(session, 1)
    numbers = {
        make_match(session, protege(session, n), mentor(session, n)).line.number for n in range(20)
    }
    assert numbers == {"+15155550101"}


def test_the_least_used_line_is_drawn(session: Session) -> None:
    make_lines(session, 3)
    drawn = [
        make_match(session, protege(session, n), mentor(session, n)).line.number for n in range(6)
    ]
    assert sorted(drawn[:3]) == sorted(drawn[3:]) == [f"+1515555010{n}" for n in (1, 2, 3)]


def test_the_main_line_and_retired_lines_are_never_drawn(session: Session) -> None:
    first, second = make_lines(session, 2)
    first.retired_at = NOW
    assert draw_line(session, protege(session, 1), mentor(session, 1), now=NOW).id == second.id


def test_a_line_is_taken_by_the_phone_and_not_by_the_person(session: Session) -> None:
    make_lines(session, 2)
    mother = protege(session, 1)
    son = make_person(session, Role.PROTEGE, "Tom", phone=mother.phone)
    first = make_match(session, mother, mentor(session, 1))
    second = make_match(session, son, mentor(session, 2))
    assert first.line.id != second.line.id


def test_no_line_at_all_says_what_to_buy(session: Session) -> None:
    make_lines(session, 0)
    with pytest.raises(ProgrammeError) as refused:
        make_match(session)
    assert str(refused.value) == (
        "There is no pair line yet. Buy a number for voice and texts at the carrier, then run:"
        " bridgeline lines add NUMBER"
    )


def test_an_exhausted_pool_says_what_to_buy_for_whom_and_when_a_line_comes_free(
    session: Session,
) -> None:
    make_lines(session, 2)
    ben = protege(session, 1)
    make_match(session, ben, mentor(session, 1))
    close(session, make_match(session, ben, mentor(session, 2)), days_ago=10)
    with pytest.raises(ProgrammeError) as refused:
        make_match(session, ben, mentor(session, 3))
    said = str(refused.value)
    assert "All 2 pair lines are in use for P01 or M03." in said
    assert "Buy one more number for voice and texts at the carrier" in said
    assert "`bridgeline lines add NUMBER` and `bridgeline numbers sync`" in said
    assert said.endswith("A line comes free on 2026-03-23.")


def test_an_exhausted_pool_promises_no_day_when_nothing_will_come_free(session: Session) -> None:
    make_lines(session, 1)
    ben = protege(session, 1)
    make_match(session, ben, mentor(session, 1))
    with pytest.raises(ProgrammeError, match=r"open the match again\.$") as refused:
        make_match(session, ben, mentor(session, 2))
    assert str(refused.value).startswith("The only pair line is in use for P01 or M02.")


def test_a_closed_match_keeps_its_line_until_the_quarantine_is_over(session: Session) -> None:
    make_lines(session, 1)
    ben, ada, eve = protege(session, 1), mentor(session, 1), mentor(session, 2)
    close(session, make_match(session, ben, ada))

    pairs = ((ben, eve), (protege(session, 2), ada))
    for pair in pairs:
        with pytest.raises(ProgrammeError, match="in use"):
            draw_line(session, *pair, now=NOW + MONTH - timedelta(seconds=1))
    for pair in pairs:
        assert draw_line(session, *pair, now=NOW + MONTH).number == "+15155550101"


def test_a_line_in_quarantine_serves_everybody_else_at_once(session: Session) -> None:
    make_lines(session, 1)
    close(session, make_match(session, protege(session, 1), mentor(session, 1)))
    assert make_match(session, protege(session, 2), mentor(session, 2)).line.number


def test_a_line_is_given_back_once_and_both_sides_at_the_same_time(session: Session) -> None:
    make_lines(session, 2)
    make_match(session, protege(session, 2), mentor(session, 2))
    match = make_match(session, protege(session, 1), mentor(session, 1))
    close(session, match)

    assert free_quarantined(session, now=NOW + MONTH - timedelta(seconds=1)) == 0
    assert free_quarantined(session, now=NOW + MONTH) == 2
    assert free_quarantined(session, now=NOW + MONTH) == 0
    assert {side.released_at for side in match.sides} == {NOW + MONTH}


def test_adding_a_line_again_changes_nothing_but_the_carriers_id(session: Session) -> None:
    (line,) = make_lines(session, 1)
    again = add_line(session, line.number, LineKind.PAIR, now=NOW, carrier_sid="PN1")
    assert (again.id, again.carrier_sid) == (line.id, "PN1")
    assert add_line(session, line.number, LineKind.PAIR, now=NOW).carrier_sid == "PN1"


def test_there_is_one_main_line(session: Session) -> None:
    make_lines(session, 0)
    with pytest.raises(ProgrammeError, match="There is a main line already"):
        add_line(session, "+15155550109", LineKind.MAIN, now=NOW)
    main_line(session).retired_at = NOW
    assert add_line(session, "+15155550109", LineKind.MAIN, now=NOW) is main_line(session)


def test_a_missing_main_line_is_said_in_a_sentence(session: Session) -> None:
    assert main_line_or_none(session) is None
    with pytest.raises(ProgrammeError, match="There is no main line yet"):
        main_line(session)


def test_prompts_hold_the_main_line_as_people_write_it(session: Session) -> None:
    make_lines(session, 0)
    assert main_line(session).number == MAIN
    assert main_number(session) == "515 555 0100"


def test_the_database_itself_refuses_a_second_match_behind_one_phone_and_line(
    session: Session,
) -> None:
    make_lines(session, 1)
    held = make_match(session).sides[0]
    other = make_match(session, protege(session, 5), mentor(session, 5)).sides[0]

    def put_on_the_held_phone() -> None:
        with session.begin_nested():
            other.phone_id = held.phone_id
            session.flush()

    with pytest.raises(IntegrityError, match="match_sides"):
        put_on_the_held_phone()


def test_two_coordinators_at_the_same_moment_never_put_two_matches_behind_one_number(
    real_db: Database,
) -> None:
    with real_db.transaction() as session:
        make_lines(session, 1)
        ben = protege(session, 1)
        mentors = [mentor(session, n) for n in (1, 2)]

    def open_with(db: Database, person: Person) -> str:
        with db.transaction() as session:
            return make_match(session, session.merge(ben), session.merge(person)).line.number

    with another_process(real_db) as other:
        outcomes = all_at_once(
            lambda: open_with(real_db, mentors[0]), lambda: open_with(other, mentors[1])
        )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ProgrammeError", "str"]
    with real_db.transaction() as session:
        assert len(session.scalars(select(Match)).all()) == 1
        assert len(session.scalars(select(MatchSide)).all()) == 2


def test_two_coordinators_with_different_pairs_both_get_a_line_when_they_try_again(
    real_db: Database,
) -> None:
    with real_db.transaction() as session:
        make_lines(session, 1)
        pairs = [(protege(session, n), mentor(session, n)) for n in (1, 2)]

    def open_for(db: Database, pair: tuple[Person, Person]) -> str:
        for _ in range(2):
            with suppress(ProgrammeError), db.transaction() as session:
                return make_match(session, *(session.merge(who) for who in pair)).code
        raise AssertionError("The second try failed as well.")

    with another_process(real_db) as other:
        outcomes = all_at_once(
            lambda: open_for(real_db, pairs[0]), lambda: open_for(other, pairs[1])
        )

    assert all(isinstance(code, str) for code in outcomes)
    assert outcomes[0] != outcomes[1]


def test_every_line_number_is_ours_once(session: Session) -> None:
    make_lines(session, 1)

    def add_again() -> None:
        with session.begin_nested():
            session.add(Line(number=MAIN, kind=LineKind.PAIR, created_at=NOW))

    with pytest.raises(IntegrityError, match="lines"):
        add_again()
