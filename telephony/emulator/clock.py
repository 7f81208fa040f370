"""The time of the emulator: any clock that can be read, and one that moves only when told."""

from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

DEFAULT_START = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)


class Clock(Protocol):
    """Tells the present moment as an aware UTC datetime."""

    def now(self) -> datetime: ...


@runtime_checkable
class PushableClock(Protocol):
    """A clock that can be moved forward by a number of seconds."""

    def now(self) -> datetime: ...

    def advance(self, seconds: float) -> None: ...


class VirtualClock:
    """A clock that stands still until `advance` moves it: a day passes in no time at all."""

    def __init__(self, start: datetime = DEFAULT_START) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
