"""Whether two have come together around the time of their talk, as the contact log tells."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from mentoring.calendar.talks import OVER_AFTER
from mentoring.db import Session
from mentoring.flows.talks import TEXT_NEW_TIME, TEXT_REMINDER
from mentoring.models import (
    Contact,
    ContactKind,
    Delivery,
    DeliveryStatus,
    Invitation,
    Outcome,
    Talk,
)

# Whoever talks some hours early has talked.
EARLY = timedelta(hours=3)
_LATELY = timedelta(minutes=5)
_NOT_REACHED = (
    DeliveryStatus.QUEUED,
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
_TOLD_TO_WRITE = (
    select(Invitation.id)
    .where(
        Invitation.flow.in_((TEXT_REMINDER.name, TEXT_NEW_TIME.name)),
        Invitation.number == bindparam("talk_id"),
        Invitation.asked_at.is_not(None),
    )
    .limit(1)
)
_CALL = select(Delivery.status, Delivery.not_before, Delivery.expires_at).where(
    Delivery.dedupe_key == bindparam("key")
)


def _around(talk: Talk) -> dict[str, Any]:
    since, until = talk.at - EARLY, talk.at + OVER_AFTER
    return {"match_id": talk.match_id, "at": talk.at, "since": since, "until": until}


def how_they_met(session: Session, talk: Talk, *, by_text: bool) -> int | None:
    """Return the call in which they came together around that time; the longest if several.

    `by_text` where one of them reads texts only, or did when both were told of it: that they have
    written to each other is as good.
    """
    met = session.columns(_MET, _around(talk)).scalar()
    if met is None and by_text:
        return session.columns(_WRITTEN, _around(talk)).scalar()
    return met


def were_told_to_write(session: Session, talk: Talk) -> bool:
    """Tell whether the two were asked about a talk as people of whom one reads texts only."""
    return session.columns(_TOLD_TO_WRITE, {"talk_id": talk.id}).first() is not None


def is_together(session: Session, talk: Talk, *, now: datetime) -> bool:
    """Tell whether one of the two rings the other at this moment, or they talk or have talked."""
    wanted = {**_around(talk), "lately": now - _LATELY}
    return session.columns(_TOGETHER, wanted).scalar() is not None


def waits_until(session: Session, call_key: str, *, now: datetime) -> datetime | None:
    """Return when a call of ours is made that waits for its moment; None when none does.

    It waits where they are in another call. One whose moment comes too late is not made any more.
    """
    call = session.columns(_CALL, {"key": call_key}).first()
    if call is None or call.status is not DeliveryStatus.QUEUED:
        return None
    made_at = max(call.not_before, now)
    return made_at if made_at < call.expires_at else None


def was_reached(session: Session, call_key: str) -> bool:
    """Tell whether a call of ours was taken, or still rings."""
    call = session.columns(_CALL, {"key": call_key}).first()
    return call is not None and call.status not in _NOT_REACHED
