"""Somebody moves to where the talk that waits is at night, or reads texts only from now on."""

import pytest

from mentoring.details import change_details
from mentoring.models import DueKind, Mode, Person
from mentoring.tasks import close_task
from tests.journeys.cast import LUIS, ROSA, hold, person_at
from tests.journeys.talks import (
    HOUR,
    THURSDAY,
    got,
    local,
    outcomes,
    planned,
    rosa_wants_to_be_rung,
    states,
    until,
)
from tests.journeys.test_ends_after_holds import lift
from tests.journeys.test_last_talks import closing, finish
from tests.town import MAIN, Town

# An hour and a half before the calling hours end in Chicago.
LATE = "thu 19:30"
TO_TELL = (
    "Tell both of K01: P01 lives in another time zone now, so their talk on Thu, Mar 5 at 7:30 pm"
    " by our clocks is at night for one of them. "
)
THEN = "Find another time with them."


def moves_to(town: Town, zone: str) -> None:
    """Staff write down where Rosa lives now."""
    change_of(town, ROSA, zone=zone)


def change_of(town: Town, number: str, **details: str) -> None:
    person_id = person_at(town, number).id
    with town.db.transaction() as session:
        person = session.get_one(Person, person_id)
        change_details(session, person, details, actor="staff", now=town.clock.now())
    town.settle()


def to_tell(town: Town) -> list[str]:
    """Return what staff are still to tell about talks."""
    open_ones = [task for task in town.tasks() if task.done_at is None]
    return [task.words for task in open_ones if task.rule == "talk"]


@pytest.mark.parametrize("zone", ["America/Halifax", "Europe/Paris"])
def test_staff_are_to_tell_both_at_once_of_a_talk_that_one_was_to_be_rung_for(
    town: Town, zone: str
) -> None:
    planned(town, LATE)
    until(town, THURSDAY - 10 * HOUR)
    (said,) = town.texts(ROSA, MAIN, "1")
    assert "7:30 pm" in said

    moves_to(town, zone)

    assert to_tell(town) == [TO_TELL + THEN]
    assert states(town) == [("Thu Mar 05 19:30", "reminded")]


def test_a_talk_of_the_plan_that_nobody_has_heard_of_makes_room_for_the_next(town: Town) -> None:
    planned(town, "thu 20:00")
    moves_to(town, "America/New_York")

    assert to_tell(town) == []
    assert states(town) == [("Thu Mar 05 20:00", "cancelled")]
    # Every talk of this plan is at night there.
    assert [task.rule for task in town.tasks()] == ["plan"]

    moves_to(town, "America/Chicago")
    assert states(town)[1:] == [("Thu Mar 05 20:00", "planned")]


def test_one_that_both_were_reminded_of_is_called_off_and_staff_tell_them(town: Town) -> None:
    planned(town, LATE)
    until(town, THURSDAY - 10 * HOUR)

    moves_to(town, "America/Halifax")

    assert to_tell(town) == [TO_TELL + "It is called off."]
    assert states(town) == [("Thu Mar 05 19:30", "cancelled")]
    (said,) = town.texts(ROSA, MAIN, "1")
    assert "ring you" not in said
    before = len(got(town, ROSA))
    until(town, THURSDAY + 5 * HOUR)
    assert got(town, ROSA, before) == []
    assert outcomes(town, DueKind.TALK_RING) == ["talk cancelled"]


def test_of_a_last_talk_that_is_at_night_by_now_staff_tell_both_as_well(town: Town) -> None:
    closing(town)
    town.texts(ROSA, MAIN, "Thu 7:30 pm")

    moves_to(town, "America/Halifax")

    assert to_tell(town) == [TO_TELL + THEN]
    assert states(town) == [("Thu Mar 05 19:30", "planned")]


@pytest.mark.parametrize("who", [ROSA, LUIS])
def test_who_was_promised_a_ring_is_told_when_one_of_the_two_reads_texts_only_by_now(
    town: Town, who: str
) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)

    change_of(town, who, mode="text")

    code = person_at(town, who).code
    assert to_tell(town) == [
        f"Tell both of K01: {code} reads texts only now, so nobody is rung for their talk on Thu,"
        " Mar 5 at 4 pm by our clocks. They can text on their line then."
    ]
    until(town, THURSDAY + HOUR)
    assert (town.phone(ROSA).calls, town.phone(LUIS).calls) == ([], [])
    assert outcomes(town, DueKind.TALK_RING)[0] == "nobody asked to be rung"


@pytest.mark.parametrize("who", [ROSA, LUIS])
def test_who_was_offered_a_ring_before_that_is_promised_none(town: Town, who: str) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    change_of(town, who, mode="text")

    (said,) = town.texts(ROSA, MAIN, "1")

    assert said == "Good. Your talk with Luis stays Thu, Mar 5 at 4 pm your time."
    until(town, THURSDAY + HOUR)
    assert (town.phone(ROSA).calls, town.phone(LUIS).calls) == ([], [])


def ring_is_off(day: str) -> str:
    return (
        "Tell both of K01: M01 reads texts only now, so nobody is rung for their talk on"
        f" {day} at 4 pm by our clocks. They can text on their line then."
    )


