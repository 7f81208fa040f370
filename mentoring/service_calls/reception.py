"""Somebody, or a machine, has answered a call of the service itself."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, select
from sqlalchemy.orm import defer, joinedload, lazyload

from mentoring.conversations import Exchange, begin, take
from mentoring.db import Session
from mentoring.editions.current import STAMP, note_stamp
from mentoring.effects import CONNECT
from mentoring.flows.inputs import Keys
from mentoring.models import (
    CallLeg,
    Channel,
    Contact,
    Conversation,
    Delivery,
    DeliveryKind,
    Person,
)
from mentoring.phone import written
from mentoring.reception import Over, ToldTwice
from mentoring.service_calls.calls import BY_MACHINE, see_call
from mentoring.service_calls.gate import PAGE

# Keys that mean the same before the question as after it: a person, and no more of these calls.
_ANY_TIME = ("0", "9")
# All in one statement, because somebody waits on the line.
_ANSWERED = (
    select(Delivery, Person, Contact, CallLeg.ended_at, Conversation, STAMP)
    .outerjoin(Person, Person.id == Delivery.to_person_id)
    .outerjoin(Contact, Contact.id == Delivery.contact_id)
    .outerjoin(CallLeg, CallLeg.call_sid == bindparam("call_sid"))
    .outerjoin(
        Conversation,
        and_(
            Conversation.call_sid == bindparam("call_sid"),
            Conversation.phone_id == Delivery.to_phone_id,
        ),
    )
    .where(Delivery.key == bindparam("key", type_=Uuid()), Delivery.kind == DeliveryKind.CALL)
    .order_by(Conversation.id.desc())
    .limit(1)
    .options(
        joinedload(Delivery.to_phone, innerjoin=True),
        lazyload(Person.phone),
        defer(Conversation.spoken_sealed),
    )
)


@dataclass(frozen=True)
class Machine:
    """An answering machine, as far as the carrier can tell. What it may be told, the code says.

    1: our name and number; 2: the number only; 3: nothing at all (S8).
    """

    safe_contact: int
    person: Person | None
    # Whether they asked to be rung for a talk, and the number from which they were rung, as people
    # write it: it is the one to call back.
    for_talk: bool
    number: str


def receive_answer(
    session: Session,
    key: UUID,
    *,
    call_sid: str,
    by_machine: bool,
    pressed: str,
    now: datetime,
) -> Exchange | ToldTwice | Machine | Over:
    """Open the conversation of an automated call that was answered.

    `by_machine` is the carrier's guess and no more: a key that was `pressed` proves a person.
    """
    found = session.execute(_ANSWERED, {"key": key, "call_sid": call_sid}).first()
    if found is None:
        return Over()
    row, person, entry, ended_at, running, stamp = found
    note_stamp(session, stamp)
    if ended_at is not None or not see_call(
        session, row, sid=call_sid, status="in-progress", now=now
    ):
        return Over()
    if running is not None:
        return ToldTwice(running)
    is_machine = by_machine and not pressed
    if entry is not None and entry.ended_at is None:
        entry.reason = BY_MACHINE if is_machine else None
    if is_machine:
        safe_contact = person.safe_contact if person else 3
        for_talk = (row.flow or "").startswith(CONNECT)
        return Machine(safe_contact, person, for_talk, written(row.from_line.number))
    return _open(session, row, person, call_sid=call_sid, pressed=pressed, now=now)


def _open(
    session: Session,
    row: Delivery,
    person: Person | None,
    *,
    call_sid: str,
    pressed: str,
    now: datetime,
) -> Exchange:
    exchange = begin(
        session,
        PAGE if row.flow == PAGE else "outbound",
        channel=Channel.VOICE,
        phone=row.to_phone,
        person=person,
        call_sid=call_sid,
        match_id=row.match_id,
        lasting=False,
        now=now,
    )
    if pressed in _ANY_TIME and row.flow != PAGE:
        return take(session, exchange.conversation, Keys(pressed), proof=call_sid, now=now)
    return replace(exchange, opens_call=True)
