"""Every notice about a call, a voice note or a text: in each role, and in each language."""

from dataclasses import replace

import pytest

from mentoring.models import Role
from telephony.emulator import undelivered
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.test_second_language import speak
from tests.phone import Caller
from tests.town import PAIRS, Town

MISSED = {
    "en": "{name} tried to call you. To call back, just call this number. Or text here.",
    "es": "{name} intentó llamarle. Para devolver la llamada, llame a este número. O escriba aquí.",
    "fr": "{name} a essayé de vous appeler. Pour rappeler, appelez ce numéro. Ou textez ici.",
}
NOTE = {
    "en": "{name} left you a voice note.",
    "es": "{name} le dejó una nota de voz.",
    "fr": "{name} vous a laissé une note vocale.",
}
LOST = {
    "en": "Your text did not reach {name}.",
    "es": "Su texto no le llegó a {name}.",
    "fr": "Votre texto n'est pas arrivé à {name}.",
}
IN_EACH_ROLE = pytest.mark.parametrize(
    ("told", "other", "name"),
    [(ROSA, LUIS, "Luis"), (LUIS, ROSA, "Rosa")],
    ids=["protege", "mentor"],
)
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", ["en", "es", "fr"])


def pair_with(town: Town, told: str, language: str) -> None:
    """Match two who talk and text; one of them speaks that language, the other one English."""
    town.db.programme = replace(town.db.programme, languages=("en", "es", "fr"))
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS))
    speak(town, told, language)


def calls_in_vain(town: Town, caller: Caller, told: str, *heard: str) -> None:
    caller.calls(PAIRS[0])
    town.phone(told).reject()
    caller.hears("can't talk right now", *heard)


def is_told(town: Town, number: str, words: str) -> None:
    (notice,) = [text for text in town.phone(number).inbox if text.body.startswith(words)]
    assert notice.peer == PAIRS[0]


@IN_EACH_ROLE
@IN_EACH_LANGUAGE
def test_whoever_missed_a_call_is_told(
    town: Town, told: str, other: str, name: str, language: str
) -> None:
    pair_with(town, told, language)
    caller = town.caller(other)
    calls_in_vain(town, caller, told)
    caller.hangs_up()
    town.pass_time(60)
    is_told(town, told, MISSED[language].format(name=name))


@IN_EACH_ROLE
@IN_EACH_LANGUAGE
def test_whoever_got_a_voice_note_is_told(
    town: Town, told: str, other: str, name: str, language: str
) -> None:
    pair_with(town, told, language)
    caller = town.caller(other)
    calls_in_vain(town, caller, told, "leave a voice note after the tone")
    caller.records("See you on Monday")
    caller.presses("2")
    caller.hears("Your voice note is sent", "[call ended]")
    town.pass_time(60)
    is_told(town, told, NOTE[language].format(name=name))


@IN_EACH_ROLE
@IN_EACH_LANGUAGE
def test_whoever_wrote_a_text_that_did_not_arrive_is_told(
    town: Town, told: str, other: str, name: str, language: str
) -> None:
    pair_with(town, told, language)
    town.phone(other).when_texted = undelivered(30005)
    town.texts(told, PAIRS[0], "Hello")
    town.pass_time(60)
    is_told(town, told, LOST[language].format(name=name))
