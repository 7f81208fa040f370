"""Alerts: the tasks that an oversight rule opened. Each has one owner, and ends with a code."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select

from mentoring.audit import write_audit
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Match, MatchState, Person, Severity, Staff, StaffTask
from mentoring.oversight.rules import RANK, RULES, OutcomeCode, Step
from mentoring.safety.outcome import ask_no_more, ask_when_to_tell
from mentoring.tasks import end_open_task, end_task, find_task, open_task

_NO_WORDS = "The code `other` says nothing by itself: add a note with what came of it."
# The task by which somebody on duty asks for an alert.
_ASKED_FOR = "asked for"
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
    end_open_task(session, _asking_for(alert), outcome=f"given to {member.name}", now=now)
    if alert.owner_id != member.id:
        alert.owner_id = member.id
        _write_down(session, alert, "assigned alert", member.name, actor=actor, now=now)
    return alert, member


def ask_for_alert(session: Session, alert_id: int, member: Staff, *, now: datetime) -> StaffTask:
    """Let somebody on duty ask for a worry that is nobody's yet; who may open it gives it to them.

    Of one alert there is one such task, whoever asks. Raises ProgrammeError with a sentence.
    """
    alert = _open_alert(session, alert_id)
    if alert.owner_id is not None:
        raise ProgrammeError(f"Somebody sees to alert {alert_id} by now.")
    if not member.on_duty:
        raise ProgrammeError("Whoever is on duty asks for an alert.")
    return open_task(
        session,
        rule=_ASKED_FOR,
        words=f"{member.name} would see to alert {alert_id}, which is nobody's yet. Give it to"
        " them, or to somebody else.",
        subject=str(alert_id),
        person=session.get(Person, alert.person_id) if alert.person_id is not None else None,
        match_id=alert.match_id,
        now=now,
    )


def _asking_for(alert: StaffTask) -> str:
    return f"{_ASKED_FOR}:{alert.id}"


def due_step(alert: StaffTask) -> Step | None:
    """Return the step of an open alert that is due now; None when its rule has none."""
    steps = RULES[alert.rule].steps
    return steps[alert.step] if steps and alert.done_at is None else None


def take_step(
    session: Session, alert_id: int, *, actor: str, now: datetime
) -> tuple[StaffTask, Step]:
    """Note that the step that was due is taken; returns it, and the next one is due from now on.

    Raises ProgrammeError with a sentence, also for the last one, with which the alert closes.
    """
    alert = _open_alert(session, alert_id)
    taken, steps = due_step(alert), RULES[alert.rule].steps
    if taken is None:
        raise ProgrammeError(f"Alert {alert_id} has no steps. Close it with what came of it.")
    if taken is steps[-1]:
        raise ProgrammeError(
            f"The last step of alert {alert_id} is {taken.title}. Once that is done, close it."
        )
    alert.step += 1
    following = steps[alert.step]
    days = following.working_days or session.programme.call_back_working_days
    alert.due_at = session.programme.add_working_days(alert.opened_at, days)
    if following.asks:
        ask_when_to_tell(session, alert, now=now)
    _write_down(session, alert, "took step", taken.title, actor=actor, now=now)
    return alert, taken


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
    step = due_step(alert)
    end_task(alert, outcome=outcome[:200], now=now)
    end_open_task(session, _asking_for(alert), outcome="the alert is closed", now=now)
    if step is not None and step.asks:
        ask_no_more(session, alert, now=now)
    elif step is not None:
        # Whatever came of it, whoever told us is to hear it.
        ask_when_to_tell(session, alert, now=now)
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
    write_audit(
        session,
        actor=actor,
        action=action,
        entity="alert",
        entity_id=str(alert.id),
        reason=words,
        now=now,
    )


def raise_severity(alert: StaffTask, severity: Severity, *, words: str, due_at: datetime) -> None:
    """Let an open alert weigh more than it did, and be due no later than it was."""
    alert.severity = severity
    alert.words = words[:200]
    alert.due_at = min(alert.due_at, due_at)
