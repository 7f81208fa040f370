"""A message to staff, when none of them is free: no key ends it, and nothing said is lost."""

import pytest

from tests.journeys.cast import KIM, leave_nobody_on_duty, recordings
from tests.phone import Caller
from tests.town import MAIN, STAFF, Town

PROMPT = "Please tell us how we can help, after the tone."
AGAIN = "Speak after the tone. Press pound when you are done."
NO_NEED = "No need to speak. We will call you back."


def hears_that_nobody_is_free(town: Town) -> Caller:
    leave_nobody_on_duty(town)
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("0")
    kim.hears("No one is free right now", "We will call back by Wed, Mar 4")
    return kim


def is_still_open(town: Town) -> bool:
    return [(task.rule, task.done_at) for task in town.tasks()] == [("O8", None)]


def test_star_during_the_prompt_says_it_again_as_often_as_wished(town: Town) -> None:
    kim = hears_that_nobody_is_free(town)
    for _ in range(4):
        kim.presses("*")
        kim.hears(PROMPT)
        kim.hears_none_of(NO_NEED, "Goodbye")
    kim.records("Please call me")
    kim.hears("Your message is saved", "[call ended]")
    assert is_still_open(town)


@pytest.mark.parametrize("key", ["1", "5", "9"])
def test_another_key_during_the_prompt_goes_on_to_the_tone(town: Town, key: str) -> None:
    kim = hears_that_nobody_is_free(town)
    kim.presses(key)
    kim.hears(AGAIN, "[beep]")
    kim.hears_none_of(NO_NEED, "Goodbye")
    kim.records("Please call me")
    kim.hears("Your message is saved")
    assert len(recordings(town)) == 1


@pytest.mark.parametrize("key", ["*", "0", "5"])
def test_a_key_at_the_tone_without_a_word_records_again(town: Town, key: str) -> None:
    kim = hears_that_nobody_is_free(town)
    kim.waits_for_the_beep()
    kim.presses(key)
    kim.hears(AGAIN, "[beep]")
    kim.hears_none_of(NO_NEED, "Goodbye")
    assert kim.is_in_call
    assert is_still_open(town)


def test_0_during_the_prompt_rings_staff_who_have_come_back(town: Town) -> None:
    kim = hears_that_nobody_is_free(town)
    kim.presses("0")
    kim.hears("No one is free right now")
    with town.db.transaction() as session:
        for task in town.tasks():
            assert session.merge(task).done_at is None


def test_pound_during_the_prompt_says_that_no_word_is_needed(town: Town) -> None:
    kim = hears_that_nobody_is_free(town)
    kim.presses("#")
    kim.hears(NO_NEED, "Goodbye", "[call ended]")
    assert is_still_open(town)


def test_only_true_silence_ends_it_and_after_a_second_tone(town: Town) -> None:
    kim = hears_that_nobody_is_free(town)
    kim.waits_for_the_beep()
    kim.waits()
    kim.hears("I did not hear you. Take your time.", AGAIN, "[beep]")
    kim.waits()
    kim.hears(NO_NEED, "Goodbye", "[call ended]")
    assert is_still_open(town)


def test_the_last_words_after_silence_still_take_a_message(town: Town) -> None:
    kim = hears_that_nobody_is_free(town)
    kim.presses("#")
    kim.hears(NO_NEED)
    kim.presses("5")
    kim.records("I did want to say something")
    kim.hears("Your message is saved", "[call ended]")
    (message,) = recordings(town)
    assert [task.recording_id for task in town.tasks()] == [message.id]


def test_a_message_that_ends_at_a_pause_may_go_on(town: Town) -> None:
    kim = hears_that_nobody_is_free(town)
    kim.records("My mentor", end="")
    kim.waits()
    kim.hears("I have that. To go on press 1. To say more press 2.")
    kim.presses("2")
    kim.records("does not call back")
    kim.hears("Your message is saved", "[call ended]")
    assert len(recordings(town)) == 2
    assert is_still_open(town)


@pytest.mark.parametrize("answer", ["1", "that is all", ""])
def test_a_message_is_over_when_its_speaker_says_so_or_says_nothing_more(
    town: Town, answer: str
) -> None:
    kim = hears_that_nobody_is_free(town)
    kim.records("Please call me", end="")
    kim.waits()
    if answer == "1":
        kim.presses(answer)
    elif answer:
        kim.says(answer)
    else:
        kim.waits()
    kim.hears("Your message is saved", "[call ended]")


def test_nothing_more_to_say_after_all_is_fine(town: Town) -> None:
    kim = hears_that_nobody_is_free(town)
    kim.records("Please call me", end="")
    kim.waits()
    kim.says("say more")
    kim.waits_for_the_beep()
    kim.waits()
    kim.hears("Your message is saved", "[call ended]")
    kim.hears_none_of(NO_NEED)


def test_whether_that_was_all_is_asked_again_and_a_person_is_near(town: Town) -> None:
    kim = hears_that_nobody_is_free(town)
    kim.records("Please call me", end="")
    kim.waits()
    for given in ("*", "7"):
        kim.presses(given)
        kim.hears("I have that.")
    kim.says("person")
    kim.hears("No one is free right now")
    assert is_still_open(town)


def test_star_after_speaking_keeps_what_was_said_and_repeats(town: Town) -> None:
    kim = hears_that_nobody_is_free(town)
    kim.records("Please call me", end="*")
    kim.hears(PROMPT)
    kim.presses("#")
    kim.hears("Your message is saved", "[call ended]")
    assert len(recordings(town)) == 1


def test_every_step_of_a_message_may_come_twice(town: Town) -> None:
    town.emulator.faults.duplicate(times=10_000)
    kim = hears_that_nobody_is_free(town)
    kim.presses("*")
    kim.hears(PROMPT)
    kim.presses("5")
    kim.records("Please call me", end="")
    kim.waits()
    kim.presses("1")
    kim.hears("Your message is saved", "[call ended]")
    assert len(recordings(town)) == 1
    assert is_still_open(town)


def test_staff_are_rung_anew_from_the_last_words_of_a_message(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("0")
    town.phone(STAFF).reject()
    kim.hears("No one is free right now")
    kim.presses("0")
    kim.hears("I am calling our staff now. This may take a minute. You will hear it ring.")
    staff = town.caller(STAFF)
    staff.answers()
    staff.presses("1")
    kim.talks("There you are")
    staff.hears("There you are")
