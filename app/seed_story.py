"""The past of the fictional programme: events, played in the order of their time."""

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentoring.db import Session
from mentoring.models import Match, Person

_OPENING, _CLOSING, _QUIET_HOUR = 9, 17, time(15)


class Story:
    """Everybody and everything that the events of the past need, and those events."""

    coordinator = "Charlotte Reyes"

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.people: dict[str, Person] = {}
        self.matches: dict[tuple[str, str], Match] = {}
        self.dice = random.Random(2025)  # noqa: S311 - a story needs no secrets, only variety.
        self._events: list[tuple[datetime, Callable[[datetime], None]]] = []

    def ago(self, days: float) -> datetime:
        """Return the moment so many days ago, moved back into office hours."""
        office = self.session.programme.office
        local = (self.now - timedelta(days=days)).astimezone(office)
        if _OPENING <= local.hour < _CLOSING:
            return local
        day = local.date() if local.hour >= _CLOSING else local.date() - timedelta(days=1)
        return datetime.combine(day, _QUIET_HOUR, tzinfo=office)

    def on_day(self, days: float, hour: int, zone: ZoneInfo) -> datetime:
        """Return that hour, with some minutes, of the local day so many days ago."""
        day = (self.now - timedelta(days=days)).astimezone(zone).date()
        return datetime.combine(day, time(hour, self.dice.randrange(60)), tzinfo=zone)

    def sid(self, kind: str) -> str:
        """Return an id such as the carrier gives: `CA` for calls, `SM` for texts."""
        return f"{kind}{self.dice.getrandbits(128):032x}"

    def then(self, at: datetime, event: Callable[[datetime], None]) -> None:
        """Let something happen at a moment of the past."""
        self._events.append((at, event))

    def play(self) -> None:
        """Let everything happen, oldest first; what falls together happens as it was planned."""
        for at, event in sorted(self._events, key=lambda pair: pair[0]):
            event(at)
