"""The last words of a call can be heard again, and a person is one key away there too (A1, A2)."""

from mentoring.models import Outcome, PersonState
from tests.journeys.cast import (
    AFTER_THE_OPEN_QUESTION,
    CONSENT_BY_KEYS,
    INTAKE_BY_KEYS,
    KIM,
    LUIS,
    ROSA,
    asks_for_a_person,
    contacts,
    dialled,
    goes_through,
    leave_nobody_on_duty,
    pair,
    person_at,
    reaches_the_note,
)
from tests.phone import Caller
from tests.town import MAIN, PAIRS, STAFF, Town

DATE = "will call you by Tue, Mar 10"


def finishes_the_intake(town: Town) -> Caller:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *CONSENT_BY_KEYS, *INTAKE_BY_KEYS)
    kim.records("I alter clothes")
    goes_through(kim, *AFTER_THE_OPEN_QUESTION)
    kim.presses("2")
    return kim


def test_the_day_of_the_promised_call_is_said_again_as_often_as_wished(town: Town) -> None:
    kim = finishes_the_intake(town)
    kim.hears("All done", DATE)
    for key in ("*", "*", "7"):
        kim.presses(key)
        kim.hears("All done", DATE)
    kim.hears("Goodbye", "[call ended]")
    assert person_at(town, KIM).state is PersonState.SCREENING
    assert [task.rule for task in town.tasks()] == ["screening"]


def test_0_in_the_last_words_reaches_a_person(town: Town) -> None:
    kim = finishes_the_intake(town)
    kim.presses("0")
    kim.hears("I am calling our staff now", "[ringing]")
    assert town.phone(STAFF).ringing == MAIN
    assert [task.rule for task in town.tasks()] == ["screening", "O8"]


def test_silence_after_the_last_words_leads_to_goodbye(town: Town) -> None:
    kim = finishes_the_intake(town)
    kim.waits()
    kim.hears("Thank you for calling BridgeLine. Goodbye.", "[call ended]")


def test_hanging_up_in_the_last_words_changes_nothing(town: Town) -> None:
    kim = finishes_the_intake(town)
    kim.hangs_up()
    town.settle()
    assert person_at(town, KIM).state is PersonState.SCREENING
    assert [task.rule for task in town.tasks()] == ["screening"]


def test_the_last_words_of_a_note_come_twice_when_the_request_does(town: Town) -> None:
    pair(town)
    town.emulator.faults.duplicate(times=10_000)
    rosa = reaches_the_note(town)
    rosa.records("Please call me")
    rosa.presses("2")
    rosa.hears("Your voice note is sent")
    rosa.presses("*")
    rosa.hears("Your voice note is sent", "[call ended]")
    town.settle()
    assert len([t for t in town.phone(LUIS).inbox if "voice note" in t.body]) == 1


def test_the_promise_of_a_call_back_is_said_again(town: Town) -> None:
    leave_nobody_on_duty(town)
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("0")
    kim.records("Please help")
    kim.hears("Your message is saved", "will call you by Wed, Mar 4")
    kim.presses("*")
    kim.hears("Your message is saved", "will call you by Wed, Mar 4", "[call ended]")


def test_after_a_talk_with_staff_they_can_be_reached_once_more(town: Town) -> None:
    kim, staff = asks_for_a_person(town), town.caller(STAFF)
    staff.answers()
    staff.presses("1")
    staff.hangs_up()
    kim.hears("You can hang up now if you like")
    kim.presses("*")
    kim.hears("You can hang up now if you like")
    kim.presses("0")
    kim.hears("I am calling our staff now", "[ringing]")
    first, second = town.tasks()
    assert (first.outcome, second.done_at) == ("answered_at_once", None)
    staff.answers()
    staff.presses("1")
    kim.talks("One more thing")
    staff.hears("One more thing")
    staff.hangs_up()
    kim.hears("You can hang up now if you like", "[call ended]")
    assert [task.outcome for task in town.tasks()] == ["answered_at_once"] * 2


def test_who_will_be_rung_is_said_again_and_then_it_rings_once(town: Town) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("1")
    rosa.hears("I am calling Luis now", "You can talk for 60 minutes.")
    rosa.presses("*")
    rosa.hears("I am calling Luis now", "[ringing]")
    assert dialled(town) == [LUIS]
    assert len(contacts(town)) == 1


def test_0_before_the_ring_reaches_a_person_and_nobody_else_is_rung(town: Town) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("1")
    rosa.hears("I am calling Luis now")
    rosa.presses("0")
    rosa.hears("I am calling our staff now", "[ringing]")
    assert dialled(town) == [STAFF]
    rosa.hangs_up()
    town.pass_time(60)
    assert [entry.outcome for entry in contacts(town)] == [Outcome.NOT_RUNG]
    assert town.phone(LUIS).inbox == []


def test_0_before_the_ring_with_every_request_doubled(town: Town) -> None:
    pair(town)
    town.emulator.faults.duplicate(times=10_000)
    rosa, staff = town.caller(ROSA), town.caller(STAFF)
    rosa.calls(MAIN)
    rosa.presses("1")
    rosa.presses("0")
    rosa.hears("I am calling our staff now", "[ringing]")
    staff.answers()
    staff.presses("1")
    rosa.talks("Hello")
    staff.hears("Hello")
    assert dialled(town) == [STAFF]
    assert len(town.tasks()) == 1


def test_a_key_while_a_note_is_being_saved_is_heard(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    town.emulator.faults.delay(60, "/voice/recording")
    rosa.records("Please call me")
    rosa.presses("1")
    rosa.hears("I am saving your voice note")
    rosa.presses("*")
    rosa.hears("To hear it press 1")
    rosa.presses("1")
    rosa.hears("I am saving your voice note")
    rosa.presses("0")
    rosa.hears("I am calling our staff now", "[ringing]")


def test_a_long_wait_for_a_note_is_no_silence(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    town.emulator.faults.delay(60, "/voice/recording")
    rosa.records("Please call me")
    rosa.presses("1")
    rosa.hears("I am saving your voice note")
    rosa.waits()
    rosa.hears("I am still here.")
    rosa.waits()
    rosa.hears("To send it press 2")


def test_a_talk_that_its_time_limit_ends_is_explained(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.hears("You have up to 60 minutes.", "To talk now press 1")
    luis.presses("1")
    town.emulator.advance(3585)
    luis.hears("[call ended]")
    rosa.hears("The time for this call is up. You can call back right now.")
    rosa.presses("*")
    rosa.hears("The time for this call is up.", "Goodbye", "[call ended]")
    rosa.calls(PAIRS[0])
    assert luis.handset.ringing == PAIRS[0]


def test_after_a_talk_that_was_cut_a_person_can_be_reached(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.presses("1")
    town.emulator.advance(3585)
    luis.hears("[call ended]")
    rosa.hears("The time for this call is up.")
    rosa.presses("0")
    rosa.hears("I am calling our staff now", "[ringing]")
    assert town.phone(STAFF).ringing == PAIRS[0]


def test_a_talk_that_ended_by_itself_is_not_said_to_be_cut(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.presses("1")
    town.emulator.advance(3000)
    luis.hangs_up()
    rosa.hears("Goodbye", "[call ended]")
    rosa.hears_none_of("The time for this call is up.")
