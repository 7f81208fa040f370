"""A pause that begins while the match is on hold or about to end is a pause after that as well."""

from mentoring.models import Match, MatchState, Mode, Role
from tests.journeys.cast import LUIS, ROSA, hold
from tests.journeys.ending import (
    agree_on_tuesdays,
    got,
    let_end,
    moves_of,
    now_is,
    state_at,
    text_pair,
)
from tests.journeys.test_holds import release
from tests.journeys.test_reopening import GOES_ON, reopen
from tests.town import MAIN, Town

BREAK = "{} needs a short break till Thu, Apr 2. It is not about you."


def early_pair(town: Town) -> Match:
    """Rosa and Luis, who like to text, have met, and have a plan."""
    match = text_pair(town)
    agree_on_tuesdays(town, match)
    with town.db.transaction() as session:
        session.get_one(Match, match.id).state = MatchState.EARLY
    return match


def test_who_pauses_during_a_hold_is_on_a_pause_when_it_is_lifted_and_the_mentor_hears_of_it(
    town: Town,
) -> None:
    match = early_pair(town)
    hold(town)
    town.pass_time(60)
    (said,) = town.texts(ROSA, MAIN, "PAUSE")
    assert said.startswith("You are on a pause till Thu, Apr 2. Nothing is lost.")
    assert got(town, LUIS) == [], "on hold nothing is told"
    town.days_pass(2)

    assert release(town) is MatchState.PAUSED

    town.settle()
    assert got(town, LUIS)[0].startswith(BREAK.format("Rosa"))
    # Over day 14, and every silence that would be too long.
    town.days_pass(20)
    town.ticker.oversee()
    assert len(got(town, ROSA)) == 1
    assert [task.rule for task in town.tasks() if task.rule != "hold"] == []
    town.texts(ROSA, MAIN, "MENU", "1")
    assert [to for _, to, _ in moves_of(town, match)[-3:]] == ["safety_hold", "paused", "early"]
    assert got(town, LUIS)[-1].startswith("Rosa is back.")


def test_a_protege_hears_of_the_break_that_her_mentor_began_during_a_hold(town: Town) -> None:
    early_pair(town)
    hold(town)
    town.pass_time(60)
    town.texts(LUIS, MAIN, "PAUSE")

    assert release(town) is MatchState.PAUSED

    town.settle()
    assert got(town, ROSA)[-1].startswith(BREAK.format("Luis"))
    assert "Want that?" in got(town, ROSA)[-1]


def test_of_one_break_a_protege_is_asked_once_however_many_holds_there_are(town: Town) -> None:
    early_pair(town)
    hold(town)
    town.pass_time(60)
    town.texts(LUIS, MAIN, "PAUSE")
    release(town)
    town.settle()
    asked = got(town, ROSA)
    town.texts(ROSA, MAIN, "2")
    hold(town)
    town.pass_time(300)

    release(town)
    town.settle()

    assert got(town, ROSA)[: len(asked)] == asked
    (thanks,) = got(town, ROSA)[len(asked) :]
    assert thanks.startswith("Thank you, Rosa.")


def test_a_pause_that_ends_in_a_hold_is_over_at_once_when_it_is_lifted(town: Town) -> None:
    early_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    hold(town)
    town.days_pass(35)

    assert release(town) is MatchState.EARLY


def test_a_pause_from_before_a_hold_goes_on_after_it_and_is_told_once(town: Town) -> None:
    early_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    told = got(town, LUIS)
    town.days_pass(1)
    hold(town)
    town.days_pass(1)

    assert release(town) is MatchState.PAUSED

    town.settle()
    assert got(town, LUIS) == told


def test_where_both_have_paused_in_a_hold_neither_waits_for_the_other(town: Town) -> None:
    match = early_pair(town)
    hold(town)
    town.texts(ROSA, MAIN, "PAUSE")
    town.texts(LUIS, MAIN, "PAUSE")

    assert release(town) is MatchState.PAUSED

    town.settle()
    assert len(got(town, LUIS)) == len(got(town, ROSA)) == 1
    town.texts(ROSA, MAIN, "MENU", "1")
    assert now_is(town, match).state is MatchState.PAUSED
    town.texts(LUIS, MAIN, "MENU", "1")
    assert now_is(town, match).state is MatchState.EARLY


def test_who_pauses_while_the_match_ends_hears_by_when_it_ends_all_the_same(town: Town) -> None:
    match = text_pair(town)
    let_end(town, match, "asked by both")
    town.texts(ROSA, MAIN, "Thu 4 pm")

    (said,) = town.texts(ROSA, MAIN, "PAUSE")

    assert said == (
        "You are on pause till Thu, Apr 2. Talks till then are off. We help find new times. The"
        " match that is to end still ends by Tue, Mar 17. Text MENU to come back."
    )
    assert town.texts(ROSA, MAIN, "MENU", "2")[-1] == (
        "You are on a pause till Thu, Apr 2. The match that is to end still ends by Tue, Mar 17."
        " Text PERSON to change that, or MENU to come back."
    )
    town.days_pass(15)
    assert now_is(town, match).state is MatchState.CLOSED


def test_the_phone_says_so_too(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    match = town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT))
    let_end(town, match, "asked by both")
    town.texts(ROSA, MAIN, "Thu 4 pm", "PAUSE")
    caller = town.caller(ROSA)
    caller.calls(MAIN)
    caller.hears("You are on a pause now")
    caller.presses("2")
    caller.hears("You are on a pause till Thu, Apr 2", "still ends by Tue, Mar 17")


def test_who_pauses_by_phone_hears_that_their_last_talk_is_off(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    match = town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS))
    let_end(town, match, "asked by both")
    town.texts(ROSA, MAIN, "Thu 4 pm")
    caller = town.caller(ROSA)
    caller.calls(MAIN)
    for key in ("3", "3", "1"):
        caller.presses(key)
    caller.hears("Your talks till then are off.", "still ends by Tue, Mar 17")


def test_an_end_that_is_taken_back_finds_the_pause_that_began_in_it(town: Town) -> None:
    match = early_pair(town)
    let_end(town, match, "a slip")
    town.days_pass(1)
    town.texts(ROSA, MAIN, "Thu 4 pm", "PAUSE")
    before = len(got(town, LUIS))

    assert reopen(town, match) is MatchState.PAUSED

    mistake, pause = got(town, LUIS, before)
    assert mistake == GOES_ON.format(other="Rosa")
    assert pause.startswith("Rosa needs a short break till Fri, Apr 3.")
    town.texts(ROSA, MAIN, "MENU", "1")
    assert now_is(town, match).state is MatchState.EARLY
    assert state_at(town, ROSA) == "matched"


def test_a_hold_while_it_ends_and_a_pause_in_it_leave_the_end_as_it_is(town: Town) -> None:
    match = text_pair(town)
    let_end(town, match, "asked by both")
    hold(town)
    town.texts(ROSA, MAIN, "PAUSE")

    assert release(town) is MatchState.CLOSING
