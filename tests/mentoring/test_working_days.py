"""Working days are Monday to Friday, without the public holidays of the programme's country."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.working_days import add_staffed_hours, add_working_days, is_country, is_holiday
from tests.make import CHICAGO, chicago


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
    assert add_working_days(start, days, zone=CHICAGO, country="US") == due


@given(
    day=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    hour=st.integers(4, 23),
    days=st.integers(1, 15),
)
def test_all_year_a_working_day_is_no_weekend_and_none_is_left_out(
    day: date, hour: int, days: int
) -> None:
    start = datetime(day.year, day.month, day.day, hour, tzinfo=CHICAGO)
    due = add_working_days(start, days, zone=CHICAGO, country="US").astimezone(CHICAGO)
    passed = (start.date() + timedelta(n + 1) for n in range((due.date() - day).days))
    assert due.weekday() < 5
    assert due.hour == hour
    working = [d for d in passed if d.weekday() < 5 and not is_holiday(d, "US")]
    assert len(working) == days


def test_a_public_holiday_is_no_working_day_in_the_country_that_keeps_it() -> None:
    # In 2026 Thanksgiving is on November 26, a Thursday; Canada kept its own in October.
    before = chicago(11, 25, 11)

    assert add_working_days(before, 1, zone=CHICAGO, country="US") == chicago(11, 27, 11)
    assert add_working_days(before, 1, zone=CHICAGO, country="CA") == chicago(11, 26, 11)


@pytest.mark.parametrize(
    ("country", "is_known"),
    [("US", True), ("CA", True), ("XX", False), ("USA", False), ("UK", False)],
)
def test_a_country_is_known_by_its_two_letters(country: str, is_known: bool) -> None:
    assert is_country(country) is is_known


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (chicago(3, 3, 11), chicago(3, 3, 15)),
        (chicago(3, 3, 15), chicago(3, 4, 11)),
        (chicago(3, 3, 3), chicago(3, 3, 13)),
        (chicago(3, 3, 17), chicago(3, 4, 13)),
        (chicago(3, 3, 23), chicago(3, 4, 13)),
        # From a Friday over the weekend on which the clocks go forward.
        (chicago(3, 6, 16), chicago(3, 9, 12)),
        (chicago(3, 7, 11), chicago(3, 9, 13)),
        # Over Thanksgiving.
        (chicago(11, 25, 16), chicago(11, 27, 12)),
    ],
)
def test_staffed_hours_pass_only_while_somebody_is_at_work(start: datetime, due: datetime) -> None:
    reached = add_staffed_hours(
        start, 4, opens=time(9), closes=time(17), zone=CHICAGO, country="US"
    )
    assert reached == due
