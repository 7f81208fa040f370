"""Whoever hides their number cannot be called back, so nobody promises it."""

import pytest

from tests.journeys.cast import DAN, leave_nobody_on_duty
from tests.phone import Caller
from tests.town import MAIN, Town

NO_PROMISE = ("We will call back", "We will call you back", "will call you by")


def hears_that_nobody_is_free(town: Town) -> Caller:
    leave_nobody_on_duty(town)
    dan = town.caller(DAN)
    dan.calls(MAIN, from_override="anonymous")
    dan.presses("0")
    dan.hears("No one is free right now", "your number is hidden", "your name and your number")
    dan.hears("Or call again at 515 555 0100")
    dan.hears_none_of(*NO_PROMISE, "Your answers are saved")
    return dan


def test_they_are_asked_for_their_number_and_staff_are_asked_to_listen(town: Town) -> None:
    dan = hears_that_nobody_is_free(town)
    dan.records("This is Dan, my number is one you can see on my card")
    dan.hears("Your message is saved", "If you said your number", "[call ended]")
    dan.hears_none_of(*NO_PROMISE)
    (task,) = town.tasks()
    assert task.recording_id is not None
    assert task.words == (
        "Hidden number: a caller asked for a person. Listen to the message, if there is one: they"
        " may have said how to reach them."
    )


@pytest.mark.parametrize("key", ["#", ""])
def test_whoever_says_nothing_is_told_to_call_again(town: Town, key: str) -> None:
    dan = hears_that_nobody_is_free(town)
    if key:
        dan.presses(key)
    else:
        dan.waits_for_the_beep()
        dan.waits()
        dan.hears("Take your time", "[beep]")
        dan.waits()
    dan.hears("we cannot call you back", "call again at 515 555 0100", "[call ended]")
    dan.hears_none_of(*NO_PROMISE)


def test_the_last_words_after_silence_still_take_a_message(town: Town) -> None:
    dan = hears_that_nobody_is_free(town)
    dan.presses("#")
    dan.hears("we cannot call you back")
    dan.presses("5")
    dan.records("This is Dan after all")
    dan.hears("Your message is saved", "[call ended]")
