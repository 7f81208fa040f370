"""Claiming the automated calls that are due: committed, and in the log, before anything rings."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import joinedload

from mentoring.claims import LISTED_AFTER, is_paused
from mentoring.contacts import settle
from mentoring.db import Session
from mentoring.models import (
    Contact,
    ContactKind,
    Delivery,
    DeliveryStatus,
    Outcome,
    Person,
    UtcDateTime,
    is_unsettled_call,
)
from mentoring.people import number_of
from mentoring.rows import insert_or_find
from mentoring.service_calls.gate import TOO_LATE, judge_call
from mentoring.trouble import KEY_WAIT, lacks_key

_NOW = bindparam("now", type_=UtcDateTime())
_ROWS = select(Delivery).options(
    joinedload(Delivery.to_phone, innerjoin=True), joinedload(Delivery.from_line, innerjoin=True)
)
# Made once, for the dispatcher asks every few seconds.
_DUE = (
    _ROWS.where(
        is_unsettled_call(Delivery),
        Delivery.status == DeliveryStatus.QUEUED,
        Delivery.not_before <= _NOW,
        ~is_paused(_NOW),
    )
    .order_by(Delivery.not_before, Delivery.id)
    .limit(bindparam("batch", type_=Integer()))
    .with_for_update(skip_locked=True, of=Delivery)
)


@dataclass(frozen=True)
class OutgoingCall:
    """One claimed call, with everything that the request to the carrier needs."""

    delivery_id: int
    key: UUID
    to: str
    from_line: str
    # Whether a machine may be left a message: safe-contact code 3 allows none at all (S8).
    may_leave_message: bool
    tries: int
    tried_at: datetime


@dataclass(frozen=True)
class ClaimedCalls:
    """One batch: what is to be dialled now, and how many rows were seen."""

    calls: list[OutgoingCall]
    seen: int


def claim_calls(session: Session, *, now: datetime, limit: int = 10) -> ClaimedCalls:
    """Claim due calls that may be made now; put the others off, or end them by the gate's rules."""
    due = session.scalars(_DUE, {"now": now, "batch": limit}).all()
    claimed = ClaimedCalls([], len(due))
    for row in due:
        if lacks_key(session, row, now=now):
            row.not_before = now + KEY_WAIT
            continue
        person = session.get(Person, row.to_person_id) if row.to_person_id else None
        verdict = judge_call(session, row, person, now=now)
        if verdict.hold_until is not None and verdict.hold_until >= row.expires_at:
            stop_call(session, row, DeliveryStatus.EXPIRED, reason=TOO_LATE, now=now)
        elif verdict.hold_until is not None:
            row.not_before = verdict.hold_until
        elif verdict.stop is not None:
            stop_call(session, row, verdict.stop, reason=verdict.reason, now=now)
        else:
            claimed.calls.append(_claim(session, row, now=now))
        # The next row is judged by what has been decided about this one.
        session.flush()
    return claimed


def _claim(session: Session, row: Delivery, *, now: datetime) -> OutgoingCall:
    row.status = DeliveryStatus.SENDING
    row.claimed_at = now
    row.attempts += 1
    row.contact_id = _entry_of(session, row, now=now).id
    return _outgoing(session, row)


def _entry_of(session: Session, row: Delivery, *, now: datetime) -> Contact:
    """Return the entry of a call in the contact log, written as attempted at the first need."""
    entry = Contact(
        kind=ContactKind.SERVICE,
        match_id=row.match_id,
        line_id=row.from_line_id,
        to_person_id=row.to_person_id,
        outcome=Outcome.ATTEMPTED,
        two_way=False,
        source_sid=f"delivery:{row.key.hex}",
        started_at=now,
        attempt=1,
    )
    return insert_or_find(session, entry, "source_sid", "attempt")


def stop_call(
    session: Session, row: Delivery, status: DeliveryStatus, *, reason: str, now: datetime
) -> None:
    """End a call that will never be made. The log tells that as well: nothing is lost silently."""
    row.status = status
    row.settled_at = now
    entry = _entry_of(session, row, now=now)
    settle(entry, Outcome.NOT_RUNG, reason=reason, now=now)
    row.contact_id = entry.id


def _outgoing(session: Session, row: Delivery) -> OutgoingCall:
    person = session.get(Person, row.to_person_id) if row.to_person_id else None
    return OutgoingCall(
        delivery_id=row.id,
        key=row.key,
        to=number_of(session, row.to_phone),
        from_line=row.from_line.number,
        may_leave_message=person is not None and person.safe_contact != 3,
        tries=row.attempts,
        tried_at=row.claimed_at or row.created_at,
    )


_UNCERTAIN = (
    _ROWS.where(
        is_unsettled_call(Delivery),
        Delivery.status == DeliveryStatus.UNCERTAIN,
        Delivery.claimed_at <= bindparam("claimed_until", type_=UtcDateTime()),
    )
    .order_by(Delivery.not_before, Delivery.id)
    .limit(bindparam("batch", type_=Integer()))
)


def uncertain_calls(session: Session, *, now: datetime, limit: int = 20) -> list[OutgoingCall]:
    """Return calls of which nobody knows whether the carrier took them: to be looked up there."""
    rows = session.scalars(_UNCERTAIN, {"claimed_until": now - LISTED_AFTER, "batch": limit})
    readable = []
    for row in rows:
        if lacks_key(session, row, now=now):
            # It is moved behind all others, so that it never fills the batch.
            row.not_before = now + KEY_WAIT
        else:
            readable.append(_outgoing(session, row))
    return readable
