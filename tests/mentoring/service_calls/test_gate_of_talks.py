"""The gate of a call that somebody asked for: its talk is no automated call of the day."""

from datetime import UTC, datetime, timedelta

import pytest

from mentoring.db import Session
from mentoring.models import Delivery, DeliveryStatus, Match, MatchState, Mode, OptOutKind
from mentoring.optouts import refuse
from mentoring.queueing import queue_call
from mentoring.service_calls.calls import settle_placed
from mentoring.service_calls.claims import claim_calls
from tests.make import NOW, agree, make_lines, make_match

# Ten in the evening in Chicago.
NIGHT = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


@pytest.fixture
def match(session: Session) -> Match:
    make_lines(session)
    return make_match(session)


def queued(
    session: Session, match: Match, flow: str | None = None, *, now: datetime = NOW
) -> Delivery:
    """Queue a call to the protege: for a talk, or about a flow."""
    side = match.sides[0]
    made = queue_call(
        session,
        flow=flow or f"connect:{side.id}",
        person=side.person,
        line=match.line,
        dedupe_key=f"{flow}:{now}",
        match_id=match.id,
        keep_for=timedelta(minutes=20),
        now=now,
    )
    return session.get_one(Delivery, made)


def dialled(session: Session, *, now: datetime = NOW) -> int:
    claimed = claim_calls(session, now=now).calls
    for call in claimed:
        sid = f"CA{call.delivery_id:032x}"
        settle_placed(session, call.delivery_id, sid=sid, status="completed", now=now)
    return len(claimed)


def test_a_talk_is_rung_on_a_day_that_had_its_automated_call(
    session: Session, match: Match
) -> None:
    queued(session, match, "checkin")
    assert dialled(session) == 1
    queued(session, match)
    assert dialled(session) == 1


def test_a_talk_takes_no_turn_from_the_automated_call_of_the_day(
    session: Session, match: Match
) -> None:
    queued(session, match)
    assert dialled(session) == 1
    queued(session, match, "checkin")
    assert dialled(session) == 1


def test_a_talk_needs_no_consent_to_automated_calls(session: Session, match: Match) -> None:
    person = match.sides[0].person
    agree(session, person.phone, "C2", agreed=False, person=person)
    queued(session, match)
    assert dialled(session) == 1


def test_who_said_stop_calling_is_not_rung_for_a_talk(session: Session, match: Match) -> None:
    row = queued(session, match)
    phone = match.sides[0].person.phone
    refuse(session, phone, OptOutKind.CALLS, source="voice", now=NOW)
    assert dialled(session) == 0
    assert row.status is DeliveryStatus.BLOCKED


def test_a_talk_is_rung_though_its_asker_has_stopped_texts_since(
    session: Session, match: Match
) -> None:
    queued(session, match)
    phone = match.sides[0].person.phone
    refuse(session, phone, OptOutKind.TEXTS, source="text", now=NOW)
    assert dialled(session) == 1


def test_who_reads_texts_by_now_is_not_rung_for_a_talk(session: Session, match: Match) -> None:
    row = queued(session, match)
    match.sides[0].person.mode = Mode.TEXT
    assert dialled(session) == 0
    assert row.status is DeliveryStatus.BLOCKED


@pytest.mark.parametrize("state", [MatchState.PAUSED, MatchState.SAFETY_HOLD, MatchState.CLOSED])
def test_nobody_is_rung_for_a_talk_in_a_match_that_rests(
    session: Session, match: Match, state: MatchState
) -> None:
    row = queued(session, match)
    match.state = state
    session.flush()
    assert dialled(session) == 0
    assert row.status is DeliveryStatus.BLOCKED


def test_a_talk_is_never_rung_at_night(session: Session, match: Match) -> None:
    row = queued(session, match, now=NIGHT)
    assert dialled(session, now=NIGHT) == 0
    assert row.status is DeliveryStatus.EXPIRED
