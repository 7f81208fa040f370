"""Every webhook may come twice, and everybody hears and gets everything once."""

from sqlalchemy import func, select

from mentoring.models import Answer, Conversation, Outcome, StaffTask
from tests.journeys.cast import (
    AFTER_THE_OPEN_QUESTION,
    CONSENT_BY_KEYS,
    DENISE,
    INTAKE_BY_KEYS,
    KIM,
    LUIS,
    ROSA,
    contacts,
    dialled,
    goes_through,
    pair,
    recordings,
)
from tests.town import MAIN, PAIRS, STAFF, Town


def double_everything(town: Town) -> None:
    town.emulator.faults.duplicate(times=10_000)


def test_a_doubled_first_request_still_greets(town: Town) -> None:
    double_everything(town)
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.hears("Hello. This is BridgeLine", "To get a mentor press 1", "for a person press 0")


def test_a_whole_intake_by_phone_with_every_request_doubled(town: Town) -> None:
    double_everything(town)
    denise = town.caller(DENISE, landline=True)
    denise.calls(MAIN)
    goes_through(denise, *CONSENT_BY_KEYS, *INTAKE_BY_KEYS)
    denise.records("I alter clothes")
    denise.hears("What help do you want")
    goes_through(denise, *AFTER_THE_OPEN_QUESTION[:-1])
    denise.presses("2")
    denise.hears("[call ended]")
    town.settle()
    assert [task.rule for task in town.tasks()] == ["screening"]
    assert len(recordings(town)) == 1
    with town.db.transaction() as session:
        assert session.scalar(select(func.count(Conversation.id))) == 1
        asked = session.scalars(select(Answer.question)).all()
    assert len(set(asked)) == len(asked)


def test_what_is_said_before_a_question_is_not_lost_in_a_doubled_request(town: Town) -> None:
    double_everything(town)
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("3")
    kim.hears("We pair you with a mentor who has run a business", "To get a mentor press 1")
    goes_through(kim, *CONSENT_BY_KEYS[:-1])
    kim.presses("1")
    kim.hears("You joined BridgeLine today", "In danger? Call 911", "Are you 18 or older")


def test_the_last_words_are_not_lost_in_a_doubled_request(town: Town) -> None:
    pair(town)
    double_everything(town)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.phone(LUIS).reject()
    rosa.hears("Luis can't talk right now")
    rosa.records("Please call me")
    rosa.presses("2")
    rosa.hears("Your voice note is sent", "Goodbye")


def test_a_masked_call_with_every_request_doubled(town: Town) -> None:
    pair(town)
    double_everything(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    assert dialled(town) == [LUIS]
    luis.answers()
    luis.hears("Rosa would like to talk")
    luis.presses("1")
    rosa.talks("Hello Luis")
    luis.hears("Hello Luis")
    town.emulator.advance(130)
    rosa.hangs_up()
    town.settle()
    (contact,) = contacts(town)
    assert (contact.outcome, contact.two_way) == (Outcome.TALKED, True)
    assert town.phone(LUIS).inbox == []


def test_a_call_from_the_menu_with_every_request_doubled_rings_once(town: Town) -> None:
    pair(town)
    double_everything(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("1")
    rosa.hears("I am calling Luis now", "[ringing]")
    assert dialled(town) == [LUIS]
    assert len(contacts(town)) == 1


def test_a_voice_note_with_every_request_doubled_is_sent_once(town: Town) -> None:
    pair(town)
    double_everything(town)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.phone(LUIS).reject()
    rosa.hears("Luis can't talk right now")
    rosa.records("Please call me")
    rosa.hears("To send it press 2")
    rosa.presses("2")
    rosa.hears("[call ended]")
    town.settle()
    (news,) = town.phone(LUIS).inbox
    assert "left you a voice note" in news.body
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.presses("2")
    luis.hears("You have 1 new note", "[Please call me]")
    luis.presses("3")
    luis.hears("You have no new notes")


def test_0_with_the_request_doubled_still_reaches_a_person(town: Town) -> None:
    double_everything(town)
    kim, staff = town.caller(KIM), town.caller(STAFF)
    kim.calls(MAIN)
    kim.presses("0")
    kim.hears("I am calling our staff")
    staff.answers()
    staff.presses("1")
    kim.talks("Hello")
    staff.hears("Hello")
    staff.hangs_up()
    kim.hears("[call ended]")
    assert dialled(town) == [STAFF]
    (task,) = town.tasks()
    assert task.done_at is not None


def test_texts_with_every_request_doubled_arrive_once(town: Town) -> None:
    pair(town)
    double_everything(town)
    town.texts(ROSA, PAIRS[0], "Hello", "word " * 500)
    town.pass_time(60)
    bodies = [text.body for text in town.phone(LUIS).inbox]
    assert bodies[0] == "Rosa: Hello"
    assert "".join(bodies[1:]) == "word " * 500
    assert all(contact.outcome is Outcome.DELIVERED for contact in contacts(town))


def test_an_intake_by_text_with_every_request_doubled_asks_once(town: Town) -> None:
    double_everything(town)
    for answer in ("Hi", "1", "1", "1", "1", "1"):
        assert len(town.texts(KIM, MAIN, answer)) == 1
    assert len(town.texts(KIM, MAIN, "1")) == 2  # welcome to the programme, and the next question


def test_an_opt_out_with_every_request_doubled_counts_once(town: Town) -> None:
    pair(town)
    double_everything(town)
    assert len(town.texts(ROSA, PAIRS[0], "take me off your list")) == 1
    with town.db.transaction() as session:
        assert session.scalar(select(func.count(StaffTask.id))) == 1
