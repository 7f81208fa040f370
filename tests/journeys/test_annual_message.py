"""Whoever asks what we do may hear, or read, what came of the last year."""

from dataclasses import replace
from typing import Any

import pytest

from telephony.emulator import WITHHELD
from tests.journeys.cast import DAN, KIM, goes_through
from tests.journeys.test_before_going_live import set_elsewhere
from tests.town import MAIN, Town

ABOUT = "We pair you with a mentor who has run a business."
OFFER = "You can hear what we did last year. It takes up to 3 minutes."
SPOKEN = "We wanted 40 matches.\n\nWe made 44."
HEARD = "We wanted 40 matches. We made 44."
TEXTED = f"{'We wanted 40 matches in this year, and half of them before the summer came. ' * 3}44!"
ENGLISH: dict[str, Any] = {"en": [SPOKEN, TEXTED]}


@pytest.fixture
def told(town: Town) -> Town:
    """A programme that has published a message, in English alone, on another process."""
    town.db.programme = replace(town.db.programme, languages=("en", "es"))
    town.db.default = town.db.programme
    set_elsewhere(town, live=True, annual=ENGLISH)
    return town


def test_by_keys_it_is_heard_again_and_leads_back(told: Town) -> None:
    kim = told.caller(KIM)
    kim.calls(MAIN)
    goes_through(
        kim,
        ("1", "To hear what we do press 3"),
        ("3", ABOUT),
        ("*", OFFER),
        ("1", f"{HEARD} That was our year. To hear it again press 1. To go on press 2."),
        ("1", HEARD),
        ("*", HEARD),
        ("2", "To get a mentor press 1"),
    )


def test_by_voice_alone(told: Town) -> None:
    kim = told.caller(KIM)
    kim.calls(MAIN)
    kim.presses("1")
    goes_through(
        kim,
        ("tell me more", OFFER),
        ("hear it", HEARD),
        ("hear it again", HEARD),
        ("go on", "To get a mentor press 1"),
    )


def test_a_person_is_one_key_away_from_it(told: Town) -> None:
    kim = told.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, ("1", "press 3"), ("3", OFFER), ("1", HEARD))
    kim.presses("0")
    kim.hears("I am calling our staff now")


def test_it_can_be_left_out(told: Town) -> None:
    kim = told.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, ("1", "press 3"), ("3", OFFER), ("2", "To get a mentor press 1"))


def test_by_text_it_comes_in_its_short_form(told: Town) -> None:
    told.texts(KIM, MAIN, "hello")
    about = told.texts(KIM, MAIN, "3")
    assert "Reply 1 to start." not in " ".join(about)
    assert about[-1] == "Shall we text you what we did last year? Reply 1 for yes, 2 to go on."
    read = told.texts(KIM, MAIN, "1")
    assert " ".join(read) == (
        f"{' '.join(TEXTED.split())} That was our year. Reply 1 to get it again, 2 to go on."
    )
    assert told.texts(KIM, MAIN, "1") == read
    assert told.texts(KIM, MAIN, "2")[-1].startswith("Hi, this is BridgeLine")


def test_who_speaks_another_language_is_not_read_an_english_one(told: Town) -> None:
    kim = told.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, ("2", "oprima 3"), ("3", "Le buscamos un mentor"))
    kim.hears_none_of(OFFER, "año pasado", HEARD)


def test_an_english_message_taken_back_is_offered_no_more(told: Town) -> None:
    set_elsewhere(told, live=True, annual={})
    kim = told.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, ("1", "press 3"), ("3", "To get a mentor press 1"))
    kim.hears_none_of(OFFER)


def test_with_a_hidden_number_it_is_heard_as_well(told: Town) -> None:
    dan = told.caller(DAN)
    dan.calls(MAIN, from_override=WITHHELD)
    goes_through(
        dan,
        ("1", "Your number is hidden"),
        ("2", OFFER),
        ("1", HEARD),
        ("2", "Do you want to talk to our staff?"),
    )


def test_who_hung_up_after_it_goes_on_with_what_brings_them(told: Town) -> None:
    kim = told.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, ("1", "press 3"), ("3", OFFER), ("1", HEARD))
    kim.hangs_up()
    kim.calls(MAIN)
    kim.hears("To get a mentor press 1")
    kim.hears_none_of(OFFER, HEARD)


def test_what_was_read_is_not_read_aloud_to_who_calls_then(told: Town) -> None:
    told.texts(KIM, MAIN, "hello", "3", "1", "2")
    kim = told.caller(KIM)
    kim.calls(MAIN)
    kim.hears("To get a mentor press 1")
    kim.hears_none_of(OFFER, HEARD)


def test_what_was_heard_is_not_texted_to_who_writes_then(told: Town) -> None:
    kim = told.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, ("1", "press 3"), ("3", OFFER), ("1", HEARD), ("2", "To get a mentor"))
    kim.hangs_up()
    assert "Reply 1 to get a mentor" in " ".join(told.texts(KIM, MAIN, "hello"))


def test_a_message_taken_back_while_it_is_offered_leads_on(told: Town) -> None:
    told.texts(KIM, MAIN, "hello", "3")
    set_elsewhere(told, live=True, annual={})
    (text,) = told.texts(KIM, MAIN, "1")
    assert text.startswith("Hi, this is BridgeLine")
