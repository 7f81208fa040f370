"""Calls that come through a relay: an operator speaks first, and must not be taken for a seller."""

from dataclasses import replace

import pytest

from mentoring.details import change_details
from mentoring.people import person_with_code
from tests.journeys.cast import LUIS, ROSA, pair
from tests.town import PAIRS, Town

OPERATOR = "A relay operator or a helper may speak for them."


def told(town: Town, code: str, answer: str = "yes", *, language: str = "en") -> None:
    """Write down that somebody agreed that whoever they call hears of their relay."""
    with town.db.transaction() as session:
        person = person_with_code(session, code)
        wanted = {"relay_announced": answer}
        change_details(session, person, wanted, actor="staff", now=town.clock.now())
        person_with_code(session, "M01").language = language


def test_the_mentor_hears_that_an_operator_may_speak_before_saying_yes(town: Town) -> None:
    pair(town)
    told(town, "P01")
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.hears("Rosa would like to talk.", OPERATOR, "To talk now press 1 or say yes.")
    luis.says("yes")
    rosa.talks("Hello, this is relay operator 12 with a call from Rosa")
    luis.hears("this is relay operator 12")


def test_a_protege_hears_it_of_a_mentor_as_well(town: Town) -> None:
    pair(town)
    told(town, "M01")
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    luis.calls(PAIRS[0])
    rosa.answers()
    rosa.hears("Luis would like to talk.", OPERATOR)


@pytest.mark.parametrize("answer", ["", "no"])
def test_without_a_yes_of_theirs_nobody_hears_of_it(town: Town, answer: str) -> None:
    pair(town)
    told(town, "P01")
    told(town, "P01", answer)
    with town.db.transaction() as session:
        person = person_with_code(session, "P01")
        person.profile = {**person.profile, "access": "relay"}
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.hears("Rosa would like to talk.")
    luis.hears_none_of(OPERATOR)


def test_on_a_shared_phone_nothing_is_said_before_the_name(town: Town) -> None:
    pair(town)
    told(town, "P01")
    with town.db.transaction() as session:
        person_with_code(session, "M01").phone.shared = True
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.hears("Is this Luis?")
    luis.hears_none_of(OPERATOR)
    luis.presses("1")
    luis.hears(OPERATOR)


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "Puede hablar por medio de una operadora"), ("fr", "Une opératrice de relais")],
)
def test_it_is_said_in_the_language_of_whoever_is_called(
    town: Town, language: str, words: str
) -> None:
    town.db.programme = replace(town.db.programme, languages=("en", "es", "fr"))
    pair(town)
    told(town, "P01", language=language)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.hears(words)
    luis.presses("1")
    rosa.talks("Hello Luis")
    luis.hears("Hello Luis")
