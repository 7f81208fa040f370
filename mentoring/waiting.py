"""What is to be done now: one question, before each part that has something to do asks its own.

Most ticks find nothing. The conditions are wider than those of the parts, so that none is missed.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from mentoring.db import Session
from mentoring.models import (
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Due,
    Recording,
    RecordingState,
    is_unsettled,
    is_unsettled_call,
)
from mentoring.programme_editions import NEWEST, heed

_MOVING = (RecordingState.SPOKEN, RecordingState.READY, RecordingState.STORED)
# The earliest moment of each is the first entry of a small index, however many rows there are.
# Asked whether one exists before now, PostgreSQL would look through all of them. Made once, for it
# is asked for every few seconds. What staff have set meanwhile comes along.
_EARLIEST = select(
    select(func.min(Due.due_at)).where(Due.done_at.is_(None)).scalar_subquery(),
    select(func.min(Delivery.not_before))
    .where(
        is_unsettled(Delivery),
        Delivery.status == DeliveryStatus.QUEUED,
        Delivery.kind != DeliveryKind.CALL,
    )
    .scalar_subquery(),
    select(func.min(Delivery.not_before))
    .where(is_unsettled_call(Delivery), Delivery.status == DeliveryStatus.QUEUED)
    .scalar_subquery(),
    select(func.min(Delivery.ask_at)).where(Delivery.ask_at.is_not(None)).scalar_subquery(),
    select(func.min(Recording.not_before)).where(Recording.state.in_(_MOVING)).scalar_subquery(),
    select(func.min(Recording.sent_at))
    .where(Recording.announced_at.is_(None), Recording.sent_at.is_not(None))
    .scalar_subquery(),
    NEWEST,
)


class Waiting(NamedTuple):
    """For which parts of a tick something may be there to do."""

    dues: bool = True
    texts: bool = True
    calls: bool = True
    line_checks: bool = True
    recordings: bool = True


def what_waits(session: Session, *, now: datetime) -> Waiting:
    """Tell what is due, may leave, is to be looked up, or to be fetched or announced."""
    *moments, edition = session.columns(_EARLIEST).one()
    heed(session, edition)
    waits = [each is not None and each <= now for each in moments]
    dues, texts, calls, line_checks, moved, told = waits
    return Waiting(dues, texts, calls, line_checks, moved or told)
