"""A weekly slot becomes a moment on the clock of the person who named it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mentoring.calendar.slot_times import next_moment

CHICAGO = ZoneInfo("America/Chicago")


def chicago(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("slot", "after", "moment"),
    [
        # March 3 is a Tuesday.
        ("tue 18:00", chicago(3, 3, 11), chicago(3, 3, 18)),
        ("tue 18:00", chicago(3, 3, 18), chicago(3, 10, 18)),
        ("mon 09:30", chicago(3, 3, 11), chicago(3, 9, 9, 30)),
        ("today 17:00", chicago(3, 3, 11), chicago(3, 3, 17)),
        ("tomorrow 17:00", chicago(3, 3, 23), chicago(3, 4, 17)),
        ("wed 00:00", chicago(3, 3, 23, 59), chicago(3, 4, 0)),
        # The clocks go forward on March 8 and back on November 1: six stays six.
        ("sun 18:00", chicago(3, 7, 12), chicago(3, 8, 18)),
        ("sun 18:00", chicago(10, 31, 12), chicago(11, 1, 18)),
    ],
)
def test_a_slot_comes_at_its_hour_on_the_wall_clock(
    slot: str, after: datetime, moment: datetime
) -> None:
    assert next_moment(slot, zone=CHICAGO, after=after.astimezone(UTC)) == moment


def test_an_hour_that_the_clocks_leave_out_comes_an_hour_later() -> None:
    found = next_moment("sun 02:30", zone=CHICAGO, after=chicago(3, 7, 12))
    assert found.astimezone(CHICAGO) == chicago(3, 8, 3, 30)


@pytest.mark.parametrize("slot", ["tue", "18:00", "", "someday 18:00"])
def test_half_a_slot_is_no_moment(slot: str) -> None:
    with pytest.raises(ValueError, match="no day and time"):
        next_moment(slot, zone=CHICAGO, after=chicago(3, 3, 11))
