"""Whether anything at all is to be done now: one question, before each part asks its own.

Most ticks find nothing. The conditions are wider than those of the parts, so that none is missed.
"""

from datetime import datetime

from sqlalchemy import bindparam, exists, or_, select

from mentoring.db import Session
from mentoring.models import Delivery, DeliveryStatus, Due, Recording, RecordingState, UtcDateTime

_NOW = bindparam("now", type_=UtcDateTime())
_MOVING = (RecordingState.SPOKEN, RecordingState.READY, RecordingState.STORED)
# Made once, for it is asked for every few seconds. Each part of it is one look into a small index.
_ANYTHING = select(
    or_(
        exists().where(Due.done_at.is_(None), Due.due_at <= _NOW),
        exists().where(Delivery.status == DeliveryStatus.QUEUED, Delivery.not_before <= _NOW),
        exists().where(Delivery.ask_at <= _NOW),
        exists().where(Recording.state.in_(_MOVING), Recording.not_before <= _NOW),
        exists().where(Recording.announced_at.is_(None), Recording.sent_at.is_not(None)),
    )
)


def anything_waits(session: Session, *, now: datetime) -> bool:
    """Tell whether something is due, may leave, or is to be fetched, announced or looked up."""
    return bool(session.scalar(_ANYTHING, {"now": now}))
