"""The calendar of a match: days 3, 14 and 30, monthly in the first year, quarterly after it."""

from itertools import islice

import pytest

from mentoring.calendar.days import day_after, days_of_a_match, flow_on, has_support_call


def test_the_days_are_close_together_at_first_and_then_monthly_and_then_quarterly() -> None:
    assert list(islice(days_of_a_match(), 17)) == [
        *(3, 14, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 360),
        *(450, 540, 630),
    ]


@pytest.mark.parametrize(("day", "following"), [(0, 3), (3, 14), (29, 30), (360, 450), (400, 450)])
def test_after_each_day_comes_the_next_one(day: int, following: int) -> None:
    assert day_after(day) == following


@pytest.mark.parametrize(
    ("day", "flow", "is_called"),
    [
        (3, "checkin_first", False),
        (14, "checkin", False),
        (30, "checkin", True),
        (60, "checkin", True),
        (90, "milestone", True),
        (120, "checkin", False),
        (180, "milestone", True),
        (450, "milestone", True),
    ],
)
def test_each_quarter_asks_more_and_staff_call(day: int, flow: str, is_called: bool) -> None:
    assert (flow_on(day), has_support_call(day)) == (flow, is_called)
