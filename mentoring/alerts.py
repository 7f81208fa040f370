"""Alerts: the tasks that an oversight rule opened. Each has one owner, and ends with a code."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import AuditEntry, Match, MatchState, Severity, Staff, StaffTask
from mentoring.oversight.rules import RANK, OutcomeCode
from mentoring.tasks import end_task, find_task

_NO_WORDS = "The code `other` says nothing by itself: add a note with what came of it."
# In these states an open alert means that the match may be lost.
_MAY_BE_LOST = (MatchState.EARLY, MatchState.ACTIVE)


def list_alerts(session: Session, *, closed_too: bool = False) -> list[StaffTask]:
    """Return the open alerts, the most severe first and then by the day they are due."""
    chosen = select(StaffTask).where(StaffTask.severity.is_not(None))
    if not closed_too:
        chosen = chosen.where(StaffTask.done_at.is_(None))
    rank = case(RANK, value=StaffTask.severity)
    return list(session.scalars(chosen.order_by(rank.desc(), StaffTask.due_at, StaffTask.id)))


def is_at_risk() -> ColumnElement[bool]:
    """Return the condition that a match is at risk: early or active, with an alert open about it.

    It is read from the alerts and kept nowhere, so it ends when staff have closed the last one.
    """
    alert = exists(
        select(StaffTask.id).where(
            StaffTask.match_id == Match.id,
            StaffTask.severity.is_not(None),
            StaffTask.done_at.is_(None),
        )
    )
    return Match.state.in_(_MAY_BE_LOST) & alert


def assign_alert(
    session: Session, alert_id: int, name: str, *, actor: str, now: datetime
) -> tuple[StaffTask, Staff]:
    """Give an open alert to a member of staff; raises ProgrammeError with a sentence."""
    alert = _open_alert(session, alert_id)
    member = session.scalar(select(Staff).where(func.lower(Staff.name) == name.strip().lower()))
    if member is None:
        raise ProgrammeError(
            f"There is no member of staff called {name}. `bridgeline staff` lists them."
        )
    alert.owner_id = member.id
    _write_down(session, alert, "assigned alert", member.name, actor=actor, now=now)
    return alert, member


def close_alert(
    session: Session,
    alert_id: int,
    *,
    code: OutcomeCode,
    actor: str,
    now: datetime,
    note: str = "",
) -> StaffTask:
    """Close an alert with what came of it: a code, and in a note whatever else is to be known.

    Nothing else ever closes one, least of all time. Raises ProgrammeError with a sentence.
    """
    alert = _open_alert(session, alert_id)
    note = " ".join(note.split())
    if code is OutcomeCode.OTHER and not note:
        raise ProgrammeError(_NO_WORDS)
    outcome = f"{code.value}: {note}" if note else code.value
    end_task(alert, outcome=outcome[:200], now=now)
    _write_down(session, alert, "closed alert", outcome, actor=actor, now=now)
    return alert


def alert_with_id(session: Session, alert_id: int) -> StaffTask:
    """Return an alert, open or closed; raises ProgrammeError with a sentence."""
    alert = session.get(StaffTask, alert_id)
    if alert is None or alert.severity is None:
        raise ProgrammeError(f"There is no alert {alert_id}. `bridgeline alerts` lists them.")
    return alert


def _open_alert(session: Session, alert_id: int) -> StaffTask:
    alert = find_task(session, alert_id)
    if alert.severity is None:
        raise ProgrammeError(
            f"Task {alert_id} is no alert. Close it with: bridgeline tasks done {alert_id}"
            ' --outcome "..."'
        )
    return alert


def _write_down(
    session: Session, alert: StaffTask, action: str, words: str, *, actor: str, now: datetime
) -> None:
    session.add(
        AuditEntry(
            actor=actor,
            action=action,
            entity="alert",
            entity_id=str(alert.id),
            reason=words[:200],
            at=now,
        )
    )


def raise_severity(alert: StaffTask, severity: Severity, *, words: str, due_at: datetime) -> None:
    """Let an open alert weigh more than it did, and be due no later than it was."""
    alert.severity = severity
    alert.words = words[:200]
    alert.due_at = min(alert.due_at, due_at)
