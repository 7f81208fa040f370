"""A worry: staff know from the first word, questions follow, and the other side learns nothing."""

from datetime import timedelta

import pytest

from mentoring.models import MatchState, Mode, Role
from tests.journeys.cast import DENISE, ELLEN, KIM, LUIS, ROSA, goes_through, hold, pair, person_at
from tests.journeys.safety import (
    DANGER,
    HELP,
    NUMBERS,
    at_night,
    danger,
    is_paged,
    opens_the_worry,
    rules,
    state_of,
    told,
)
from tests.town import MAIN, PAIRS, Town

ABOUT = "What is it about? Reply 1 how they talk to me"
PAUSE = "May we pause this match while we look into it?"
GOT_IT = "We got it. Our staff will call or text you by"


@pytest.mark.parametrize("line", [MAIN, PAIRS[0]])
def test_by_text_each_answer_brings_the_next_question_from_the_main_line(
    town: Town, line: str
) -> None:
    pair(town)
    assert town.texts(ROSA, line, "WORRY") == [DANGER]
    assert rules(town) == ["O10"]
    assert town.texts(ROSA, MAIN, "2")[0].startswith(ABOUT)
    assert town.texts(ROSA, MAIN, "2")[0].startswith(PAUSE)
    (last,) = town.texts(ROSA, MAIN, "no")
    assert last.startswith(GOT_IT)
    assert {text.peer for text in town.phone(ROSA).inbox} == {MAIN}
    assert told(town) == {"N1": "no", "N3": "money", "N4": "no"}
    assert town.phone(LUIS).inbox == []


def test_own_words_are_as_good_as_a_number_and_are_kept_sealed(town: Town) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "WORRY", "no")
    (asked,) = town.texts(ROSA, MAIN, "He wants to borrow my van")
    assert asked.startswith(PAUSE)
    assert told(town)["WORRY"] == "He wants to borrow my van"


def test_who_tells_the_story_at_once_is_heard_and_asked_once_more_about_danger(
    town: Town,
) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "WORRY")
    assert town.texts(ROSA, MAIN, "He asks where I live") == [DANGER]
    assert town.texts(ROSA, MAIN, "2")[0].startswith(PAUSE)
    assert told(town)["WORRY"] == "He asks where I live"


def test_a_yes_to_a_pause_holds_the_match_at_once_and_in_neutral_words(town: Town) -> None:
    match = pair(town)
    town.texts(ROSA, MAIN, "WORRY", "2", "1", "1")
    assert state_of(town, match) is MatchState.SAFETY_HOLD
    (task,) = (each for each in town.tasks() if each.rule == "O10")
    assert task.words == (
        "P01 has a worry to tell us. Nobody else was told. K01 is on hold, as they wished."
    )
    (said,) = town.texts(LUIS, PAIRS[0], "Are you there?")
    assert said.startswith("This match is on hold right now. It does not mean you did")
    luis = town.caller(LUIS)
    luis.calls(PAIRS[0])
    luis.hears("This match is on hold right now")
    luis.hears_none_of("worry", "Rosa")


def test_a_yes_to_danger_is_answered_at_once_and_somebody_on_call_is_rung(town: Town) -> None:
    pair(town)
    at_night(town)
    town.texts(ROSA, MAIN, "WORRY")
    first, second = town.texts(ROSA, MAIN, "1")
    assert first == NUMBERS
    assert second.startswith(ABOUT)
    assert rules(town) == ["O10", "O11"]
    assert danger(town)[0].words == "P01 told us a worry and says that somebody is in danger now."
    is_paged(town).hears("A critical alert waits for someone on call.")
    assert town.phone(LUIS).inbox == []


def test_of_two_mentors_it_is_asked_whom_it_is_about(town: Town) -> None:
    match = pair(town)
    other = town.match(person_at(town, ROSA), town.person(Role.MENTOR, "Ellen", ELLEN))
    town.texts(ROSA, MAIN, "WORRY", "2", "1")
    assert "2 Ellen" in town.phone(ROSA).inbox[-1].body
    town.texts(ROSA, MAIN, "2")
    town.texts(ROSA, MAIN, "1")
    assert state_of(town, match) is MatchState.INTRO
    assert state_of(town, other) is MatchState.SAFETY_HOLD


def test_somebody_without_a_match_is_not_asked_to_pause_one(town: Town) -> None:
    town.person(Role.PROTEGE, "Kim", KIM)
    town.texts(KIM, MAIN, "WORRY", "2")
    (last,) = town.texts(KIM, MAIN, "3")
    assert last.startswith(GOT_IT)


def test_a_stranger_may_have_a_worry_as_well(town: Town) -> None:
    town.texts(KIM, MAIN, "WORRY")
    assert town.texts(KIM, MAIN, "1")[0] == NUMBERS
    assert rules(town) == ["O10", "O11"]


def test_a_worry_keeps_the_place_in_what_was_asked_before(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1", "yes")
    town.texts(KIM, MAIN, "WORRY", "2", "1")
    assert "computer voice" in town.texts(KIM, MAIN, "Hello again")[-1]
    assert "We do not record" in town.texts(KIM, MAIN, "1")[-1]


def test_a_worry_is_one_worry_however_often_the_word_is_sent(town: Town) -> None:
    pair(town)
    assert town.texts(ROSA, PAIRS[0], "WORRY", "WORRY") == [DANGER, DANGER]
    assert rules(town) == ["O10"]


def test_every_webhook_told_twice_is_one_worry_and_one_hold(town: Town) -> None:
    match = pair(town)
    town.emulator.faults.duplicate(times=10_000)
    assert len(town.texts(ROSA, MAIN, "WORRY", "1", "2", "1")) == 5
    # Luis is called about the hold, and two of staff decide about it.
    assert rules(town) == ["O10", "O11", "hold", "hold"]
    assert state_of(town, match) is MatchState.SAFETY_HOLD


def test_who_gets_no_texts_any_more_gets_the_numbers_and_a_call_by_staff(town: Town) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "please stop texting me")
    assert town.texts(ROSA, MAIN, "WORRY") == [NUMBERS]
    (task,) = [task for task in town.tasks() if task.rule == "O10"]
    assert task.words.endswith("They take no texts, so call.")


