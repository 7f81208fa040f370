"""Waiting for what other threads and processes do."""

from collections.abc import Callable
from threading import Event

from sqlalchemy import text

from mentoring.db import Database

# In seconds. Generous, because a loaded machine starts processes slowly; nobody waits for it when
# all is well.
PATIENCE = 60


def within_patience(is_true: Callable[[], bool]) -> bool:
    """Ask until something is true; False when it does not come true for long."""
    never = Event()
    return any(is_true() or never.wait(0.1) for _ in range(PATIENCE * 10))


def is_held_up(db: Database) -> bool:
    """Tell whether somebody waits for a row of this database on PostgreSQL."""
    waits = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with db.transaction() as session:
        return bool(session.scalar(waits))
