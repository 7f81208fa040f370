"""Before a match both are asked: the protege first, the mentor after a yes (3.7)."""

from zoneinfo import ZoneInfo

import pytest

from mentoring.errors import ProgrammeError
from mentoring.models import Mode, Person, PersonState
from mentoring.people import person_with_code
from tests.journeys.cast import DENISE, ELLEN, LUIS, ROSA, goes_through, person_at
from tests.journeys.ending import got, moves_of_person, rules, state_at
from tests.journeys.proposing import (
    both_text,
    luis_is_free,
    matches,
    proposals,
    rosa_waits,
    staff_propose,
    staff_withdraw,
)
from tests.journeys.service_calls import queue
from tests.town import MAIN, PAIRS, Town

ASKS_ROSA = (
    "We may have a mentor for you: Luis, 6 to 10 years in food. Can help with money and customers."
    " Meet? Reply 1 yes, 2 no, 3 tell me more."
)
ASKS_LUIS = (
    "A match idea: Rosa, getting ready, food. Wants help with money and customers. Likes to text."
    " Reply 1 yes, 2 no, 3 tell me more."
)
STILL = (
    "BridgeLine: that match did not work out. It is not about you. You keep your place, and we are"
    " still looking. Text PERSON any time."
)


def luis_says(town: Town, line: str) -> None:
    """Staff have written down a line of his."""
    with town.db.transaction() as session:
        luis = person_with_code(session, "M01")
        luis.profile = {**luis.profile, "own_line": line}


def test_the_mentors_own_line_is_read_with_more_by_text(town: Town) -> None:
    both_text(town)
    luis_says(town, "I began with one pan.")
    staff_propose(town)
    assert got(town, ROSA) == [ASKS_ROSA]
    more, line, again = town.texts(ROSA, MAIN, "3")
    assert more.startswith("Helps with money and customers.")
    assert line == "In their own words: I began with one pan."
    assert again.startswith("Would you like to meet Luis?")


def test_the_mentors_own_line_is_heard_with_the_question_on_the_phone(town: Town) -> None:
    rosa_waits(town, DENISE, "Denise", mode=Mode.VOICE, landline=True, texts=False)
    luis_is_free(town, mode=Mode.TEXT)
    luis_says(town, "I began with one pan.")
    staff_propose(town)
    denise = town.caller(DENISE)
    denise.answers()
    denise.presses("1")
    denise.hears("Free on mornings and evenings. In their own words: I began with one pan.")
    denise.presses("3")
    denise.hears_none_of("own words")


