"""An intake begun by phone and ended by text, and the other way round: nothing is asked twice."""

from sqlalchemy import select

from mentoring.models import Answer, Channel, Mode, PersonState
from tests.journeys.cast import KIM, TO_C3, goes_through, person_at
from tests.town import MAIN, STAFF, Town

RECAP = "We go on from where you were."
TO_PART_TWO = (
    ("1", "private"),
    ("1", "Do you want to join"),
    ("1", "18 or older"),
    ("1", "What first name"),
    ("Kim", "I heard Kim"),
    ("1", "How do you like to talk"),
    ("3", "I think it is"),
    ("1", "show our name"),
    ("1", "Thanks, Kim. Part 1 is done"),
)


def questions(town: Town) -> list[tuple[str, Channel]]:
    with town.db.transaction() as session:
        answers = session.scalars(select(Answer).order_by(Answer.id))
        return [(answer.question, answer.channel) for answer in answers]


def test_begun_by_phone_and_ended_by_text(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3, *TO_PART_TWO, ("1", "Where is your business now"))
    kim.hangs_up()
    town.settle()

    recap, question = town.texts(KIM, MAIN, "Hello")
    assert RECAP in recap
    assert question.startswith("Where is your business now? Reply 1 an idea")
    asked = [town.texts(KIM, MAIN, a) for a in ("1", "Cakes", "AB", "evenings", "none", "skip")]
    assert [len(texts) for texts in asked] == [1] * 6
    assert asked[-1][0].startswith("All done, Kim!")
    assert not any(RECAP in text for texts in asked for text in texts)
    person = person_at(town, KIM)
    assert (person.state, person.mode) == (PersonState.SCREENING, Mode.BOTH)
    answered = questions(town)
    assert len({question for question, _ in answered}) == len(answered)
    assert dict(answered)["PA2"] is Channel.VOICE
    assert dict(answered)["PB2"] is Channel.TEXT


def test_begun_by_text_and_ended_by_phone(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1", "1", "1", "1", "1", "1", "1")
    assert "How do you like to talk" in town.texts(KIM, MAIN, "Kim")[-1]
    kim = town.caller(KIM)
    words = kim.calls(MAIN)
    assert words.count(RECAP) == 1
    kim.hears("Hello again from BridgeLine", RECAP, "How do you like to talk")
    goes_through(
        kim,
        *TO_PART_TWO[-3:],
        ("1", "Where is your business now"),
        ("1", "speak after the tone"),
    )
    kim.presses("1")
    goes_through(
        kim,
        ("2", "You chose customers"),
        ("2", "When can you talk"),
        ("4", "You chose weekends"),
        ("2", "How can we make this easy"),
        ("1", "a mentor who has a disability"),
        ("1", "All done, Kim!"),
    )
    answered = questions(town)
    assert len({question for question, _ in answered}) == len(answered)
    assert person_at(town, KIM).state is PersonState.SCREENING


def test_back_and_forth_between_phone_and_text_at_every_question(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3[:2])
    kim.hangs_up()
    town.settle()
    assert "about 8 texts a month" in town.texts(KIM, MAIN, "hi")[-1].lower()
    assert "computer voice" in town.texts(KIM, MAIN, "1")[-1]
    kim.calls(MAIN)
    kim.hears(RECAP, "computer voice")
    kim.presses("1")
    kim.hears("We do not record your talks")
    kim.hangs_up()
    town.settle()
    assert "We do not record your talks" in town.texts(KIM, MAIN, "hi")[-1]
    assert "private" in town.texts(KIM, MAIN, "yes")[-1]
    kim.calls(MAIN)
    kim.hears(RECAP, "private")


def test_the_recap_is_one_line_and_comes_once(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("1")
    kim.hangs_up()
    town.settle()
    assert kim.calls(MAIN).count(RECAP) == 1
    kim.hangs_up()
    town.settle()
    assert sum(RECAP in text for text in town.texts(KIM, MAIN, "hello")) == 1


def test_put_off_by_phone_and_gone_on_by_text(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3, *TO_PART_TWO, ("2", "Your answers are saved"))
    town.settle()
    assert "Where is your business now" in town.texts(KIM, MAIN, "MENU")[-1]
    assert "does your business make or do" in town.texts(KIM, MAIN, "1")[-1]


def test_put_off_by_text_and_gone_on_by_phone(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1", "1", "1", "1", "1", "1", "1", "Kim", "2", "1", "1")
    assert "Text MENU to go on" in town.texts(KIM, MAIN, "tomorrow")[-1]
    town.pass_time(24 * 3600)
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.hears("Where is your business now")


def test_put_off_by_phone_and_gone_on_by_phone(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3, *TO_PART_TWO, ("2", "Your answers are saved"))
    town.pass_time(24 * 3600)
    kim.calls(MAIN)
    kim.hears(RECAP, "Where is your business now")


def test_a_text_in_the_middle_of_a_spoken_intake_does_not_break_the_call(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("1")
    kim.handset.text(MAIN, "Is this the mentor line?")
    town.settle(0)
    kim.presses("1")
    kim.hears_none_of("something went wrong", "[call ended]")
    assert town.phone(STAFF).ringing is None


def test_a_second_call_from_the_same_phone_does_not_break_the_first(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("1")
    form = [("CallSid", "CA" + "5" * 32), ("From", KIM), ("To", MAIN), ("Direction", "inbound")]
    second = town.post("/voice/inbound", form)
    assert "Can this phone get texts" in second.text
    kim.presses("1")
    kim.hears_none_of("something went wrong", "[call ended]")
