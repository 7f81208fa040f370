"""The heart of the emulator: a heap of things that will happen, and one lock around them all.

Everything that takes time at a real carrier (ringing, speaking, waiting for keys, sending a text)
is an event with a due time. Events run one at a time, under the lock. The one exception is an
exchange over HTTP: it runs without the lock, because the application that is being asked may well
use our REST interface before it answers.
"""

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telephony.emulator.clock import Clock, PushableClock

Action = Callable[[], None]


@dataclass(order=True)
class Event:
    """Something due at a moment; `seq` keeps the order of events of the same moment."""

    due: datetime
    seq: int
    action: Action = field(compare=False)
    locked: bool = field(compare=False, default=True)
    cancelled: bool = field(compare=False, default=False)

    def cancel(self) -> None:
        self.cancelled = True


class Engine:
    """Runs events in the order of their due times on the clock it was given."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        # Asked once: the question is a slow one, and time passes often.
        self._pushable = clock if isinstance(clock, PushableClock) else None
        self.lock = threading.RLock()
        self.version = 0
        self._heap: list[Event] = []
        self._seq = itertools.count()
        self._driving = threading.RLock()
        self._driver: int | None = None

    def now(self) -> datetime:
        return self.clock.now()

    def at(self, due: datetime, action: Action, *, locked: bool = True) -> Event:
        """Schedule an action for a moment; the event that is returned can be cancelled."""
        with self.lock:
            event = Event(due, next(self._seq), action, locked)
            heapq.heappush(self._heap, event)
            return event

    def after(self, seconds: float, action: Action, *, locked: bool = True) -> Event:
        return self.at(self.now() + timedelta(seconds=seconds), action, locked=locked)

    def soon(self, action: Action) -> Event:
        """Schedule an action for this very moment, after whatever is running now."""
        return self.after(0, action)

    def do(self, action: Action) -> None:
        """Carry out something a person did at this moment, and all that follows at once."""
        with self.lock:
            self.version += 1
            action()
        self.run_due()

    def run_due(self) -> int:
        """Run every event that is due by now; return how many ran.

        One thread drives at a time and others wait for it; a call from within an event returns
        at once, because the loop that runs this event will also find what it has added.
        """
        if self._driver == threading.get_ident():
            return 0
        with self._driving:
            self._driver = threading.get_ident()
            try:
                count = 0
                while (event := self._take_due()) is not None:
                    self._run(event)
                    count += 1
                return count
            finally:
                self._driver = None

    def advance(self, seconds: float) -> None:
        """Move a virtual clock forward, stopping at each event on the way to run it.

        Raises TypeError when the clock cannot be moved.
        """
        if self._pushable is None:
            raise TypeError("This emulator runs on a clock that cannot be pushed forward.")
        target = self.now() + timedelta(seconds=seconds)
        self.run_due()
        while (due := self.next_due()) is not None and due <= target:
            self._push_clock(due)
            self.run_due()
        self._push_clock(target)

    def stop(self) -> None:
        """Forget all that was still going to happen."""
        with self.lock:
            self._heap.clear()

    def next_due(self) -> datetime | None:
        """Return when the next event is due, or None when nothing is going to happen."""
        with self.lock:
            while self._heap and self._heap[0].cancelled:
                heapq.heappop(self._heap)
            return self._heap[0].due if self._heap else None

    def _push_clock(self, moment: datetime) -> None:
        ahead = (moment - self.now()).total_seconds()
        if ahead > 0 and self._pushable is not None:
            self._pushable.advance(ahead)

    def _take_due(self) -> Event | None:
        with self.lock:
            due = self.next_due()
            if due is None or due > self.now():
                return None
            return heapq.heappop(self._heap)

    def _run(self, event: Event) -> None:
        if not event.locked:
            event.action()
            return
        with self.lock:
            self.version += 1
            event.action()
