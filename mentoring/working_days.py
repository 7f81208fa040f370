"""Working days and public holidays of the programme's country."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays


@lru_cache(maxsize=256)
def _holidays_of(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def is_country(country: str) -> bool:
    """Tell whether the public holidays of a country, by its two letters, are known."""
    # Aliases, such as USA and UK, are known to the calendar and to nothing else here.
    return country in holidays.list_supported_countries(include_aliases=False)


def is_holiday(day: date, country: str) -> bool:
    """Tell whether a day is a public holiday in a country, such as `US`."""
    return day in _holidays_of(country, day.year)


def is_working_day(day: date, country: str) -> bool:
    """Tell whether people work on a day: Monday to Friday and no public holiday."""
    return day.weekday() < 5 and not is_holiday(day, country)


def add_working_days(now: datetime, days: int, *, zone: ZoneInfo, country: str) -> datetime:
    """Return the same wall-clock time that many working days later, in UTC."""
    local = now.astimezone(zone)
    day = local.date()
    while days > 0:
        day += timedelta(days=1)
        if is_working_day(day, country):
            days -= 1
    return datetime.combine(day, local.time(), tzinfo=zone).astimezone(UTC)


def add_staffed_hours(
    now: datetime, hours: int, *, opens: time, closes: time, zone: ZoneInfo, country: str
) -> datetime:
    """Return when somebody has been at work for so many hours since then, in UTC.

    `opens` and `closes` are the wall clock of the office, on its working days.
    """
    left, day = timedelta(hours=hours), now.astimezone(zone).date()
    while True:
        if is_working_day(day, country):
            begin, end = (
                datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for at in (opens, closes)
            )
            begin = max(begin, now.astimezone(UTC))
            if end - begin >= left:
                return begin + left
            left -= max(end - begin, timedelta())
        day += timedelta(days=1)
