"""Answers in one's own words: never cut off for good, never lost, and a person is near (A1, A6)."""

import pytest
from sqlalchemy import select

from mentoring.models import Answer, Purpose, Recording, Role
from mentoring.typing_notes import type_answer
from tests.journeys.cast import (
    CONSENT_BY_KEYS,
    INTAKE_BY_KEYS,
    KIM,
    LUIS,
    ROSA,
    goes_through,
    pair,
    person_at,
    reaches_the_note,
    recordings,
)
from tests.phone import Caller
from tests.town import MAIN, STAFF, Town

TOLD = "I have that. To go on press 1. To say more press 2."


def is_asked_what_the_business_does(town: Town) -> Caller:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *CONSENT_BY_KEYS, *INTAKE_BY_KEYS)
    kim.hears("Or speak after the tone")
    return kim


def tells_a_worry(town: Town) -> Caller:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("3")
    rosa.presses("1")
    rosa.hears("Please tell us what worries you")
    return rosa


def test_after_a_pause_the_caller_may_say_more_and_both_recordings_are_kept(town: Town) -> None:
    kim = is_asked_what_the_business_does(town)
    kim.records("I alter clothes", end="")
    kim.waits()
    kim.hears(TOLD)
    kim.presses("2")
    kim.hears("Speak after the tone")
    kim.records("and I mend shoes")
    kim.hears("What help do you want")
    town.settle()
    assert [note.purpose for note in recordings(town)] == [Purpose.ANSWER] * 2
    assert all(note.audio_sealed for note in recordings(town))


def test_two_minutes_are_no_end_either(town: Town) -> None:
    kim = is_asked_what_the_business_does(town)
    kim.records("well " * 320, end="")
    kim.hears(TOLD)
    kim.says("say more")
    kim.records("that was it", end="")
    kim.waits()
    kim.hears(TOLD)
    kim.says("that is all")
    kim.hears("What help do you want")
    assert len(recordings(town)) == 2


def test_silence_after_a_recording_leads_on_kindly(town: Town) -> None:
    kim = is_asked_what_the_business_does(town)
    kim.records("I alter clothes", end="")
    kim.waits()
    kim.hears(TOLD)
    assert "What help do you want" in kim.waits()
    kim.hears_none_of("I did not hear you")


def test_pound_goes_on_at_once_as_it_was_said(town: Town) -> None:
    kim = is_asked_what_the_business_does(town)
    kim.records("I alter clothes")
    kim.hears("What help do you want")
    kim.hears_none_of("I have that")


def test_the_question_is_not_asked_again_of_who_hangs_up_after_speaking(town: Town) -> None:
    kim = is_asked_what_the_business_does(town)
    kim.records("I alter clothes", end="")
    kim.waits()
    kim.hears(TOLD)
    kim.hangs_up()
    town.settle()
    kim.calls(MAIN)
    kim.hears("We go on from where you were", "What help do you want")


@pytest.mark.parametrize("when", ["while it records", "when asked", "while adding"])
def test_a_worry_is_never_lost_by_hanging_up(town: Town, when: str) -> None:
    rosa = tells_a_worry(town)
    rosa.records("My mentor asks for money", end="")
    if when != "while it records":
        rosa.waits()
        rosa.hears(TOLD)
    if when == "while adding":
        rosa.presses("2")
        rosa.waits_for_the_beep()
    rosa.hangs_up()
    town.settle()
    (task,) = town.tasks()
    assert (task.rule, task.done_at) == ("O10", None)
    assert task.recording_id == recordings(town)[0].id


def test_a_worry_with_every_request_doubled_is_one_task(town: Town) -> None:
    town.emulator.faults.duplicate(times=10_000)
    rosa = tells_a_worry(town)
    rosa.records("My mentor", end="")
    rosa.waits()
    rosa.presses("2")
    rosa.records("asks for money", end="")
    rosa.waits()
    rosa.presses("1")
    rosa.hears("Is someone in danger now?")
    rosa.presses("2")
    rosa.hears("May we pause this match")
    rosa.presses("2")
    rosa.hears("You will not lose your place", "[call ended]")
    town.settle()
    assert [task.rule for task in town.tasks()] == ["O10"]
    assert len(recordings(town)) == 2


def is_late_or_lost(town: Town, fate: str, address: str = "recorded=1") -> None:
    """Let the end of the next recording be told after its file, or never."""
    if fate == "late":
        town.emulator.faults.delay(30, address)
    else:
        town.emulator.faults.drop(address)


def typed(town: Town, made: Recording, words: str) -> list[str]:
    """Let staff type what a recording says; returns the answers to that question since then."""
    with town.db.transaction() as session:
        type_answer(session, made.id, words, now=town.clock.now())
        given = session.scalars(select(Answer).where(Answer.question == "PB2")).all()
        return [
            session.vault.open(answer.words_sealed or b"", place=answer.place("words_sealed"))
            for answer in given
        ]


@pytest.mark.parametrize("fate", ["late", "lost"])
def test_an_answer_of_which_only_the_file_was_told_counts_and_is_typed(
    town: Town, fate: str
) -> None:
    kim = is_asked_what_the_business_does(town)
    is_late_or_lost(town, fate)
    kim.records("I alter clothes", end="")
    town.emulator.advance(5)
    kim.hangs_up()
    town.pass_time(60)
    (made,) = recordings(town)
    assert made.from_person_id == person_at(town, KIM).id
    assert typed(town, made, "I alter clothes") == ["I alter clothes"]
    kim.calls(MAIN)
    kim.hears("We go on from where you were", "What help do you want")


