"""The period of a report: whole calendar months in the zone of the office.

No two periods differ by single days then, for their difference would tell about those. A day begins
at midnight on the office's clock: where the clock changes it has 23 or 25 hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mentoring.clock import midnight
from mentoring.errors import ProgrammeError

# In days: three years are 36 months in a table.
LONGEST = 1096
_EARLIEST = 2000


@dataclass(frozen=True)
class Period:
    """The days from `since` on, up to and without `until`."""

    since: date
    until: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.since <= day < self.until

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the moments (UTC) at which it begins and ends in a zone."""
        return midnight(self.since, zone), midnight(self.until, zone)

    def months(self) -> Iterator[tuple[str, "Period"]]:
        """Return its calendar months as (`2026-03`, days); the first and last may be cut short."""
        first = self.since.replace(day=1)
        while first < self.until:
            following = next_month(first)
            cut = Period(max(first, self.since), min(following, self.until))
            yield f"{first:%Y-%m}", cut
            first = following

    @property
    def is_whole(self) -> bool:
        """Whether it is made of whole calendar months."""
        return self.since.day == 1 and self.until.day == 1

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.until - timedelta(days=1)


def next_month(day: date) -> date:
    """Return the first day of the month after that of a day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_of(day: date) -> Period:
    """Return the calendar month of a day."""
    return Period(day.replace(day=1), next_month(day))


def quarter_of(day: date) -> Period:
    """Return the calendar quarter of a day."""
    first = day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    return Period(first, next_month(next_month(next_month(first))))


def year_of(day: date) -> Period:
    """Return the calendar year of a day."""
    return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1))


def read_period(since: str, until: str, *, today: date) -> Period:
    """Return the period from a first to a last day, both written like 2026-03-31.

    Raises ProgrammeError with a sentence, also when it cuts a month, is too long or not begun.
    """
    first, last = _day(since), _day(until)
    if last < first:
        raise ProgrammeError("The last day comes before the first one. Change one of them.")
    if not first.year >= _EARLIEST or first > today:
        raise ProgrammeError(f"Choose a first day between {_EARLIEST}-01-01 and {today}.")
    if (last - first).days >= LONGEST:
        raise ProgrammeError("A report is about three years at most. Choose a later first day.")
    period = Period(first, last + timedelta(days=1))
    refuse_parts_of_months(period)
    return period


def refuse_parts_of_months(period: Period) -> None:
    """Raise ProgrammeError for a period that cuts a month."""
    if not period.is_whole:
        raise ProgrammeError(
            "A report is about whole months: choose the first day of a month, and the last day of"
            " one. Single days would tell about single people."
        )


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError as error:
        raise ProgrammeError("Write each day like 2026-03-31.") from error
