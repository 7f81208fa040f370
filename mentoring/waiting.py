"""Whether anything at all is to be done now: one question, before each part asks its own.

Most ticks find nothing. The conditions are wider than those of the parts, so that none is missed.
"""

from datetime import datetime

from sqlalchemy import func, select

from mentoring.db import Session
from mentoring.models import Delivery, DeliveryStatus, Due, Recording, RecordingState

_MOVING = (RecordingState.SPOKEN, RecordingState.READY, RecordingState.STORED)
# The earliest moment of each is the first entry of a small index, however many rows there are.
# Asked whether one exists before now, PostgreSQL would look through all of them. Made once, for it
# is asked for every few seconds.
_EARLIEST = select(
    select(func.min(Due.due_at)).where(Due.done_at.is_(None)).scalar_subquery(),
    select(func.min(Delivery.not_before))
    .where(Delivery.status == DeliveryStatus.QUEUED)
    .scalar_subquery(),
    select(func.min(Delivery.ask_at)).where(Delivery.ask_at.is_not(None)).scalar_subquery(),
    select(func.min(Recording.not_before)).where(Recording.state.in_(_MOVING)).scalar_subquery(),
    select(func.min(Recording.sent_at))
    .where(Recording.announced_at.is_(None), Recording.sent_at.is_not(None))
    .scalar_subquery(),
)


def anything_waits(session: Session, *, now: datetime) -> bool:
    """Tell whether something is due, may leave, or is to be fetched, announced or looked up."""
    moments = session.execute(_EARLIEST).one()
    return any(moment is not None and moment <= now for moment in moments)
