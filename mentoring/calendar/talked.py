"""A talk is over: some hours later both are asked how it went, and thanked."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from mentoring.calendar.dues import plan
from mentoring.db import Session
from mentoring.models import Contact, ContactKind, DueKind

_AFTER = timedelta(hours=3)
_TALKED = select(Contact.id, Contact.match_id, Contact.started_at).where(
    Contact.source_sid == bindparam("call_sid"),
    Contact.kind == ContactKind.CALL,
    Contact.two_way.is_(True),
)


def follow_up_later(
    session: Session, call_sid: str, *, now: datetime
) -> list[tuple[int, datetime]]:
    """Let a call that made two-way contact be followed up: mentoring/calendar/talk_deeds.py.

    Returns the matches in which it did, each with when the talk began.
    """
    talked = session.columns(_TALKED, {"call_sid": call_sid}).all()
    for contact_id, match_id, _ in talked:
        plan(
            session,
            DueKind.TALKED,
            at=now + _AFTER,
            key=f"{DueKind.TALKED}:{contact_id}",
            match_id=match_id,
            now=now,
        )
    return [(match_id, began) for _, match_id, began in talked if match_id is not None]
