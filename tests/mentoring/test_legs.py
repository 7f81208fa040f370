"""Call legs: statuses that only rise, and whether a phone is on a call with us."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from mentoring.contacts import (
    believed,
    call_is_over,
    is_on_a_call,
    log_between,
    see_leg,
)
from mentoring.db import Database, Session
from mentoring.models import (
    CallLeg,
    ContactKind,
    LegSide,
    Match,
    Outcome,
)
from tests.make import (
    NOW,
    all_at_once,
    another_process,
    make_lines,
    make_match,
    make_phone,
    way_of,
)

HOUR = timedelta(hours=1)


def on_a_call(session: Session, phone_id: int, *, now: datetime) -> bool:
    """Ask as a call to that phone does before it rings."""
    return bool(session.scalar(select(is_on_a_call()), believed(session, phone_id, now=now)))


@pytest.fixture
def match(session: Session) -> Match:
    make_lines(session, 1)
    return make_match(session)


def leg(
    session: Session,
    status: str,
    *,
    phone_id: int | None = None,
    contact_id: int | None = None,
    seconds: int | None = None,
) -> bool:
    """Tell one status of the leg CA1; returns whether that was news."""
    return see_leg(
        session,
        call_sid="CA1",
        status=status,
        side=LegSide.CALLEE,
        phone_id=phone_id,
        contact_id=contact_id,
        seconds=seconds,
        now=NOW,
    )


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=50,
    deadline=None,
    database=None,
)
@given(
    words=st.lists(
        st.sampled_from(["initiated", "ringing", "in-progress", "completed", "busy", "strange"]),
        min_size=1,
        max_size=8,
    )
)
def test_a_leg_only_rises_in_whatever_order_its_statuses_are_told(
    session: Session, words: list[str]
) -> None:
    rank = {"strange": -1, "initiated": 0, "ringing": 1, "in-progress": 2}
    with session.begin_nested() as example:
        shown = [(leg(session, word), _status(session))[1] for word in words]
        ended = [word for word in words if word in ("completed", "busy")]
        assert shown[-1] == (ended[0] if ended else max(words, key=lambda word: rank[word]))
        assert call_is_over(session, "CA1") is bool(ended)
        example.rollback()
    session.expire_all()


def _status(session: Session) -> str:
    return session.scalars(select(CallLeg.status).where(CallLeg.call_sid == "CA1")).one()


def test_a_leg_keeps_when_it_was_answered_and_how_long_it_lasted(session: Session) -> None:
    leg(session, "in-progress")
    assert leg(session, "completed", seconds=42)
    ended = session.scalars(select(CallLeg)).one()
    assert (ended.answered_at, ended.ended_at, ended.seconds) == (NOW, NOW, 42)
    assert not leg(session, "in-progress")


def test_who_holds_the_record_of_a_leg_sees_its_news_in_it(session: Session) -> None:
    leg(session, "ringing")
    held = session.scalars(select(CallLeg)).one()

    leg(session, "completed", seconds=42)

    assert (held.status, held.ended_at, held.seconds) == ("completed", NOW, 42)
    assert not session.dirty


def test_one_leg_told_on_two_connections_is_one_row(real_db: Database) -> None:
    def tell(session: Session, status: str) -> None:
        leg(session, status)

    with another_process(real_db) as other:
        outcomes = all_at_once(
            lambda: real_db.run(lambda session: tell(session, "ringing")),
            lambda: other.run(lambda session: tell(session, "in-progress")),
            lambda: other.run(lambda session: tell(session, "ringing")),
        )
    assert outcomes == [None] * 3
    with real_db.transaction() as session:
        assert _status(session) == "in-progress"


@pytest.mark.parametrize(
    ("status", "after", "is_believed"),
    [
        ("ringing", timedelta(minutes=1), True),
        ("in-progress", timedelta(minutes=14), True),
        ("in-progress", timedelta(minutes=16), False),
        ("completed", timedelta(seconds=1), False),
    ],
)
def test_a_phone_is_on_a_call_while_we_have_reason_to_believe_it(
    session: Session, status: str, after: timedelta, is_believed: bool
) -> None:
    phone = make_phone(session)
    leg(session, status, phone_id=phone.id)
    assert on_a_call(session, phone.id, now=NOW + after) is is_believed


def test_a_talk_is_believed_as_long_as_talks_may_last(session: Session, match: Match) -> None:
    way = way_of(session, match)
    contact = log_between(
        session, way, ContactKind.CALL, source_sid="CA0", outcome=Outcome.ACCEPTED, now=NOW
    )
    leg(session, "in-progress", phone_id=way.other.phone_id, contact_id=contact.id)
    after_an_hour = NOW + timedelta(minutes=60)
    assert on_a_call(session, way.other.phone_id, now=after_an_hour)
    assert not on_a_call(session, way.other.phone_id, now=after_an_hour + HOUR)
    assert not on_a_call(session, way.mine.phone_id, now=NOW)
