"""The question before a talk that waits behind another one, where its person writes first.

A phone has one open question. Where several use it, the question of one keeps that of another
from being asked, and no text may tell of a talk there: so it is put once they have said their name.
"""

from datetime import datetime

from sqlalchemy import bindparam, select

from mentoring.calendar.dues import finish
from mentoring.calendar.pairs import ONE_IS_OUT
from mentoring.calendar.talks import ASKED_BEFORE
from mentoring.db import Session
from mentoring.models import (
    RESTING,
    Due,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Person,
    UtcDateTime,
)

_WAITS = (
    select(Invitation, Due)
    .join(Due, Due.invitation_id == Invitation.id)
    .join(Match, Match.id == Invitation.match_id)
    .where(
        Invitation.person_id == bindparam("person_id"),
        Invitation.flow.in_(ASKED_BEFORE),
        Invitation.state == InvitationState.WAITING,
        Invitation.due_at <= bindparam("now", type_=UtcDateTime()),
        Due.done_at.is_(None),
        Match.state.not_in((*RESTING, MatchState.CLOSED)),
        ~ONE_IS_OUT,
    )
    .order_by(Invitation.due_at, Invitation.id)
    .limit(1)
)


def waiting_reminder(session: Session, person: Person, *, now: datetime) -> Invitation | None:
    """Return the question before a talk that waits for a person, as asked from now on."""
    found = session.execute(_WAITS, {"person_id": person.id, "now": now}).first()
    if found is None:
        return None
    invitation, due = found
    invitation.state, invitation.asked_at = InvitationState.ASKED, now
    finish(due, "they wrote first", now=now)
    return invitation
