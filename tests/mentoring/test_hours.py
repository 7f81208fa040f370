"""Hours hold on the person's own clock: over midnight, and on the days clocks change (S4)."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.clock import Window
from mentoring.hours import (
    Hours,
    check_in_hours,
    is_open,
    next_opening,
    own_hours,
    without_part,
)
from mentoring.models import Person
from mentoring.programme import Programme
from tests.make import CHICAGO, chicago

DAY = Hours(Window(time(8), time(21)))
NIGHT = Hours(Window(time(22), time(6)))
ZONES = (
    "America/Chicago",
    "America/St_Johns",
    "America/Phoenix",
    "America/Puerto_Rico",
    "America/Havana",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/London",
)


@pytest.mark.parametrize(
    ("hour", "minute", "is_allowed"),
    [(7, 59, False), (8, 0, True), (20, 59, True), (21, 0, False), (0, 0, False)],
)
def test_the_hours_hold_from_eight_until_just_before_nine(
    hour: int, minute: int, is_allowed: bool
) -> None:
    assert is_open(chicago(3, 3, hour, minute), CHICAGO, DAY) is is_allowed


@pytest.mark.parametrize(
    ("hour", "minute", "is_allowed"),
    [(21, 59, False), (22, 0, True), (0, 0, True), (5, 59, True), (6, 0, False), (12, 0, False)],
)
def test_a_window_may_cross_midnight(hour: int, minute: int, is_allowed: bool) -> None:
    assert is_open(chicago(3, 3, hour, minute), CHICAGO, NIGHT) is is_allowed


def test_the_same_moment_is_open_in_one_zone_and_closed_in_another() -> None:
    moment = datetime(2026, 3, 3, 13, 30, tzinfo=UTC)
    open_in = [name for name in ZONES if is_open(moment, ZoneInfo(name), DAY)]
    assert " ".join(open_in) == (
        "America/St_Johns America/Puerto_Rico America/Havana Asia/Kathmandu Europe/London"
    )


def test_what_is_open_opens_now() -> None:
    now = chicago(3, 3, 11)
    assert next_opening(now, CHICAGO, DAY) == now


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (chicago(3, 3, 7, 59), chicago(3, 3, 8)),
        (chicago(3, 3, 21), chicago(3, 4, 8)),
        (chicago(12, 31, 23), datetime(2027, 1, 1, 14, tzinfo=UTC)),
        # The night before clocks go forward is an hour shorter, the one before they go back longer.
        (chicago(3, 7, 22), chicago(3, 8, 8)),
        (chicago(3, 8, 1, 30), chicago(3, 8, 8)),
        (chicago(10, 31, 22), chicago(11, 1, 8)),
        (chicago(11, 1, 1, 30), chicago(11, 1, 8)),
        (chicago(11, 1, 1, 30, fold=1), chicago(11, 1, 8)),
    ],
)
def test_the_next_opening_is_at_eight_by_the_wall_clock(now: datetime, opening: datetime) -> None:
    assert next_opening(now, CHICAGO, DAY) == opening


def test_the_nights_of_both_clock_changes_have_their_own_lengths() -> None:
    evenings = (chicago(3, 7, 21), chicago(10, 31, 21))
    mornings = [next_opening(evening, CHICAGO, DAY) or evening for evening in evenings]
    nights = [morning - evening for morning, evening in zip(mornings, evenings, strict=True)]
    assert nights == [timedelta(hours=10), timedelta(hours=12)]


def test_a_night_window_opens_the_same_evening() -> None:
    assert next_opening(chicago(3, 3, 12), CHICAGO, NIGHT) == chicago(3, 3, 22)


@given(
    minute=st.integers(0, 366 * 24 * 60),
    zone=st.sampled_from(ZONES),
    start=st.times(time(4), time(23, 59)),
    end=st.times(time(0), time(23, 59)),
)
def test_all_year_the_next_opening_is_open_and_nothing_before_it_is(
    minute: int, zone: str, start: time, end: time
) -> None:
    # No place changes its clocks after four in the morning, so no opening is skipped or doubled.
    start, end = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    if start == end:
        end = time(3)
    window, place = Hours(Window(start, end)), ZoneInfo(zone)
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)

    opening = next_opening(moment, place, window)

    assert opening is not None
    assert opening.utcoffset() == timedelta()
    assert moment <= opening < moment + timedelta(hours=25)
    assert is_open(opening, place, window)
    if opening > moment:
        assert opening.astimezone(place).time() == start
        waiting = opening - moment
        assert not any(is_open(moment + waiting * (k / 50), place, window) for k in range(50))


@pytest.mark.parametrize(
    ("now", "opening", "start"),
    [
        # Clocks go forward from two to three, so a window from half past two opens at three.
        (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC), time(2, 30)),
        # Clocks go back from two to one: half past one comes twice, and the first is over.
        (
            datetime(2026, 11, 1, 7, tzinfo=UTC),
            datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
            time(1, 30),
        ),
    ],
)
def test_a_window_that_begins_in_the_hour_of_a_clock_change_opens_at_the_right_moment(
    now: datetime, opening: datetime, start: time
) -> None:
    zone = ZoneInfo("America/Chicago")
    assert next_opening(now, zone, Hours(Window(start, time(23)))) == opening


def somebody(**profile: str) -> Person:
    return Person(code="P01", first_name="Rosa", profile=profile)


# A Tuesday, the Saturday after it, and Thanksgiving.
TUESDAY, SATURDAY, HOLIDAY = (2026, 3, 3), (2026, 3, 7), (2026, 11, 26)


def local(day: tuple[int, int, int], hour: int, minute: int = 0) -> datetime:
    return datetime(*day, hour, minute, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("chosen", "moment", "is_allowed"),
    [
        ("", local(TUESDAY, 8), True),
        ("1", local(TUESDAY, 11, 59), True),
        ("1", local(TUESDAY, 12), False),
        ("1", local(TUESDAY, 7), False),
        ("2", local(TUESDAY, 12), True),
        ("3", local(TUESDAY, 17), True),
        ("3", local(TUESDAY, 21), False),
        ("4", local(TUESDAY, 12), False),
        ("4", local(SATURDAY, 12), True),
        ("34", local(SATURDAY, 9), True),
        ("3,4", local(TUESDAY, 18), True),
        ("a wrong word", local(TUESDAY, 12), True),
    ],
)
def test_what_the_service_does_by_itself_keeps_to_the_hours_that_a_person_chose(
    chosen: str, moment: datetime, is_allowed: bool
) -> None:
    assert is_open(moment, CHICAGO, own_hours(somebody(hours=chosen), Programme())) is is_allowed


@pytest.mark.parametrize(
    ("chosen", "moment", "is_allowed"),
    [
        ("", local(TUESDAY, 8, 59), False),
        ("", local(TUESDAY, 9), True),
        ("", local(TUESDAY, 19), False),
        ("", local(SATURDAY, 12), False),
        ("", local(HOLIDAY, 12), False),
        ("3", local(TUESDAY, 12), False),
        ("3", local(TUESDAY, 18), True),
        # Nobody would ever be asked who has chosen weekends alone, so there it is set aside.
        ("4", local(TUESDAY, 12), True),
        ("4", local(SATURDAY, 12), False),
    ],
)
def test_a_check_in_comes_on_working_days_within_the_persons_own_hours(
    chosen: str, moment: datetime, is_allowed: bool
) -> None:
    hours = check_in_hours(somebody(hours=chosen), Programme())
    assert is_open(moment, CHICAGO, hours) is is_allowed


@pytest.mark.parametrize(
    ("chosen", "moment", "is_allowed"),
    [
        # Check-ins end at five here, so evenings alone are set aside as weekends alone are.
        ("3", local(TUESDAY, 12), True),
        ("3", local(TUESDAY, 18), False),
        ("34", local(TUESDAY, 12), True),
        ("34", local(SATURDAY, 12), False),
        # Another part of the day that was chosen as well is kept to.
        ("23", local(TUESDAY, 11), False),
        ("23", local(TUESDAY, 12), True),
    ],
)
def test_hours_in_which_nobody_would_ever_be_asked_are_set_aside(
    chosen: str, moment: datetime, is_allowed: bool
) -> None:
    hours = check_in_hours(somebody(hours=chosen), Programme(check_in_until=time(17)))
    assert is_open(moment, CHICAGO, hours) is is_allowed


def test_a_check_in_of_a_friday_evening_waits_over_the_weekend() -> None:
    hours = check_in_hours(somebody(), Programme())
    assert next_opening(chicago(3, 6, 20), CHICAGO, hours) == chicago(3, 9, 9)


def test_a_check_in_waits_until_the_long_weekend_with_a_clock_change_is_over() -> None:
    # Clocks go forward on Sunday, March 8: nine in the morning is an hour earlier after it.
    hours = check_in_hours(somebody(), Programme())
    opening = next_opening(chicago(3, 6, 19), CHICAGO, hours)
    assert opening == chicago(3, 9, 9) == chicago(3, 6, 19) + timedelta(days=2, hours=13)


def test_rules_that_shut_each_other_out_have_no_opening() -> None:
    mornings = replace(Hours(Window(time(13), time(21))), parts=frozenset("1"))
    assert next_opening(chicago(3, 3, 11), CHICAGO, mornings) is None


@pytest.mark.parametrize(
    ("chosen", "moment", "is_allowed"),
    [
        ("", local(TUESDAY, 10), False),
        ("", local(TUESDAY, 13), True),
        ("12", local(TUESDAY, 10), False),
        ("12", local(TUESDAY, 18), False),
        # Whoever can talk in the morning only is called in the morning again.
        ("1", local(TUESDAY, 10), True),
    ],
)
def test_a_second_try_comes_at_another_part_of_the_day_where_there_is_one(
    chosen: str, moment: datetime, is_allowed: bool
) -> None:
    hours = without_part(own_hours(somebody(hours=chosen), Programme()), "1")
    assert is_open(moment, CHICAGO, hours) is is_allowed


@pytest.mark.parametrize(
    ("chosen", "until", "asked_in"),
    [("23", time(17), "2"), ("2", time(17), "2"), ("", time(12), "1")],
)
def test_a_second_try_comes_at_the_same_part_of_the_day_where_no_other_is_ever_open(
    chosen: str, until: time, asked_in: str
) -> None:
    hours = check_in_hours(somebody(hours=chosen), Programme(check_in_until=until))
    again = without_part(hours, asked_in)
    assert next_opening(chicago(3, 3, 8), CHICAGO, again) == next_opening(
        chicago(3, 3, 8), CHICAGO, hours
    )
