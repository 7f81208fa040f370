"""Texts of which the carrier has to be asked: no report came, or a kind of line is in doubt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import joinedload

from mentoring.db import Session
from mentoring.models import Delivery, DeliveryStatus, LineType, UtcDateTime
from mentoring.outbox import settle_silence
from mentoring.people import number_of

# After the first time a silent text is asked about hourly: most networks that tell, tell at once.
_ASK_AGAIN = timedelta(hours=1)
# Not every network reports what reached the handset: after so long at `sent` it has arrived.
_SILENCE = timedelta(hours=24)
_WITH_CARRIER = (DeliveryStatus.ACCEPTED, DeliveryStatus.SENT)
_LOST = (DeliveryStatus.UNDELIVERED, DeliveryStatus.FAILED)


@dataclass(frozen=True)
class Unreported:
    """A text that the carrier has, and the attempt of ours that it took."""

    delivery_id: int
    key: UUID
    sid: str
    tries: int


_UNREPORTED = (
    select(Delivery.id, Delivery.key, Delivery.carrier_sid, Delivery.attempts)
    .where(
        Delivery.ask_at <= bindparam("now", type_=UtcDateTime()),
        Delivery.status.in_(_WITH_CARRIER),
    )
    .order_by(Delivery.ask_at, Delivery.id)
    .limit(bindparam("batch", type_=Integer()))
)


def unreported(session: Session, *, now: datetime, limit: int = 20) -> list[Unreported]:
    """Return texts that are with the carrier and of which no report came, longest wait first."""
    rows = session.columns(_UNREPORTED, {"now": now, "batch": limit})
    return [Unreported(row.id, row.key, row.carrier_sid or "", row.attempts) for row in rows]


def ask_again_later(session: Session, delivery_id: int, *, now: datetime) -> None:
    """The carrier was asked, or could not be: come back to it in a while."""
    row = session.get_one(Delivery, delivery_id, with_for_update=True)
    if row.ask_at is not None:
        row.ask_at = now + _ASK_AGAIN


def end_of_silence(session: Session, delivery_id: int, *, now: datetime) -> DeliveryStatus | None:
    """Return how far a text had come that is silent for a day, or None while it may yet be told.

    One that had left the carrier counts as arrived from now on.
    """
    row = session.get_one(Delivery, delivery_id)
    if row.status not in _WITH_CARRIER or (row.claimed_at or row.created_at) > now - _SILENCE:
        return None
    if row.status is DeliveryStatus.SENT:
        settle_silence(session, row, now=now)
    return row.status


def await_line_check(session: Session, row: Delivery, *, now: datetime) -> bool:
    """Let the dispatcher ask what kind of line refused a text; False when that is known."""
    if row.to_phone.line_type is not LineType.UNKNOWN:
        return False
    row.ask_at = now
    session.wakes_dispatcher = True
    return True


# Made once, for the dispatcher asks every few seconds.
_TO_LOOK_UP = (
    select(Delivery)
    .where(Delivery.ask_at <= bindparam("now", type_=UtcDateTime()), Delivery.status.in_(_LOST))
    .order_by(Delivery.ask_at, Delivery.id)
    .limit(bindparam("batch", type_=Integer()))
    .options(joinedload(Delivery.to_phone, innerjoin=True))
)


def due_line_checks(session: Session, *, now: datetime, limit: int = 10) -> list[tuple[int, str]]:
    """Return lost texts whose phone may be a landline, each with the number to look up."""
    rows = session.scalars(_TO_LOOK_UP, {"now": now, "batch": limit})
    return [(row.id, number_of(session, row.to_phone)) for row in rows]


def take_line_check(session: Session, delivery_id: int, kind: str | None) -> Delivery | None:
    """Keep what kind of line a phone is, None if nobody can say; None when it was told before."""
    row = session.get_one(Delivery, delivery_id, with_for_update=True)
    if row.ask_at is None or row.status not in _LOST:
        return None
    row.ask_at = None
    if kind in (LineType.LANDLINE, LineType.MOBILE) and row.to_phone.line_type is LineType.UNKNOWN:
        row.to_phone.line_type = LineType(kind)
    return row
