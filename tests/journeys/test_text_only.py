"""Somebody who cannot speak or hear does everything by text."""

import pytest
from sqlalchemy import select

from mentoring.alerts import close_alert
from mentoring.models import Answer, ContactKind, Mode, Outcome, PersonState, Role
from mentoring.oversight.rules import OutcomeCode
from tests.journeys.cast import ELLEN, KIM, ROSA, contacts, pair, person_at
from tests.town import MAIN, PAIRS, Town


def joins_by_text(town: Town) -> None:
    """Go from the first text through consent and both parts of the intake."""
    (welcome,) = town.texts(KIM, MAIN, "Hi")
    assert welcome.startswith("Hi, this is BridgeLine, a free mentor line")
    (c1,) = town.texts(KIM, MAIN, "1")
    assert "HELP for help, STOP to stop. Reply 1 to agree" in c1
    asked = [town.texts(KIM, MAIN, answer)[-1] for answer in ("1", "yes", "Yes please", "ok", "1")]
    assert [text[:11] for text in asked] == [
        "May we also",
        "Staff can r",
        "We keep wha",
        "A mentor sh",
        "Are you 18 ",
    ]
    town.pass_time(900)
    asked = [town.texts(KIM, MAIN, answer)[-1] for answer in ("1", "kim", "2", "1", "1", "now")]
    assert asked[0] == "What first name should we use?"
    assert asked[2].startswith("I think it is 11:")
    assert asked[4].startswith("Thanks, Kim. Part 1 is done.")
    town.pass_time(900)
    last = town.texts(KIM, MAIN, "2", "A nail salon", "acf", "1 and 3", "2", "2")[-1]
    assert last.startswith("All done, Kim!")


def test_from_the_first_text_to_relayed_texts(town: Town) -> None:
    joins_by_text(town)
    kim = person_at(town, KIM)
    assert (kim.first_name, kim.state) == ("Kim", PersonState.SCREENING)
    assert (kim.mode, kim.zone) == (Mode.TEXT, "America/Chicago")
    assert kim.profile["topics"] == "A,C,F"
    ellen = town.person(Role.MENTOR, "Ellen", ELLEN, mode=Mode.TEXT)
    town.match(kim, ellen)

    assert town.texts(KIM, PAIRS[0], "Hello Ellen, how do I find buyers?") == []
    received = town.phone(ELLEN).inbox[-1]
    assert (received.peer, received.body) == (
        PAIRS[0],
        "Kim: Hello Ellen, how do I find buyers?",
    )
    assert town.texts(ELLEN, PAIRS[0], "Ask the ones you have 🙂") == []
    assert town.phone(KIM).inbox[-1].body == "Ellen: Ask the ones you have 🙂"
    first, second = contacts(town)
    assert (first.outcome, second.outcome) == (Outcome.DELIVERED, Outcome.DELIVERED)
    assert (first.two_way, second.two_way) == (False, True)
    assert not town.emulator.store.calls


def test_an_answer_may_be_a_digit_a_word_or_a_sentence(town: Town) -> None:
    town.texts(KIM, MAIN, "hello", "I want to get a mentor", "1.", "(1)", "YES!", "sure")
    assert "18 or older" in town.texts(KIM, MAIN, "one")[-1]


