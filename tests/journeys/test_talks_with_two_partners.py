"""A mentor with two proteges is promised to one of them at a time, and neither hears why."""

from datetime import timedelta

import pytest

from mentoring.models import Match, Role, Talk, TalkState
from tests.journeys.cast import KIM, LUIS, person_at
from tests.journeys.talks import HOUR, THURSDAY, agree, got, planned, states, talks, until
from tests.journeys.test_last_talks import finish
from tests.town import MAIN, Town

TAKEN = "At that time one of you is not free."


def kim_has_luis_as_well(town: Town) -> Match:
    """Rosa and Luis talk on Thursdays at four; Luis is the mentor of Kim, too."""
    planned(town)
    kim = town.person(Role.PROTEGE, "Kim", KIM)
    return town.match(kim, person_at(town, LUIS))


@pytest.mark.parametrize("named", ["Thu 4 pm", "Thu 3:30 pm"])
def test_a_talk_is_moved_to_no_hour_at_which_the_other_one_talks(town: Town, named: str) -> None:
    agree(town, kim_has_luis_as_well(town), "wed 14:00")
    until(town, THURSDAY - 49 * HOUR)

    said = town.texts(KIM, MAIN, "2", named, "Thu 5 pm")

    assert said[1] == TAKEN
    assert said[2].startswith("What day and time would suit you?")
    assert said[3].startswith("Your talk with Luis is now Thu, Mar 5 at 5 pm your time.")
    assert not any("Rosa" in body for body in got(town, KIM))
    until(town, THURSDAY)
    assert town.phone(KIM).ringing is None


def test_a_last_talk_is_set_for_no_such_hour_either(town: Town) -> None:
    finish(town, kim_has_luis_as_well(town))

    taken, again, set_ = town.texts(KIM, MAIN, "Thu 4:30 pm", "Thu 6 pm")

    assert taken == TAKEN
    assert "Set one last talk" in again
    assert set_.startswith("Your last talk with Luis is Thu, Mar 5 at 6 pm your time.")


def test_what_two_plans_have_at_one_hour_is_planned_for_one_and_told_to_staff(town: Town) -> None:
    match = kim_has_luis_as_well(town)

    agree(town, match, "thu 16:00")

    assert states(town) == [("Thu Mar 05 16:00", "planned"), ("Thu Mar 12 16:00", "planned")]
    assert [task.words for task in town.tasks() if task.rule == "plan"] == [
        "K02 has no talk on Thu, Mar 5 at 4 pm by our clocks: one of them talks with another"
        " partner then, or was asked to. Find a time with both."
    ]


def test_where_all_times_of_a_plan_are_taken_staff_do_not_read_that_they_are_at_night(
    town: Town,
) -> None:
    match = kim_has_luis_as_well(town)
    rosas = talks(town)[0]
    with town.db.transaction() as session:
        # As though Luis had as many partners as there are weeks.
        for week in range(1, 8):
            at = THURSDAY + timedelta(weeks=week)
            session.add(
                Talk(match_id=rosas.match_id, at=at, state=TalkState.PLANNED, created_at=at)
            )

    agree(town, match, "thu 16:30")

    (*_, last) = [task.words for task in town.tasks() if task.rule == "plan"]
    assert last == "The time in the plan of K02 is taken or at night for one of them. Find another."
