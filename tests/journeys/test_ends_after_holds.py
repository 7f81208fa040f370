"""A hold while a match is to end: the end, and the last talk, wait for it and go on after it."""

from mentoring.models import MatchState
from tests.journeys.cast import LUIS, ROSA, hold
from tests.journeys.ending import now_is
from tests.journeys.talks import (
    ASKED,
    HOUR,
    MISSED,
    THURSDAY,
    got,
    is_rung,
    planned,
    states,
    until,
)
from tests.journeys.test_holds import release
from tests.journeys.test_last_talks import closing, finish, on_thursday
from tests.journeys.test_suspensions import release as release_from_suspension
from tests.journeys.test_suspensions import suspend
from tests.town import MAIN, Town


def lift(town: Town) -> None:
    """Two of staff lift the hold, while the match is still to end."""
    assert release(town) is MatchState.CLOSING
    town.settle()


def test_a_short_hold_leaves_the_last_talk_as_it_was(town: Town) -> None:
    closing(town)
    on_thursday(town)
    hold(town)
    town.days_pass(0.2)

    lift(town)
    until(town, THURSDAY - 23 * HOUR)

    assert ASKED in got(town, ROSA)


def test_a_last_talk_whose_reminder_falls_into_a_hold_is_reminded_of_after_it(town: Town) -> None:
    closing(town)
    on_thursday(town)
    until(town, THURSDAY - 30 * HOUR)
    hold(town)
    until(town, THURSDAY - 20 * HOUR)
    assert ASKED not in got(town, ROSA)

    lift(town)
    # It is 8 in the evening by now.
    until(town, THURSDAY - 19 * HOUR)

    assert states(town) == [("Thu Mar 05 16:00", "reminded")]
    for number, other in ((ROSA, "Luis"), (LUIS, "Rosa")):
        assert got(town, number)[-1] == ASKED.replace("Luis", other)
    town.texts(ROSA, MAIN, "1")
    until(town, THURSDAY)
    is_rung(town, ROSA).hangs_up()


def test_who_was_reminded_before_a_hold_hears_after_it_that_the_talk_stays(town: Town) -> None:
    closing(town)
    on_thursday(town)
    until(town, THURSDAY - 23 * HOUR)
    hold(town)
    until(town, THURSDAY - 6 * HOUR)

    lift(town)

    for number, other in ((ROSA, "Luis"), (LUIS, "Rosa")):
        assert got(town, number)[-1] == (
            f"Your last talk with {other} is Thu, Mar 5 at 4 pm your time."
        )
    town.texts(ROSA, MAIN, "1")
    until(town, THURSDAY)
    is_rung(town, ROSA).hangs_up()


def test_a_hold_over_the_last_day_leaves_time_for_another_last_talk(town: Town) -> None:
    match = closing(town)
    on_thursday(town)
    hold(town)
    town.days_pass(20)
    assert states(town) == [("Thu Mar 05 16:00", "cancelled")]
    assert now_is(town, match).state is MatchState.SAFETY_HOLD
    before = len(got(town, LUIS))

    lift(town)
    town.days_pass(1)

    # The whole two weeks were left when it began.
    assert "You and Rosa plan to finish by Mon, Apr 6. Set one last talk" in got(town, LUIS)[before]
    assert "Your last talk with Luis is" in town.texts(ROSA, MAIN, "Fri 4 pm")[-1]
    assert got(town, LUIS)[-1].startswith("Your last talk with Rosa is Fri, Mar 27 at 4 pm")
    assert states(town)[-1] == ("Fri Mar 27 16:00", "planned")
    assert now_is(town, match).state is MatchState.CLOSING
    town.days_pass(14)
    assert now_is(town, match).state is MatchState.CLOSED


def test_a_hold_that_is_lifted_on_the_last_day_leaves_some_days_for_it(town: Town) -> None:
    match = closing(town)
    town.texts(ROSA, MAIN, "Mon Mar 16 4 pm")
    town.days_pass(12)
    hold(town)
    town.days_pass(1)
    assert now_is(town, match).state is MatchState.SAFETY_HOLD

    lift(town)
    town.days_pass(4.9)

    assert now_is(town, match).state is MatchState.CLOSING
    town.days_pass(0.2)
    assert now_is(town, match).state is MatchState.CLOSED


