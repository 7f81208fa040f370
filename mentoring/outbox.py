"""The outbox: every text and automated call waits here as a row, and leaves through one gate.

`queued -> sending -> accepted -> sent -> delivered | undelivered | failed`, beside `uncertain`,
`expired` and `blocked`. A row is claimed and committed before the carrier is called, and settled in
a transaction after it, so no transaction is open during a carrier call and a crash in between is
visible: such a row is looked up at the carrier before anything is sent again.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, func, select

from mentoring.contacts import count_two_way
from mentoring.db import Session
from mentoring.gate import NO_TEXTS
from mentoring.models import (
    Contact,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Outcome,
)
from mentoring.rows import change_row, change_row_of

# A delivery's status only rises, and the first final one stays. Ours begin before the carrier's.
_RANK = {
    DeliveryStatus.QUEUED: 0,
    DeliveryStatus.SENDING: 1,
    DeliveryStatus.UNCERTAIN: 1,
    DeliveryStatus.ACCEPTED: 2,
    DeliveryStatus.SENT: 3,
}
# The carrier tells of a text within seconds, so one of that age may have lost its callback.
_REPORTED_AFTER = timedelta(minutes=15)
_FINAL = tuple(status for status in DeliveryStatus if status not in _RANK)
# The carrier's words for a message, as ours. Words of an unknown kind change nothing.
_CARRIER_WORDS = {
    "accepted": DeliveryStatus.ACCEPTED,
    "scheduled": DeliveryStatus.ACCEPTED,
    "queued": DeliveryStatus.ACCEPTED,
    "sending": DeliveryStatus.ACCEPTED,
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.DELIVERED,
    "undelivered": DeliveryStatus.UNDELIVERED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}


class Progress(NamedTuple):
    """How far a delivery has come: all that is needed of it where it goes well."""

    id: int
    kind: DeliveryKind
    status: DeliveryStatus
    attempts: int
    carrier_sid: str | None
    error_code: int | None
    ask_at: datetime | None
    settled_at: datetime | None
    to_phone_id: int
    contact_id: int | None


def stop(
    session: Session, row: Delivery, status: DeliveryStatus, *, reason: str, now: datetime
) -> None:
    """End a delivery that will never leave, and say so in the contact log."""
    change_row(session, row, status=status, settled_at=now)
    _settle_contact(session, row, reason=reason, now=now)


def settle_accepted(
    session: Session, delivery_id: int, *, sid: str, status: str, now: datetime
) -> None:
    """The carrier took a text. A callback may have come first, so the status only rises.

    Where a callback has told of its failure already and a retry is queued, this is past.
    """
    row = progress_of(session, delivery_id)
    if row is None or row.status is DeliveryStatus.QUEUED:
        return
    raised = _raised(row, status, now=now) or _raised(row, "accepted", now=now)
    change_row_of(session, Delivery, row.id, carrier_sid=sid, **raised)
    if raised:
        _settle_contact(session, row, reason=None, now=now)


class Setback(StrEnum):
    """What a refused or failed text means for what happens next."""

    RETRY = "retry"
    UNCERTAIN = "uncertain"
    OPTED_OUT = "opted out"
    LANDLINE = "landline"
    NUMBER_BAD = "number out of use"
    NO_TEXTS = "agreed to no texts"
    OURS_TO_MEND = "ours to mend"
    GIVE_UP = "failed"


def setback_of_stop(row: Delivery, reason: str) -> Setback:
    """Return what a stop by the gate means for the sender of a relayed text."""
    if row.to_phone.texts_refused_at is not None:
        return Setback.OPTED_OUT
    if reason == NO_TEXTS:
        return Setback.LANDLINE
    return Setback.NO_TEXTS if reason == "no consent to texts" else Setback.GIVE_UP


def settle_setback(
    session: Session,
    delivery_id: int,
    setback: Setback,
    *,
    code: int | None,
    retry_at: datetime | None,
    now: datetime,
) -> Delivery | None:
    """The carrier refused a text, or gave no clear answer. Returns the row when it has failed."""
    row = locked(session, delivery_id)
    if row is None or row.status not in (DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN):
        # A callback has told more already: the carrier has it, whatever became of our request.
        return None
    row.error_code = code
    if setback is Setback.UNCERTAIN:
        row.status = DeliveryStatus.UNCERTAIN
        return None
    if setback is Setback.RETRY and retry_at is not None and retry_at < row.expires_at:
        row.status = DeliveryStatus.QUEUED
        row.not_before = retry_at
        return None
    row.status = DeliveryStatus.FAILED
    row.settled_at = now
    _settle_contact(session, row, reason=setback.value, now=now)
    return row


def put_back(session: Session, delivery_id: int, *, until: datetime | None = None) -> None:
    """Give a claimed text back unsent, as if it had not been tried.

    Without `until` it keeps its place before all that became due later.
    """
    row = locked(session, delivery_id)
    if row is not None and row.status is DeliveryStatus.SENDING:
        row.status = DeliveryStatus.QUEUED
        row.attempts -= 1
        row.not_before = until or row.not_before


def take_status(
    session: Session,
    key: UUID,
    *,
    sid: str,
    tries: int,
    status: str,
    code: int | None,
    now: datetime,
) -> int | None:
    """Take one status callback, in any order, however often; returns the id of the delivery.

    None when its status did not change. `tries` says which attempt the callback is about: an echo
    of an earlier one is past.
    """
    row = progress_with(session, key)
    if row is None or row.attempts != tries:
        return None
    if row.status is DeliveryStatus.QUEUED and row.carrier_sid is not None:
        # Its loss was told before and a retry is queued: this is an echo of the lost attempt.
        return None
    news: dict[str, Any] = {} if row.carrier_sid is not None else {"carrier_sid": sid}
    raised = _raised(row, status, now=now) if row.carrier_sid in (None, sid) else {}
    if raised:
        news |= {"error_code": code or row.error_code, **raised}
    if news:
        change_row_of(session, Delivery, row.id, **news)
    if not raised:
        return None
    _settle_contact(session, row, reason=None, now=now)
    return row.id


def send_again(session: Session, row: Delivery, *, retry_at: datetime) -> bool:
    """Queue a text once more that was taken but never arrived; False when it would be too late."""
    if retry_at >= row.expires_at:
        return False
    row.status = DeliveryStatus.QUEUED
    row.not_before = retry_at
    row.settled_at = row.ask_at = None
    _settle_contact(session, row, reason=None, now=row.created_at)
    return True


def known_sids(session: Session, delivery_id: int) -> frozenset[str]:
    """Return the carrier's ids of all texts to the same phone that we know.

    None of them is the attempt that is looked up, whose id nobody knows yet.
    """
    phone_id = select(Delivery.to_phone_id).where(Delivery.id == delivery_id).scalar_subquery()
    return frozenset(
        session.scalars(
            select(Delivery.carrier_sid).where(
                Delivery.to_phone_id == phone_id,
                Delivery.carrier_sid.is_not(None),
            )
        )
    )


def _raised(row: Progress, word: str, *, now: datetime) -> dict[str, Any]:
    """Return what the carrier's word for a text changes in its row: nothing, if it is no news."""
    status = _CARRIER_WORDS.get(word)
    if status is None or row.status in _FINAL or _RANK.get(status, 9) <= _RANK[row.status]:
        return {}
    if status in _FINAL:
        return {"status": status, "settled_at": now, "ask_at": None}
    return {"status": status, "ask_at": row.ask_at or now + _REPORTED_AFTER}


