"""The audit log: who of the staff looked at, or changed, something private, and why."""

from datetime import datetime

from mentoring.db import Session
from mentoring.models import AuditEntry, Phone
from mentoring.people import number_of, refuse_forgotten

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
    """Return a phone's real number (E.164) for a member of staff; the look at it is kept (S11).

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
    return number_of(session, phone)
