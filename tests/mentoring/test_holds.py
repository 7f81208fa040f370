"""A hold or the end of a match stops at once whatever is under way between the two."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from mentoring.calling import Accepted, accept_whisper, plan_call
from mentoring.claims import claim_due
from mentoring.contacts import count_two_way, log_between
from mentoring.db import Database, Session
from mentoring.matches import close_match, move_match
from mentoring.missed import tell_about_missed_calls
from mentoring.models import (
    ClosureReason,
    ContactKind,
    DeliveryStatus,
    Match,
    MatchState,
    Outcome,
)
from mentoring.notes import count_waiting, keep_written
from tests.make import (
    NOW,
    make_lines,
    make_match,
    make_relay,
    way_of,
)

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("state", [MatchState.SAFETY_HOLD, MatchState.CLOSED])
def test_a_text_that_waits_for_the_morning_does_not_pass_a_hold_or_a_closed_match(
    session: Session, state: MatchState
) -> None:
    make_lines(session, 1)
    match = make_match(session)
    (row,) = make_relay(session, match, "Hello Ada")
    claim_due(session, now=NOW + 11 * HOUR)
    assert row.status is DeliveryStatus.QUEUED
    if state is MatchState.CLOSED:
        close_match(session, match, reason=ClosureReason.SAFETY, actor="staff", now=NOW + 12 * HOUR)
    else:
        move_match(session, match, state, actor="staff", reason="concern", now=NOW + 12 * HOUR)
    session.flush()
    assert claim_due(session, now=NOW + 21 * HOUR).texts == []


def test_a_note_that_was_left_before_a_hold_is_not_heard_during_it(session: Session) -> None:
    make_lines(session, 1)
    match = make_match(session)
    way = way_of(session, match)
    contact = log_between(
        session, way, ContactKind.TEXT, source_sid="SM1", outcome=Outcome.NOTE_LEFT, now=NOW
    )
    keep_written(session, "Hello", way, contact=contact, now=NOW)
    session.flush()
    assert count_waiting(session, way.other.person_id) == 1
    move_match(session, match, MatchState.SAFETY_HOLD, actor="staff", reason="concern", now=NOW)
    session.flush()
    assert count_waiting(session, way.other.person_id) == 0


def test_a_call_that_rings_when_the_match_is_held_is_not_joined(session: Session) -> None:
    make_lines(session, 1)
    match = make_match(session)
    plan = plan_call(session, way_of(session, match), call_sid="CA1", attempt=1, now=NOW)
    move_match(session, match, MatchState.SAFETY_HOLD, actor="staff", reason="concern", now=NOW)
    session.flush()
    assert accept_whisper(session, plan.contact_id, now=NOW) is Accepted.TOO_LATE


def test_a_first_contact_that_is_counted_during_a_hold_does_not_undo_it(db: Database) -> None:
    with db.transaction() as session:
        make_lines(session, 1)
        match = make_match(session)
    with db.transaction() as session:
        seen = session.get_one(Match, match.id)
        session.execute(
            update(Match)
            .values(state=MatchState.SAFETY_HOLD)
            .execution_options(synchronize_session=False)
        )
        contact = log_between(
            session,
            way_of(session, seen),
            ContactKind.CALL,
            source_sid="CA1",
            outcome=Outcome.TALKED,
            seconds=300,
            now=NOW,
        )
        contact.accepted_at = NOW
        count_two_way(session, contact, now=NOW)
        assert contact.two_way
    with db.transaction() as session:
        assert session.get_one(Match, match.id).state is MatchState.SAFETY_HOLD


def test_the_news_of_a_missed_call_does_not_pass_a_hold(session: Session) -> None:
    make_lines(session, 1)
    match = make_match(session)
    way = way_of(session, match)
    log_between(
        session, way, ContactKind.CALL, source_sid="CA1", outcome=Outcome.NO_ANSWER, now=NOW
    )
    tell_about_missed_calls(session, "CA1", now=NOW)
    move_match(session, match, MatchState.SAFETY_HOLD, actor="staff", reason="concern", now=NOW)
    session.flush()
    assert claim_due(session, now=NOW + HOUR).texts == []
