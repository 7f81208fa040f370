"""Somebody moves to another zone before they have heard of the new time of a talk."""

from mentoring.tasks import close_task
from telephony.emulator import no_answer
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.talks import HOUR, THURSDAY, got, planned, until
from tests.journeys.test_changed_talks import change_of, to_tell
from tests.journeys.test_telling_of_new_times import (
    FRIDAY,
    MONDAY,
    TELL_LUIS,
    rosa_moves_it_to_monday,
)
from tests.town import MAIN, Town

NIGHT, MORNING = THURSDAY + 6 * HOUR, THURSDAY + 18 * HOUR
MOVED = (
    "Rosa asked for a new time. Your talk is now Mon, Mar 9 at {} your time. If it does not suit"
    " you, text PERSON."
)


def rosa_moves_it_at_night(town: Town) -> int:
    """Let Rosa move the talk when Luis gets no texts; return how many he has had."""
    planned(town, "fri 16:00")
    until(town, NIGHT)
    assert "is now Mon, Mar 9 at 6 pm" in town.texts(ROSA, MAIN, "2", "Mon 6 pm")[-1]
    return len(got(town, LUIS))


def test_a_text_that_waits_for_the_morning_tells_the_hour_there_and_no_other_comes(
    town: Town,
) -> None:
    before = rosa_moves_it_at_night(town)
    change_of(town, LUIS, zone="America/Denver")
    change_of(town, LUIS, zone="America/New_York")

    until(town, MORNING)

    assert got(town, LUIS, before) == [MOVED.format("7 pm")]


def test_where_a_text_tells_of_a_talk_that_is_at_night_there_it_says_so_and_staff_tell_both(
    town: Town,
) -> None:
    before = rosa_moves_it_at_night(town)
    change_of(town, LUIS, zone="Europe/Paris")

    until(town, MORNING)

    assert got(town, LUIS, before)[0] == MOVED.format("12 am").replace("Mon, Mar 9", "Tue, Mar 10")
    assert len(to_tell(town)) == 1


def test_staff_who_are_to_tell_the_time_tell_the_hour_there_and_nothing_else(town: Town) -> None:
    rosa_moves_it_to_monday(town)
    town.phone(LUIS, when_rung=no_answer())
    until(town, FRIDAY + 2 * HOUR)
    assert to_tell(town) == [TELL_LUIS]

    change_of(town, LUIS, zone="America/Denver")

    open_ones = [task.words for task in town.tasks() if task.done_at is None]
    assert open_ones == [TELL_LUIS.replace("6 pm", "5 pm")]
    until(town, MONDAY - 25 * HOUR)
    assert to_tell(town) == [TELL_LUIS.replace("6 pm", "5 pm")]


def test_a_call_that_is_to_come_tells_the_hour_there_by_itself(town: Town) -> None:
    rosa_moves_it_to_monday(town)
    change_of(town, LUIS, zone="America/Denver")

    luis = town.until_it_rings(LUIS, days=1)

    assert [task.words for task in town.tasks() if task.done_at is None] == []
    luis.answers()
    luis.presses("1")
    luis.hears("Your talk with Rosa is Mon, Mar 9 at 5 pm your time.")
    luis.hangs_up()
    until(town, MONDAY - 25 * HOUR)
    assert to_tell(town) == []


def test_who_was_told_by_staff_is_told_the_hour_there_by_staff_too(town: Town) -> None:
    rosa_moves_it_to_monday(town)
    town.phone(LUIS, when_rung=no_answer())
    until(town, FRIDAY + HOUR)
    (task,) = [task for task in town.tasks() if task.rule == "talk"]
    with town.db.transaction() as session:
        close_task(session, task.id, outcome="told", now=town.clock.now())

    change_of(town, LUIS, zone="America/Denver")

    assert [task.words for task in town.tasks() if task.done_at is None] == [
        "Tell M01 by phone: their talk in K01 is on Mon, Mar 9 at 5 pm their time, for they live in"
        " another time zone now."
    ]
