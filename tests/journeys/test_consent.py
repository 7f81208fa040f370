"""Consent by part: what a no means, and that nobody meets a dead end (domain 3.2)."""

from sqlalchemy import select

from mentoring.models import Consent, Mode, PersonState
from tests.journeys.cast import KIM, TO_C3, goes_through, person_at
from tests.town import MAIN, STAFF, Town


def parts(town: Town) -> dict[str, bool]:
    with town.db.transaction() as session:
        return {row.part: row.agreed for row in session.scalars(select(Consent))}


def test_a_no_to_a_part_that_is_needed_offers_a_person_and_then_lets_go(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3, ("2", "A person can tell you more"))
    kim.hears("For a person press 1", "To leave it press 2")
    kim.presses("2")
    kim.hears("We will not call you", "[call ended]")
    assert person_at(town, KIM).state is PersonState.EXITED
    assert parts(town) == {"C1": True, "C2": True, "C3": False}


def test_a_no_to_a_part_that_is_needed_can_lead_to_a_person(town: Town) -> None:
    kim, staff = town.caller(KIM), town.caller(STAFF)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3, ("2", "A person can tell you more"), ("1", "calling our staff"))
    assert staff.handset.ringing == MAIN


def test_a_no_to_calls_by_a_computer_only_turns_those_off(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3[:3], ("2", "We do not record your talks"))
    assert parts(town) == {"C1": True, "C2": False}


def test_whoever_said_no_is_welcome_to_think_again(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3, ("2", "A person can tell you more"), ("2", "[call ended]"))
    kim.calls(MAIN)
    kim.hears("To get a mentor press 1")
    goes_through(kim, *TO_C3, ("1", "private"), ("1", "Do you want to join"), ("1", "18 or older"))
    assert person_at(town, KIM).state is PersonState.INTAKE
    assert parts(town)["C3"]


def test_somebody_under_18_is_told_so_and_reaches_a_person(town: Town) -> None:
    kim, staff = town.caller(KIM), town.caller(STAFF)
    kim.calls(MAIN)
    goes_through(
        kim,
        *TO_C3,
        ("1", "private"),
        ("1", "Do you want to join"),
        ("1", "18 or older"),
        ("2", "We can only pair people who are 18 or older"),
    )
    kim.hears("I am calling our staff now", "[ringing]")
    assert staff.handset.ringing == MAIN
    assert [task.rule for task in town.tasks()] == ["O8"]


def test_by_text_a_no_to_texts_is_the_last_text_but_one(town: Town) -> None:
    assert "Reply 1 to agree, 2 for no" in town.texts(KIM, MAIN, "Hi", "1")[-1]
    (offer,) = town.texts(KIM, MAIN, "2")
    assert "Reply 1 for a person, 2 to leave it" in offer
    (goodbye,) = town.texts(KIM, MAIN, "2")
    assert "We will not text or call you" in goodbye
    assert person_at(town, KIM).state is PersonState.EXITED
    town.pass_time(24 * 3600)
    assert town.phone(KIM).inbox[-1].body == goodbye


def test_nothing_is_sent_by_itself_to_whoever_only_asked_once(town: Town) -> None:
    (welcome,) = town.texts(KIM, MAIN, "Hi")
    assert welcome.startswith("Hi, this is BridgeLine")
    town.pass_time(10 * 24 * 3600)
    assert len(town.phone(KIM).inbox) == 1


def test_a_caller_may_leave_the_name_and_the_own_words_to_staff(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(
        kim,
        *TO_C3,
        ("1", "private"),
        ("1", "Do you want to join"),
        ("1", "18 or older"),
        ("1", "What first name"),
        ("1", "How do you like to talk"),
        ("2", "I think it is"),
        ("1", "show our name"),
        ("2", "Thanks. Part 1 is done"),
        ("1", "Where is your business now"),
        ("2", "press 1"),
    )
    kim.presses("1")
    kim.hears("What help do you want")
    person = person_at(town, KIM)
    assert (person.first_name, person.mode, person.safe_contact) == ("", Mode.TEXT, 2)
    assert "name" in [task.rule for task in town.tasks()]


def test_a_caller_elsewhere_corrects_the_time_by_keys(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(
        kim,
        *TO_C3,
        ("1", "private"),
        ("1", "Do you want to join"),
        ("1", "18 or older"),
        ("1", "What first name"),
        ("1", "How do you like to talk"),
        ("1", "I think it is 11:0"),
        ("2", "Enter the hour, 1 to 12, then press pound"),
        ("10#", "Is that in the morning, or later"),
        ("1", "show our name"),
    )
    assert person_at(town, KIM).zone == "America/Denver"