def test_what_is_not_understood_is_asked_again_and_then_a_person_is_told(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1")
    for unclear in ("1 or 2", "purple"):
        (again,) = town.texts(KIM, MAIN, unclear)
        assert again.startswith("Sorry, I did not get that.")
        assert "text PERSON" in again
    (told,) = town.texts(KIM, MAIN, "🙂")
    assert told.startswith("Let me get a person.")
    (task,) = town.tasks()
    assert task.rule == "O14"
    assert task.words.endswith(" got no further in three tries.")
    (going_on,) = town.texts(KIM, MAIN, "1")
    assert "computer voice" in going_on


def test_who_is_not_understood_again_and_again_is_one_alert_until_staff_have_called(
    town: Town,
) -> None:
    town.texts(KIM, MAIN, "Hi", "1")
    town.texts(KIM, MAIN, *["purple"] * 9)
    (task,) = town.tasks()
    assert task.rule == "O14"

    with town.db.transaction() as session:
        now = town.clock.now()
        close_alert(session, task.id, code=OutcomeCode.SPOKE, actor="staff:x", now=now)
    town.texts(KIM, MAIN, *["purple"] * 3)

    assert [(each.rule, each.done_at is None) for each in town.tasks()] == [
        ("O14", False),
        ("O14", True),
    ]


def test_the_words_of_the_line_keep_the_place_in_the_middle_of_a_question(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1")
    assert "will text or call you by" in town.texts(KIM, MAIN, "PERSON")[-1]
    assert "No rush" in town.texts(KIM, MAIN, "later")[-1]
    for word in ("AGAIN", "menu"):
        (question,) = town.texts(KIM, MAIN, word)
        assert "Reply 1 to agree, 2 for no" in question
    assert "computer voice" in town.texts(KIM, MAIN, "1")[-1]
    assert [task.rule for task in town.tasks()] == ["O8"]


def test_a_worry_is_answered_at_once_and_seen_by_nobody_else(town: Town) -> None:
    kim = town.person(Role.PROTEGE, "Kim", KIM, mode=Mode.TEXT)
    town.match(kim, town.person(Role.MENTOR, "Ellen", ELLEN))
    (asked,) = town.texts(KIM, PAIRS[0], "WORRY")
    assert asked.startswith("Thank you for telling us. This is not an emergency line. In danger?")
    assert [task.rule for task in town.tasks()] == ["O10"]
    assert town.phone(ELLEN).inbox == []


def test_a_menu_by_text_says_how_to_call(town: Town) -> None:
    kim = town.person(Role.PROTEGE, "Kim", KIM)
    town.match(kim, town.person(Role.MENTOR, "Ellen", ELLEN))
    (menu,) = town.texts(KIM, MAIN, "Hello")
    assert "Reply 1 to call Ellen" in menu
    (how,) = town.texts(KIM, MAIN, "1")
    assert how == "To call Ellen, just call 515 555 0101. You can text there too."


def test_slower_speech_chosen_by_text_counts_on_the_phone(town: Town) -> None:
    town.person(Role.PROTEGE, "Kim", KIM)
    town.texts(KIM, MAIN, "Hello")
    assert "speak slower" in town.texts(KIM, MAIN, "2")[-1]
    kim = town.caller(KIM)
    kim.calls(MAIN)
    started = town.clock.now()
    kim.waits()
    assert (town.clock.now() - started).total_seconds() > 20


def test_the_voice_notes_of_the_menu_have_an_answer_by_text(town: Town) -> None:
    kim = town.person(Role.PROTEGE, "Kim", KIM)
    town.match(kim, town.person(Role.MENTOR, "Ellen", ELLEN))
    town.texts(KIM, MAIN, "Hello")
    (answer,) = town.texts(KIM, MAIN, "2")
    assert "note" in answer


@pytest.mark.parametrize(
    ("steps", "rule"), [(("Hi", "3", "1"), "O10"), (("Hi", "1"), "O8")], ids=["worry", "message"]
)
def test_what_is_told_by_text_can_be_read_by_staff_alone(
    town: Town, steps: tuple[str, ...], rule: str
) -> None:
    kim = town.person(Role.PROTEGE, "Kim", KIM)
    if rule == "O10":
        town.match(kim, town.person(Role.MENTOR, "Ellen", ELLEN))
    town.texts(KIM, MAIN, *steps)
    next_said = "Is someone in danger" if rule == "O10" else "Your message is saved"
    assert next_said in town.texts(KIM, MAIN, "He asked me for money")[-1]
    assert [task.rule for task in town.tasks()] == [rule]
    with town.db.transaction() as session:
        (answer,) = session.scalars(select(Answer).where(Answer.words_sealed.is_not(None)))
        sealed = answer.words_sealed or b""
        assert b"money" not in sealed
        words = session.vault.open(sealed, place=answer.place("words_sealed"))
    assert words == "He asked me for money"
    assert town.phone(ELLEN).inbox == []


def test_an_eager_texter_with_a_few_slips_gets_through_all_questions_at_once(town: Town) -> None:
    answers = ["Hi", "1", "1", "?", "1", "1", "??", "1", "1", "1", "Kim", "2", "1", "1", "1"]
    for answer in (*answers, "2", "A nail salon", "AC", "what", "13", "2", "2"):
        assert town.texts(KIM, MAIN, answer), answer
    assert person_at(town, KIM).state is PersonState.SCREENING


def test_two_machines_do_not_answer_each_other_for_ever(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1")
    for _ in range(50):
        town.phone(KIM).text(MAIN, "I am away from my desk")
    town.settle()
    assert len(town.phone(KIM).inbox) < 48


@pytest.mark.parametrize(
    ("words", "line", "most"),
    [
        ("PERSON", MAIN, 42),
        ("PERSON", PAIRS[0], 42),
        ("TERMS", MAIN, 42),
        ("START", PAIRS[0], 42),
        ("If you think of suicide, call 988.", MAIN, 9),
        ("If you think of suicide, call 988.", PAIRS[0], 9),
    ],
)
def test_a_machine_that_texts_a_word_of_ours_is_not_answered_for_ever(
    town: Town, words: str, line: str, most: int
) -> None:
    pair(town)
    rosa, answered = town.phone(ROSA), 0
    while answered < 60 and town.texts(ROSA, line, words):
        line = rosa.inbox[-1].peer
        answered += 1
    assert 0 < answered < most
    assert any("no more texts" in text for text in town.texts(ROSA, line, "ALTO"))


def test_who_sends_the_line_a_photo_hears_that_it_is_not_seen_and_what_is_asked(town: Town) -> None:
    photos = [(b"not really", "image/png")] * 10
    kim = town.phone(KIM)
    kim.text(MAIN, "", media=photos)
    town.settle()
    assert [text.body[:38] for text in kim.inbox] == [
        "Sorry, this line can't get photos. Ple",
        "Hi, this is BridgeLine, a free mentor ",
    ]
    kim.text(MAIN, "1", media=photos[:1])
    town.settle()
    assert "can't get photos" in kim.inbox[-2].body
    assert "About 8 texts a month" in kim.inbox[-1].body


def test_each_text_to_the_service_is_in_the_log_like_a_call(town: Town) -> None:
    """Of somebody unknown too, on any line; what is passed on is there as a text between two."""
    town.texts(KIM, MAIN, "Hi", "Who are you?")
    town.texts(KIM, PAIRS[0], "MENU")
    kinds = [(entry.kind, entry.outcome) for entry in town.log()]
    assert kinds[:2] == [(ContactKind.MENU_TEXT, Outcome.SERVED)] * 2
    assert len(kinds) == 3

    ellen = town.person(Role.MENTOR, "Ellen", ELLEN, mode=Mode.TEXT)
    match = town.match(town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT), ellen)
    town.texts(ELLEN, MAIN, "MENU")
    town.texts(ELLEN, PAIRS[0], "PLAN")
    town.texts(ELLEN, PAIRS[0], "Hello")
    whose = [(entry.kind, entry.from_person_id, entry.match_id) for entry in town.log()[3:]]
    assert whose == [
        (ContactKind.MENU_TEXT, ellen.id, None),
        (ContactKind.MENU_TEXT, ellen.id, None),
        (ContactKind.TEXT, ellen.id, match.id),
    ]


def test_a_text_that_comes_twice_is_in_the_log_once(town: Town) -> None:
    town.emulator.faults.duplicate("/sms/inbound", times=3)
    town.texts(KIM, MAIN, "Hi")
    assert len(town.log()) == 1