def settle_silence(session: Session, row: Delivery, *, now: datetime) -> None:
    """A text left long ago and no more is told of it: many networks never do, so it has arrived.

    The row still says `sent`, and a late report would still be believed.
    """
    row.settled_at, row.ask_at = now, None
    _settle_contact(session, row, reason=None, now=now)


# Made once, for it is asked for each call and each text that meets trouble.
_LOCKED = (
    select(Delivery)
    .where(Delivery.id == bindparam("delivery_id", type_=Integer()))
    .with_for_update()
)

# Made once as well, for each text is taken once and reported twice.
_COLUMNS = select(*(getattr(Delivery, name) for name in Progress._fields)).with_for_update()
_WITH_ID = _COLUMNS.where(Delivery.id == bindparam("delivery_id", type_=Integer()))
_WITH_KEY = _COLUMNS.where(Delivery.key == bindparam("key", type_=Uuid()))


def progress_of(session: Session, delivery_id: int) -> Progress | None:
    """Lock a delivery as `locked` does, and return how far it has come."""
    row = session.columns(_WITH_ID, {"delivery_id": delivery_id}).first()
    return None if row is None else Progress._make(row)


def progress_with(session: Session, key: UUID) -> Progress | None:
    """Do the same for the delivery with a key, as callbacks name it."""
    row = session.columns(_WITH_KEY, {"key": key}).first()
    return None if row is None else Progress._make(row)


