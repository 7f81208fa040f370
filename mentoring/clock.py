"""Injected time, and the hours in which the service may ring or write to a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mentoring.languages import spoken_clock, spoken_date

__all__ = [
    "Clock",
    "ManualClock",
    "PushedClock",
    "SystemClock",
    "Window",
    "midnight",
    "spoken_date",
    "spoken_day",
    "spoken_time",
    "zone_named",
    "zone_showing",
]


class Clock(Protocol):
    """Tells the present moment as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told: for tests and for playing a year."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class PushedClock:
    """Real time plus an offset that can be pushed forward: the clock of the demo."""

    def __init__(self) -> None:
        self.pushed = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.pushed

    def advance(self, seconds: float) -> None:
        self.pushed += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Window:
    """The local hours in which a person may be rung or written to, `start` included, `end` not."""

    start: time
    end: time


def zone_named(name: str | None) -> ZoneInfo | None:
    """Return the zone of that IANA name, or None when there is none or it left the database."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_showing(now: datetime, wall_time: time, candidates: Iterable[str]) -> str | None:
    """Return the first candidate zone whose clock shows that time now, 15 minutes either way."""
    for name in candidates:
        zone = zone_named(name)
        if zone is None:
            continue
        local = now.astimezone(zone)
        shown = local.hour * 60 + local.minute
        apart = abs(shown - (wall_time.hour * 60 + wall_time.minute))
        if min(apart, 24 * 60 - apart) <= 15:
            return name
    return None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) at which a day begins in a zone."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def spoken_time(moment: datetime, zone: ZoneInfo) -> str:
    """Return the local time as people say it: `4 pm`, `4:05 pm`."""
    return spoken_clock(f"{moment.astimezone(zone):%H:%M}")


def spoken_day(moment: datetime, zone: ZoneInfo) -> str:
    """Return the local date as people say it, always with its weekday: `Tue, Mar 3`."""
    return spoken_date(moment.astimezone(zone).date())
