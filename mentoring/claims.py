"""Claiming what is due: committed before the carrier is called, so that a crash is visible."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, literal, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from mentoring.applications.referees import referee_zones
from mentoring.calendar.asking_hours import asking_hours, is_asked_once, rests_with_match
from mentoring.calendar.pairs import ONE_IS_OUT
from mentoring.consents import agreed_beginnings, answers_to
from mentoring.crypto import VaultError
from mentoring.db import Session
from mentoring.echoes import echoes_among
from mentoring.gate import BROKEN, ECHO, NO_ZONE, REST_WAIT, Verdict, judge
from mentoring.hours import Hours
from mentoring.marks import MarkName
from mentoring.models import (
    Contact,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Invitation,
    Line,
    Mark,
    Match,
    Person,
    Phone,
    UtcDateTime,
    is_unsettled,
)
from mentoring.outbox import stop
from mentoring.oversight.left_to_staff import texts_left_to_staff
from mentoring.people import number_of
from mentoring.phone import is_fictional
from mentoring.reminders import why_needless
from mentoring.rows import change_row
from mentoring.safety.numbers import ANSWERS
from mentoring.tasks import ask_for_zone
from mentoring.trouble import KEY_WAIT, lacks_key

log = logging.getLogger("bridgeline.claims")

_PARTED = "the match does not connect"
# A claim that was not settled after so long belongs to a process that died.
CLAIM_LASTS = timedelta(minutes=2)


# How long the carrier may need until a text it took appears in its lists.
LISTED_AFTER = timedelta(seconds=20)
# A thread is not held up for longer than this by one text that is tried again.
_KEEP_ORDER = timedelta(minutes=15)
# A question that had to wait for its hours is worth asking for so long once they are open.
_KEEP_HELD = timedelta(hours=8)


_NOW = bindparam("now", type_=UtcDateTime())
_LATELY = bindparam("lately", type_=UtcDateTime())


def _waits_for_part() -> ColumnElement[bool]:
    """Return the condition that an earlier part of the same relayed text is not settled."""
    part = aliased(Delivery)
    return and_(
        Delivery.kind == DeliveryKind.RELAY,
        exists().where(
            part.contact_id == Delivery.contact_id,
            part.kind == DeliveryKind.RELAY,
            part.id < Delivery.id,
            is_unsettled(part),
        ),
    )


def _waits_for_trouble() -> ColumnElement[bool]:
    """Return the condition that a text before it in the same thread has just met trouble."""
    earlier = aliased(Delivery)
    return exists().where(
        earlier.to_phone_id == Delivery.to_phone_id,
        earlier.from_line_id == Delivery.from_line_id,
        earlier.id < Delivery.id,
        earlier.kind != DeliveryKind.CALL,
        is_unsettled(earlier),
        earlier.attempts > 0,
        earlier.created_at > _LATELY,
    )


def _waits_for_longer_text() -> ColumnElement[bool]:
    """Return the condition that a longer text before it in the same thread is still leaving.

    Its first part goes out now and its last one only then, so that what follows would overtake it.
    """
    first, last = aliased(Delivery), aliased(Delivery)
    leaving = or_(first.attempts == 0, first.status == DeliveryStatus.SENDING)
    return exists().where(
        last.to_phone_id == Delivery.to_phone_id,
        last.from_line_id == Delivery.from_line_id,
        last.id < Delivery.id,
        last.contact_id.is_distinct_from(Delivery.contact_id),
        last.kind == DeliveryKind.RELAY,
        is_unsettled(last),
        last.status == DeliveryStatus.QUEUED,
        first.contact_id == last.contact_id,
        first.kind == DeliveryKind.RELAY,
        first.id < last.id,
        is_unsettled(first),
        first.not_before <= _NOW,
        leaving,
    )


def is_paused(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Return the condition that the carrier refuses the whole account just now."""
    return exists().where(Mark.name == MarkName.SENDING_PAUSES, Mark.at > now)


# Made once, for the dispatcher asks every few seconds and it takes far longer to put together than
# to run.
_DUE = (
    select(Delivery, Person, Phone, Line, Invitation.flow, Match.state, ONE_IS_OUT)
    .join(Phone, Phone.id == Delivery.to_phone_id)
    .join(Line, Line.id == Delivery.from_line_id)
    .outerjoin(Person, Person.id == Delivery.to_person_id)
    .outerjoin(Invitation, Invitation.id == Delivery.invitation_id)
    .outerjoin(Match, Match.id == Invitation.match_id)
    .where(
        is_unsettled(Delivery),
        Delivery.status == DeliveryStatus.QUEUED,
        Delivery.kind != DeliveryKind.CALL,
        Delivery.not_before <= _NOW,
        # Words to somebody in danger overtake whatever else is on its way in their thread (S17).
        or_(
            # One by one, for a list of values is taken apart at every run.
            Delivery.prompt.in_([literal(prompt) for prompt in ANSWERS]),
            and_(~_waits_for_part(), ~_waits_for_trouble(), ~_waits_for_longer_text()),
        ),
        ~is_paused(_NOW),
    )
    .order_by(Delivery.not_before, Delivery.id)
    .limit(bindparam("batch", type_=Integer()))
    .with_for_update(skip_locked=True, of=Delivery)
    .options(lazyload(Person.phone))
)