def locked(session: Session, delivery_id: int) -> Delivery | None:
    """Return a row of the outbox that nobody else changes until we are done."""
    return session.scalar(_LOCKED, {"delivery_id": delivery_id})


_LAST = 9
_OUTCOMES = {
    DeliveryStatus.QUEUED: Outcome.QUEUED,
    DeliveryStatus.SENDING: Outcome.QUEUED,
    DeliveryStatus.UNCERTAIN: Outcome.QUEUED,
    DeliveryStatus.ACCEPTED: Outcome.QUEUED,
    DeliveryStatus.SENT: Outcome.SENT,
    DeliveryStatus.DELIVERED: Outcome.DELIVERED,
}
_OUTCOMES_LOST = {
    DeliveryStatus.UNDELIVERED: Outcome.UNDELIVERED,
    DeliveryStatus.FAILED: Outcome.UNDELIVERED,
    DeliveryStatus.EXPIRED: Outcome.UNDELIVERED,
    DeliveryStatus.BLOCKED: Outcome.BLOCKED,
}


_PARTS = select(Delivery.status, Delivery.settled_at).where(
    Delivery.contact_id == bindparam("contact_id"), Delivery.kind == DeliveryKind.RELAY
)


def _settle_contact(
    session: Session, row: Delivery | Progress, *, reason: str | None, now: datetime
) -> None:
    """Let the log entry of a relayed text follow its parts: it arrives when all of them have."""
    if row.kind is not DeliveryKind.RELAY or row.contact_id is None:
        return
    contact = session.get_one(Contact, row.contact_id)
    rows = session.columns(_PARTS, {"contact_id": row.contact_id})
    parts = [
        DeliveryStatus.DELIVERED if status is DeliveryStatus.SENT and settled_at else status
        for status, settled_at in rows
    ]
    lost = [status for status in parts if status in _OUTCOMES_LOST]
    slowest = min(parts, key=lambda status: _RANK.get(status, _LAST))
    change_row(
        session,
        contact,
        outcome=_OUTCOMES_LOST[lost[0]] if lost else _OUTCOMES[slowest],
        reason=reason or contact.reason,
        ended_at=now if all(status in _FINAL for status in parts) else None,
    )
    count_two_way(session, contact, now=now)
    if lost:
        contact.two_way = False


def oldest_due(session: Session) -> datetime | None:
    """Return since when the longest-waiting text has been due, or None when none waits."""
    return session.scalar(
        select(func.min(Delivery.not_before)).where(Delivery.status == DeliveryStatus.QUEUED)
    )


def settle_not_found(
    session: Session, delivery_id: int, *, retry_at: datetime | None, now: datetime
) -> Delivery | None:
    """The carrier never took it: it is sent again. Returns the row when it has failed for good.

    Whether it is still of use by then, a reminder above all, the gate decides as for any text. None
    as `retry_at` means that it was tried often enough.
    """
    row = locked(session, delivery_id)
    if row is None or row.status is not DeliveryStatus.UNCERTAIN:
        return None
    if retry_at is not None:
        row.status = DeliveryStatus.QUEUED
        row.not_before = retry_at
        return None
    row.status = DeliveryStatus.FAILED
    row.settled_at = now
    _settle_contact(session, row, reason=Setback.GIVE_UP.value, now=now)
    return row
