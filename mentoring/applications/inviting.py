"""Inviting somebody who has no match yet to a set of questions."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from mentoring.calendar.invitations import open_invitation
from mentoring.db import Session
from mentoring.models import Invitation, Person

_ASKED_BEFORE = select(func.count(Invitation.id)).where(
    Invitation.person_id == bindparam("person_id"), Invitation.flow == bindparam("flow")
)


def invite(session: Session, flow: str, person: Person, *, now: datetime) -> int | None:
    """Invite somebody from now on, in their own hours; each time is a number of its own.

    Returns the id of the invitation, or None when the same one was written at this very moment.
    """
    before = session.columns(_ASKED_BEFORE, {"person_id": person.id, "flow": flow}).scalar()
    number = (before or 0) + 1
    return open_invitation(session, flow, person=person, number=number, at=now, now=now)
