"""A voice note that was spoken and is not sent: its speaker chose otherwise, or it may not pass."""

from datetime import timedelta

import pytest

from mentoring.models import MatchState, Outcome, Person, PersonState, RecordingState
from mentoring.retention import blank_old_content
from tests.journeys.cast import (
    LUIS,
    contacts,
    learn_nothing,
    leave_nobody_on_duty,
    move,
    pair,
    person_at,
    reaches_the_note,
    recordings,
)
from tests.journeys.test_voice_notes import opens_the_notes
from tests.phone import Caller
from tests.town import PAIRS, STAFF, Town


@pytest.mark.parametrize("when", ["at the check", "as it ends"])
@pytest.mark.parametrize("staff_are", ["there", "away"])
def test_who_asks_for_a_person_instead_of_sending_the_note_has_sent_none(
    town: Town, staff_are: str, when: str
) -> None:
    pair(town)
    if staff_are == "away":
        leave_nobody_on_duty(town)
    rosa = reaches_the_note(town)
    if when == "at the check":
        rosa.records("You are a crook, Luis")
        rosa.hears("To send it press 2")
        rosa.presses("0")
    else:
        rosa.records("You are a crook, Luis", end="0")
    if staff_are == "away":
        rosa.hears("No one is free right now")
    else:
        staff = town.caller(STAFF)
        staff.answers()
        staff.presses("1")
        staff.hangs_up()
        rosa.hears("You can hang up now")
    rosa.hangs_up()
    town.pass_time(60)
    (told,) = town.phone(LUIS).inbox
    assert "Rosa tried to call you" in told.body
    opens_the_notes(town).hears("You have no new notes")
    (unsent,) = recordings(town)
    assert (unsent.sent_at, unsent.state) == (None, RecordingState.ERASED)
    with town.db.transaction() as session:
        blank_old_content(session, now=town.clock.now() + timedelta(days=91))
    assert recordings(town)[0].audio_sealed is None


def presses_send_in_a_match_that_is(town: Town, gone: str) -> Caller:
    """Rosa has spoken a note when her match is held or closed, or Luis is suspended."""
    match = pair(town)
    rosa = reaches_the_note(town)
    rosa.records("Call me")
    rosa.hears("To send it press 2")
    if gone == "suspended":
        with town.db.transaction() as session:
            session.get_one(Person, person_at(town, LUIS).id).state = PersonState.SUSPENDED
    else:
        move(town, match, MatchState(gone))
    rosa.presses("2")
    return rosa


@pytest.mark.parametrize("gone", ["safety_hold", "closed", "suspended"])
def test_nobody_hears_that_a_note_is_sent_which_may_not_pass(town: Town, gone: str) -> None:
    rosa = presses_send_in_a_match_that_is(town, gone)
    on_hold = "This match is on hold right now"
    if gone == "safety_hold":
        rosa.hears(on_hold, "I am calling our staff now")
    else:
        heard = rosa.hears("I am calling our staff now")
        learn_nothing(heard)
        assert on_hold not in heard
    rosa.hears_none_of("Your voice note is sent")
    assert town.phone(STAFF).ringing == PAIRS[0]
    rosa.hangs_up()
    town.pass_time(60)
    assert town.phone(LUIS).inbox == []
    assert [made.sent_at for made in recordings(town)] == [None]
    assert Outcome.NOTE_LEFT not in {entry.outcome for entry in contacts(town)}
