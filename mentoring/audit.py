"""The audit log: who of the staff looked at, or changed, something private, and why."""

from datetime import datetime

from mentoring.db import Session
from mentoring.models import AuditEntry, Person, Phone, StaffTask
from mentoring.people import dialled_number, refuse_forgotten

_LONGEST = 200


def write_audit(
    session: Session,
    *,
    actor: str,
    action: str,
    entity: str,
    entity_id: str,
    reason: str,
    now: datetime,
) -> None:
    """Write that staff looked at, or changed, something private."""
    session.add(
        AuditEntry(
            actor=actor,
            action=action,
            entity=entity,
            entity_id=entity_id,
            reason=reason[:_LONGEST],
            at=now,
        )
    )


def write_about(
    session: Session, person: Person, action: str, *, actor: str, reason: str, now: datetime
) -> None:
    """Write something about a person; their page shows it."""
    write_audit(
        session,
        actor=actor,
        action=action,
        entity="person",
        entity_id=person.code,
        reason=reason,
        now=now,
    )


def write_look(
    session: Session,
    person: Person | None,
    action: str,
    *,
    otherwise: tuple[str, str],
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    """Write that staff looked at something private, where the page of whom it is about shows it.

    About nobody known it is kept with the thing itself: `otherwise` is what it is and its number.
    """
    if person is not None:
        write_about(session, person, action, actor=actor, reason=reason, now=now)
        return
    entity, entity_id = otherwise
    write_audit(
        session,
        actor=actor,
        action=action,
        entity=entity,
        entity_id=entity_id,
        reason=reason,
        now=now,
    )


def reveal_number(
    session: Session,
    phone: Phone,
    *,
    entity: str,
    entity_id: str,
    actor: str,
    reason: str,
    now: datetime,
) -> str:
    """Return what a member of staff dials to reach a phone; the look at it is kept (S11).

    Raises ProgrammeError with a sentence when the number was purged.
    """
    refuse_forgotten(phone)
    write_audit(
        session,
        actor=actor,
        action="revealed number",
        entity=entity,
        entity_id=entity_id,
        reason=reason,
        now=now,
    )
    return dialled_number(session, phone)


def reveal_number_of_task(
    session: Session, task: StaffTask, phone: Phone, *, actor: str, reason: str, now: datetime
) -> str:
    """Return what staff dial about a task; the look is kept with whoever has the number (S11).

    Raises ProgrammeError with a sentence when the number was purged.
    """
    refuse_forgotten(phone)
    person = session.get(Person, task.person_id) if task.person_id is not None else None
    for each in (person,) if person is not None else phone.people or (None,):
        write_look(
            session,
            each,
            f"revealed number for task {task.id}" if each else "revealed number",
            otherwise=("task", str(task.id)),
            actor=actor,
            reason=reason,
            now=now,
        )
    return dialled_number(session, phone)
