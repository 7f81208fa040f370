"""Tasks for staff: what no machine may decide or do. One reason makes one open task.

A task of an oversight rule is an alert. It has a severity, and closes only with an outcome code:
mentoring/alerts.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import NoResultFound

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Person, Phone, Severity, StaffTask
from mentoring.oversight.rules import RULES, OutcomeCode
from mentoring.rows import insert_or_find

# Something that we were asked to change (mentoring/feedback.py), and a goal whose day is over
# (mentoring/goals.py).
CHANGE, GOAL = "change", "goal"
# What closes where its result is written down, and not on its own page.
_CLOSED_ELSEWHERE = {
    CHANGE: "is something to change, and closes with what has changed. Open it on the page"
    " Feedback.",
    GOAL: "asks what came of a goal, and closes with that. Open it on the page Goals.",
}


def open_task(
    session: Session,
    *,
    rule: str,
    words: str,
    now: datetime,
    key: str | None = None,
    subject: str | None = None,
    person: Person | None = None,
    phone: Phone | None = None,
    match_id: int | None = None,
    recording_id: int | None = None,
    working_days: int | None = None,
    no_later_than: datetime | None = None,
) -> StaffTask:
    """Open a task, or return the one that this key made before.

    `rule` is the oversight rule or reason (O8, landline ...); `key` names the one event that asks
    for it, so a repeated carrier event opens nothing twice. It may name a `subject` instead, such
    as P05: then there is one of that rule and subject open at a time, whatever happens. It is due
    `no_later_than` a moment after which it is of no use.
    """
    known = RULES.get(rule)
    due_at = _due(session, rule, working_days, now)
    if no_later_than is not None:
        due_at = max(now, min(due_at, no_later_than))
    open_key = key if subject is None else f"{rule}:{subject}"
    task = StaffTask(
        rule=rule,
        words=words,
        person_id=person.id if person else None,
        phone_id=phone.id if phone else None,
        match_id=match_id,
        recording_id=recording_id,
        dedupe_key=key or _opening(open_key, now),
        opened_at=now,
        due_at=due_at,
    )
    if known is not None or subject is not None:
        task.open_key = open_key
    if known is not None:
        task.severity = known.severity
    return _written_once(session, task, "dedupe_key" if key else "open_key")


def _written_once(session: Session, task: StaffTask, unique: str) -> StaffTask:
    """Write a task, or return the one that is there; a recording that came later joins it."""
    recording_id = task.recording_id
    found = insert_or_find(session, task, unique)
    if recording_id is not None and found.recording_id is None:
        found.recording_id = recording_id
    return found


def _opening(open_key: str | None, now: datetime) -> str:
    """Return the key of one opening: the same alert may open again when it was closed."""
    return f"{open_key}@{now.isoformat()}"


def _due(session: Session, rule: str, working_days: int | None, now: datetime) -> datetime:
    """Return by when: as the caller says, else as the rule does, else as callers are promised."""
    programme, days = session.programme, working_days
    if days is None and rule in RULES and RULES[rule].staffed_hours:
        return programme.add_staffed_hours(now, RULES[rule].staffed_hours)
    if days is None and rule in RULES:
        days = RULES[rule].working_days
    if days is None:
        days = programme.call_back_working_days
    return programme.add_working_days(now, days) if days else now + timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """What a rule found. `since` is when it came true; `severity` stands in for the rule's own."""

    rule: str
    subject: str
    words: str
    since: datetime
    match_id: int | None = None
    person_id: int | None = None
    severity: Severity | None = None

    @property
    def open_key(self) -> str:
        """What names the alert while it is open."""
        return f"{self.rule}:{self.subject}"


# As many rows as go into one statement, with room for the drivers' limits.
_AT_ONCE = 500
_OPENED = select(StaffTask).where(StaffTask.id.in_(bindparam("ids", expanding=True)))


def open_alerts(
    session: Session, findings: Sequence[Finding], *, owner_id: int | None, now: datetime
) -> list[StaffTask]:
    """Open an alert for each finding, but none that is open already; returns the new ones.

    Another sweep may write the same at this moment: the database lets one of the two have it.
    """
    # In one order everywhere, so that two sweeps never wait for each other crosswise.
    ordered = sorted({found.open_key: found for found in findings}.items())
    rows = [_alert(session, found, owner_id, now) for _, found in ordered]
    insert: Any = postgresql if session.wire.dialect.name == "postgresql" else sqlite
    once = insert.insert(StaffTask.__table__).on_conflict_do_nothing()
    opened: list[StaffTask] = []
    for start in range(0, len(rows), _AT_ONCE):
        given = once.values(rows[start : start + _AT_ONCE]).returning(StaffTask.__table__.c.id)
        ids = session.wire.execute(given).scalars().all()
        if ids:
            opened += session.scalars(_OPENED, {"ids": list(ids)})
    return opened