@dataclass(frozen=True)
class Outgoing:
    """One claimed text, with everything that the carrier call needs."""

    delivery_id: int
    key: UUID
    kind: DeliveryKind
    to: str
    from_line: str
    body: str
    tries: int
    tried_at: datetime


@dataclass(frozen=True)
class Claimed:
    """One batch: what is to be sent now, and what the gate has stopped for good."""

    texts: list[Outgoing]
    stopped: list[tuple[Delivery, str]]
    seen: int


def claim_due(session: Session, *, now: datetime, limit: int = 50) -> Claimed:
    """Claim due texts that may be sent now; hold, expire or block the others by the gate's rules.

    A later part of a relayed text waits until every earlier part is settled; a text in the same
    thread as one that just met trouble waits with it for a quarter of an hour: words keep order.
    While the carrier refuses the whole account nothing is claimed at all.

    Rows locked by another worker are skipped on PostgreSQL; on SQLite one writer works at a time.
    """
    recipients = _lock_due(session, now=now, limit=limit)
    due = list(recipients)
    claimed = Claimed([], [], len(due))
    if not due:
        return claimed
    parted = _contacts_that_do_not_connect(session, due)
    texts = answers_to(session, "C1", {row.to_phone_id for row in due})
    agreed = {row.id for row in due if texts.agreed(row.to_phone_id, row.to_person_id)}
    others = [row for row in due if row.id not in agreed]
    beginnings = agreed_beginnings(session, others)
    referees = referee_zones(session, due)
    left = texts_left_to_staff(session, due)
    echoes = echoes_among(session, due, now=now)
    for row, (person, flow, rests) in recipients.items():
        verdict = judge(
            row,
            phone=row.to_phone,
            person=person,
            agreed=row.id in agreed or row.id in referees or row.id in beginnings,
            zone_name=referees.get(row.id),
            left_to_staff=row.id in left,
            hours=_hours_of_question(session, person, flow),
            programme=session.programme,
            now=now,
        )
        if row.contact_id in parted and row.kind is not DeliveryKind.REPLY:
            # On hold or closed since it was written, or one of them is suspended: nothing passes
            # between the two any more (S20).
            verdict = Verdict(stop=DeliveryStatus.BLOCKED, reason=_PARTED)
        elif row.id in echoes:
            verdict = Verdict(stop=DeliveryStatus.BLOCKED, reason=ECHO)
        if verdict.hold_until is not None and is_asked_once(flow):
            # It waits for its hours over more than a weekend, and nothing else would ask it.
            row.expires_at = max(row.expires_at, verdict.hold_until + _KEEP_HELD)
        if verdict.stop is None and rests:
            verdict = Verdict(hold_until=now + REST_WAIT)
        _obey(session, row, verdict, claimed, now=now)
    return claimed


def _hours_of_question(session: Session, person: Person | None, flow: str | None) -> Hours | None:
    """Return the hours in which a person is asked such questions; None where nothing is asked."""
    if person is None or flow is None:
        return None
    return asking_hours(flow, person, session.programme)


def _lock_due(
    session: Session, *, now: datetime, limit: int
) -> dict[Delivery, tuple[Person | None, str | None, bool]]:
    """Return what is due, in the order in which it is to leave.

    Each comes with whom it is for, and with the set of questions that it invites to and whether
    these rest with the match that they are about.
    """
    wanted = {"now": now, "lately": now - _KEEP_ORDER, "batch": limit}
    due: dict[Delivery, tuple[Person | None, str | None, bool]] = {}
    for row, person, phone, line, flow, state, is_out in session.execute(_DUE, wanted):
        # Told once, which is quicker than joined loads.
        set_committed_value(row, "to_phone", phone)
        set_committed_value(row, "from_line", line)
        due[row] = person, flow, rests_with_match(flow, state, one_is_out=is_out)
    return due


