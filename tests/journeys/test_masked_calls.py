"""Masked calls as both sides hear them: from the pair line, and from the main menu."""

import pytest

from mentoring.models import Mode, Outcome, Role
from mentoring.people import person_with_code
from telephony.emulator import answers, busy, no_answer, out_of_reach, rejects, voicemail
from telephony.emulator.behaviour import WhenRung
from tests.journeys.cast import ELLEN, LUIS, ROSA, contacts, dialled, pair
from tests.town import MAIN, PAIRS, STAFF, Town

ASKED = "Rosa would like to talk"


def test_a_protege_calls_the_pair_line_and_talks_with_the_mentor(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    assert luis.handset.ringing == PAIRS[0]
    (attempt,) = contacts(town)
    assert attempt.outcome is Outcome.ATTEMPTED
    luis.answers()
    luis.hears(ASKED)
    luis.presses("1")
    rosa.talks("Hello Luis")
    luis.hears("Hello Luis")
    town.emulator.advance(200)
    luis.hangs_up()
    rosa.hears("Thank you for calling BridgeLine. Goodbye.", "[call ended]")
    town.settle()
    (contact,) = contacts(town)
    assert (contact.outcome, contact.two_way) == (Outcome.TALKED, True)
    assert contact.seconds is not None
    assert 195 <= contact.seconds <= 205


def test_a_mentor_calls_the_pair_line_and_talks_with_the_protege(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    luis.calls(PAIRS[0])
    assert rosa.handset.ringing == PAIRS[0]
    rosa.answers()
    rosa.hears("Luis would like to talk")
    rosa.says("yes")
    luis.talks("Hello Rosa")
    rosa.hears("Hello Rosa")


def test_from_the_main_menu_the_caller_says_whom_to_call(town: Town) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    ellen = town.person(Role.MENTOR, "Ellen", ELLEN)
    with town.db.transaction() as session:
        first = person_with_code(session, "P01")
    town.match(first, ellen)
    rosa.calls(MAIN)
    rosa.hears("To call someone press 1")
    rosa.presses("1")
    rosa.hears("Who do you want to call?", "For Luis press 1", "For Ellen press 2")
    rosa.says("Ellen")
    rosa.hears("I am calling Ellen now", "[ringing]")
    assert town.phone(ELLEN).ringing == PAIRS[1]
    assert town.phone(LUIS).ringing is None


def test_a_talk_of_less_than_two_minutes_is_no_two_way_contact(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.presses("1")
    town.emulator.advance(100)
    rosa.hangs_up()
    town.settle()
    (contact,) = contacts(town)
    assert (contact.outcome, contact.two_way) == (Outcome.TALKED, False)


def test_a_spoken_yes_joins_the_two(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    for yes in ("yes", "Yes, please!", "talk now"):
        rosa.calls(PAIRS[0])
        luis.answers()
        luis.says(yes)
        rosa.talks("Good morning")
        luis.hears("Good morning")
        rosa.hangs_up()
        town.settle()


def test_whoever_is_called_may_refuse_by_key_or_word(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    for refusal in ("2", "not now"):
        rosa.calls(PAIRS[0])
        luis.answers()
        if refusal == "2":
            luis.presses(refusal)
        else:
            luis.says(refusal)
        luis.hears("They can leave you a voice note", "[call ended]")
        rosa.hears("Luis can't talk right now")
        rosa.hangs_up()
        town.settle()
    assert [entry.outcome for entry in contacts(town)] == [Outcome.DECLINED] * 2
    assert town.phone(LUIS).inbox == []


def test_a_wrong_key_at_the_whisper_asks_again(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.presses("7")
    luis.hears(ASKED, "press 1 or say yes")
    luis.presses("#")
    luis.hears(ASKED)
    luis.presses("1")
    rosa.talks("Hello")
    luis.hears("Hello")


def test_star_at_the_whisper_repeats_it_as_often_as_wished(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    for _ in range(6):
        luis.presses("*")
        luis.hears(ASKED)
    luis.presses("1")
    rosa.talks("Hello")
    luis.hears("Hello")


def test_silence_at_the_whisper_is_never_a_yes(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.waits()
    luis.hears("[call ended]")
    rosa.hears("Luis can't talk right now")
    (contact,) = contacts(town)
    assert contact.accepted_at is None


@pytest.mark.parametrize("confidence", [0.3, None])
def test_a_yes_that_was_heard_badly_is_asked_again_and_joins_when_it_is_said_again(
    town: Town, confidence: float | None
) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.says("yes", confidence=confidence)
    luis.hears(ASKED)
    luis.says("yes", confidence=confidence)
    rosa.talks("Hello")
    luis.hears("Hello")


def test_a_yes_heard_badly_counts_only_for_the_very_next_answer(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    for words in ("yes", "what was that", "yes"):
        luis.says(words, confidence=0.3)
        luis.hears(ASKED)
    luis.presses("1")
    rosa.talks("Hello")
    luis.hears("Hello")


def test_zero_at_the_whisper_has_staff_call_back_and_does_not_join(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.presses("0")
    luis.hears("OK. Our staff will call you by", "[call ended]")
    rosa.hears("Luis can't talk right now")
    (task,) = town.tasks()
    assert task.rule == "O8"
    assert "M01" in task.words


@pytest.mark.parametrize(
    ("rung", "outcome"),
    [
        (no_answer(), Outcome.NO_ANSWER),
        (busy(), Outcome.BUSY),
        (rejects(), Outcome.BUSY),
        (out_of_reach(), Outcome.FAILED),
        (voicemail(after=10), Outcome.NO_ANSWER),
        (voicemail(after=1, greeting="Yes, this is Luis. I am not here right now."), None),
        (voicemail(after=1, greeting="Luis speaking. Leave a message."), None),
        (voicemail(after=1, greeting="Yes? Leave a message!"), None),
        (voicemail(after=1, greeting="OK, you know what to do."), None),
    ],
)
def test_a_call_that_reaches_nobody_leads_to_a_voice_note(
    town: Town, rung: WhenRung, outcome: Outcome | None
) -> None:
    pair(town)
    town.phone(LUIS).when_rung = rung
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.emulator.advance(100)
    rosa.hears("Luis can't talk right now", "leave a voice note after the tone")
    (contact,) = contacts(town)
    assert outcome in (None, contact.outcome)
    assert (contact.accepted_at, contact.two_way) == (None, False)


def test_a_call_rings_one_phone_once_and_from_the_pair_line(town: Town) -> None:
    pair(town)
    town.phone(LUIS).when_rung = answers(after=3)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.emulator.advance(10)
    assert dialled(town) == [LUIS]
    (call,) = town.phone(LUIS).calls
    assert call.shown == PAIRS[0]


def test_a_text_only_mentor_is_not_rung(town: Town) -> None:
    pair(town, mode=Mode.TEXT)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("Luis likes texts, so I will not ring", "leave a voice note")
    assert dialled(town) == []


def test_staff_are_reached_from_the_note_after_a_call_without_answer(town: Town) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.phone(LUIS).reject()
    rosa.hears("To leave no voice note press 1")
    rosa.presses("0")
    rosa.hears("I am calling our staff now")
    assert town.phone(STAFF).ringing == PAIRS[0]
