"""Somebody puts off a question of ours: the next try comes later, and nothing is sent besides.

So nobody gets more reminders than the ladder has (A26), nor any at other hours.
"""

from datetime import datetime

from sqlalchemy import bindparam, select

from mentoring.calendar.dues import put_off
from mentoring.calendar.ladders import LADDERS, Way
from mentoring.db import Session
from mentoring.models import Due, Invitation

_NEXT_TRY = (
    select(Due, Invitation.flow)
    .join(Invitation, Invitation.id == Due.invitation_id)
    .where(Due.invitation_id == bindparam("invitation_id"), Due.done_at.is_(None))
)


def ask_later(session: Session, invitation_id: int, *, at: datetime) -> bool:
    """Put the next try off till a moment (UTC); False where it is none that asks them again.

    What follows when nobody has answered, such as a call by staff, waits as long in any case.
    """
    found = session.execute(_NEXT_TRY, {"invitation_id": invitation_id}).first()
    if found is None:
        return False
    due, flow = found
    put_off(due, max(due.due_at, at))
    rung = LADDERS[flow].rung(due.round)
    return rung is not None and rung.way not in (Way.STAFF, Way.GIVE_UP)
