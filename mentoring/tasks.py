"""Tasks for staff: what no machine may decide or do. One reason makes one open task."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Person, Phone, StaffTask
from mentoring.rows import insert_or_find


def open_task(
    session: Session,
    *,
    rule: str,
    words: str,
    key: str,
    now: datetime,
    person: Person | None = None,
    phone: Phone | None = None,
    match_id: int | None = None,
    recording_id: int | None = None,
    working_days: int | None = None,
) -> StaffTask:
    """Open a task, or return the one that this key made before.

    `rule` is the oversight rule or reason (O8, O14, landline ...); `key` names the one event that
    asks for it, so a repeated carrier event opens nothing twice.
    """
    programme = session.programme
    days = programme.call_back_working_days if working_days is None else working_days
    task = StaffTask(
        rule=rule,
        words=words,
        person_id=person.id if person else None,
        phone_id=phone.id if phone else None,
        match_id=match_id,
        recording_id=recording_id,
        dedupe_key=key,
        opened_at=now,
        due_at=programme.add_working_days(now, days) if days else now + timedelta(hours=1),
    )
    found = insert_or_find(session, task, "dedupe_key")
    if recording_id is not None and found.recording_id is None:
        found.recording_id = recording_id
    return found


def ask_for_zone(session: Session, person: Person, *, now: datetime) -> StaffTask:
    """Ask staff for a person's time zone, once: whoever writes it down closes the task."""
    return open_task(
        session,
        rule="zone",
        words=f"Ask {person.code} for their time zone: until then we cannot call or text.",
        key=f"zone:{person.id}",
        person=person,
        now=now,
    )


def close_task(session: Session, task_id: int, *, outcome: str, now: datetime) -> StaffTask:
    """Close a task with what came of it; raises ProgrammeError when there is no such open task."""
    try:
        task = session.scalars(select(StaffTask).where(StaffTask.id == task_id)).one()
    except NoResultFound as error:
        raise ProgrammeError(
            f"There is no task {task_id}. `bridgeline tasks` lists them."
        ) from error
    if task.done_at is not None:
        raise ProgrammeError(f"Task {task_id} was closed already: {task.outcome}.")
    task.done_at = now
    task.outcome = outcome
    return task


def answered_by_person(session: Session, task_id: int, *, now: datetime) -> None:
    """A member of staff took the caller's call, so nobody needs to call back."""
    task = session.get(StaffTask, task_id)
    if task is not None and task.done_at is None:
        task.done_at = now
        task.outcome = "answered at once"
