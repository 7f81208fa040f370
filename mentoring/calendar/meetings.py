"""Whether two have come together around the time of their talk, as the contact log tells."""

from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select

from mentoring.calendar.talks import OVER_AFTER
from mentoring.db import Session
from mentoring.models import Contact, ContactKind, Delivery, DeliveryStatus, Outcome, Talk

# Whoever talks some hours early has talked.
_EARLY = timedelta(hours=3)
_LATELY = timedelta(minutes=5)
_NOT_REACHED = (
    DeliveryStatus.UNDELIVERED,
    DeliveryStatus.FAILED,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.BLOCKED,
)


def _calls_around(talk: Talk) -> Select[int]:
    return select(Contact.id).where(
        Contact.match_id == talk.match_id,
        Contact.kind == ContactKind.CALL,
        Contact.started_at >= talk.at - _EARLY,
        Contact.started_at <= talk.at + OVER_AFTER,
    )


def how_they_met(session: Session, talk: Talk) -> int | None:
    """Return the call in which both were on the line around that time; the longest if several."""
    met = _calls_around(talk).where(Contact.accepted_at.is_not(None))
    return session.scalar(met.order_by(Contact.seconds.desc(), Contact.id).limit(1))


def is_together(session: Session, talk: Talk, *, now: datetime) -> bool:
    """Tell whether one of the two rings the other at this moment, or they talk or have talked."""
    met = or_(
        Contact.accepted_at.is_not(None),
        and_(Contact.outcome == Outcome.ATTEMPTED, Contact.started_at > now - _LATELY),
    )
    return session.scalar(_calls_around(talk).where(met).limit(1)) is not None


def was_reached(session: Session, call_key: str) -> bool:
    """Tell whether a call of ours was taken, or still rings."""
    status = session.scalar(select(Delivery.status).where(Delivery.dedupe_key == call_key))
    return status is not None and status not in _NOT_REACHED
