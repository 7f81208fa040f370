"""The lessons and the promise, by text and by phone, up to the waiting list (3.5, 3.2)."""

from mentoring.models import Mode, PersonState, Role
from tests.journeys.applying import (
    RIGHT,
    applicant,
    find_eligible,
    hold_orientation_talk,
    promises,
    results,
)
from tests.journeys.cast import DENISE, ELLEN, ROSA, goes_through, person_at
from tests.journeys.ending import got, invitations, moves_of_person, rules
from tests.town import MAIN, Town

ASKED_TO_START = (
    "BridgeLine: next come 4 short lessons, about 6 minutes. Then we look for your mentor."
    " Reply 1 to start, 2 for later."
)
REMINDED = (
    "BridgeLine: your short lessons are waiting. Reply 1 to start, 2 for later."
    " Or text PERSON to talk to us."
)
STILL_OPEN = "A question is waiting for you. Text MENU to go on, or LATER to wait."
READY = (
    "You are ready for a mentor! We look for one who fits. We will update you every 2 weeks."
    " Text PERSON any time."
)


def rosa_is_taken_on(town: Town, **facts: object) -> None:
    find_eligible(town, applicant(town, Role.PROTEGE, "Rosa", ROSA, **facts))
    town.settle()


def test_a_protege_learns_by_text_promises_and_waits(town: Town) -> None:
    rosa_is_taken_on(town, mode=Mode.TEXT)
    assert got(town, ROSA) == [ASKED_TO_START]

    first = town.texts(ROSA, MAIN, "1")
    assert first == [
        "Lesson 1. Your mentor has run a business. They ask and share ideas. They do not run your"
        " business, lend money or fill in forms. You choose.",
        "Sam's mentor says: raise your price. Sam is not sure. What should Sam do?"
        " Reply 1 to ask why, then choose, 2 to do it at once.",
    ]
    second = town.texts(ROSA, MAIN, "1 please")
    assert [text.split(".")[0] for text in second] == [
        "Yes, that is right",
        "Lesson 2",
        "Which text gets a better answer? A: Help with sales",
    ]
    town.texts(ROSA, MAIN, "B", "wait one more day")
    (_, promise) = town.texts(ROSA, MAIN, "tell staff")
    assert promise.startswith("Your promise: keep the plan with your mentor. Be kind.")
    assert town.texts(ROSA, MAIN, "1") == [READY]

    rosa = person_at(town, ROSA)
    assert rosa.state is PersonState.WAITING
    assert moves_of_person(town, ROSA)[-2:] == [
        ("screening", "orientation", "staff:Charlotte"),
        ("orientation", "waiting", "P01"),
    ]
    assert results(town, rosa) == [
        ("OP1", "ask", True, 1),
        ("OP2", "full", True, 1),
        ("OP3", "wait", True, 1),
        ("OP4", "tell", True, 1),
    ]
    assert promises(town, rosa) == [("AP", True, "A-P 1", "text")]
    # Nobody is reminded of what is done.
    told = len(got(town, ROSA))
    town.days_pass(20)
    assert got(town, ROSA, after=told) == []


def test_a_landline_is_rung_for_the_lessons_and_keys_alone_are_enough(town: Town) -> None:
    denise = applicant(
        town, Role.PROTEGE, "Denise", DENISE, mode=Mode.VOICE, landline=True, texts=False
    )
    find_eligible(town, denise)
    town.settle()
    caller = town.caller(DENISE)
    caller.answers()
    caller.hears("Is this Denise?")
    goes_through(
        caller,
        ("1", "Next come 4 short lessons"),
        ("1", "Lesson 1. Your mentor has run a business."),
        ("*", "Lesson 1. Your mentor has run a business."),
        ("1", "Yes, that is right. Well done. Lesson 2."),
        ("2", "Lesson 3."),
        ("1", "Lesson 4."),
        ("1", "Here is your promise. Keep the plan with your mentor."),
        ("1", "You are ready for a mentor!"),
    )
    caller.hears("[call ended]")
    assert person_at(town, DENISE).state is PersonState.WAITING
    assert promises(town, denise) == [("AP", True, "A-P 1", "voice")]


def test_a_wrong_answer_is_explained_once_and_then_staff_talk_it_over(town: Town) -> None:
    rosa_is_taken_on(town, mode=Mode.TEXT)
    town.texts(ROSA, MAIN, "1")
    explained = town.texts(ROSA, MAIN, "2")
    assert explained[0].startswith("Not quite, and that is fine. It is Sam's business.")
    assert explained[1].startswith("Sam's mentor says: raise your price.")
    went_on = town.texts(ROSA, MAIN, "2")
    assert went_on[0].startswith("That is fine. You did not fail.")
    assert went_on[1].startswith("Lesson 2.")
    assert rules(town) == ["lesson"]
    # Right at the second try needs nobody.
    town.texts(ROSA, MAIN, "1")
    assert town.texts(ROSA, MAIN, "2")[0] == "Yes, that is right. Well done."
    assert results(town, person_at(town, ROSA))[:2] == [
        ("OP1", "do", False, 2),
        ("OP2", "full", True, 2),
    ]
    town.texts(ROSA, MAIN, "1", "1", "1")
    assert person_at(town, ROSA).state is PersonState.WAITING
    assert rules(town) == ["lesson"]


def test_lessons_begun_by_text_go_on_by_phone_at_the_lesson_where_they_stopped(town: Town) -> None:
    rosa_is_taken_on(town)
    town.texts(ROSA, MAIN, "1", "1", "2")
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("Hello again", "Lesson 3. Your mentor has a job and a life.", "What now?")
    rosa.presses("1")
    rosa.hears("Lesson 4.")
    rosa.hangs_up()
    # And back by text, with the lesson before the question.
    again = town.texts(ROSA, MAIN, "hello")
    assert any(text.startswith("Lesson 4.") for text in again)
    town.texts(ROSA, MAIN, "1", "1")
    assert person_at(town, ROSA).state is PersonState.WAITING


