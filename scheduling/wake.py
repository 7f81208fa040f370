"""Waking the worker after a commit, without ever letting a webhook wait for the broker."""

import logging
import threading

from celery import Celery

from scheduling.celery_app import DRAIN

log = logging.getLogger("bridgeline.wake")


class Waker:
    """Calls the worker from a thread of its own. Many calls in a moment become one.

    If the broker is down nothing is lost: the rows are committed, and beat asks for them anyway.
    """

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._called = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def __call__(self) -> None:
        """Ask for the outbox to be drained; returns at once."""
        with self._lock:
            # Started here and not at import: a pre-forking server would lose the thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="waker", daemon=True)
                self._thread.start()
        self._called.set()

    def _run(self) -> None:
        while True:
            self._called.wait()
            self._called.clear()
            try:
                self._celery.send_task(DRAIN, retry=False, expires=60)
            except Exception:
                log.warning("The worker could not be woken; beat will catch up.")
