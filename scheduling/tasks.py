"""The tasks. Each calls one function and logs the count; none of them thinks."""

import logging

from celery import Celery

from scheduling.celery_app import BLANK, DRAIN, OVERSEE, SWEEP
from scheduling.due import Ticker

log = logging.getLogger("bridgeline.tasks")


def register(celery: Celery, ticker: Ticker) -> None:
    """Give the Celery application its tasks, bound to this service's parts."""

    @celery.task(name=DRAIN)  # type: ignore[untyped-decorator]
    def drain() -> None:
        done = ticker.drain()
        log.info("Drained the outbox: %d done.", done)

    @celery.task(name=SWEEP)  # type: ignore[untyped-decorator]
    def sweep() -> None:
        done = ticker.sweep()
        log.info("Swept what was cut short: %d looked at.", done)

    @celery.task(name=BLANK)  # type: ignore[untyped-decorator]
    def blank() -> None:
        done = ticker.blank()
        log.info("Blanked what is too old to keep: %d rows.", done)

    @celery.task(name=OVERSEE)  # type: ignore[untyped-decorator]
    def oversee() -> None:
        done = ticker.oversee()
        log.info("Looked over all matches: %d alerts opened.", done)