def test_an_answer_that_is_told_of_after_its_file_is_typed(town: Town) -> None:
    kim = is_asked_what_the_business_does(town)
    town.emulator.faults.delay(8, "recorded=1")
    kim.records("I alter clothes")
    kim.hears("What help do you want")
    town.settle()
    (made,) = recordings(town)
    assert typed(town, made, "I alter clothes") == ["I alter clothes"]


@pytest.mark.parametrize("fate", ["late", "lost"])
def test_what_was_added_to_an_answer_answers_no_other_question(town: Town, fate: str) -> None:
    kim = is_asked_what_the_business_does(town)
    kim.records("I alter clothes", end="")
    kim.waits()
    kim.presses("2")
    is_late_or_lost(town, fate)
    kim.records("and I mend shoes", end="")
    kim.hangs_up()
    town.pass_time(60)
    assert {made.from_person_id for made in recordings(town)} == {person_at(town, KIM).id}
    kim.calls(MAIN)
    kim.hears("What help do you want")
    kim.presses("1")
    kim.hears_none_of("Sorry")


def test_it_is_known_whose_a_recording_is_when_they_have_called_again(town: Town) -> None:
    kim = is_asked_what_the_business_does(town)
    is_late_or_lost(town, "lost")
    is_late_or_lost(town, "late", "/voice/recording")
    kim.records("I alter clothes", end="")
    kim.hangs_up()
    town.settle()
    kim.calls(MAIN)
    kim.hears("What does your business make or do")
    kim.hangs_up()
    town.pass_time(60)
    assert [made.from_person_id for made in recordings(town)] == [person_at(town, KIM).id]


@pytest.mark.parametrize("fate", ["late", "lost"])
def test_a_worry_of_which_only_the_file_was_told_is_kept_with_its_alert(
    town: Town, fate: str
) -> None:
    rosa = tells_a_worry(town)
    is_late_or_lost(town, fate)
    rosa.records("My mentor asks for money", end="")
    town.emulator.advance(5)
    rosa.hangs_up()
    town.pass_time(60)
    (task,), (made,) = town.tasks(), recordings(town)
    assert (task.rule, task.recording_id) == ("O10", made.id)
    assert (made.purpose, made.from_person_id) == (Purpose.ANSWER, task.person_id)


@pytest.mark.parametrize("word", ["person", "can I talk to a person please"])
def test_a_person_is_reached_by_speech_alone_before_and_after_the_tone(
    town: Town, word: str
) -> None:
    kim = is_asked_what_the_business_does(town)
    kim.says(word)
    kim.hears("I am calling our staff now", "[ringing]")
    kim.hangs_up()
    town.settle()
    kim.calls(MAIN)
    kim.hears("What does your business make or do")
    kim.records("Hm, I need a person", end="")
    kim.waits()
    kim.says(word)
    kim.hears("I am calling our staff now", "[ringing]")
    assert town.phone(STAFF).ringing == MAIN


def test_the_question_is_repeated_and_left_to_staff_by_speech_alone(town: Town) -> None:
    kim = is_asked_what_the_business_does(town)
    kim.says("say that again")
    kim.hears("What does your business make or do")
    kim.says("let our staff ask me")
    kim.hears("What help do you want")
    assert recordings(town) == []


def test_an_answer_that_begins_before_the_tone_is_kept(town: Town) -> None:
    kim = is_asked_what_the_business_does(town)
    kim.says("I alter clothes and mend shoes")
    kim.hears(TOLD)
    kim.presses("2")
    kim.records("and I sell buttons")
    kim.hears("What help do you want")
    assert len(recordings(town)) == 1
    with town.db.transaction() as session:
        kept = session.scalars(select(Answer).where(Answer.question == "PB2")).all()
        words = [
            session.vault.open(answer.words_sealed, place=answer.place("words_sealed"))
            for answer in kept
            if answer.words_sealed
        ]
    assert "I alter clothes and mend shoes" in words


def test_a_voice_note_that_begins_before_the_tone_is_asked_for_after_it(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.says("Hi Luis")
    rosa.hears("Please wait for the tone.", "Leave a voice note after the tone")
    rosa.records("Hi Luis, this is Rosa")
    rosa.hears("To send it press 2")


def test_a_key_means_the_same_before_and_after_silence(town: Town) -> None:
    kim = is_asked_what_the_business_does(town)
    kim.waits_for_the_beep()
    kim.waits()
    kim.hears("Do you need more time?")
    kim.waits()
    kim.hears("To let our staff ask you press 1", "To speak after the tone press 2")
    kim.presses("1")
    kim.hears("What help do you want")


def test_1_leaves_no_voice_note_before_and_after_silence(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.hears("To leave no voice note press 1")
    rosa.waits_for_the_beep()
    rosa.waits()
    rosa.waits()
    rosa.hears("To leave no voice note press 1", "To leave a voice note press 2")
    rosa.presses("1")
    rosa.hears("No voice note was left", "[call ended]")


def test_nothing_that_is_said_cuts_off_a_prompt_for_whoever_wants_it_slow(town: Town) -> None:
    town.person(Role.PROTEGE, "Rosa", ROSA)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.says("slower")
    rosa.handset.hang_up()
    town.settle()
    rosa.handset.dial(MAIN)
    rosa.says("hello there, is anybody on this line")
    rosa.hears_none_of("Sorry, I missed that.")
    rosa.presses("1")
    rosa.hears("What would you like to tell us?")


def test_the_whisper_for_a_slow_callee_is_not_cut_off_by_a_hello(town: Town) -> None:
    pair(town)
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.says("slower")
    luis.hangs_up()
    town.settle()
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("1")
    rosa.hears("[ringing]")
    luis.handset.answer()
    luis.handset.say("Hello? Hello, who is calling?", wait=False)
    luis.hears("Rosa would like to talk", "press 1 or say yes")
    luis.says("yes")
    rosa.talks("Hello Luis")
    luis.hears("Hello Luis")
