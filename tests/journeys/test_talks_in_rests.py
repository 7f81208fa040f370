"""A pause or a hold leaves a talk that somebody counts on as it is, as long as it may still be."""

from datetime import timedelta

import pytest

from mentoring.calendar.first_talks import propose_first_talk
from mentoring.calendar.rests import rest_match
from mentoring.models import Match, Mode, Person, Role
from tests.journeys import test_suspensions as suspensions
from tests.journeys.cast import LUIS, ROSA, hold, person_at
from tests.journeys.talks import (
    HOUR,
    THURSDAY,
    got,
    is_rung,
    planned,
    rosa_wants_to_be_rung,
    states,
    until,
)
from tests.journeys.test_changed_talks import change_of, to_tell
from tests.journeys.test_holds import release
from tests.town import MAIN, Town

KIM = "+15155550148"
FRIDAY = THURSDAY + 26 * HOUR
RUNG = "We will ring you then."
OFF = "Your talk with Luis Fri, Mar 6 at 6 pm is off: they are on a break till"
OPEN_TALK = "planned"


def rosa_moves_it_to_friday(town: Town) -> None:
    until(town, THURSDAY - 23 * HOUR)
    assert RUNG in town.texts(ROSA, MAIN, "2", "Fri 6 pm")[-1]


def rest(town: Town, match: Match, number: str, days: int) -> None:
    person_id = person_at(town, number).id
    with town.db.transaction() as session:
        row, who = session.get_one(Match, match.id), session.get_one(Person, person_id)
        rest_match(session, row, who, days=days, actor="staff", reason="ill", now=town.clock.now())
    town.settle()


def told(town: Town, number: str, words: str) -> list[str]:
    return [body for body in got(town, number) if words in body]


def test_a_pause_by_slip_takes_no_talk_away_that_both_count_on(town: Town) -> None:
    planned(town)
    rosa_moves_it_to_friday(town)
    (said,) = town.texts(LUIS, MAIN, "PAUSE")
    assert "Your talks till then are off. To keep one, come back a day before it" in said
    town.pass_time(300)
    town.texts(LUIS, MAIN, "MENU", "1")

    until(town, FRIDAY)

    assert told(town, ROSA, "is off") == []
    is_rung(town, ROSA)


def test_a_talk_after_the_day_of_the_return_stays(town: Town) -> None:
    match = planned(town, rhythm="month")
    until(town, THURSDAY - 23 * HOUR)
    assert RUNG in town.texts(ROSA, MAIN, "2", "Tue 6 pm")[-1]
    rest(town, match, LUIS, days=2)

    until(town, THURSDAY + 5 * 24 * HOUR + HOUR)

    assert told(town, ROSA, "is off") == []
    is_rung(town, ROSA)


@pytest.mark.parametrize("is_first", [False, True])
def test_an_hour_on_hold_takes_no_talk_away_that_both_count_on(town: Town, is_first: bool) -> None:
    if is_first:
        match = town.match(
            town.person(Role.PROTEGE, "Rosa", ROSA), town.person(Role.MENTOR, "Luis", LUIS)
        )
        with town.db.transaction() as session:
            talk = propose_first_talk(
                session, session.get_one(Match, match.id), now=town.clock.now()
            )
        assert talk is not None
        until(town, town.clock.now() + timedelta(minutes=2))
        assert RUNG in town.texts(ROSA, MAIN, "1")[-1]
        at = talk.at
    else:
        planned(town)
        rosa_moves_it_to_friday(town)
        at = FRIDAY
    hold(town)
    town.pass_time(3600)
    release(town)

    until(town, at)

    is_rung(town, ROSA)


def test_a_pause_that_lasts_beyond_it_calls_it_off_and_a_day_before_the_other_hears_so(
    town: Town,
) -> None:
    match = planned(town)
    rosa_moves_it_to_friday(town)
    rest(town, match, LUIS, days=20)
    until(town, FRIDAY - 24 * HOUR - timedelta(minutes=1))
    assert told(town, ROSA, "is off") == []

    until(town, FRIDAY + HOUR)

    (off,) = told(town, ROSA, "is off")
    assert off.startswith(OFF)
    assert town.phone(ROSA).calls == town.phone(LUIS).calls == []
    assert told(town, ROSA, "did not come about") == []
    assert [task for task in town.tasks() if task.done_at is None] == [], "the plan goes on"
    town.texts(LUIS, MAIN, "MENU", "1")
    assert [state for _, state in states(town)] == ["moved", "cancelled", OPEN_TALK]