def _obey(
    session: Session, row: Delivery, verdict: Verdict, claimed: Claimed, *, now: datetime
) -> None:
    """Claim one text, or hold or stop it, as the gate says."""
    if lacks_key(session, row, now=now):
        # Whoever can read it decides: even one that is stopped may have to be read out.
        row.not_before = now + KEY_WAIT
        return
    needless = why_needless(session, row) if verdict.reason != _PARTED else ""
    if needless:
        stop(session, row, DeliveryStatus.EXPIRED, reason=needless, now=now)
    elif verdict.hold_until is not None:
        row.not_before = verdict.hold_until
        if verdict.reason == NO_ZONE:
            ask_for_zone(session, session.get_one(Person, row.to_person_id), now=now)
    elif verdict.stop is not None:
        _stop(session, row, verdict.stop, verdict.reason, claimed, now=now)
    elif (text := _readable(session, row, claimed, now=now)) is None:
        return
    elif session.programme.fictional_numbers_only and not is_fictional(text.to):
        # In a rehearsal nothing leaves for a number that could be somebody's (S25).
        _stop(session, row, DeliveryStatus.BLOCKED, "not a fictional number", claimed, now=now)
    else:
        tries = row.attempts + 1
        change_row(session, row, status=DeliveryStatus.SENDING, claimed_at=now, attempts=tries)
        claimed.texts.append(replace(text, tries=row.attempts, tried_at=now))


def _stop(
    session: Session,
    row: Delivery,
    status: DeliveryStatus,
    reason: str,
    claimed: Claimed,
    *,
    now: datetime,
) -> None:
    stop(session, row, status, reason=reason, now=now)
    claimed.stopped.append((row, reason))


def _readable(
    session: Session, row: Delivery, claimed: Claimed, *, now: datetime
) -> Outgoing | None:
    """Open a text; one that cannot be opened fails alone and must not stop all others."""
    try:
        return _outgoing(session, row)
    except VaultError:
        log.exception("Text %d cannot be opened and is given up.", row.id)
        _stop(session, row, DeliveryStatus.FAILED, BROKEN, claimed, now=now)
        return None


_STATES_OF_MATCHES = (
    select(Contact.id, Match.state, ONE_IS_OUT)
    .join(Match)
    .where(Contact.id.in_(bindparam("contact_ids")))
)


def _contacts_that_do_not_connect(session: Session, rows: Sequence[Delivery]) -> set[int | None]:
    ids = {row.contact_id for row in rows if row.contact_id is not None}
    if not ids:
        return set()
    states = session.columns(_STATES_OF_MATCHES, {"contact_ids": list(ids)})
    return {contact_id for contact_id, state, is_out in states if is_out or not state.connects}


def _outgoing(session: Session, row: Delivery) -> Outgoing:
    body = session.vault.open(row.body_sealed or b"", place=row.place("body_sealed"))
    return Outgoing(
        delivery_id=row.id,
        key=row.key,
        kind=row.kind,
        to=number_of(session, row.to_phone),
        from_line=row.from_line.number,
        body=body,
        tries=row.attempts,
        tried_at=row.claimed_at or row.created_at,
    )


_CLAIMED_UNTIL = bindparam("claimed_until", type_=UtcDateTime())
_ABANDONED = (
    select(Delivery)
    .where(
        is_unsettled(Delivery),
        Delivery.status == DeliveryStatus.SENDING,
        Delivery.claimed_at < _CLAIMED_UNTIL,
    )
    .with_for_update(skip_locked=True)
)
_UNCERTAIN = (
    select(Delivery)
    .where(
        is_unsettled(Delivery),
        Delivery.status == DeliveryStatus.UNCERTAIN,
        Delivery.kind != DeliveryKind.CALL,
        Delivery.claimed_at <= _CLAIMED_UNTIL,
    )
    .order_by(Delivery.not_before, Delivery.id)
    .limit(bindparam("batch", type_=Integer()))
    .options(joinedload(Delivery.to_phone), joinedload(Delivery.from_line))
)


def abandoned(session: Session, *, now: datetime) -> int:
    """Mark texts and calls whose sender died in mid-request as uncertain; returns how many."""
    rows = session.scalars(_ABANDONED, {"claimed_until": now - CLAIM_LASTS}).all()
    for row in rows:
        row.status = DeliveryStatus.UNCERTAIN
    return len(rows)


def uncertain(session: Session, *, now: datetime, limit: int = 50) -> Claimed:
    """Return texts of which nobody knows whether the carrier took them: to be looked up there.

    Its lists lag behind, so a text is looked up when it has had the time to appear in them. What
    this worker has no key for is moved behind all others, so that it never fills the batch.
    """
    wanted = {"claimed_until": now - LISTED_AFTER, "batch": limit}
    rows = session.scalars(_UNCERTAIN, wanted).all()
    found = Claimed([], [], len(rows))
    for row in rows:
        if lacks_key(session, row, now=now):
            row.not_before = now + KEY_WAIT
            continue
        text = _readable(session, row, found, now=now)
        found.texts.extend([text] if text is not None else [])
    return found