def test_by_text_alone_both_say_yes_and_are_matched(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    assert got(town, ROSA) == [ASKS_ROSA]
    assert got(town, LUIS) == []
    assert (state_at(town, ROSA), state_at(town, LUIS)) == ("offered", "available")

    more = town.texts(ROSA, MAIN, "3")
    assert more == [
        "Helps with money and customers. Knows your kind of business: food. Free on mornings and"
        " evenings like you.",
        "Would you like to meet Luis? Reply 1 yes, 2 no.",
    ]
    (asked,) = town.texts(ROSA, MAIN, "1")
    assert asked.startswith("Thank you. Now we ask Luis, who has 3 days to answer.")
    assert got(town, LUIS) == [ASKS_LUIS]
    assert state_at(town, LUIS) == "offered"

    (match, line) = town.texts(LUIS, MAIN, "yes")
    assert match.startswith("Thank you! You and Rosa are a match.")
    assert line.startswith("This line is for you and Rosa.")
    news = town.phone(ROSA).inbox[-1]
    assert news.body.startswith("Good news! Luis said yes too. First talk: Wed, Mar 4, 5 pm")
    assert news.peer == PAIRS[0]
    assert (state_at(town, ROSA), state_at(town, LUIS)) == ("matched", "active")
    assert proposals(town) == [("accepted", "K01")]
    # And the line works.
    town.phone(ROSA).text(PAIRS[0], "Hello Luis")
    town.settle()
    assert "Hello Luis" in got(town, LUIS)[-1]


def test_by_landline_alone_a_call_asks_and_another_brings_the_good_news(town: Town) -> None:
    rosa_waits(town, DENISE, "Denise", mode=Mode.VOICE, landline=True, texts=False)
    luis_is_free(town, mode=Mode.VOICE, texts=False)
    staff_propose(town)
    denise = town.caller(DENISE)
    denise.answers()
    denise.hears("Is this Denise?")
    goes_through(
        denise,
        ("1", "It is Luis, 6 to 10 years in food. Can help with money and customers."),
        ("*", "Free on mornings and evenings. Would you like to meet?"),
        ("3", "Knows your kind of business: food."),
        ("1", "Thank you. Now we ask Luis"),
    )
    denise.hangs_up()
    town.settle()
    luis = town.caller(LUIS)
    luis.answers()
    goes_through(
        luis,
        ("1", "It is Denise, getting ready, food."),
        ("yes", "Thank you! You and Denise are a match."),
    )
    luis.hangs_up()
    # One call a day to a phone: the news waits till the next one.
    denise = town.until_it_rings(DENISE, days=2)
    denise.answers()
    denise.hears("Is this Denise?")
    goes_through(denise, ("1", "Good news! Luis said yes too."))
    denise.presses("1")
    denise.hears("I am calling Luis now.")
    assert state_at(town, DENISE) == "matched"


def likes_to_talk(town: Town, number: str, hours: str) -> None:
    """Somebody has chosen these parts of the day, in place of others."""
    with town.db.transaction() as session:
        person = session.get_one(Person, person_at(town, number).id)
        person.profile = {**person.profile, "hours": hours}


def rung_at(town: Town, number: str) -> str:
    """Let a phone ring; returns the day and the hour in Chicago."""
    town.settle()
    town.until_it_rings(number)
    return f"{town.clock.now().astimezone(ZoneInfo('America/Chicago')):%a %H:%M}"


def both_like_evenings(town: Town) -> None:
    """Denise, who has a landline, and Luis like to talk in the evening; it is 11 in the morning."""
    rosa_waits(town, DENISE, "Denise", mode=Mode.VOICE, landline=True, texts=False)
    luis_is_free(town, mode=Mode.VOICE, texts=False)
    likes_to_talk(town, DENISE, "3")
    likes_to_talk(town, LUIS, "3")


def test_who_chose_evenings_is_rung_about_a_match_in_the_evening(town: Town) -> None:
    both_like_evenings(town)
    staff_propose(town)
    assert rung_at(town, DENISE) == "Tue 17:00"
    town.phone(DENISE).reject()
    # There is no other part of the day for the second call, and it comes before the offer lapses.
    assert rung_at(town, DENISE) == "Thu 17:00"
    denise = town.caller(DENISE)
    denise.answers()
    denise.hears("Is this Denise?")
    goes_through(denise, ("1", "It is Luis"), ("1", "Thank you. Now we ask Luis"))
    denise.hangs_up()
    assert rung_at(town, LUIS) == "Thu 17:00"


def test_whose_call_of_that_evening_was_used_is_rung_about_a_mentor_on_the_next(town: Town) -> None:
    both_like_evenings(town)
    queue(town, person_at(town, DENISE))
    staff_propose(town)
    assert rung_at(town, DENISE) == "Tue 17:00"
    town.phone(DENISE).reject()
    assert rung_at(town, DENISE) == "Wed 17:00"
    denise = town.caller(DENISE)
    denise.answers()
    denise.hears("Is this Denise?")
    goes_through(denise, ("1", "It is Luis"))


def test_who_chose_weekends_alone_need_not_wait_for_saturday(town: Town) -> None:
    both_like_evenings(town)
    likes_to_talk(town, DENISE, "4")
    likes_to_talk(town, LUIS, "4")
    staff_propose(town)
    assert rung_at(town, DENISE) == "Tue 11:00"


def test_who_calls_before_we_ask_is_asked_at_once_and_only_once(town: Town) -> None:
    rosa_waits(town, mode=Mode.BOTH)
    luis_is_free(town, mode=Mode.TEXT)
    town.clock.advance(11 * 3600)  # It is night: nobody is asked now.
    staff_propose(town)
    assert got(town, ROSA) == []
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("We may have a mentor for you. It is Luis")
    rosa.presses("1")
    rosa.hears("Now we ask Luis")
    rosa.hangs_up()
    town.days_pass(0.5)
    assert not any("mentor for you" in text for text in got(town, ROSA))
    assert got(town, LUIS) == [ASKS_LUIS.replace("Likes to text", "Likes both")]


def test_a_no_keeps_the_place_and_the_mentor_is_never_told(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    assert town.texts(ROSA, MAIN, "2") == [
        "That is fine. You keep your place. What was off? Reply 1 topics, 2 times, 3 it did not"
        " feel right."
    ]
    assert town.texts(ROSA, MAIN, "times")[0].startswith("Thank you for telling us.")
    assert state_at(town, ROSA) == "waiting"
    assert got(town, LUIS) == []
    assert proposals(town) == [("declined", "times")]
    assert [task.words for task in town.tasks()] == [
        "P01 said no to M01: the times were off. Look again for P01."
    ]
    # The same two are not proposed again by the plan.
    with pytest.raises(ProgrammeError, match="not whom the plan picks"):
        staff_propose(town)


def test_the_mentor_says_no_and_the_protege_hears_that_we_are_still_looking(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "2")
    assert town.texts(LUIS, MAIN, "3")[0].startswith("Thank you for telling us. That helps.")
    assert got(town, ROSA)[-1] == STILL
    assert (state_at(town, ROSA), state_at(town, LUIS)) == ("waiting", "available")
    assert moves_of_person(town, LUIS)[-1] == ("offered", "available", "M01")
    assert matches(town) == 0


def test_nobody_answers_and_after_two_reminders_the_offer_lapses_kindly(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    town.days_pass(2.9)
    assert [text[:11] for text in got(town, ROSA)] == ["We may have"] + ["Still there"] * 2
    assert state_at(town, ROSA) == "offered"
    town.days_pass(0.2)
    assert got(town, ROSA)[-1].startswith("BridgeLine: we did not hear from you about Luis.")
    assert (state_at(town, ROSA), proposals(town)) == ("waiting", [("lapsed", "no answer")])
    assert "proposal" in rules(town)
    # A late yes is met kindly, and staff know of it.
    (late,) = town.texts(ROSA, MAIN, "1")
    assert late.startswith("Thank you for your answer. That match idea is closed by now.")
    assert town.tasks()[-1].words.startswith("P01 said yes to M01 after the proposal had ended")
    assert matches(town) == 0


def test_the_mentor_does_not_answer(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    town.texts(ROSA, MAIN, "1")
    town.days_pass(3.1)
    assert got(town, LUIS)[-1].startswith("BridgeLine: we did not hear from you about Rosa.")
    assert got(town, ROSA)[-1] == STILL
    assert (state_at(town, ROSA), state_at(town, LUIS)) == ("waiting", "available")
    assert town.texts(LUIS, MAIN, "2")[-1].startswith("Thank you for your answer.")


def test_two_of_the_staff_pick_the_same_last_place(town: Town) -> None:
    both_text(town)
    rosa_waits(town, ELLEN, "Ellen", mode=Mode.TEXT)
    staff_propose(town)
    with pytest.raises(ProgrammeError, match="M01 cannot be suggested to P02 now"):
        staff_propose(town, "P02")
    assert got(town, ELLEN) == []


@pytest.mark.parametrize("who", [ROSA, LUIS])
def test_stop_in_the_middle_ends_it_and_the_other_one_hears_no_reason(town: Town, who: str) -> None:
    both_text(town)
    staff_propose(town)
    if who == LUIS:
        town.texts(ROSA, MAIN, "1")
    town.texts(who, MAIN, "STOP")
    town.ticker.oversee()
    town.settle()
    assert proposals(town)[0][0] == "withdrawn"
    assert (state_at(town, ROSA), state_at(town, LUIS)) == ("waiting", "available")
    assert (STILL in got(town, ROSA)) is (who == LUIS)
    assert "proposal" in rules(town)
    told = len(got(town, who))
    town.days_pass(4)
    assert got(town, who, after=told) == []


def test_a_pause_ends_it_and_whoever_comes_back_waits_again(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    town.texts(ROSA, MAIN, "PAUSE")
    town.ticker.oversee()
    assert (state_at(town, ROSA), proposals(town)[0][0]) == ("paused", "withdrawn")
    town.days_pass(40)
    assert person_at(town, ROSA).state is PersonState.WAITING


def test_staff_withdraw_and_whoever_was_asked_hears_neutral_words(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    town.texts(ROSA, MAIN, "1")
    staff_withdraw(town)
    assert got(town, ROSA)[-1] == STILL
    assert got(town, LUIS)[-1].startswith("BridgeLine: the match idea with Rosa is off.")
    assert (state_at(town, ROSA), state_at(town, LUIS)) == ("waiting", "available")
    assert town.texts(LUIS, MAIN, "1")[0].startswith("Thank you for your answer.")


def test_a_doubled_yes_asks_the_mentor_once(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    town.emulator.faults.duplicate(times=10_000)
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "1")
    assert [text for text in got(town, LUIS) if text == ASKS_LUIS] == [ASKS_LUIS]
    assert matches(town) == 1


def test_a_person_is_one_word_away_and_the_question_stays(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    assert town.texts(ROSA, MAIN, "PERSON")[0].startswith("OK. Our staff will text or call you")
    assert town.texts(ROSA, MAIN, "AGAIN") == [ASKS_ROSA]
