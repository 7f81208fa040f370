"""Calling hours hold on the person's own clock: over midnight, and on the days clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.clock import (
    ManualClock,
    PushedClock,
    SystemClock,
    Window,
    add_working_days,
    is_open,
    next_opening,
    spoken_day,
    spoken_time,
    zone_named,
    zone_showing,
)

DAY = Window(time(8), time(21))
NIGHT = Window(time(22), time(6))
CHICAGO = ZoneInfo("America/Chicago")
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


def chicago(month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    """Return a moment of 2026 by the wall clock of Chicago; `fold` 1 is the hour's second time."""
    return datetime(2026, month, day, hour, minute, fold=fold, tzinfo=CHICAGO).astimezone(UTC)


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
    spring = next_opening(chicago(3, 7, 21), CHICAGO, DAY) - chicago(3, 7, 21)
    autumn = next_opening(chicago(10, 31, 21), CHICAGO, DAY) - chicago(10, 31, 21)
    assert (spring, autumn) == (timedelta(hours=10), timedelta(hours=12))


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
    window, place = Window(start, end), ZoneInfo(zone)
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)

    opening = next_opening(moment, place, window)

    assert opening.utcoffset() == timedelta()
    assert moment <= opening < moment + timedelta(hours=25)
    assert is_open(opening, place, window)
    if opening > moment:
        assert opening.astimezone(place).time() == start
        waiting = opening - moment
        assert not any(is_open(moment + waiting * (k / 50), place, window) for k in range(50))


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "America/Nowhere",
        "America",
        "US/Pacific-New",
        "../../etc/passwd",
        "/etc/localtime",
        "zone.tab",
        "America/Chicago\0",
        "América/Chicago",
        "\ud800",
        "x" * 5000,
    ],
)
def test_a_name_that_the_tz_database_lacks_or_dropped_is_no_zone(name: str | None) -> None:
    assert zone_named(name) is None


def test_a_name_of_the_tz_database_is_a_zone() -> None:
    assert zone_named("America/Chicago") == CHICAGO


@pytest.mark.parametrize(
    ("wall_time", "zone"),
    [
        (time(11, 0), "America/Chicago"),
        (time(11, 15), "America/Chicago"),
        (time(10, 45), "America/Chicago"),
        (time(10, 0), "America/Phoenix"),
        (time(12, 2), "America/New_York"),
        (time(11, 16), None),
        (time(3, 0), None),
    ],
)
def test_the_time_on_somebodys_clock_tells_their_zone(wall_time: time, zone: str | None) -> None:
    candidates = ["Gone/Zone", "America/New_York", "America/Chicago", "America/Phoenix"]
    now = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
    assert zone_showing(now, wall_time, candidates) == zone


def test_the_time_on_somebodys_clock_is_compared_around_midnight() -> None:
    now = chicago(3, 3, 23, 55)
    assert zone_showing(now, time(0, 5), ["America/Chicago"]) == "America/Chicago"
    assert zone_showing(chicago(3, 4, 0, 5), time(23, 55), ["America/Chicago"]) is not None


def test_the_first_of_two_zones_with_the_same_clock_is_taken() -> None:
    now = datetime(2026, 7, 1, 17, 0, tzinfo=UTC)
    assert zone_showing(now, time(10), ["America/Phoenix", "America/Los_Angeles"]) == (
        "America/Phoenix"
    )
    assert zone_showing(now, time(10), ["America/Los_Angeles", "America/Phoenix"]) == (
        "America/Los_Angeles"
    )


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (chicago(3, 3, 16), "4 pm"),
        (chicago(3, 3, 16, 5), "4:05 pm"),
        (chicago(3, 3, 0), "12 am"),
        (chicago(3, 3, 12, 30), "12:30 pm"),
        (chicago(3, 3, 11, 59), "11:59 am"),
    ],
)
def test_a_time_is_said_as_people_say_it(moment: datetime, words: str) -> None:
    assert spoken_time(moment, CHICAGO) == words


def test_a_day_is_the_day_where_the_person_is() -> None:
    moment = datetime(2026, 3, 4, 2, tzinfo=UTC)
    assert spoken_day(moment, CHICAGO) == "Tue, Mar 3"
    assert spoken_day(moment, ZoneInfo("Europe/London")) == "Wed, Mar 4"


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (chicago(3, 3, 11), 1, chicago(3, 4, 11)),
        (chicago(3, 6, 11), 1, chicago(3, 9, 11)),
        (chicago(3, 7, 11), 1, chicago(3, 9, 11)),
        (chicago(3, 8, 11), 1, chicago(3, 9, 11)),
        (chicago(3, 3, 11), 5, chicago(3, 10, 11)),
        (chicago(3, 6, 16), 10, chicago(3, 20, 16)),
        # 8 in the evening of a Friday in Chicago is Saturday in UTC.
        (chicago(3, 6, 20), 1, chicago(3, 9, 20)),
        (chicago(3, 3, 11), 0, chicago(3, 3, 11)),
    ],
)
def test_working_days_skip_weekends_and_keep_the_wall_clock(
    start: datetime, days: int, due: datetime
) -> None:
    assert add_working_days(start, days, CHICAGO) == due


@given(
    day=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    hour=st.integers(4, 23),
    days=st.integers(1, 15),
)
def test_all_year_a_working_day_is_no_weekend_and_none_is_left_out(
    day: date, hour: int, days: int
) -> None:
    start = datetime(day.year, day.month, day.day, hour, tzinfo=CHICAGO)
    due = add_working_days(start, days, CHICAGO).astimezone(CHICAGO)
    passed = (start.date() + timedelta(n + 1) for n in range((due.date() - day).days))
    assert due.weekday() < 5
    assert due.hour == hour
    assert sum(1 for date_ in passed if date_.weekday() < 5) == days


def test_a_clock_of_a_test_moves_only_when_told() -> None:
    clock = ManualClock(chicago(3, 3, 11))
    assert clock.now() == clock.now()
    clock.advance(90)
    assert clock.now() == chicago(3, 3, 11) + timedelta(seconds=90)


def test_the_clock_of_the_demo_is_real_time_pushed_forward() -> None:
    clock = PushedClock()
    clock.advance(3600)
    ahead = clock.now() - SystemClock().now()
    assert timedelta(minutes=59) < ahead <= timedelta(hours=1)
    assert clock.now().tzinfo is UTC


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
    assert next_opening(now, zone, Window(start, time(23))) == opening