def test_who_pauses_within_a_day_before_it_may_undo_a_slip_for_half_an_hour(town: Town) -> None:
    planned(town)
    rosa_moves_it_to_friday(town)
    until(town, FRIDAY - 8 * HOUR)
    town.texts(LUIS, MAIN, "PAUSE")
    town.pass_time(300)
    town.texts(LUIS, MAIN, "MENU", "1")

    until(town, FRIDAY)

    assert told(town, ROSA, "is off") == []
    is_rung(town, ROSA)


def test_after_that_half_hour_the_other_one_hears_that_it_is_off(town: Town) -> None:
    planned(town)
    rosa_moves_it_to_friday(town)
    until(town, FRIDAY - 8 * HOUR)
    town.texts(LUIS, MAIN, "PAUSE")
    town.pass_time(29 * 60)
    assert told(town, ROSA, "is off") == []

    town.pass_time(2 * 60)

    (off,) = told(town, ROSA, "is off")
    assert off.startswith(OFF)
    until(town, FRIDAY + HOUR)
    assert town.phone(ROSA).calls == []


def test_shortly_before_it_there_is_no_time_for_a_slip(town: Town) -> None:
    planned(town)
    rosa_moves_it_to_friday(town)
    until(town, FRIDAY - HOUR)

    town.texts(LUIS, MAIN, "PAUSE")
    town.settle()

    assert len(told(town, ROSA, "is off")) == 1


def test_who_is_back_within_a_day_before_it_is_reminded_then(town: Town) -> None:
    match = planned(town, rhythm="month")
    until(town, THURSDAY - 23 * HOUR)
    town.texts(ROSA, MAIN, "2", "Mon 6 pm")
    rest(town, match, LUIS, days=5)
    monday = THURSDAY + 4 * 24 * HOUR + HOUR

    until(town, monday)

    assert told(town, ROSA, "is off") == []
    assert len(told(town, LUIS, "Your talk with Rosa is Mon, Mar 9 at 6 pm")) == 1
    is_rung(town, ROSA)


def test_where_no_plan_would_bring_it_back_staff_find_another_time(town: Town) -> None:
    match = town.match(
        town.person(Role.PROTEGE, "Rosa", ROSA), town.person(Role.MENTOR, "Luis", LUIS)
    )
    with town.db.transaction() as session:
        propose_first_talk(session, session.get_one(Match, match.id), now=town.clock.now())
    town.pass_time(120)
    assert RUNG in town.texts(ROSA, MAIN, "1")[-1]
    rest(town, match, LUIS, days=20)

    town.days_pass(2)

    (off,) = told(town, ROSA, "is off")
    assert off.endswith("Our staff will help to find another time.")
    assert [task.words for task in town.tasks() if task.rule == "plan"] == [
        "A talk of K01 was called off: M01 was on a pause at its time. Find another time with both."
    ]


def test_a_landline_is_told_by_staff(town: Town) -> None:
    match = planned(town, rosa={"landline": True, "texts": False, "mode": Mode.VOICE})
    until(town, THURSDAY - 20 * HOUR)
    town.texts(LUIS, MAIN, "2", "Fri 6 pm")
    rest(town, match, LUIS, days=20)

    until(town, FRIDAY - 20 * HOUR)

    assert [task.words for task in town.tasks() if task.rule == "tell"][-1:] == [
        "Tell P01 by phone: their talk on Fri, Mar 6 at 6 pm is off for a pause of M01."
    ]


