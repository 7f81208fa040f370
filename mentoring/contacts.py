"""The contact log: attempts are written before the first ring, and settled by who tells first."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from mentoring.db import Session
from mentoring.matches import move_match
from mentoring.models import (
    CallLeg,
    Contact,
    ContactKind,
    LegSide,
    Match,
    MatchState,
    Outcome,
)
from mentoring.routing import Refusal, Route
from mentoring.statuses import is_final, rises

# A contact that ended in one of these reached the other person.
ARRIVED = (Outcome.TALKED, Outcome.SENT, Outcome.DELIVERED, Outcome.NOTE_LEFT)


def log_between(
    session: Session,
    route: Route,
    kind: ContactKind,
    *,
    source_sid: str,
    outcome: Outcome,
    now: datetime,
    attempt: int = 1,
    reason: str | None = None,
) -> Contact:
    """Write one attempt from this side of a match to the other."""
    contact = Contact(
        kind=kind,
        match_id=route.match.id,
        line_id=route.line.id,
        from_person_id=route.mine.person_id,
        to_person_id=route.other.person_id,
        outcome=outcome,
        reason=reason,
        two_way=False,
        source_sid=source_sid,
        attempt=attempt,
        started_at=now,
    )
    session.add(contact)
    session.flush()
    return contact


def log_refusal(
    session: Session,
    refusal: Refusal,
    kind: ContactKind,
    *,
    number: str | None,
    line_id: int | None,
    person_id: int | None,
    source_sid: str,
    now: datetime,
) -> Contact:
    """Write that somebody was not connected. A stranger appears by blind index only."""
    contact = Contact(
        kind=kind,
        line_id=line_id,
        from_person_id=person_id,
        caller_index=session.vault.index(number) if number and person_id is None else None,
        outcome=Outcome.REFUSED,
        reason=refusal.value,
        two_way=False,
        source_sid=source_sid,
        attempt=0,
        started_at=now,
        ended_at=now,
    )
    session.add(contact)
    return contact


def find_contact(session: Session, source_sid: str, attempt: int) -> Contact | None:
    """Return the entry that this carrier event made before, if any."""
    return session.scalar(
        select(Contact).where(Contact.source_sid == source_sid, Contact.attempt == attempt)
    )


def settle(contact: Contact, outcome: Outcome, *, now: datetime, reason: str | None = None) -> None:
    """End an entry once. Whoever comes later with another story changes nothing."""
    if contact.ended_at is not None:
        return
    contact.outcome = outcome
    contact.ended_at = now
    contact.reason = reason or contact.reason


def count_two_way(session: Session, contact: Contact, *, now: datetime) -> None:
    """Decide whether a contact that arrived made two-way contact, and move INTRO to EARLY.

    A talk counts when the whisper was accepted and both were on the line for `two_way_seconds`. A
    text or voice note counts when one from the other side arrived within `two_way_text_hours` of
    it, whichever of the two is reported first. A survey never counts.
    """
    if contact.two_way or contact.match_id is None or contact.outcome not in ARRIVED:
        return
    if contact.kind is ContactKind.CALL:
        long_enough = (contact.seconds or 0) >= session.programme.two_way_seconds
        contact.two_way = contact.accepted_at is not None and long_enough
    else:
        contact.two_way = _answers_the_other_side(session, contact)
    if contact.two_way:
        match = session.get_one(Match, contact.match_id)
        if match.state is MatchState.INTRO:
            move_match(
                session,
                match,
                MatchState.EARLY,
                actor="system",
                reason="first two-way contact",
                now=now,
            )


def _answers_the_other_side(session: Session, contact: Contact) -> bool:
    window = timedelta(hours=session.programme.two_way_text_hours)
    earlier = session.scalar(
        select(Contact.id)
        .where(
            Contact.match_id == contact.match_id,
            Contact.kind.in_([ContactKind.TEXT, ContactKind.NOTE]),
            Contact.from_person_id == contact.to_person_id,
            Contact.outcome.in_(ARRIVED),
            Contact.started_at >= contact.started_at - window,
            Contact.started_at <= contact.started_at + window,
        )
        .limit(1)
    )
    return earlier is not None


def see_leg(
    session: Session,
    *,
    call_sid: str,
    status: str,
    now: datetime,
    side: LegSide,
    parent_sid: str | None = None,
    contact_id: int | None = None,
    phone_id: int | None = None,
    seconds: int | None = None,
) -> CallLeg | None:
    """Take one status of a call leg, in any order; None when it told us nothing new."""
    leg = session.scalar(select(CallLeg).where(CallLeg.call_sid == call_sid))
    if leg is None:
        leg = CallLeg(
            call_sid=call_sid,
            parent_sid=parent_sid,
            contact_id=contact_id,
            phone_id=phone_id,
            side=side,
            status=status,
            started_at=now,
        )
        session.add(leg)
    elif not rises(leg.status, status):
        return None
    leg.status = status
    leg.seconds = seconds if seconds is not None else leg.seconds
    if status == "in-progress" and leg.answered_at is None:
        leg.answered_at = now
    if is_final(status):
        leg.ended_at = now
    session.flush()
    return leg


def call_is_over(session: Session, call_sid: str) -> bool:
    """Tell whether we know that a call has ended."""
    ended = session.scalar(select(CallLeg.ended_at).where(CallLeg.call_sid == call_sid))
    return ended is not None


# A call whose end we were never told is believed for so long; a talk, as long as talks may last.
_BELIEVED = timedelta(minutes=15)


def is_on_a_call(session: Session, phone_id: int, *, now: datetime) -> bool:
    """Tell whether a phone is in a call with us at this moment, as far as we were told."""
    longest = timedelta(minutes=session.programme.call_limit_minutes)
    found = session.scalar(
        select(CallLeg.id)
        .outerjoin(
            Contact,
            or_(
                Contact.id == CallLeg.contact_id,
                Contact.source_sid == CallLeg.call_sid,
            ),
        )
        .where(
            CallLeg.phone_id == phone_id,
            CallLeg.ended_at.is_(None),
            or_(
                CallLeg.started_at > now - _BELIEVED,
                and_(
                    Contact.outcome == Outcome.ACCEPTED,
                    CallLeg.started_at > now - longest - _BELIEVED,
                ),
            ),
        )
        .limit(1)
    )
    return found is not None