def test_of_two_talks_of_a_match_that_is_to_end_each_is_looked_at(town: Town) -> None:
    match = planned(town)
    finish(town, match)
    town.texts(ROSA, MAIN, "Fri 4 pm")

    change_of(town, LUIS, mode="text")

    assert to_tell(town) == [ring_is_off("Fri, Mar 6")]
    until(town, THURSDAY + 26 * HOUR)
    assert (town.phone(ROSA).calls, town.phone(LUIS).calls) == ([], [])


def test_one_at_night_is_told_and_the_other_one_stays(town: Town) -> None:
    match = planned(town)
    finish(town, match)
    town.texts(ROSA, MAIN, "Fri 7:30 pm")

    moves_to(town, "America/Halifax")

    assert to_tell(town) == [TO_TELL.replace("Thu, Mar 5", "Fri, Mar 6") + THEN]
    assert states(town) == [("Thu Mar 05 16:00", "planned"), ("Fri Mar 06 19:30", "planned")]


def test_on_hold_the_last_talk_is_looked_at_as_well(town: Town) -> None:
    closing(town)
    town.texts(ROSA, MAIN, "Thu 4 pm")
    hold(town)

    change_of(town, LUIS, mode="text")

    assert to_tell(town) == [ring_is_off("Thu, Mar 5") + " Mind the hold."]


def test_the_same_change_once_more_is_told_once_more(town: Town) -> None:
    closing(town)
    town.texts(ROSA, MAIN, "Thu 7:30 pm")
    moves_to(town, "America/Halifax")
    moves_to(town, "America/Chicago")
    (task,) = [task for task in town.tasks() if task.rule == "talk"]
    with town.db.transaction() as session:
        close_task(session, task.id, outcome="both know", now=town.clock.now())
    town.pass_time(60)

    moves_to(town, "Europe/Paris")

    assert to_tell(town) == [TO_TELL + THEN]


@pytest.mark.parametrize(("who", "mode"), [(ROSA, "voice"), (LUIS, "text")])
def test_where_no_ring_was_promised_or_it_stays_nobody_is_bothered(
    town: Town, who: str, mode: str
) -> None:
    planned(town)
    if mode == "voice":
        rosa_wants_to_be_rung(town)
    change_of(town, who, mode=mode)
    assert to_tell(town) == []


THERE = "Your talk with Luis stays as it is. Where you live now it is Thu, Mar 5 at 6 pm."


def test_of_a_talk_that_suits_both_there_too_who_moved_hears_the_hour_there(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    before = len(got(town, ROSA))

    moves_to(town, "America/Halifax")

    assert got(town, ROSA, before) == [THERE]
    assert to_tell(town) == []
    assert states(town) == [("Thu Mar 05 16:00", "reminded")]
    assert len(got(town, LUIS)) == 1


def test_a_landline_hears_from_staff_by_which_hour_there_they_are_rung(town: Town) -> None:
    planned(town, rosa={"landline": True, "texts": False, "mode": Mode.VOICE})
    until(town, THURSDAY - 23 * HOUR)

    moves_to(town, "America/Halifax")

    (task,) = [task for task in town.tasks() if task.rule == "tell"]
    assert task.words == (
        "Tell P01 by phone: their talk in K01 is on Thu, Mar 5 at 6 pm their time, for they live"
        " in another time zone now."
    )
    assert local(task.due_at) == "Thu Mar 05 15:00"


@pytest.mark.parametrize(
    ("passed", "zone"), [(-23, "America/Winnipeg"), (-30, "America/Halifax"), (1, "Europe/Paris")]
)
def test_nothing_is_said_of_the_same_hour_or_of_a_talk_that_nobody_knows_of_or_is_over(
    town: Town, passed: int, zone: str
) -> None:
    planned(town)
    until(town, THURSDAY + passed * HOUR)
    before = len(got(town, ROSA))

    moves_to(town, zone)

    assert got(town, ROSA, before) == []


def test_on_hold_staff_tell_who_moved_the_hour_there_and_no_text_does(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    hold(town)
    before = len(got(town, LUIS))

    change_of(town, LUIS, zone="America/Denver")

    assert got(town, LUIS, before) == []
    (task,) = [task for task in town.tasks() if task.rule == "tell"]
    assert task.words == (
        "Tell M01 by phone: their talk in K01 is on Thu, Mar 5 at 3 pm their time, for they live in"
        " another time zone now. Mind the hold."
    )


def test_on_hold_who_moved_hears_the_hour_of_a_last_talk_when_it_is_lifted(town: Town) -> None:
    closing(town)
    town.texts(ROSA, MAIN, "Thu 4 pm")
    hold(town)
    before = len(got(town, ROSA))
    moves_to(town, "America/Halifax")
    assert got(town, ROSA, before) == []
    assert [task for task in town.tasks() if task.rule == "tell"] == []

    lift(town)

    assert got(town, ROSA, before) == ["Your last talk with Luis is Thu, Mar 5 at 6 pm your time."]
