"""Putting texts and automated calls into the outbox: one row each, with a key that makes it one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, func, select

from mentoring.db import Session
from mentoring.models import Contact, Delivery, DeliveryKind, DeliveryStatus, Line, Person, Phone
from mentoring.rows import insert_row

# The one confirmation of an opt-out may follow within five minutes, and never later (S2).
_CONFIRM_STOP = timedelta(minutes=5)
# Beyond this many answers in ten minutes two machines are talking to each other, not a person.
_MOST_ANSWERS = 40
_WINDOW = timedelta(minutes=10)


def queue_text(
    session: Session,
    body: str,
    *,
    to: Phone,
    line: Line,
    kind: DeliveryKind,
    dedupe_key: str,
    now: datetime,
    person: Person | None = None,
    contact: Contact | None = None,
    prompt: str | None = None,
    reply_to_at: datetime | None = None,
    not_before: datetime | None = None,
    keep_for: timedelta = timedelta(days=3),
) -> int | None:
    """Put one text into the outbox; None when the same key was queued before.

    The unique dedupe key decides in the database, in one statement, so a repeated carrier event or
    a doubled tick can never queue a second one.
    """
    row = text_row(
        session,
        body,
        to_phone_id=to.id,
        to_person_id=person.id if person else None,
        line_id=line.id,
        kind=kind,
        dedupe_key=dedupe_key,
        prompt=prompt,
        contact_id=contact.id if contact else None,
        reply_to_at=reply_to_at,
        not_before=not_before,
        keep_for=_CONFIRM_STOP if prompt == "T-STOP" else keep_for,
        now=now,
    )
    made: int | None = insert_row(session, Delivery, row, "dedupe_key")
    if made is not None:
        session.wakes_dispatcher = True
    return made


def text_row(
    session: Session,
    body: str,
    *,
    to_phone_id: int,
    to_person_id: int | None,
    line_id: int,
    kind: DeliveryKind,
    dedupe_key: str,
    prompt: str | None,
    keep_for: timedelta,
    now: datetime,
    contact_id: int | None = None,
    reply_to_at: datetime | None = None,
    not_before: datetime | None = None,
    invitation_id: int | None = None,
) -> dict[str, Any]:
    """Return the row of a text for the outbox, not yet written: for whoever writes many at once."""
    key = uuid4()
    place = Delivery.place_in(key, "body_sealed")
    return {
        "key": key,
        "kind": kind,
        "status": DeliveryStatus.QUEUED,
        "to_phone_id": to_phone_id,
        "to_person_id": to_person_id,
        "from_line_id": line_id,
        "contact_id": contact_id,
        "invitation_id": invitation_id,
        "prompt": prompt,
        "body_sealed": session.vault.seal(body, place=place),
        "dedupe_key": dedupe_key,
        "reply_to_at": reply_to_at,
        "not_before": not_before or now,
        "expires_at": (not_before or now) + keep_for,
        "attempts": 0,
        "created_at": now,
    }


def queue_call(
    session: Session,
    *,
    flow: str,
    line: Line,
    dedupe_key: str,
    now: datetime,
    person: Person | None = None,
    phone: Phone | None = None,
    match_id: int | None = None,
    invitation_id: int | None = None,
    not_before: datetime | None = None,
    keep_for: timedelta = timedelta(days=1),
) -> int | None:
    """Put one automated call into the outbox; None when the same key was queued before.

    It rings the person from that line and, once they have said who they are, begins the flow or
    goes on with it where it stands. What cannot be rung within `keep_for` expires. A member of
    staff is no participant: then only the phone is given.
    """
    to = person.phone_id if person is not None else phone.id if phone is not None else None
    row = {
        "key": uuid4(),
        "kind": DeliveryKind.CALL,
        "status": DeliveryStatus.QUEUED,
        "to_phone_id": to,
        "to_person_id": person.id if person else None,
        "from_line_id": line.id,
        "flow": flow,
        "match_id": match_id,
        "invitation_id": invitation_id,
        "dedupe_key": dedupe_key,
        "not_before": not_before or now,
        "expires_at": (not_before or now) + keep_for,
        "attempts": 0,
        "created_at": now,
    }
    made: int | None = insert_row(session, Delivery, row, "dedupe_key")
    if made is not None:
        session.wakes_dispatcher = True
    return made


# Made once, for it is asked at every text that arrives.
_ANSWERS_OF_LATE = select(func.count(Delivery.id)).where(
    Delivery.to_phone_id == bindparam("phone_id"),
    Delivery.kind == DeliveryKind.REPLY,
    Delivery.created_at > bindparam("since"),
)


def talks_to_a_machine(session: Session, phone: Phone, *, now: datetime) -> bool:
    """Tell whether a phone got so many answers of ours of late that it must answer by itself.

    Whatever we answered, it would answer again, for ever; the first silence of ours ends it.
    """
    wanted = {"phone_id": phone.id, "since": now - _WINDOW}
    return session.columns(_ANSWERS_OF_LATE, wanted).scalar_one() >= _MOST_ANSWERS
