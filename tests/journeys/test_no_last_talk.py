"""One of the two wants no last talk: then none is held, and what both are told of talks is true."""

from datetime import timedelta

from mentoring.models import DueKind, MatchState
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.ending import now_is
from tests.journeys.talks import (
    ASKED,
    HOUR,
    MISSED,
    THURSDAY,
    got,
    is_rung,
    outcomes,
    planned,
    rosa_wants_to_be_rung,
    states,
    until,
)
from tests.journeys.test_last_talks import closing, on_thursday
from tests.town import MAIN, Town

DAY = timedelta(days=1)


def for_staff(town: Town) -> list[str]:
    """Return what staff are asked to do about last talks."""
    return [task.words for task in town.tasks() if task.rule == "last talk"]


def test_once_one_is_set_it_stays_and_staff_settle_it(town: Town) -> None:
    match = closing(town)
    on_thursday(town)

    stays, staff = town.texts(LUIS, MAIN, "2")

    assert stays == "Rosa has set a time already. Your last talk is Thu, Mar 5 at 4 pm your time."
    assert staff.startswith("OK. Our staff will text or call you by")
    assert for_staff(town) == ["M01 wants no last talk, but one is set. Settle it with both."]
    until(town, THURSDAY - 23 * HOUR)
    assert ASKED in got(town, ROSA)
    until(town, THURSDAY)
    assert now_is(town, match).state is MatchState.CLOSING
    is_rung(town, ROSA)


def test_a_talk_of_the_plan_that_nobody_has_asked_for_is_called_off_with_it(town: Town) -> None:
    planned(town)
    town.texts(LUIS, MAIN, "FINISH", "1")

    (said,) = town.texts(LUIS, MAIN, "2")

    assert said == "That is fine. We will tell Rosa that there is no last talk."
    assert states(town) == [("Thu Mar 05 16:00", "cancelled")]
    until(town, THURSDAY + HOUR)
    assert town.phone(ROSA).calls == []
    assert outcomes(town, DueKind.TALK_RING) == ["talk cancelled"]
    assert MISSED not in got(town, ROSA)


def test_a_ring_that_was_promised_is_made_and_staff_settle_the_end(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    town.texts(LUIS, MAIN, "FINISH", "1")

    said = town.texts(LUIS, MAIN, "2")[-1]

    assert said.startswith("OK. Our staff will text or call you by")
    assert for_staff(town) == ["M01 wants no last talk, but a talk waits. Settle it with both."]
    until(town, THURSDAY)
    is_rung(town, ROSA)


def test_who_would_like_one_after_all_is_left_to_staff(town: Town) -> None:
    closing(town)
    town.texts(ROSA, MAIN, "2")
    before = len(got(town, ROSA))

    (said,) = town.texts(LUIS, MAIN, "Thu 8 am")

    assert said.startswith("OK. Our staff will text or call you by")
    assert for_staff(town) == [
        "M01 would like a last talk, but P01 wants none. Settle it with both."
    ]
    assert (states(town), got(town, ROSA)[before:]) == ([], [])


def test_a_talk_of_the_plan_is_moved_to_no_time_after_the_end(town: Town) -> None:
    planned(town, rhythm="two_weeks")
    until(town, THURSDAY + DAY)
    town.texts(LUIS, MAIN, "FINISH", "1")
    until(town, THURSDAY + 13 * DAY + HOUR)
    assert "Your talk with Luis is Thu, Mar 19 at 4 pm" in got(town, ROSA)[-1]

    said = town.texts(ROSA, MAIN, "2", "Mon 4 pm")[-1]

    assert said.startswith("OK. Our staff will text or call you by")
    assert states(town)[-1] == ("Thu Mar 19 16:00", "reminded")
    assert for_staff(town) == ["P01 would move a talk to after the end. Find another time."]
