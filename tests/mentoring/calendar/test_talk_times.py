"""The moments of the talks of a plan: by its rhythm, across clock changes, in the hours of both."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from mentoring.calendar.talk_times import suits_both, talks_of_plan
from mentoring.calendar.talks import book_talk, cancel_talks, plan_next_talk
from mentoring.db import Session
from mentoring.models import Due, Match, Mode, Person, Plan, StaffTask, Talk
from mentoring.programme import Programme
from tests.make import NOW, make_lines, make_match

CHICAGO = ZoneInfo("America/Chicago")


def plan_of(slot: str, rhythm: str = "week", zone: str = "America/Chicago") -> Plan:
    return Plan(
        match_id=1,
        version=1,
        rhythm=rhythm,
        slot=slot,
        zone=zone,
        reply="day",
        proposed_at=NOW,
        protege_agreed_at=NOW,
        mentor_agreed_at=NOW,
    )


def local(moments: list[datetime]) -> list[str]:
    return [f"{moment.astimezone(CHICAGO):%a %b %d %H:%M}" for moment in moments]


@pytest.mark.parametrize(("rhythm", "weeks"), [("week", 1), ("two_weeks", 2), ("month", 4)])
def test_every_talk_has_the_same_weekday_and_hour_all_through_a_year(
    rhythm: str, weeks: int
) -> None:
    moment, told = NOW, []
    for _ in range(52 // weeks):
        moment = next(talks_of_plan(plan_of("tue 18:00", rhythm), CHICAGO, after=moment))
        told.append(moment)

    assert {told.split(" ", 1)[0] + told[-5:] for told in local(told)} == {"Tue18:00"}
    days = [moment.astimezone(CHICAGO).date() for moment in told]
    assert {later - earlier for earlier, later in pairwise(days)} == {timedelta(weeks=weeks)}
    assert len({moment.hour for moment in told}) == 2, "the clocks change twice a year"


def test_where_a_talk_stands_in_the_rhythm_does_not_depend_on_when_it_is_asked() -> None:
    plan = plan_of("thu 16:00", "two_weeks")
    from_the_start = local(list(talks_of_plan(plan, CHICAGO, after=NOW))[1:4])

    later = NOW + timedelta(days=9)

    assert local(list(talks_of_plan(plan, CHICAGO, after=later))[:3]) == from_the_start


def test_nobody_is_surprised_by_a_talk_within_two_hours() -> None:
    told = list(talks_of_plan(plan_of("tue 12:30"), CHICAGO, after=NOW))

    assert local(told[:1]) == ["Tue Mar 10 12:30"]


def test_a_moment_suits_two_only_if_it_is_day_for_both() -> None:
    rosa, luis = Person(zone="America/Chicago"), Person(zone="Pacific/Honolulu")
    noon = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)

    assert suits_both(noon, [rosa, luis], Programme())
    assert not suits_both(noon - timedelta(hours=1), [rosa, luis], Programme())


@pytest.fixture
def match(session: Session) -> Match:
    make_lines(session)
    return make_match(session)


def agree_on(session: Session, match: Match, slot: str) -> None:
    plan = plan_of(slot)
    plan.match_id = match.id
    session.add(plan)
    session.flush()


def test_only_one_talk_waits_at_a_time(session: Session, match: Match) -> None:
    agree_on(session, match, "thu 16:00")

    assert plan_next_talk(session, match, now=NOW) is not None
    assert plan_next_talk(session, match, now=NOW) is None
    assert session.scalar(select(func.count(Talk.id))) == 1


def test_a_plan_whose_time_is_at_night_for_one_is_a_task_for_staff_and_no_talk(
    session: Session, match: Match
) -> None:
    agree_on(session, match, "thu 09:00")
    match.sides[1].person.zone = "Pacific/Honolulu"
    for _ in range(2):
        assert plan_next_talk(session, match, now=NOW) is None

    (task,) = session.scalars(select(StaffTask))
    assert task.words == "The time in the plan of K01 is at night for one of them. Find another."


def test_a_moment_is_taken_by_one_talk_until_that_is_called_off(
    session: Session, match: Match
) -> None:
    at = NOW + timedelta(days=2)
    first = book_talk(session, match.id, at=at, booked_by=None, now=NOW)
    assert first is not None
    assert book_talk(session, match.id, at=at, booked_by=None, now=NOW) is None

    cancel_talks(session, match.id, now=NOW)

    again = book_talk(session, match.id, at=at, booked_by=None, now=NOW)
    assert again is not None
    assert again.id != first.id


def test_a_talk_within_hours_is_reminded_of_shortly_before_and_one_at_once_not_at_all(
    session: Session, match: Match
) -> None:
    for hours in (30, 12, 1):
        book_talk(session, match.id, at=NOW + timedelta(hours=hours), booked_by=None, now=NOW)

    reminders = select(Due.due_at).where(Due.kind == "talk reminder").order_by(Due.id)
    after = [(at - NOW) / timedelta(hours=1) for at in session.scalars(reminders)]
    assert after == [6, 10]


def test_a_reader_of_texts_is_no_hindrance_to_a_plan(session: Session, match: Match) -> None:
    agree_on(session, match, "thu 16:00")
    match.sides[1].person.mode = Mode.TEXT

    assert plan_next_talk(session, match, now=NOW) is not None
