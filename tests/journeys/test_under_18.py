"""Somebody says that they are under 18: kindly, to a person, and held until staff decide (S23)."""

from mentoring.models import PersonState
from tests.journeys.cast import CONSENT_BY_KEYS, KIM, goes_through, person_at
from tests.phone import Caller
from tests.town import MAIN, STAFF, Town

FIRST = "would like to talk with you first"


def says_they_are_under_18(town: Town) -> Caller:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *CONSENT_BY_KEYS, ("2", "We can only pair people who are 18 or older"))
    kim.hears("I am calling our staff now", "[ringing]")
    return kim


def test_why_is_said_again_before_staff_are_rung(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *CONSENT_BY_KEYS, ("2", "We can only pair people who are 18 or older"))
    kim.presses("*")
    kim.hears("We can only pair people who are 18 or older", "[ringing]")
    assert len(town.tasks()) == 1


def test_hanging_up_before_staff_are_rung_still_has_them_call_back(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *CONSENT_BY_KEYS, ("2", "We can only pair people who are 18 or older"))
    kim.hangs_up()
    town.settle()
    (task,) = town.tasks()
    assert "is under 18" in task.words
    assert person_at(town, KIM).state is PersonState.SUSPENDED


def test_a_second_call_does_not_undo_it(town: Town) -> None:
    kim = says_they_are_under_18(town)
    kim.hangs_up()
    town.settle()
    assert person_at(town, KIM).state is PersonState.SUSPENDED
    kim.calls(MAIN)
    kim.hears("Hello again from BridgeLine", FIRST, "For a person press 1", "To leave it press 2")
    kim.hears_none_of("18", "What first name", "To get a mentor")
    kim.presses("2")
    kim.hears("Call us any time", "Goodbye", "[call ended]")
    assert person_at(town, KIM).state is PersonState.SUSPENDED


def test_a_person_is_one_key_or_word_away(town: Town) -> None:
    kim = says_they_are_under_18(town)
    kim.hangs_up()
    town.settle()
    for given in ("1", "0", "person", "yes"):
        kim.calls(MAIN)
        goes_through(kim, (given, "I am calling our staff now"))
        kim.hears("[ringing]")
        assert town.phone(STAFF).ringing == MAIN
        kim.hangs_up()
        town.settle()


def test_a_text_does_not_undo_it_either(town: Town) -> None:
    says_they_are_under_18(town).hangs_up()
    town.settle()
    for body in ("Hello", "MENU", "yes", "1"):
        answers = town.texts(KIM, MAIN, body)
        assert not any("18" in answer or "first name" in answer for answer in answers)
    assert person_at(town, KIM).state is PersonState.SUSPENDED
    assert {task.rule for task in town.tasks()} == {"O8"}


def test_an_answer_by_text_holds_as_well(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1", "1", "1", "1", "1", "1", "2")
    assert person_at(town, KIM).state is PersonState.SUSPENDED
    (answer,) = town.texts(KIM, MAIN, "Hello")
    assert FIRST in answer
