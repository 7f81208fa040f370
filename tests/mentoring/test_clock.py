"""Calling hours hold on the person's own clock: over midnight, and on the days clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentoring.clock import (
    ManualClock,
    PushedClock,
    SystemClock,
    spoken_day,
    spoken_time,
    zone_named,
    zone_showing,
)
from tests.make import CHICAGO, chicago


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
