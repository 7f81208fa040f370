"""The week for coordinators: who is new, who waits, what was opened and what is overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from mentoring.db import Session
from mentoring.models import Person, PersonState, Role, StaffTask

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Digest:
    """The last seven days, and how things stand now."""

    new_people: int
    waiting: int
    longest_wait_days: int | None
    opened: int
    closed: int
    open_alerts: int
    overdue: int


def weekly_digest(
    session: Session, *, people: ColumnElement[bool], tasks: ColumnElement[bool], now: datetime
) -> Digest:
    """Return the week of those people and tasks that fulfil the conditions."""
    since = now - _WEEK
    is_waiting = (Person.state == PersonState.WAITING) & (Person.role == Role.PROTEGE)
    new, waiting, longest = session.execute(
        select(
            func.count().filter(Person.created_at >= since),
            func.count().filter(is_waiting),
            func.min(Person.state_since).filter(is_waiting),
        )
        .select_from(Person)
        .where(people)
    ).one()
    is_alert, is_open = StaffTask.severity.is_not(None), StaffTask.done_at.is_(None)
    opened, closed, alerts, overdue = session.execute(
        select(
            func.count().filter(is_alert & (StaffTask.opened_at >= since)),
            func.count().filter(is_alert & (StaffTask.done_at >= since)),
            func.count().filter(is_alert & is_open),
            func.count().filter(is_open & (StaffTask.due_at < now)),
        )
        .select_from(StaffTask)
        .where(tasks)
    ).one()
    days = None if longest is None else max(0, (now - longest).days)
    return Digest(new, waiting, days, opened, closed, alerts, overdue)
