"""Inviting somebody who has no match yet to a set of questions."""

from datetime import datetime

from sqlalchemy import func, select

from mentoring.calendar.invitations import open_invitation
from mentoring.db import Session
from mentoring.models import Invitation, Person


def invite(session: Session, flow: str, person: Person, *, now: datetime) -> None:
    """Invite somebody from now on, in their own hours; each time is a number of its own."""
    before = session.scalar(
        select(func.count(Invitation.id)).where(
            Invitation.person_id == person.id, Invitation.flow == flow
        )
    )
    open_invitation(session, flow, person=person, number=(before or 0) + 1, at=now, now=now)
