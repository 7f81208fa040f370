"""Whether a caller waits for somebody who is busy, and whether somebody is waited for."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.calling import NoRing, Ring, end_ring, plan_call
from mentoring.contacts import begin_leg, see_leg
from mentoring.crossed_calls import (
    DIRECT,
    first_attempt,
    second_attempt,
    wait_no_more,
    waits_after_ring,
)
from mentoring.db import Session
from mentoring.effects import CONNECT
from mentoring.models import Contact, ContactKind, LegSide, Match, Outcome
from mentoring.not_rung import NotRung
from tests.make import NOW, make_lines, make_match, make_text, way_of

HERS, HIS = "CA1", "CA2"


@pytest.fixture
def match(session: Session) -> Match:
    """Both are in a call with us: he listens to the menu, and she is about to call him."""
    make_lines(session, 1)
    match = make_match(session)
    for side, call in zip(match.sides, (HERS, HIS), strict=True):
        begin_leg(session, call_sid=call, phone_id=side.phone_id, now=NOW)
    return match


def calls(
    session: Session,
    match: Match,
    *,
    by: str = HERS,
    attempt: int = DIRECT,
    waited: int = 0,
    after: float = 0,
) -> NotRung | None:
    """One of the two wants the other; returns why they are not rung."""
    planned = plan_call(
        session,
        way_of(session, match, back=by != HERS),
        call_sid=by,
        attempt=attempt,
        waited=waited,
        now=NOW + timedelta(seconds=after),
    )
    session.flush()
    assert isinstance(planned, Ring | NoRing)
    return planned.why if isinstance(planned, NoRing) else None


def hangs_up(session: Session, call: str) -> None:
    see_leg(session, call_sid=call, status="completed", side=LegSide.CALLER, now=NOW)


@pytest.mark.parametrize("attempt", [DIRECT, first_attempt(1)])
def test_for_somebody_in_our_menu_it_waits_twice_and_that_is_one_try(
    session: Session, match: Match, attempt: int
) -> None:
    found = [calls(session, match, attempt=attempt, waited=waited) for waited in range(3)]
    assert found == [NotRung.WITH_US, NotRung.WITH_US, NotRung.BUSY]
    (entry,) = session.scalars(select(Contact))
    assert (entry.outcome, entry.reason) == (Outcome.NOT_RUNG, "on another call")


def test_a_try_that_has_waited_is_an_attempt_like_any_other_before_it_rings(
    session: Session, match: Match
) -> None:
    calls(session, match)
    hangs_up(session, HIS)
    assert calls(session, match, waited=1, after=12) is None
    (entry,) = session.scalars(select(Contact))
    assert (entry.outcome, entry.reason, entry.ended_at) == (Outcome.ATTEMPTED, None, None)
    assert entry.started_at == NOW + timedelta(seconds=12)


def test_a_request_that_comes_twice_changes_nothing(session: Session, match: Match) -> None:
    assert calls(session, match) is NotRung.WITH_US
    hangs_up(session, HIS)
    assert calls(session, match) is NotRung.WITH_US
    for _ in range(2):
        assert calls(session, match, waited=1) is None


def test_for_somebody_who_was_told_to_hang_up_it_waits_longer_but_not_for_ever(
    session: Session, match: Match
) -> None:
    assert calls(session, match) is NotRung.WITH_US
    assert calls(session, match, by=HIS) is NotRung.CROSSING
    found = [calls(session, match, waited=waited) for waited in range(1, 5)]
    assert found == [NotRung.COMING] * 3 + [NotRung.BUSY]


def test_who_was_told_to_hang_up_is_rung_as_soon_as_the_line_is_free(
    session: Session, match: Match
) -> None:
    assert calls(session, match) is NotRung.WITH_US
    assert calls(session, match, by=HIS) is NotRung.CROSSING
    hangs_up(session, HIS)
    assert calls(session, match, waited=1) is None


def test_who_rings_somebody_else_from_our_menu_is_not_waited_for(
    session: Session, match: Match
) -> None:
    elsewhere = Contact(
        kind=ContactKind.CALL,
        outcome=Outcome.ATTEMPTED,
        source_sid=HIS,
        attempt=first_attempt(1),
        started_at=NOW,
    )
    session.add(elsewhere)
    assert calls(session, match) is NotRung.BUSY
    elsewhere.ended_at = NOW
    assert calls(session, match, attempt=first_attempt(2)) is NotRung.WITH_US


def test_whom_the_service_has_rung_is_not_waited_for(session: Session, match: Match) -> None:
    hangs_up(session, HIS)
    entry = Contact(
        kind=ContactKind.SERVICE,
        outcome=Outcome.ATTEMPTED,
        source_sid="delivery:1",
        started_at=NOW,
    )
    session.add(entry)
    session.flush()
    see_leg(
        session,
        call_sid="CA3",
        status="ringing",
        side=LegSide.CALLER,
        contact_id=entry.id,
        phone_id=match.sides[1].phone_id,
        now=NOW,
    )
    assert calls(session, match) is NotRung.BUSY


def test_nobody_hangs_up_for_a_wait_that_is_over(session: Session, match: Match) -> None:
    """The caller has gone on to a voice note, and will not ring again."""
    for waited in range(3):
        calls(session, match, waited=waited)
    assert calls(session, match, by=HIS) is NotRung.WITH_US


def test_nobody_hangs_up_when_the_second_ring_has_led_to_a_note(
    session: Session, match: Match
) -> None:
    hangs_up(session, HIS)
    way = way_of(session, match)
    ring = plan_call(session, way, call_sid=HERS, attempt=DIRECT, now=NOW)
    begin_leg(session, call_sid="CA3", phone_id=match.sides[1].phone_id, now=NOW)
    contact = end_ring(session, ring.contact_id, status="busy", seconds=None, now=NOW)
    assert contact is not None
    assert waits_after_ring(session, contact, way, now=NOW)
    assert (contact.outcome, contact.reason) == (Outcome.BUSY, "in our menu")
    second = second_attempt(DIRECT)
    assert calls(session, match, attempt=second, waited=1) is NotRung.WITH_US
    assert calls(session, match, attempt=second, waited=2) is NotRung.BUSY
    assert calls(session, match, by="CA3") is NotRung.WITH_US


def rings_him_in_vain(session: Session, match: Match, status: str) -> Contact:
    hangs_up(session, HIS)
    ring = plan_call(session, way_of(session, match), call_sid=HERS, attempt=DIRECT, now=NOW)
    begin_leg(session, call_sid="CA3", phone_id=match.sides[1].phone_id, now=NOW)
    assert calls(session, match, by="CA3", after=1) is NotRung.CROSSING
    contact = end_ring(session, ring.contact_id, status=status, seconds=None, now=NOW)
    assert contact is not None
    return contact


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_who_was_told_to_hang_up_is_rung_whatever_the_carrier_says_of_the_first_ring(
    session: Session, match: Match, status: str
) -> None:
    contact = rings_him_in_vain(session, match, status)
    later = NOW + timedelta(seconds=3)
    assert waits_after_ring(session, contact, way_of(session, match), now=later)
    hangs_up(session, "CA3")
    assert calls(session, match, attempt=second_attempt(DIRECT), waited=1, after=12) is None


def test_nobody_is_rung_again_who_did_not_answer_and_was_not_told_to_hang_up(
    session: Session, match: Match
) -> None:
    hangs_up(session, HIS)
    ring = plan_call(session, way_of(session, match), call_sid=HERS, attempt=DIRECT, now=NOW)
    contact = end_ring(session, ring.contact_id, status="no-answer", seconds=None, now=NOW)
    assert contact is not None
    begin_leg(session, call_sid="CA3", phone_id=match.sides[1].phone_id, now=NOW)
    assert not waits_after_ring(session, contact, way_of(session, match), now=NOW)


def test_that_a_ring_has_ended_is_judged_once_however_late_it_is_told_again(
    session: Session, match: Match
) -> None:
    way = way_of(session, match)
    contact = rings_him_in_vain(session, match, "busy")
    assert waits_after_ring(session, contact, way, now=NOW)
    session.flush()
    late = NOW + timedelta(minutes=5)
    assert waits_after_ring(session, contact, way, now=late)
    wait_no_more(session, contact.id)
    session.refresh(contact)
    assert not waits_after_ring(session, contact, way, now=NOW)


def test_nobody_hangs_up_for_a_wait_of_which_nothing_more_was_heard(
    session: Session, match: Match
) -> None:
    calls(session, match)
    assert calls(session, match, by=HIS, after=31) is NotRung.WITH_US


def test_nobody_hangs_up_for_somebody_who_waits_no_more(session: Session, match: Match) -> None:
    way = way_of(session, match)
    waiting = plan_call(session, way, call_sid=HERS, attempt=DIRECT, now=NOW)
    wait_no_more(session, waiting.contact_id)
    assert calls(session, match, by=HIS) is NotRung.WITH_US


def test_who_waited_and_has_hung_up_is_rung(session: Session, match: Match) -> None:
    calls(session, match)
    hangs_up(session, HERS)
    assert calls(session, match, by=HIS) is None


def test_when_the_service_rings_one_for_the_talk_only_one_of_the_two_hangs_up(
    session: Session, match: Match
) -> None:
    """She waits for him when the service rings him, and he goes on to her before she knows."""
    side = match.sides[1]
    calls(session, match)
    hangs_up(session, HIS)
    entry = Contact(
        kind=ContactKind.SERVICE,
        match_id=match.id,
        to_person_id=side.person_id,
        outcome=Outcome.ATTEMPTED,
        source_sid="delivery:1",
        started_at=NOW,
    )
    session.add(entry)
    session.flush()
    row = make_text(session, to=side.phone, line=match.line, contact=entry)
    row.flow = f"{CONNECT}{side.id}"
    see_leg(
        session,
        call_sid="CA3",
        status="in-progress",
        side=LegSide.CALLER,
        contact_id=entry.id,
        phone_id=side.phone_id,
        now=NOW,
    )
    assert calls(session, match, by="CA3", attempt=first_attempt(1)) is NotRung.CROSSING
    assert calls(session, match, waited=1) is NotRung.COMING
    hangs_up(session, "CA3")
    entry.ended_at = NOW
    assert calls(session, match, waited=2) is None
