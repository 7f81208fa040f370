"""Whoever told us a worry hears what we did about it: first they are asked when that suits them."""

from datetime import datetime

from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.settling import settle
from mentoring.db import Session
from mentoring.models import OUT, Invitation, InvitationState, Person, Phone, StaffTask
from mentoring.tasks import open_task

FLOW = "concern_outcome"


def ask_when_to_tell(session: Session, alert: StaffTask, *, now: datetime) -> None:
    """Ask in the way that they like (T-N6). Where nobody can be asked, staff tell them at once."""
    person = session.get(Person, alert.person_id) if alert.person_id is not None else None
    if person is None or alert.match_id is None or person.state in OUT:
        _ask_staff(session, alert, person, now=now)
        return
    open_invitation(
        session,
        FLOW,
        match_id=alert.match_id,
        person=person,
        # Of several worries each has an outcome of its own.
        number=alert.id,
        at=now,
        now=now,
    )


def ask_no_more(session: Session, alert: StaffTask, *, now: datetime) -> None:
    """They have been told, so nobody asks for a time any more."""
    asked = Invitation.flow == FLOW, Invitation.number == alert.id
    settle(session, *asked, state=InvitationState.CANCELLED, outcome="told", now=now)


def _ask_staff(session: Session, alert: StaffTask, person: Person | None, *, now: datetime) -> None:
    who = person.code if person is not None else f"whoever told us (alert {alert.id})"
    open_task(
        session,
        rule="outcome",
        words=f"Tell {who} what came of their worry.",
        key=f"outcome:alert:{alert.id}",
        person=person,
        phone=session.get(Phone, alert.phone_id) if alert.phone_id is not None else None,
        match_id=alert.match_id,
        now=now,
    )