def test_whoever_calls_in_orientation_gets_the_lessons_and_is_not_asked_twice(town: Town) -> None:
    town.clock.advance(11 * 3600)  # It is night: nobody is asked now.
    rosa_is_taken_on(town)
    assert got(town, ROSA) == []
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("Next come 4 short lessons")
    goes_through(rosa, ("1", "Lesson 1."), ("1", "Lesson 2."))
    rosa.hangs_up()
    town.days_pass(1)
    # The invitation finds the question that is open, and says that it waits.
    assert got(town, ROSA) == [STILL_OPEN]
    assert town.texts(ROSA, MAIN, "MENU")[-2].startswith("Lesson 2.")
    town.texts(ROSA, MAIN, "2", "1", "1", "1")
    assert person_at(town, ROSA).state is PersonState.WAITING
    assert [each.state.value for each in invitations(town, "orientation_protege")] == ["answered"]


def test_no_promise_leads_to_a_person_and_can_be_given_later(town: Town) -> None:
    rosa_is_taken_on(town, mode=Mode.TEXT)
    town.texts(ROSA, MAIN, "1", *RIGHT[Role.PROTEGE])
    (promised_call,) = town.texts(ROSA, MAIN, "2")
    assert promised_call.startswith("OK. Our staff will text or call you by")
    rosa = person_at(town, ROSA)
    assert rosa.state is PersonState.ORIENTATION
    assert rules(town) == ["O8"]
    assert town.texts(ROSA, MAIN, "MENU")[-1].startswith("Your promise:")
    assert town.texts(ROSA, MAIN, "1") == [READY]
    assert promises(town, rosa) == [("AP", False, "A-P 1", "text"), ("AP", True, "A-P 1", "text")]


def test_no_promise_on_the_phone_rings_staff(town: Town) -> None:
    rosa_is_taken_on(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    for key in ("1", *RIGHT[Role.PROTEGE]):
        rosa.presses(key)
    rosa.hears("Do you promise?")
    rosa.presses("2")
    rosa.hears("I am calling our staff now.")


def test_silence_is_reminded_twice_and_then_staff_call(town: Town) -> None:
    rosa_is_taken_on(town, mode=Mode.TEXT)
    town.days_pass(20)
    assert got(town, ROSA) == [
        ASKED_TO_START,
        REMINDED,
        REMINDED,
    ]
    (task,) = town.tasks()
    assert task.words == "P01 has not answered the lessons. Please call or text."
    assert person_at(town, ROSA).state is PersonState.ORIENTATION


def test_whoever_stops_at_a_lesson_is_reminded_in_one_text(town: Town) -> None:
    rosa_is_taken_on(town, mode=Mode.TEXT)
    town.texts(ROSA, MAIN, "1", "1")
    assert town.texts(ROSA, MAIN, "LATER")[-1].startswith("No rush. I will ask again in 2 days.")
    before = len(got(town, ROSA))
    town.days_pass(4)
    assert got(town, ROSA)[before:] == [STILL_OPEN], "the one that LATER asked for, and no other"
    assert town.texts(ROSA, MAIN, "MENU")[0].startswith("Lesson 2.")


def test_later_is_no_dead_end(town: Town) -> None:
    rosa_is_taken_on(town, mode=Mode.TEXT)
    assert town.texts(ROSA, MAIN, "2") == ["No rush. You can text MENU at any time to go on."]
    assert town.texts(ROSA, MAIN, "MENU")[-1] == ASKED_TO_START
    assert town.texts(ROSA, MAIN, "1")[0].startswith("Lesson 1.")


def test_a_mentor_is_available_after_lessons_promise_and_the_live_talk(town: Town) -> None:
    ellen = applicant(town, Role.MENTOR, "Ellen", ELLEN, mode=Mode.TEXT)
    find_eligible(town, ellen)
    town.settle()
    town.texts(ELLEN, MAIN, "1", *RIGHT[Role.MENTOR])
    (answer,) = town.texts(ELLEN, MAIN, "I promise")
    assert answer.startswith("Thank you! One step is left: a short talk with us.")
    assert person_at(town, ELLEN).state is PersonState.ORIENTATION
    assert promises(town, ellen) == [("AM", True, "A-M 1", "text")]
    (task,) = town.tasks()
    assert task.words.endswith("Missing: the orientation talk.")
    # Meanwhile the menu is there, and no lesson twice.
    assert town.texts(ELLEN, MAIN, "MENU")[-1].startswith("You are all set for now.")

    hold_orientation_talk(town, ellen)
    assert person_at(town, ELLEN).state is PersonState.AVAILABLE
    assert town.tasks()[0].done_at is not None


def test_a_mentor_learns_by_phone_after_the_live_talk_and_is_available_at_once(town: Town) -> None:
    ellen = applicant(town, Role.MENTOR, "Ellen", ELLEN, mode=Mode.VOICE)
    find_eligible(town, ellen)
    hold_orientation_talk(town, ellen)
    caller = town.caller(ELLEN)
    caller.calls(MAIN)
    goes_through(
        caller,
        ("1", "Lesson 1. You are a guide."),
        ("talk them through it", "Lesson 2."),
        ("2", "Lesson 3."),
        ("to wait", "Lesson 4."),
        ("1", "Lesson 5."),
        ("2", "Here is your promise. Keep the plan. Be kind."),
        ("1", "Thank you! You are ready."),
    )
    assert person_at(town, ELLEN).state is PersonState.AVAILABLE
