"""Two who call each other at the very same moment: one call rings, and the other is told so."""

from collections.abc import Callable

import pytest

from mentoring.calling import NoRing, NotRung, Ring, plan_call
from mentoring.db import Database
from mentoring.people import number_of
from mentoring.reception import OnPairLine, receive_call
from mentoring.routing import route_to_ring
from tests.make import NOW, all_at_once, make_lines, make_match

Plan = Ring | NoRing


@pytest.fixture
def sides(real_db: Database) -> list[tuple[int, str, str]]:
    """Each side of a match: its id, the number of its phone, and the line of the two."""
    with real_db.transaction() as session:
        make_lines(session)
        match = make_match(session)
        return [
            (side.id, number_of(session, side.phone), match.line.number) for side in match.sides
        ]


def dials_the_line(db: Database, side: tuple[int, str, str]) -> Plan:
    """They call the line of the two."""
    _, number, line = side
    with db.transaction() as session:
        reached = receive_call(
            session, number=number, line_number=line, call_sid=f"CA{number}", now=NOW
        )
        assert isinstance(reached, OnPairLine)
        return reached.plan


def presses_call(db: Database, side: tuple[int, str, str]) -> Plan:
    """They are on the main line, and press the key for the other one."""
    side_id, number, _ = side
    with db.transaction() as session:
        route = route_to_ring(session, side_id)
        assert route is not None
        return plan_call(session, route, call_sid=f"CA{number}", attempt=2, now=NOW)


Way = Callable[[Database, tuple[int, str, str]], Plan]


@pytest.mark.parametrize("first", [dials_the_line, presses_call])
@pytest.mark.parametrize("second", [dials_the_line, presses_call])
def test_of_two_who_call_each_other_at_once_one_is_rung(
    real_db: Database, sides: list[tuple[int, str, str]], first: Way, second: Way
) -> None:
    one, other = sides
    plans = all_at_once(lambda: first(real_db, one), lambda: second(real_db, other))
    (rings,) = [plan for plan in plans if isinstance(plan, Ring)]
    (told,) = [plan for plan in plans if isinstance(plan, NoRing)]
    assert told.why is NotRung.CROSSING
    assert rings.line_number == one[2]
