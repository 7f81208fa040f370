"""Silence, misunderstanding and repeats: never a hang-up, never a longer menu (A2, A4, A5, A11)."""

from sqlalchemy import select

from mentoring.models import Staff
from mentoring.people import find_phone
from tests.journeys.cast import (
    AFTER_THE_OPEN_QUESTION,
    CONSENT_BY_KEYS,
    INTAKE_BY_KEYS,
    KIM,
    LUIS,
    ROSA,
    goes_through,
    pair,
)
from tests.town import MAIN, PAIRS, STAFF, Town


def test_a_silent_caller_is_asked_twice_and_then_brought_to_a_person(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.waits()
    kim.hears("I did not hear you. Take your time.", "To get a mentor press 1")
    kim.waits()
    kim.hears("You can press a key, say a word, or press 0 for a person")
    kim.waits()
    kim.hears("I will get a person. Please stay with me.", "I am calling our staff now")
    assert town.phone(STAFF).ringing == MAIN


def test_a_silent_caller_is_kept_for_two_minutes_and_called_back(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    town.emulator.advance(120)
    assert kim.is_in_call
    town.emulator.advance(120)
    assert not kim.is_in_call
    assert "No need to speak. We will call you back." in kim.heard
    (task,) = town.tasks()
    assert (task.rule, task.words) == (
        "O14",
        "Call back: A caller got no further in three tries.",
    )
    assert task.done_at is None


def test_two_silences_turn_on_slower_speech_for_that_number(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.waits()
    kim.waits()
    with town.db.transaction() as session:
        phone = find_phone(session, KIM)
        assert phone is not None
        assert phone.slow


def test_an_answer_thirty_seconds_late_still_counts(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    for given, next_heard in (*CONSENT_BY_KEYS, *INTAKE_BY_KEYS[:1]):
        town.emulator.advance(30)
        kim.presses(given)
        kim.hears(next_heard)
    assert town.phone(STAFF).ringing is None


def test_a_consent_question_offers_more_time_before_it_gives_up(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("1")
    for _ in range(3):
        kim.waits()
        kim.hears("Do you need more time?")
        kim.presses("7")
        kim.hears("Do you want texts on this phone?")
    kim.presses("1")
    kim.hears("about 8 texts a month")


def test_nonsense_is_met_with_the_question_then_the_keys_then_a_person(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.says("purple elephants")
    kim.hears("Sorry, I missed that.", "To get a mentor press 1")
    kim.presses("9")
    kim.hears("Let us use the keys.", "To get a mentor press 1")
    kim.says("purple elephants")
    kim.hears("I am calling our staff now")
    assert [task.rule for task in town.tasks()] == ["O14"]


def test_counting_begins_anew_with_each_question(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    for given, next_heard in CONSENT_BY_KEYS:
        kim.presses("8")
        kim.presses("8")
        kim.presses(given)
        kim.hears(next_heard)


def test_star_repeats_every_question_as_often_as_wished(town: Town) -> None:
    kim = town.caller(KIM)
    words = kim.calls(MAIN)
    question = "To get a mentor press 1"
    assert question in words
    steps = (*CONSENT_BY_KEYS, *INTAKE_BY_KEYS)
    for given, next_heard in steps:
        for _ in range(2):
            kim.presses("*")
            kim.hears(question)
        goes_through(kim, (given, next_heard))
        question = next_heard
    kim.records("I alter clothes", end="*")
    kim.hears("speak after the tone")
    kim.records("I alter clothes")
    question = "What help do you want"
    for given, next_heard in AFTER_THE_OPEN_QUESTION[:-1]:
        kim.presses("*")
        kim.hears(question)
        goes_through(kim, (given, next_heard))
        question = next_heard


def test_again_and_slower_can_be_said(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.says("say that again please")
    kim.hears("To get a mentor press 1")
    kim.says("slower")
    kim.hears("To get a mentor press 1")
    (said,) = [hook for hook in town.emulator.webhooks if "/voice/turn" in hook.url][-1:]
    assert 'rate="85%"' in said.response_body


def test_a_key_interrupts_any_prompt(town: Town) -> None:
    kim = town.caller(KIM)
    kim.handset.dial(MAIN)
    kim.presses("1")
    kim.hears("Can this phone get texts")


def test_a_dropped_call_goes_on_at_the_same_question(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *CONSENT_BY_KEYS, *INTAKE_BY_KEYS[:3])
    kim.hangs_up()
    town.pass_time(29 * 24 * 3600)
    kim.calls(MAIN)
    kim.hears("Hello again from BridgeLine", "We go on from where you were", "like to talk")
    kim.hears_none_of("Denise")


def test_after_thirty_days_the_question_is_let_go(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("1")
    kim.hangs_up()
    town.pass_time(31 * 24 * 3600)
    kim.calls(MAIN)
    kim.hears_none_of("We go on from where you were")


def test_whoever_chose_a_slow_voice_gets_it_with_each_call(town: Town) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    goes_through(rosa, ("3", "To tell us a worry press 1"), ("2", "I will speak slower"))
    rosa.hangs_up()
    town.settle()
    luis = town.caller(LUIS)
    luis.calls(PAIRS[0])
    rosa.answers()
    assert 'rate="85%"' in town.emulator.webhooks[-1].response_body


def test_silence_at_the_last_menu_of_a_note_still_sends_it(town: Town) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.phone(LUIS).reject()
    rosa.hears("voice note")
    rosa.records("Call me back")
    town.emulator.advance(400)
    town.settle()
    assert any("left you a voice note" in text.body for text in town.phone(LUIS).inbox)


def test_a_silent_caller_is_kept_for_two_minutes_with_nobody_on_duty(town: Town) -> None:
    with town.db.transaction() as session:
        for member in session.scalars(select(Staff)):
            member.on_duty = False
    kim = town.caller(KIM)
    kim.calls(MAIN)
    town.emulator.advance(120)
    assert kim.is_in_call
    town.emulator.advance(120)
    assert not kim.is_in_call
    assert [task.rule for task in town.tasks()] == ["O14"]
