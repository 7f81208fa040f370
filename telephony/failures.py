"""How many of the carrier's requests fail: counted in memory, for a fault must not need a table."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from mentoring.clock import Clock
from mentoring.programme import Programme

_BUCKET = timedelta(minutes=1)


class FailureWatch:
    """Counts the exchanges of the last minutes and says when too many of them failed (O22).

    Each process counts its own, which is a fair sample of all. `alarm` is told how many failed of
    how many, once in such a time.
    """

    def __init__(
        self,
        clock: Clock,
        programme: Callable[[], Programme],
        alarm: Callable[[int, int], None],
    ) -> None:
        self._clock = clock
        self._programme = programme
        self._alarm = alarm
        self._lock = Lock()
        # When each minute began, how many exchanges it had, and how many of them failed.
        self._minutes: deque[tuple[datetime, int, int]] = deque()
        self._told_at: datetime | None = None

    def saw(self, *, failed: bool) -> None:
        """Count one exchange; alarms when it was one failure too many."""
        now, limits = self._clock.now(), self._programme().thresholds
        window = timedelta(minutes=limits.webhook_minutes)
        with self._lock:
            total, wrong = self._count(now, window, failed=failed)
            is_told = self._told_at is not None and now - self._told_at < window
            too_many = wrong >= limits.webhook_errors and (
                100 * wrong > limits.webhook_error_percent * total
            )
            if not failed or is_told or not too_many:
                return
            self._told_at = now
        self._alarm(wrong, total)

    def _count(self, now: datetime, window: timedelta, *, failed: bool) -> tuple[int, int]:
        if self._minutes and now - self._minutes[-1][0] < _BUCKET:
            began, total, wrong = self._minutes.pop()
        else:
            began, total, wrong = now, 0, 0
        self._minutes.append((began, total + 1, wrong + failed))
        while now - self._minutes[0][0] >= window:
            self._minutes.popleft()
        return sum(each[1] for each in self._minutes), sum(each[2] for each in self._minutes)
