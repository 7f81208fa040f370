"""What stops texts until somebody mends it: staff are told once, and sending may pause."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from mentoring.db import Session
from mentoring.marks import MarkName, mark_of, set_mark
from mentoring.models import Delivery, Line, StaffTask
from mentoring.phone import written
from mentoring.tasks import open_task

log = logging.getLogger("bridgeline.trouble")

CONFIG = "config"
# What is under a key that this process does not know waits so long for one that does.
KEY_WAIT = timedelta(minutes=2)
# Long enough not to hammer a carrier that refuses us, short enough to be back soon once mended.
_PAUSE = timedelta(minutes=5)


def pause_sending(session: Session, *, code: int | None, words: str, now: datetime) -> datetime:
    """The carrier refuses the whole account: send nothing for a while; returns until when.

    Every text keeps its place and its tries, so all of them leave in order when it is mended.
    """
    until = now + _PAUSE
    set_mark(session, MarkName.SENDING_PAUSES, until)
    tell_about_account(session, code=code, words=f"No text leaves. {words}", now=now)
    return until


def tell_about_account(session: Session, *, code: int | None, words: str, now: datetime) -> None:
    """The carrier refuses the whole account: ask staff once to mend it, within the hour."""
    _tell(session, f"{CONFIG}:{code}:account", words=words, working_days=0, now=now)


def lacks_key(session: Session, row: Delivery, *, now: datetime) -> bool:
    """Tell whether another process has sealed this under a newer key than we were started with.

    Then staff are asked once, within the hour, to start this one anew.
    """
    key = session.vault.missing_key(row.body_sealed, row.to_phone.number_sealed)
    if key is None:
        return False
    log.error("Delivery %d waits for a worker that knows encryption key %d.", row.id, key)
    words = (
        f"The worker does not know encryption key {key}, so texts and calls wait. Stop the site,"
        " the worker and beat, and start them again with the newest keys."
    )
    _tell(session, f"{CONFIG}:key {key}", words=words, working_days=0, now=now)
    return True


def tell_about_webhooks(session: Session, *, failed: int, total: int, now: datetime) -> None:
    """Too many of the carrier's requests fail: one alert for an admin, within the hour (O22)."""
    words = (
        f"{failed} of the last {total} requests of the carrier failed: people hear an apology."
        " Look into the log bridgeline.exchange, then run: bridgeline doctor"
    )
    open_task(session, rule="O22", words=words, subject="webhooks", now=now)


def paused_until(session: Session, *, now: datetime) -> datetime | None:
    """Return until when nothing is sent, or None when texts leave as usual."""
    until = mark_of(session, MarkName.SENDING_PAUSES)
    return until if until is not None and until > now else None


def tell_about_line(
    session: Session, line: Line, *, code: int | None, words: str, now: datetime
) -> None:
    """The carrier or a network refuses texts from one line: ask staff once to mend it."""
    words = f"Line {written(line.number)}: {words}"
    _tell(session, f"{CONFIG}:{code}:{line.id}", words=words, working_days=None, now=now)


_OPEN = (
    select(StaffTask)
    .where(StaffTask.rule == CONFIG, StaffTask.done_at.is_(None))
    .order_by(StaffTask.id)
)


def open_troubles(session: Session) -> list[StaffTask]:
    """Return what nobody has mended yet, oldest first."""
    return list(session.scalars(_OPEN))


def _tell(
    session: Session, key: str, *, words: str, working_days: int | None, now: datetime
) -> None:
    """Open one task, unless one is open; one that was closed may come again on another day."""
    if any(task.dedupe_key.startswith(f"{key}:") for task in open_troubles(session)):
        return
    open_task(
        session,
        rule=CONFIG,
        words=words[:200],
        key=f"{key}:{now:%Y-%m-%d}",
        working_days=working_days,
        now=now,
    )