def test_who_wanted_no_last_talk_is_not_asked_for_one_after_a_hold(town: Town) -> None:
    match = closing(town)
    town.texts(ROSA, MAIN, "2")
    hold(town)
    town.days_pass(5)
    before = len(got(town, LUIS))

    lift(town)
    town.days_pass(1)

    assert got(town, LUIS)[before:] == []
    assert now_is(town, match).state is MatchState.CLOSING


def test_nobody_missed_a_last_talk_whose_time_passed_on_hold(town: Town) -> None:
    match = closing(town)
    on_thursday(town)
    until(town, THURSDAY - HOUR)
    hold(town)
    until(town, THURSDAY + 0.25 * HOUR)
    before = {number: len(got(town, number)) for number in (ROSA, LUIS)}

    lift(town)
    town.days_pass(1)

    assert states(town) == [("Thu Mar 05 16:00", "cancelled")]
    for number in (ROSA, LUIS):
        (asked,) = got(town, number)[before[number] :]
        assert "Set one last talk" in asked
        assert MISSED not in got(town, number)
    assert now_is(town, match).state is MatchState.CLOSING


def test_who_wanted_no_last_talk_keeps_two_days_for_a_goodbye_after_a_hold(town: Town) -> None:
    match = closing(town)
    town.texts(ROSA, MAIN, "2")
    town.days_pass(1)
    hold(town)
    town.days_pass(3)

    lift(town)
    town.days_pass(1.9)

    assert now_is(town, match).state is MatchState.CLOSING
    town.days_pass(0.2)
    assert now_is(town, match).state is MatchState.CLOSED


def test_a_short_hold_moves_no_day_that_was_told_where_no_last_talk_is_wanted(town: Town) -> None:
    match = closing(town)
    on_thursday(town)
    hold(town)
    town.days_pass(5)
    lift(town)
    town.days_pass(1)
    town.texts(ROSA, MAIN, "2")
    hold(town)
    town.pass_time(600)
    before = len(got(town, LUIS))

    lift(town)
    town.days_pass(1.5)
    assert got(town, LUIS)[before:] == []
    town.days_pass(0.6)

    assert now_is(town, match).state is MatchState.CLOSED


def test_a_talk_of_the_plan_that_became_the_last_one_is_one_after_a_hold(town: Town) -> None:
    match = planned(town, "mon 16:00")
    finish(town, match)
    assert "Your last talk with Luis is Mon, Mar 9" in town.texts(ROSA, MAIN, "Mon 4 pm")[-1]
    hold(town)
    town.days_pass(15)
    before = len(got(town, LUIS))

    lift(town)
    town.days_pass(3)

    assert "Set one last talk" in got(town, LUIS)[before]
    assert now_is(town, match).state is MatchState.CLOSING


def test_a_suspension_in_the_hold_waives_nothing(town: Town) -> None:
    match = closing(town)
    hold(town)
    suspend(town, LUIS)
    town.days_pass(15)
    release_from_suspension(town, LUIS)

    lift(town)
    town.days_pass(3)

    assert now_is(town, match).state is MatchState.CLOSING


def test_a_last_talk_at_which_one_is_away_by_then_is_off_and_the_other_is_told(town: Town) -> None:
    match = closing(town)
    on_thursday(town)
    hold(town)
    town.texts(LUIS, MAIN, "PAUSE")
    town.days_pass(0.2)

    lift(town)

    assert states(town) == [("Thu Mar 05 16:00", "cancelled")]
    assert "So your talk Thu, Mar 5 at 4 pm is off." in got(town, ROSA)[-1]
    (task,) = [task for task in town.tasks() if task.rule == "last talk"]
    assert "Find another time with both." in task.words
    assert now_is(town, match).state is MatchState.CLOSING
