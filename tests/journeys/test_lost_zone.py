"""A time zone that the database of zones has dropped, in the middle of a plan.

Nothing is sent at a guessed hour, staff see one task that names the person, and all goes on once it
is mended.
"""

from datetime import timedelta

from mentoring.calendar.plan_versions import plan_in_force
from mentoring.calendar.zones import write_zone
from mentoring.lines import main_line
from mentoring.models import DeliveryKind, Mode, Person, StaffTask
from mentoring.notices import queue_prompt
from mentoring.tasks import close_task
from tests.journeys.cast import LUIS, ROSA, person_at
from tests.journeys.ending import text_pair
from tests.journeys.service_calls import entry, queue, rosa_and_luis
from tests.journeys.talks import (
    DROPPED,
    HOUR,
    THURSDAY,
    drop_the_zone,
    got,
    is_rung,
    planned,
    states,
    until,
)
from tests.town import MAIN, Town

ASKED_FOR = (
    "No clock knows the time zone of P01 any more (US/Pacific-New). Ask where they live,"
    " and write the time zone down. Till then we cannot call or text."
)
IN_PHOENIX = (
    "Your talk with Luis is Thu, Mar 5 at 3 pm your time. Call this number then, or let us ring"
    " you. Reply 1 ring me, 2 new time."
)


def mend_the_zone(town: Town, zone: str = "America/Phoenix", number: str = ROSA) -> None:
    """Let staff find out where they live, and write it down."""
    person_id = person_at(town, number).id
    with town.db.transaction() as session:
        write_zone(session, session.get_one(Person, person_id), zone, now=town.clock.now())
    town.settle()


def zone_tasks(town: Town) -> list[StaffTask]:
    return [task for task in town.tasks() if task.rule == "zone"]


def test_a_reminder_waits_for_the_zone_and_then_tells_the_hour_at_their_place(town: Town) -> None:
    planned(town)
    drop_the_zone(town)

    until(town, THURSDAY - 12 * HOUR)
    assert got(town, ROSA) == []
    assert "at 4 pm your time" in got(town, LUIS)[0]
    assert [task.words for task in zone_tasks(town)] == [ASKED_FOR]

    until(town, THURSDAY - 8 * HOUR)
    mend_the_zone(town)
    until(town, THURSDAY - 6 * HOUR)
    assert got(town, ROSA) == [IN_PHOENIX]


def test_where_one_reads_texts_only_the_other_is_told_in_time_and_the_one_later(
    town: Town,
) -> None:
    planned(town, rosa={"mode": Mode.TEXT})
    drop_the_zone(town)

    until(town, THURSDAY - 12 * HOUR)
    assert got(town, ROSA) == []
    assert len(got(town, LUIS)) == 1

    until(town, THURSDAY - 8 * HOUR)
    mend_the_zone(town)
    until(town, THURSDAY - 6 * HOUR)
    assert "Thu, Mar 5 at 3 pm" in got(town, ROSA)[0]
    assert len(got(town, ROSA)) == len(got(town, LUIS)) == 1


def test_who_asked_to_be_rung_is_not_rung_without_a_zone_and_the_log_says_why(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    town.texts(ROSA, MAIN, "1")
    drop_the_zone(town)

    until(town, THURSDAY + HOUR / 4)

    assert town.phone(ROSA).calls == []
    assert (entry(town).reason, len(zone_tasks(town))) == ("no time zone", 1)


def test_who_asked_to_be_rung_is_rung_when_the_zone_is_mended_in_time(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    drop_the_zone(town)

    (told,) = town.texts(ROSA, MAIN, "1")

    assert told.startswith("OK. Our staff will text or call you by")
    assert "P01 would like to be rung for their talk." in next(t.words for t in town.tasks())
    mend_the_zone(town)
    until(town, THURSDAY)
    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    rosa.hears("I am calling Luis now")


def test_a_new_time_is_not_read_by_clocks_that_nobody_knows(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    drop_the_zone(town)

    told = town.texts(ROSA, MAIN, "2", "Fri 6 pm")

    assert told[-1].startswith("OK. Our staff will text or call you by")
    assert states(town) == [("Thu Mar 05 16:00", "reminded")]
    assert "please set it with both" in next(t.words for t in town.tasks() if t.rule == "talk")


def test_a_new_time_is_told_by_staff_to_whoever_has_no_clock(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    drop_the_zone(town, LUIS)
    before = len(got(town, LUIS))

    town.texts(ROSA, MAIN, "2", "Fri 6 pm")

    assert got(town, LUIS, before) == []
    assert [task.words for task in town.tasks() if task.rule == "talk"] == [
        "Tell M01: their talk is now Fri, Mar 6 at 6 pm by our clocks; their zone is not known."
    ]


def test_no_talk_is_planned_by_the_clocks_of_a_zone_that_is_gone(town: Town) -> None:
    match = planned(town)
    with town.db.transaction() as session:
        agreed = plan_in_force(session, match.id)
        assert agreed is not None
        agreed.zone = DROPPED
    drop_the_zone(town)

    until(town, THURSDAY + timedelta(days=2))
    assert states(town) == [("Thu Mar 05 16:00", "missed")]
    assert len(zone_tasks(town)) == 1

    mend_the_zone(town)
    assert states(town)[1:] == [("Thu Mar 12 18:00", "planned")]


def test_a_check_in_waits_and_is_asked_within_the_hour_once_the_zone_is_mended(
    town: Town,
) -> None:
    text_pair(town)
    drop_the_zone(town)
    town.days_pass(5)
    assert got(town, ROSA) == []
    assert len(zone_tasks(town)) == 1

    town.days_pass(1)
    mend_the_zone(town, "America/Chicago")
    town.days_pass(2.2)

    assert "Have you and Luis talked or texted yet?" in got(town, ROSA)[0]


def test_a_text_that_waited_is_sent_once_the_zone_is_mended(town: Town) -> None:
    text_pair(town)
    drop_the_zone(town)
    with town.db.transaction() as session:
        rosa = session.get_one(Person, person_at(town, ROSA).id)
        queue_prompt(
            session,
            "T-SLOW",
            to=rosa.phone,
            line=main_line(session),
            kind=DeliveryKind.NOTICE,
            dedupe_key="waits",
            person=rosa,
            now=town.clock.now(),
        )
    town.settle()
    town.days_pass(0.5)
    assert (got(town, ROSA), len(zone_tasks(town))) == ([], 1)

    mend_the_zone(town, "America/Chicago")
    town.days_pass(0.5)

    assert len(got(town, ROSA)) == 1


def test_a_call_that_waited_is_made_once_the_zone_is_mended(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    drop_the_zone(town)
    town.settle()
    town.days_pass(0.1)
    assert (town.phone(ROSA).calls, len(zone_tasks(town))) == ([], 1)

    mend_the_zone(town, "America/Chicago")

    town.until_it_rings(ROSA, days=0.05)


def test_the_same_person_may_lose_a_zone_again_and_staff_see_it_again(town: Town) -> None:
    text_pair(town)
    for _ in range(2):
        drop_the_zone(town)
        town.days_pass(4)
        (task,) = [task for task in zone_tasks(town) if task.done_at is None]
        with town.db.transaction() as session:
            close_task(session, task.id, outcome="written down", now=town.clock.now())
        mend_the_zone(town)
        town.days_pass(11)
    assert len(zone_tasks(town)) == 2
