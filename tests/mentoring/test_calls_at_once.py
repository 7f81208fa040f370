"""Two who call each other at the very same moment: one call rings, and the other is told so."""

from collections.abc import Callable

import pytest

from mentoring.calling import NoRing, Ring, plan_call
from mentoring.contacts import begin_leg, log_between, see_leg
from mentoring.crossed_calls import second_attempt
from mentoring.db import Database
from mentoring.models import ContactKind, LegSide, MatchSide, Outcome
from mentoring.not_rung import NotRung
from mentoring.people import number_of
from mentoring.reception import OnPairLine, receive_call
from mentoring.routing import route_of_side, route_to_ring, route_to_ring_again
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


def is_in_the_menu(db: Database, side: tuple[int, str, str]) -> None:
    """They have called us, and listen to the menu."""
    side_id, number, _ = side
    with db.transaction() as session:
        phone_id = session.get_one(MatchSide, side_id).phone_id
        begin_leg(session, call_sid=f"CA{number}", phone_id=phone_id, now=NOW)


def waits(db: Database, side: tuple[int, str, str]) -> int:
    """They have rung the other one, who was busy, and will ring again; returns the attempt."""
    side_id, number, _ = side
    with db.transaction() as session:
        route = route_of_side(session, side_id)
        assert route is not None
        return log_between(
            session,
            route,
            ContactKind.CALL,
            source_sid=f"CA{number}",
            outcome=Outcome.BUSY,
            reason=NotRung.WITH_US.value,
            ended=True,
            now=NOW,
        ).id


def rings_again(db: Database, contact_id: int) -> Plan:
    """Their wait is over."""
    with db.transaction() as session:
        contact, route = route_to_ring_again(session, contact_id)
        assert contact is not None
        assert route is not None
        rang = contact.outcome is Outcome.BUSY
        return plan_call(
            session,
            route,
            call_sid=contact.source_sid,
            attempt=second_attempt(contact.attempt) if rang else contact.attempt,
            waited=1,
            now=NOW,
        )


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


def whys(*plans: Plan | Exception) -> set[NotRung]:
    return {plan.why for plan in plans if isinstance(plan, NoRing)}


def test_of_two_in_the_menu_who_want_each_other_at_once_one_waits_and_the_other_hangs_up(
    real_db: Database, sides: list[tuple[int, str, str]]
) -> None:
    one, other = sides
    for side in sides:
        is_in_the_menu(real_db, side)
    plans = all_at_once(lambda: presses_call(real_db, one), lambda: presses_call(real_db, other))
    assert whys(*plans) == {NotRung.WITH_US, NotRung.CROSSING}


def test_of_two_who_wait_for_each_other_one_hangs_up_and_is_rung(
    real_db: Database, sides: list[tuple[int, str, str]]
) -> None:
    for side in sides:
        is_in_the_menu(real_db, side)
    tries = [waits(real_db, side) for side in sides]
    first, second = all_at_once(*(lambda t=t: rings_again(real_db, t) for t in tries))
    assert whys(first, second) == {NotRung.CROSSING, NotRung.COMING}
    waiting, gone = (first, second) if whys(first) == {NotRung.COMING} else (second, first)
    assert isinstance(waiting, NoRing)
    (hung_up,) = [side for side, plan in zip(sides, (first, second), strict=True) if plan is gone]
    with real_db.transaction() as session:
        ended = f"CA{hung_up[1]}"
        see_leg(session, call_sid=ended, status="completed", side=LegSide.CALLER, now=NOW)
    assert isinstance(rings_again(real_db, waiting.contact_id), Ring)
