"""The days of a match on which something is asked, counted from its opening (2.5)."""

from collections.abc import Iterator
from datetime import timedelta

FIRST_DAYS = (3, 14, 30)
MONTH, QUARTER, YEAR = 30, 90, 360
# How long after their first contact the two are asked for their plan; while the match rests, it is
# looked again as often.
PLAN_AFTER = timedelta(hours=12)
# When staff call each side, besides every quarter.
SUPPORT_DAYS = (30, 60)
# What is asked on the days between the quarters.
CHECK_INS = ("checkin_first", "checkin")


def days_of_a_match() -> Iterator[int]:
    """Yield the days on which something is asked, without an end: monthly, then quarterly."""
    yield from FIRST_DAYS
    yield from range(2 * MONTH, YEAR + 1, MONTH)
    day = YEAR
    while True:
        day += QUARTER
        yield day


def day_after(day: int) -> int:
    """Return the next day on which something is asked."""
    return next(each for each in days_of_a_match() if each > day)


def day_instead_of(day: int) -> int:
    """Return the next day that brings what a day brings: a call by staff, or but a question."""
    if not has_support_call(day):
        return day_after(day)
    return next(each for each in days_of_a_match() if each > day and has_support_call(each))


def flow_on(day: int) -> str:
    """Return what is asked on a day. The questions of each quarter stand in for a check-in."""
    if day == FIRST_DAYS[0]:
        return "checkin_first"
    return "milestone" if day % QUARTER == 0 else "checkin"


def has_support_call(day: int) -> bool:
    """Tell whether staff call each side on a day."""
    return day in SUPPORT_DAYS or day % QUARTER == 0
