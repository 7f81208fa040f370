"""What became of an automated call: told by the answer to our request, by callbacks, by asking.

They come in any order, twice or never. The row of the outbox and the entry in the contact log are
settled by whoever tells first; the leg makes the phone count as busy while it rings and talks.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from mentoring.contacts import see_leg, settle
from mentoring.db import Session
from mentoring.effects import CONNECT, ToPerson, effect_from_text
from mentoring.models import (
    CallLeg,
    Contact,
    ContactKind,
    Conversation,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    LegSide,
    Outcome,
)
from mentoring.outbox import Progress, Setback, locked, progress_of, progress_with
from mentoring.rows import change_row_of
from mentoring.service_calls.claims import stop_call
from mentoring.setbacks import learn_from_failure
from mentoring.statuses import is_final

# What the log says while a call goes on that a machine has taken, as far as the carrier can tell.
BY_MACHINE = "answering machine"
_NOBODY = "nobody pressed a key"
_OPEN = (DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN, DeliveryStatus.ACCEPTED)
_UNREACHED = {
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "canceled": Outcome.NO_ANSWER,
}
# These setbacks are about the phone or about our set-up; any other teaches nothing by a call.
_TAUGHT = (Setback.NUMBER_BAD, Setback.OURS_TO_MEND)


def settle_placed(
    session: Session, delivery_id: int, *, sid: str, status: str, now: datetime
) -> None:
    """The carrier took a call. A callback may have come first, so nothing goes back."""
    row = progress_of(session, delivery_id)
    if row is not None and row.status is not DeliveryStatus.QUEUED:
        see_call(session, row, sid=sid, status=status, now=now)


def take_call_report(
    session: Session,
    key: UUID,
    *,
    sid: str,
    tries: int,
    status: str,
    seconds: int | None,
    now: datetime,
) -> bool:
    """Take what the carrier says of one call of ours; True when the call has ended by it.

    `tries` says which attempt it is about: an echo of an earlier one is past, and so is what is
    told of a row that is deleted by now.
    """
    row = progress_with(session, key)
    if row is None or row.kind is not DeliveryKind.CALL or row.attempts != tries:
        return False
    if row.status is DeliveryStatus.QUEUED:
        return False
    seen = see_call(session, row, sid=sid, status=status, seconds=seconds, now=now)
    return seen and is_final(status)


def see_call(
    session: Session,
    row: Progress | Delivery,
    *,
    sid: str,
    status: str,
    now: datetime,
    seconds: int | None = None,
) -> bool:
    """Keep how far a call has come, with its leg; False when it is not the call of this row."""
    if row.carrier_sid not in (None, sid):
        return False
    news: dict[str, Any] = {}
    if row.carrier_sid is None:
        news = {"carrier_sid": sid, **_taken_back(session, row)}
    if news.get("status", row.status) in _OPEN:
        news["status"] = DeliveryStatus.SENT if status == "in-progress" else DeliveryStatus.ACCEPTED
    if any(getattr(row, name) != value for name, value in news.items()):
        change_row_of(session, Delivery, row.id, **news)
    see_leg(
        session,
        call_sid=sid,
        status=status,
        seconds=seconds,
        side=LegSide.CALLER,
        contact_id=row.contact_id,
        phone_id=row.to_phone_id,
        now=now,
    )
    return True


def _taken_back(session: Session, row: Progress | Delivery) -> dict[str, Any]:
    """A call that was given up as never taken rings all the same: then it has not ended."""
    if row.settled_at is None or row.status is not DeliveryStatus.EXPIRED:
        return {}
    entry = session.get(Contact, row.contact_id)
    if entry is not None:
        entry.outcome, entry.reason, entry.ended_at = Outcome.ATTEMPTED, None, None
    return {"status": DeliveryStatus.ACCEPTED, "settled_at": None}


def settle_refused(
    session: Session,
    delivery_id: int,
    setback: Setback,
    *,
    code: int | None,
    words: str,
    retry_at: datetime | None,
    now: datetime,
) -> None:
    """The carrier refused a call, or gave no clear answer. `words` tell staff what to do."""
    row = locked(session, delivery_id)
    if row is None or row.status not in (DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN):
        # A callback has told more already: the carrier has it, whatever became of our request.
        return
    row.error_code = code
    if setback is Setback.UNCERTAIN:
        row.status = DeliveryStatus.UNCERTAIN
        return
    if setback is Setback.RETRY and retry_at is not None and retry_at < row.expires_at:
        row.status = DeliveryStatus.QUEUED
        row.not_before = retry_at
        return
    row.status = DeliveryStatus.FAILED
    row.settled_at = now
    entry = session.get(Contact, row.contact_id)
    if entry is not None:
        settle(entry, Outcome.FAILED, reason=setback.value, now=now)
    if setback in _TAUGHT:
        learn_from_failure(session, row, setback, words=words, now=now)


def settle_not_placed(session: Session, delivery_id: int, *, now: datetime) -> None:
    """The carrier does not know of a call: let it go, for ringing somebody twice is worse."""
    row = locked(session, delivery_id)
    if row is not None and row.status is DeliveryStatus.UNCERTAIN:
        stop_call(session, row, DeliveryStatus.EXPIRED, reason="stopped in mid-request", now=now)


_BY_CALL = (
    select(Delivery)
    .where(Delivery.carrier_sid == bindparam("call_sid"), Delivery.kind == DeliveryKind.CALL)
    .with_for_update()
)


def end_service_call(
    session: Session,
    call_sid: str,
    *,
    status: str,
    conversation: Conversation | None,
    now: datetime,
) -> None:
    """A call is over: settle its row and its entry in the log, if it was one of ours.

    `completed` alone proves nothing, for a machine answers as well: somebody must have shown that
    they are there, by a key or a word.
    """
    row = session.scalar(_BY_CALL, {"call_sid": call_sid})
    entry = session.get(Contact, row.contact_id) if row is not None else None
    if row is None or entry is None or row.settled_at is not None:
        return
    if (row.flow or "").startswith(CONNECT):
        entry.accepted_at = entry.accepted_at or _went_on_at(session, call_sid)
    outcome = _outcome(entry, status, conversation)
    if outcome is Outcome.NO_ANSWER and status == "completed":
        entry.reason = _NOBODY
    entry.seconds = _seconds(session, call_sid)
    settle(entry, outcome, now=now)
    row.status = _STATUSES.get(outcome, DeliveryStatus.UNDELIVERED)
    row.settled_at = now


_WENT_ON_AT = (
    select(Contact.started_at)
    .where(Contact.source_sid == bindparam("call_sid"), Contact.kind == ContactKind.CALL)
    .order_by(Contact.id)
    .limit(1)
)


def _went_on_at(session: Session, call_sid: str) -> datetime | None:
    """Return when a call went on to the partner: then somebody said that they are the one."""
    return session.columns(_WENT_ON_AT, {"call_sid": call_sid}).scalar()


_STATUSES = {Outcome.SERVED: DeliveryStatus.DELIVERED, Outcome.FAILED: DeliveryStatus.FAILED}


def _outcome(entry: Contact, status: str, conversation: Conversation | None) -> Outcome:
    if entry.outcome is Outcome.DECLINED:
        return entry.outcome
    wanted = conversation is not None and isinstance(
        effect_from_text(conversation.effect), ToPerson
    )
    if entry.accepted_at is not None or wanted:
        return Outcome.SERVED
    if entry.reason == BY_MACHINE:
        return Outcome.MACHINE
    return _UNREACHED.get(status, Outcome.NO_ANSWER)


_SECONDS = select(CallLeg.seconds).where(CallLeg.call_sid == bindparam("call_sid"))


def _seconds(session: Session, call_sid: str) -> int | None:
    return session.columns(_SECONDS, {"call_sid": call_sid}).scalar()