def test_a_hold_that_lasts_beyond_it_rings_nobody_and_blames_nobody(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    hold(town)

    until(town, THURSDAY + 2 * HOUR)
    release(town)
    town.days_pass(1)

    assert town.phone(ROSA).calls == []
    assert told(town, ROSA, "did not come about") == told(town, ROSA, "is off") == []
    assert [state for _, state in states(town)] == ["cancelled", OPEN_TALK]


def test_a_pause_that_began_in_a_hold_calls_it_off_once_the_hold_is_lifted(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    hold(town)
    town.texts(LUIS, MAIN, "PAUSE")
    assert told(town, ROSA, "is off") == [], "on hold nothing is told"

    release(town)
    town.settle()

    assert len(told(town, ROSA, "is off")) == 1
    until(town, THURSDAY + HOUR)
    assert town.phone(ROSA).calls == []


def test_what_nobody_counts_on_is_called_off_and_planned_anew(town: Town) -> None:
    match = planned(town)
    (first,) = states(town)
    rest(town, match, LUIS, days=20)
    assert [state for _, state in states(town)] == ["cancelled"]

    town.texts(LUIS, MAIN, "MENU", "1")

    assert states(town) == [(first[0], "cancelled"), first]


def test_two_who_rest_both_are_told_of_no_talk_that_is_off(town: Town) -> None:
    match = planned(town)
    rosa_moves_it_to_friday(town)
    rest(town, match, LUIS, days=20)
    town.texts(ROSA, MAIN, "PAUSE")

    until(town, FRIDAY + HOUR)

    assert told(town, ROSA, "is off") == told(town, LUIS, "is off") == []
    assert town.phone(ROSA).calls == []


def test_an_end_that_begins_in_a_pause_takes_it_away_with_a_word_too(town: Town) -> None:
    match = planned(town)
    rosa_moves_it_to_friday(town)
    rest(town, match, LUIS, days=20)
    town.texts(ROSA, MAIN, "FINISH", "1")
    town.settle()

    # Two days before it, for there is no time to lose.
    assert len(told(town, ROSA, "is off")) == 1
    assert [task.rule for task in town.tasks() if "was called off" in task.words] == ["last talk"]
    assert town.phone(ROSA).calls == []


def test_on_hold_nobody_is_told_of_a_pause_that_began_in_it(town: Town) -> None:
    planned(town)
    rosa_moves_it_to_friday(town)
    hold(town)
    town.texts(LUIS, MAIN, "PAUSE")

    until(town, FRIDAY - 20 * HOUR)

    assert told(town, ROSA, "is off") == []


def test_who_is_back_before_it_hears_that_the_other_one_is_away_then(town: Town) -> None:
    match = planned(town)
    rosa_moves_it_to_friday(town)
    until(town, FRIDAY - 23 * HOUR)
    # She is back on Friday morning.
    rest(town, match, ROSA, days=1)
    rest(town, match, LUIS, days=20)

    until(town, FRIDAY)

    assert len(told(town, ROSA, "is off")) == 1


@pytest.mark.parametrize("by", ["hold", "suspension"])
def test_what_ends_minutes_after_the_time_blames_nobody(town: Town, by: str) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    until(town, THURSDAY - HOUR)
    if by == "hold":
        hold(town)
    else:
        suspensions.suspend(town, LUIS)
    until(town, THURSDAY + timedelta(minutes=5))
    if by == "hold":
        release(town)
    else:
        suspensions.release(town, LUIS)

    until(town, THURSDAY + HOUR)

    assert told(town, ROSA, "did not come about") == []


@pytest.mark.parametrize("what", [{"mode": "text"}, {"zone": "Pacific/Honolulu"}])
def test_what_staff_change_in_a_pause_counts_for_a_talk_after_it(
    town: Town, what: dict[str, str]
) -> None:
    match = planned(town, rhythm="month")
    until(town, THURSDAY - 23 * HOUR)
    assert RUNG in town.texts(ROSA, MAIN, "2", "Tue 9 am")[-1]
    rest(town, match, LUIS, days=2)

    change_of(town, LUIS, **what)

    (task,) = to_tell(town)
    assert task.startswith("Tell both of K01: M01 ")


def test_help_is_promised_only_where_staff_find_another_time(town: Town) -> None:
    planned(town)
    kim = town.person(Role.PROTEGE, "Kim", KIM)
    town.match(kim, person_at(town, LUIS))
    town.texts(KIM, MAIN, "FINISH", "1")
    until(town, THURSDAY - 23 * HOUR)

    (said,) = town.texts(LUIS, MAIN, "PAUSE")

    assert said.startswith("You are on a pause till Fri, Apr 3. The match that is to end")
    assert [task for task in town.tasks() if "Find another time" in task.words] == []
