"""The carrier has no file of what somebody recorded: nobody is told that all is well."""

import pytest

from mentoring.models import Recording, RecordingState
from tests.journeys.cast import (
    LUIS,
    ROSA,
    leave_nobody_on_duty,
    pair,
    reaches_the_note,
    recordings,
)
from tests.phone import Caller
from tests.town import ACCOUNT, MAIN, Town

AN_HOUR = 3600
WITHOUT_A_FILE = pytest.mark.parametrize("status", ["absent", "failed"])


def records(town: Town, caller: Caller, words: str = "Please call me on Monday") -> Recording:
    """Somebody speaks, and the carrier is slow to say what came of it."""
    town.emulator.faults.delay(AN_HOUR, "/voice/recording")
    caller.records(words)
    return recordings(town)[-1]


def is_reported(town: Town, made: Recording, status: str) -> None:
    form = (
        ("CallSid", made.call_sid or ""),
        ("RecordingSid", made.recording_sid or ""),
        ("RecordingStatus", status),
        ("AccountSid", ACCOUNT),
    )
    assert town.post("/voice/recording", form).status_code == 204


def tasks(town: Town) -> dict[str, str]:
    return {task.rule: task.words for task in town.tasks() if task.done_at is None}


def texts_to_luis(town: Town) -> list[str]:
    return [text.body for text in town.phone(LUIS).inbox]


@WITHOUT_A_FILE
@pytest.mark.parametrize("when", ["during the call", "after the call"])
def test_a_note_that_was_sent_and_lost_is_a_missed_call_and_a_task(
    town: Town, status: str, when: str
) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    note = records(town, rosa)
    rosa.presses("2")
    rosa.hears("Your voice note is sent")
    if when == "during the call":
        is_reported(town, note, status)
    town.settle()
    if when == "after the call":
        is_reported(town, note, status)
    town.pass_time(60)
    (told,) = texts_to_luis(town)
    assert "Rosa tried to call you" in told
    assert tasks(town) == {
        "lost recording": "P01: what they recorded was lost at the carrier."
        " Ask them to say it again."
    }


@WITHOUT_A_FILE
@pytest.mark.parametrize("key", ["1", "2"])
def test_whoever_is_still_there_is_asked_to_say_it_again(town: Town, status: str, key: str) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    is_reported(town, records(town, rosa), status)
    rosa.presses(key)
    rosa.hears("Your voice note was lost", "leave a voice note after the tone")
    rosa.records("Call me on Monday, please")
    rosa.presses("2")
    rosa.hears("Your voice note is sent")
    town.settle()
    (told,) = texts_to_luis(town)
    assert "Rosa left you a voice note" in told
    assert tasks(town) == {}


def test_whoever_hangs_up_after_a_note_that_was_lost_has_tried_to_call(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    is_reported(town, records(town, rosa), "failed")
    rosa.hangs_up()
    town.pass_time(60)
    (told,) = texts_to_luis(town)
    assert "Rosa tried to call you" in told
    assert "lost recording" in tasks(town)


def test_whoever_waits_to_hear_a_note_learns_that_it_was_lost(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    note = records(town, rosa)
    rosa.presses("1")
    rosa.hears("I am saving your voice note")
    is_reported(town, note, "failed")
    rosa.waits()
    rosa.hears("Your voice note was lost", "To try again press 3")
    rosa.presses("3")
    rosa.hears("leave a voice note after the tone")


def test_a_recording_that_has_only_begun_is_not_lost(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    note = records(town, rosa)
    is_reported(town, note, "in-progress")
    rosa.presses("2")
    town.pass_time(AN_HOUR)
    (told,) = texts_to_luis(town)
    assert "Rosa left you a voice note" in told


@WITHOUT_A_FILE
def test_the_task_of_a_message_to_staff_says_that_it_was_lost(town: Town, status: str) -> None:
    leave_nobody_on_duty(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("0")
    message = records(town, rosa)
    rosa.hangs_up()
    is_reported(town, message, status)
    town.settle()
    assert recordings(town)[-1].state is RecordingState.LOST
    assert tasks(town) == {
        "O8": "Call back: A caller asked for a person. But what they recorded was lost at the"
        " carrier. Ask them to say it again."
    }
