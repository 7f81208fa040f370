"""Somebody chooses one thing, leaves it and comes back for another: one person on one phone."""

from mentoring.models import ContactKind, Person, PersonState, Role
from mentoring.people import find_phone, person_with_code
from tests.journeys.cast import KIM, ROSA, goes_through, recordings
from tests.town import MAIN, PAIRS, Town

CONSENT = ("1", "1", "1", "1", "1", "1")
PART_ONE = ("Kim", "3", "1", "1")
PART_TWO = ("1", "I sold bread", "AC", "1", "1", "1", "1", "Pat and Lee, ask me")


def people_at(town: Town, number: str) -> list[tuple[str, PersonState]]:
    with town.db.transaction() as session:
        phone = find_phone(session, number)
        return [(each.code, each.state) for each in phone.people] if phone else []


def leaves_the_wrong_choice(town: Town, choice: str = "1") -> None:
    """Kim chooses one thing by mistake, says no to the first question, and leaves it."""
    town.texts(KIM, MAIN, "hi", choice, "2", "2")


def becomes_a_mentor(town: Town) -> None:
    leaves_the_wrong_choice(town)
    town.texts(KIM, MAIN, "hi", "2", *CONSENT, *PART_ONE, *PART_TWO)


def is_matched(town: Town) -> None:
    """Staff take Kim on, and she is matched with Rosa."""
    becomes_a_mentor(town)
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    with town.db.transaction() as session:
        kim: Person = person_with_code(session, "M01")
        kim.state = PersonState.AVAILABLE
    town.match(rosa, kim)


def test_who_pressed_the_wrong_number_at_first_is_known_by_what_they_chose_then(
    town: Town,
) -> None:
    becomes_a_mentor(town)
    assert people_at(town, KIM) == [("P01", PersonState.EXITED), ("M01", PersonState.SCREENING)]
    (menu,) = town.texts(KIM, MAIN, "MENU")
    assert menu.startswith("You are all set for now.")
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.hears("Hello again", "You are all set for now")
    kim.hears_none_of("To get a mentor")
    kim.hangs_up()
    calls = [entry for entry in town.log() if entry.kind is ContactKind.MENU]
    assert all(entry.from_person_id is not None for entry in calls)


def test_what_they_ask_staff_for_is_filed_as_theirs(town: Town) -> None:
    becomes_a_mentor(town)
    town.texts(KIM, MAIN, "PERSON", "I want to die")
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("0")
    kim.hangs_up()
    town.settle()
    asked = [task.words for task in town.tasks() if task.rule in ("O8", "O11")]
    assert len(asked) == 3
    assert all("M01 " in words for words in asked), asked


def test_once_matched_they_hear_their_notes_and_rest_and_read_their_plan(town: Town) -> None:
    is_matched(town)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.phone(KIM).reject()
    rosa.waits_for_the_beep()
    rosa.records("Hello Kim")
    rosa.presses("2")
    rosa.hangs_up()
    town.settle()
    assert len(recordings(town)) == 1
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, ("2", "From Rosa"))
    kim.hangs_up()
    (rest,) = town.texts(KIM, MAIN, "PAUSE")
    assert "on pause" in rest


def test_who_comes_back_for_what_they_had_left_is_the_same_person_again(town: Town) -> None:
    leaves_the_wrong_choice(town, "1")
    leaves_the_wrong_choice(town, "2")
    assert people_at(town, KIM) == [("P01", PersonState.EXITED), ("M01", PersonState.EXITED)]
    town.texts(KIM, MAIN, "hi", "2", "1")
    assert people_at(town, KIM) == [("P01", PersonState.EXITED), ("M01", PersonState.CONSENTING)]


def test_who_had_left_their_interest_in_the_other_role_is_no_stranger_either(town: Town) -> None:
    town.person(Role.PROTEGE, "Kim", KIM, state=PersonState.LEAD)
    town.texts(KIM, MAIN, "hi", "2", *CONSENT, *PART_ONE, *PART_TWO)
    assert people_at(town, KIM) == [("P01", PersonState.EXITED), ("M01", PersonState.SCREENING)]
    assert "all set for now" in town.texts(KIM, MAIN, "MENU")[0]


def test_whoever_staff_have_to_decide_about_gets_round_it_by_no_other_choice(town: Town) -> None:
    leaves_the_wrong_choice(town)
    town.texts(KIM, MAIN, "hi", "2", *CONSENT[:-1], "2")
    assert people_at(town, KIM) == [("P01", PersonState.EXITED), ("M01", PersonState.SUSPENDED)]
    (held,) = town.texts(KIM, MAIN, "MENU")
    assert "talk with you first" in held


def test_on_a_shared_phone_nobody_is_taken_for_somebody_who_left(town: Town) -> None:
    town.person(Role.PROTEGE, "Ana", KIM, shared=True)
    town.person(Role.MENTOR, "Bea", KIM, shared=True, state=PersonState.EXITED)
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, ("2", "To be a mentor"), ("2", "Can this phone get texts"))
    codes = [code for code, _ in people_at(town, KIM)]
    assert codes == ["P01", "M01", "M02"]
