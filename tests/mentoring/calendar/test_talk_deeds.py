"""After a talk: who is asked how it went, who is thanked, and how often."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.calendar.deeds import do_due
from mentoring.calendar.meetings import waits_until, was_reached
from mentoring.calendar.talk_deeds import is_asked_after
from mentoring.calendar.talked import follow_up_later
from mentoring.contacts import log_between
from mentoring.db import Session
from mentoring.models import (
    ContactKind,
    Delivery,
    DeliveryStatus,
    Due,
    DueKind,
    Invitation,
    Match,
    MatchState,
    Outcome,
)
from mentoring.queueing import queue_call
from tests.make import NOW, make_lines, make_match, way_of

DAY = timedelta(days=1)


@pytest.fixture
def match(session: Session) -> Match:
    make_lines(session)
    made = make_match(session)
    made.state = MatchState.EARLY
    return made


def talk(session: Session, match: Match, number: int) -> None:
    """Let the two talk on a day, and let the end of the call be told twice."""
    at = NOW + number * DAY
    entry = log_between(
        session,
        way_of(session, match),
        ContactKind.CALL,
        source_sid=f"CA{number:032x}",
        outcome=Outcome.TALKED,
        seconds=600,
        ended=True,
        now=at,
    )
    entry.two_way, entry.accepted_at = True, at
    session.flush()
    for _ in range(2):
        follow_up_later(session, entry.source_sid, now=at)


def asked(session: Session, match: Match) -> list[int]:
    chosen = select(Invitation.number).where(
        Invitation.flow == "talk_check", Invitation.person_id == match.sides[0].person_id
    )
    return list(session.scalars(chosen.order_by(Invitation.number)))


def test_it_is_asked_after_the_first_three_talks_and_then_after_every_fourth() -> None:
    assert [n for n in range(1, 17) if is_asked_after(n)] == [1, 2, 3, 7, 11, 15]


def test_each_talk_is_followed_up_once_and_the_first_and_the_fifth_are_thanked_for(
    session: Session, match: Match
) -> None:
    for number in range(1, 9):
        talk(session, match, number)
        do_due(session, now=NOW + number * DAY + timedelta(hours=3))

    assert asked(session, match) == [1, 2, 3, 7]
    thanked = select(Delivery.prompt).where(Delivery.prompt.in_(["T-T1", "T-T2"]))
    assert list(session.scalars(thanked.order_by(Delivery.id))) == ["T-T1"] * 2 + ["T-T2"] * 2


def test_nothing_is_asked_some_hours_after_a_talk_when_the_match_is_on_hold_by_then(
    session: Session, match: Match
) -> None:
    talk(session, match, 1)
    match.state = MatchState.SAFETY_HOLD
    do_due(session, now=NOW + 2 * DAY)

    assert asked(session, match) == []


def test_nothing_is_asked_about_a_talk_of_long_ago(session: Session, match: Match) -> None:
    talk(session, match, 1)
    do_due(session, now=NOW + 6 * DAY)

    assert asked(session, match) == []
    followed = select(Due.outcome).where(Due.kind == DueKind.TALKED)
    assert session.scalars(followed).one() == "too late"


def test_a_ring_waits_for_its_moment_unless_that_comes_too_late(
    session: Session, match: Match
) -> None:
    side, key, minute = match.sides[0], "talk:1:1", timedelta(minutes=1)
    queue_call(
        session,
        flow=f"connect:{side.id}",
        person=side.person,
        line=match.line,
        dedupe_key=key,
        match_id=match.id,
        keep_for=20 * minute,
        now=NOW,
    )
    row = session.scalars(select(Delivery).where(Delivery.dedupe_key == key)).one()
    assert waits_until(session, key, now=NOW) == NOW

    row.not_before = NOW + 15 * minute
    session.flush()
    assert waits_until(session, key, now=NOW + minute) == NOW + 15 * minute

    row.not_before = NOW + 30 * minute
    session.flush()
    assert waits_until(session, key, now=NOW + 15 * minute) is None
    assert not was_reached(session, key)

    row.status = DeliveryStatus.SENDING
    session.flush()
    assert waits_until(session, key, now=NOW) is None
    assert was_reached(session, key)