def _alert(
    session: Session, found: Finding, owner_id: int | None, now: datetime
) -> dict[str, object]:
    rule = RULES[found.rule]
    return {
        "rule": found.rule,
        "severity": found.severity or rule.severity,
        "words": found.words[:200],
        "match_id": found.match_id,
        "person_id": found.person_id,
        "owner_id": owner_id,
        "dedupe_key": _opening(found.open_key, now),
        "open_key": found.open_key,
        "opened_at": now,
        "due_at": _due(session, found.rule, None, now),
    }


def ask_for_zone(session: Session, person: Person, *, now: datetime) -> StaffTask:
    """Ask staff for a person's time zone: whoever writes it down closes the task.

    It was never told, or the time zone database has dropped the one that was.
    """
    words = f"Ask {person.code} for their time zone: until then we cannot call or text."
    if person.zone:
        words = (
            f"No clock knows the time zone of {person.code} any more ({person.zone[:40]})."
            " Ask where they live, and write the time zone down."
            " Till then we cannot call or text."
        )
    return open_task(session, rule="zone", words=words, subject=person.code, person=person, now=now)


def find_task(session: Session, task_id: int) -> StaffTask:
    """Return an open task; raises ProgrammeError when there is none or it was closed."""
    try:
        task = session.scalars(
            select(StaffTask).where(StaffTask.id == task_id).with_for_update()
        ).one()
    except NoResultFound as error:
        raise ProgrammeError(
            f"There is no task {task_id}. `bridgeline tasks` lists them."
        ) from error
    if task.done_at is not None:
        # The note at the end of an alert is not for everybody (S11).
        outcome = task.outcome or ""
        told = outcome if task.severity is None else outcome.partition(":")[0]
        raise ProgrammeError(f"Task {task_id} was closed already: {told}.")
    return task


# A caller may come to staff more than once in a call: the first time has the bare key.
_key = bindparam("key", type_=String())
_CALL_BACKS = (
    select(StaffTask)
    .where(or_(StaffTask.dedupe_key == _key, StaffTask.dedupe_key.startswith(_key + ":")))
    .order_by(StaffTask.id.desc())
    .limit(1)
)


def key_of_call_back(call_sid: str, visit: int = 0) -> str:
    """Return the key of the call-back task of one visit of a call to staff, counted from 0."""
    return f"person:{call_sid}" + (f":{visit}" if visit else "")


def visit_of(call_back: StaffTask) -> int:
    """Return which visit of its call a call-back task is of; see `key_of_call_back`."""
    _, _, visit = call_back.dedupe_key.removeprefix("person:").partition(":")
    return int(visit or 0)


def newest_call_back(session: Session, call_sid: str) -> StaffTask | None:
    """Return the task of the last visit of a call to staff, done or not; None if there was none."""
    return session.scalar(_CALL_BACKS, {"key": key_of_call_back(call_sid)})


def close_task(session: Session, task_id: int, *, outcome: str, now: datetime) -> StaffTask:
    """Close a task with what came of it; or raises ProgrammeError.

    An alert closes with an outcome code; feedback and a goal with what came of them.
    """
    task = find_task(session, task_id)
    if task.severity is not None:
        raise ProgrammeError(
            f"Task {task_id} is an alert and closes with an outcome code:"
            f" bridgeline alerts close {task_id} CODE"
        )
    if task.rule in _CLOSED_ELSEWHERE:
        raise ProgrammeError(f"Task {task_id} {_CLOSED_ELSEWHERE[task.rule]}")
    end_task(task, outcome=outcome, now=now)
    return task


def end_task(task: StaffTask, *, outcome: str, now: datetime) -> None:
    """Write down that a task is done. Another one about the same may open from now on."""
    task.done_at = now
    task.outcome = outcome
    task.open_key = None


_NAMED = select(StaffTask).where(
    or_(StaffTask.dedupe_key == bindparam("key"), StaffTask.open_key == bindparam("key")),
    StaffTask.done_at.is_(None),
)


def end_open_task(session: Session, key: str, *, outcome: str, now: datetime) -> None:
    """End the open task that a key names, if there is one: what it asked for is done."""
    task = session.scalar(_NAMED, {"key": key})
    if task is not None:
        end_task(task, outcome=outcome, now=now)


def end_task_for_now(session: Session, key: str, *, outcome: str, now: datetime) -> None:
    """End what a key names as `end_open_task` does; it opens anew when the same happens again."""
    task = session.scalar(_NAMED, {"key": key})
    if task is not None:
        task.dedupe_key = _opening(key, task.opened_at)
        end_task(task, outcome=outcome, now=now)


def answered_by_person(session: Session, task_id: int, *, now: datetime) -> None:
    """A member of staff took the caller's call, so nobody needs to call back."""
    task = session.get(StaffTask, task_id)
    if task is not None and task.done_at is None:
        end_task(task, outcome=OutcomeCode.ANSWERED.value, now=now)
