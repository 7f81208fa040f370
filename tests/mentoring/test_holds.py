"""A hold or the end of a match stops at once whatever is under way between the two."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from mentoring.calling import Accepted, accept_whisper, plan_call
from mentoring.claims import claim_due
from mentoring.contacts import log_between
from mentoring.crypto import VaultError, vault_from_file, vault_from_text
from mentoring.db import Session
from mentoring.matches import close_match, move_match
from mentoring.missed import tell_about_missed_call
from mentoring.models import (
    ClosureReason,
    ContactKind,
    DeliveryStatus,
    MatchState,
    Outcome,
)
from mentoring.notes import count_waiting, keep_written
from tests.make import (
    NOW,
    all_at_once,
    make_lines,
    make_match,
    make_relay,
    way_of,
)


def test_17_processes_that_start_together_on_a_first_run_have_the_same_keys(
    tmp_path: Path,
) -> None:
    for step in range(10):
        path = tmp_path / str(step) / "keys.json"
        made = all_at_once(*(lambda path=path: vault_from_file(path).index("x") for _ in range(6)))
        assert len(set(made)) == 1


def test_18_a_key_number_that_is_given_twice_is_refused() -> None:
    one, two = (base64.b64encode(letter * 32).decode() for letter in (b"a", b"b"))
    with pytest.raises(VaultError, match=r"^[A-Z].*\.$"):
        vault_from_text(f"1:{one},1:{two}", one)


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


def test_the_news_of_a_missed_call_does_not_pass_a_hold(session: Session) -> None:
    make_lines(session, 1)
    match = make_match(session)
    way = way_of(session, match)
    call = log_between(
        session, way, ContactKind.CALL, source_sid="CA1", outcome=Outcome.NO_ANSWER, now=NOW
    )
    tell_about_missed_call(session, call, way, now=NOW)
    move_match(session, match, MatchState.SAFETY_HOLD, actor="staff", reason="concern", now=NOW)
    session.flush()
    assert claim_due(session, now=NOW + HOUR).texts == []
