"""Whether two have come together around the time of their talk, as the contact log tells."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from mentoring.calendar.talks import OVER_AFTER
from mentoring.db import Session
from mentoring.models import Contact, ContactKind, Delivery, DeliveryStatus, Outcome, Talk

# Whoever talks some hours early has talked.
EARLY = timedelta(hours=3)
_LATELY = timedelta(minutes=5)
_NOT_REACHED = (
    DeliveryStatus.UNDELIVERED,
    DeliveryStatus.FAILED,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.BLOCKED,
)


_AROUND = select(Contact.id).where(
    Contact.match_id == bindparam("match_id"),
    Contact.started_at >= bindparam("since"),
    Contact.started_at <= bindparam("until"),
)
_CALLS_AROUND = _AROUND.where(Contact.kind == ContactKind.CALL)
# Who speak for some seconds before the time have said something about their talk, and not held it.
_CAME_TOGETHER = and_(
    Contact.accepted_at.is_not(None),
    or_(
        Contact.ended_at.is_(None),
        Contact.two_way.is_(True),
        Contact.ended_at >= bindparam("at"),
    ),
)
# A text that followed one of the other side: they have written to each other.
_WRITTEN = (
    _AROUND.where(Contact.kind == ContactKind.TEXT, Contact.two_way.is_(True))
    .order_by(Contact.id.desc())
    .limit(1)
)
_MET = _CALLS_AROUND.where(_CAME_TOGETHER).order_by(Contact.seconds.desc(), Contact.id).limit(1)
_TOGETHER = _CALLS_AROUND.where(
    or_(
        _CAME_TOGETHER,
        and_(Contact.outcome == Outcome.ATTEMPTED, Contact.started_at > bindparam("lately")),
    )
).limit(1)
_STATUS = select(Delivery.status).where(Delivery.dedupe_key == bindparam("key"))


def _around(talk: Talk) -> dict[str, Any]:
    since, until = talk.at - EARLY, talk.at + OVER_AFTER
    return {"match_id": talk.match_id, "at": talk.at, "since": since, "until": until}


def how_they_met(session: Session, talk: Talk, *, by_text: bool) -> int | None:
    """Return the call in which they came together around that time; the longest if several.

    Where one of them reads texts only, that they have written to each other is as good.
    """
    met = session.columns(_MET, _around(talk)).scalar()
    if met is None and by_text:
        return session.columns(_WRITTEN, _around(talk)).scalar()
    return met


def is_together(session: Session, talk: Talk, *, now: datetime) -> bool:
    """Tell whether one of the two rings the other at this moment, or they talk or have talked."""
    wanted = {**_around(talk), "lately": now - _LATELY}
    return session.columns(_TOGETHER, wanted).scalar() is not None


def was_reached(session: Session, call_key: str) -> bool:
    """Tell whether a call of ours was taken, or still rings."""
    status = session.columns(_STATUS, {"key": call_key}).scalar()
    return status is not None and status not in _NOT_REACHED