def test_a_cry_in_the_middle_of_a_worry_is_answered_and_the_questions_go_on(town: Town) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "WORRY", "2")
    first, second = town.texts(ROSA, MAIN, "He hits me and I want to die")
    assert first == HELP
    assert second.startswith(PAUSE)
    assert told(town)["WORRY"] == "He hits me and I want to die"
    assert rules(town) == ["O10", "O11"]


def test_by_keypad_on_a_landline_the_whole_worry_can_be_told(town: Town) -> None:
    denise = town.person(Role.PROTEGE, "Denise", DENISE, mode=Mode.VOICE, landline=True)
    match = town.match(denise, town.person(Role.MENTOR, "Luis", LUIS))
    caller = opens_the_worry(town, DENISE)
    goes_through(
        caller,
        ("1", "Is someone in danger now?"),
        ("2", "What is it about?"),
        ("2", "May we pause this match"),
        ("1", "We got it. Our staff will call you by"),
    )
    caller.hears("You will not lose your place", "[call ended]")
    town.settle()
    assert rules(town) == ["O10", "hold", "hold"]
    assert told(town) == {"WORRY": "", "N1": "no", "N3": "money", "N4": "yes"}
    assert state_of(town, match) is MatchState.SAFETY_HOLD


def test_by_speech_alone_the_whole_worry_can_be_told(town: Town) -> None:
    match = pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    goes_through(
        rosa,
        ("something else", "To tell us a worry"),
        ("a worry", "Please tell us what worries you"),
        ("He shouts at me on every call", "I have that."),
        ("go on", "Is someone in danger now?"),
        ("no", "May we pause this match"),
        ("yes", "You will not lose your place"),
    )
    rosa.hears("[call ended]")
    assert told(town)["WORRY"] == "He shouts at me on every call"
    assert state_of(town, match) is MatchState.SAFETY_HOLD


def test_danger_told_on_the_phone_is_answered_in_the_call_and_rings_somebody_on_call(
    town: Town,
) -> None:
    pair(town)
    rosa = opens_the_worry(town, ROSA)
    rosa.records("My mentor came to my home")
    rosa.hears("Is someone in danger now?")
    rosa.presses("1")
    rosa.hears("call 911", "call 988", "We can not call 911 for you", "May we pause this match")
    is_paged(town)
    rosa.hangs_up()
    town.settle()
    worry, critical = town.tasks()
    assert (worry.rule, critical.rule) == ("O10", "O11")
    assert worry.recording_id is not None


def test_who_hangs_up_in_the_middle_has_told_a_worry_all_the_same(town: Town) -> None:
    pair(town)
    rosa = opens_the_worry(town, ROSA)
    rosa.hangs_up()
    town.settle()
    assert rules(town) == ["O10"]
    rosa.calls(MAIN)
    rosa.hears("To call Luis press 1")


def test_a_worry_about_a_match_that_is_on_hold_asks_for_no_hold(town: Town) -> None:
    pair(town)
    hold(town)
    assert town.texts(ROSA, PAIRS[0], "WORRY") == [DANGER]
    town.texts(ROSA, MAIN, "2")
    (last,) = town.texts(ROSA, MAIN, "4")
    assert last.startswith(GOT_IT)


def test_what_a_text_says_of_money_or_threats_is_for_staff_and_is_passed_on_as_it_is(
    town: Town,
) -> None:
    pair(town)
    town.texts(LUIS, PAIRS[0], "Can you lend me money?", "Do not tell anyone about it")
    town.texts(LUIS, PAIRS[0], "lend me money or you will regret it")
    assert town.phone(ROSA).inbox[0].body == "Luis: Can you lend me money?"
    assert len(town.phone(ROSA).inbox) == 3
    assert sorted(rules(town)) == ["O12", "O13"]
    (hurt,) = [task for task in town.tasks() if task.rule == "O12"]
    assert hurt.due_at - hurt.opened_at == timedelta(hours=4)
    assert town.phone(LUIS).inbox == []


def test_a_worry_begun_by_text_is_told_on_by_phone_and_keeps_the_place(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1", "yes")
    town.texts(KIM, MAIN, "WORRY")
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.hears("Please tell us what worries you")
    kim.presses("1")
    kim.hears("Is someone in danger now?")
    kim.presses("2")
    kim.hears("What is it about?")
    kim.presses("1")
    kim.hears("You will not lose your place", "[call ended]")
    town.settle()
    assert rules(town) == ["O10"]
    assert "computer voice" in town.texts(KIM, MAIN, "Hello again")[-1]


def test_a_worry_half_told_does_not_stop_the_check_ins(town: Town) -> None:
    pair(town, mode=Mode.TEXT)
    town.texts(ROSA, MAIN, "WORRY")
    town.days_pass(3.1)
    assert "Have you and Luis talked" in town.phone(ROSA).inbox[-1].body


def test_on_a_shared_phone_a_worry_is_gone_on_with_by_nobody_else(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, shared=True)
    town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS))
    town.texts(ROSA, PAIRS[0], "WORRY")
    caller = town.caller(ROSA)
    caller.calls(MAIN)
    caller.hears("Who is this")
    caller.hears_none_of("danger", "worries")
