"""Masked calls: may this call ring the other side now, was it accepted, and how did it end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, bindparam, exists, func, literal, or_, select, update

from mentoring.clock import zone_named
from mentoring.contacts import (
    count_two_way,
    is_in_our_menu,
    is_on_a_call,
    log_between,
    settle,
)
from mentoring.crossed_calls import IS_CALLING_ME, IS_COMING, about, is_waiting, why_wait
from mentoring.db import Session
from mentoring.dialling import ask_about_number, refusal_to_dial
from mentoring.hours import hard_hours, is_open
from mentoring.models import (
    NOT_CONNECTING,
    CallLeg,
    Consent,
    Contact,
    ContactKind,
    LegSide,
    Match,
    Mode,
    Outcome,
    Person,
    PersonState,
)
from mentoring.not_rung import NotRung
from mentoring.people import number_of
from mentoring.routing import Route
from mentoring.tasks import ask_for_zone, open_task


@dataclass(frozen=True)
class Ring:
    """Ring this person: the real number goes into the one Dial, and nowhere else."""

    contact_id: int
    to_number: str
    line_number: str


@dataclass(frozen=True)
class NoRing:
    """Do not ring: say why in kind words and offer a voice note."""

    contact_id: int
    why: NotRung


def plan_call(
    session: Session,
    route: Route,
    *,
    call_sid: str,
    attempt: int,
    waited: int = 0,
    now: datetime,
) -> Ring | NoRing:
    """Decide whether a call rings the other side, and log the attempt before it does.

    The same (call, attempt) gives the same plan again, so a repeated webhook rings nobody twice.
    Only a caller who has `waited` for somebody who was busy is judged anew, in the same entry: it
    is one try, however often we look.
    A call that begins has taken the match before (mentoring/routing.py), so of two who call each
    other at the same moment the second one is told.
    """
    contact, seen = _look_before_ringing(session, route, call_sid, attempt, now)
    if contact is None:
        why = _why_not(session, route, seen, waited, now)
        contact = log_between(
            session,
            route,
            ContactKind.CALL,
            source_sid=call_sid,
            attempt=attempt,
            outcome=Outcome.ATTEMPTED if why is None else Outcome.NOT_RUNG,
            reason=why.value if why else None,
            ended=why is not None,
            now=now,
        )
    elif waited and is_waiting(contact):
        why = _why_not(session, route, seen, waited, now)
        contact.outcome = Outcome.ATTEMPTED if why is None else Outcome.NOT_RUNG
        contact.reason = why.value if why else None
        if why is None:
            # The try begins with the ring: whom the wait had hang up tried before it.
            contact.started_at = now
        contact.ended_at = now if why else None
    if contact.outcome is Outcome.NOT_RUNG:
        return NoRing(contact.id, NotRung(contact.reason or NotRung.BUSY.value))
    return Ring(contact.id, number_of(session, route.other.phone), route.line.number)


# Made once, for it costs more to put together than to run.
_LOOK = select(
    IS_CALLING_ME,
    IS_COMING,
    is_on_a_call(),
    is_in_our_menu(),
    # Any part that everybody is asked; C1 and C2 are about texts and automated calls only.
    exists(
        select(Consent.id).where(
            Consent.phone_id == bindparam("phone_id"),
            Consent.part.in_(("C3", "C4", "C5")),
            Consent.agreed.is_(True),
            or_(Consent.person_id.is_(None), Consent.person_id == bindparam("callee_id")),
        )
    ),
    Contact,
).select_from(
    select(literal(1))
    .subquery()
    .outerjoin(
        Contact,
        and_(Contact.source_sid == bindparam("call_sid"), Contact.attempt == bindparam("attempt")),
    )
)


@dataclass(frozen=True)
class _Seen:
    """What the database knows of the other side at this moment."""

    is_calling_me: bool
    is_coming: bool
    is_busy: bool
    is_in_menu: bool
    has_agreed: bool


def _look_before_ringing(
    session: Session, route: Route, call_sid: str, attempt: int, now: datetime
) -> tuple[Contact | None, _Seen]:
    """Return this attempt if it was logged before, and what is known of the other side.

    All in one statement, because a caller is waiting.
    """
    wanted = {**about(session, route, now=now), "call_sid": call_sid, "attempt": attempt}
    *seen, contact = session.execute(_LOOK, wanted).one()
    return contact, _Seen(*seen)


def _why_not(
    session: Session, route: Route, seen: _Seen, waited: int, now: datetime
) -> NotRung | None:
    callee = route.other.person
    if _is_number_bad(session, route, now):
        return NotRung.NOT_DIALABLE
    if not seen.has_agreed:
        words = f"{callee.code} was called and not rung: they never agreed. Ask for their consent."
        _ask_staff(session, callee, "consent", words, now=now)
        return NotRung.NO_CONSENT
    if seen.is_calling_me:
        # They are on the line and rung by nobody, so what they like, and their clock, is no matter.
        return NotRung.CROSSING
    if callee.mode is Mode.TEXT:
        return NotRung.READS_TEXTS
    if callee.state in (PersonState.ON_BREAK, PersonState.PAUSED):
        return NotRung.AWAY
    zone = zone_named(callee.zone)
    if zone is None:
        ask_for_zone(session, callee, now=now)
        return NotRung.NO_ZONE
    if not is_open(now, zone, hard_hours(session.programme)):
        return NotRung.LATE
    return _while_busy(seen, waited) if seen.is_busy else None


def _while_busy(seen: _Seen, waited: int) -> NotRung:
    wait = why_wait(waited, is_coming=seen.is_coming, is_in_menu=seen.is_in_menu)
    return wait or NotRung.BUSY


def _ask_staff(session: Session, callee: Person, rule: str, words: str, *, now: datetime) -> None:
    open_task(session, rule=rule, words=words, key=f"{rule}:{callee.id}", person=callee, now=now)


def _is_number_bad(session: Session, route: Route, now: datetime) -> bool:
    """Tell whether a number may not be dialled, or is out of use; then staff are asked."""
    refusal = refusal_to_dial(session, route.other.phone)
    if refusal is None:
        return False
    ask_about_number(session, route.other.person, route.other.phone, refusal, now=now)
    return True


_ATTEMPT = select(Contact).where(
    Contact.source_sid == bindparam("call_sid"), Contact.attempt == bindparam("attempt")
)


def ring_nobody(session: Session, call_sid: str, attempt: int, *, now: datetime) -> None:
    """The caller changed their mind before the first ring: the other side missed nothing."""
    contact = session.scalar(_ATTEMPT, {"call_sid": call_sid, "attempt": attempt})
    if contact is not None:
        settle(contact, Outcome.NOT_RUNG, now=now, reason=NotRung.PERSON_FIRST.value)


class Accepted(StrEnum):
    JOINED = "joined"
    TOO_LATE = "too late"


def accept_whisper(session: Session, contact_id: int, *, now: datetime) -> Accepted:
    """The person called said yes. Only one acceptance counts, and only while the caller waits."""
    taken = session.execute(
        update(Contact)
        .where(
            Contact.id == contact_id,
            Contact.outcome.in_([Outcome.ATTEMPTED, Outcome.ACCEPTED]),
            Contact.ended_at.is_(None),
            # A hold or a closing while it rang counts at once.
            Contact.match_id.in_(select(Match.id).where(Match.state.not_in(NOT_CONNECTING))),
        )
        .values(outcome=Outcome.ACCEPTED, accepted_at=func.coalesce(Contact.accepted_at, now))
        .execution_options(synchronize_session="fetch")
        .returning(Contact.id)
    ).first()
    return Accepted.JOINED if taken is not None else Accepted.TOO_LATE


def decline_whisper(
    session: Session, contact_id: int, *, now: datetime, wrong_person: bool = False
) -> None:
    """The person called said no, or somebody else answered: the caller may leave a voice note."""
    contact = session.get(Contact, contact_id)
    if contact is not None and contact.accepted_at is None:
        settle(contact, Outcome.NO_ANSWER if wrong_person else Outcome.DECLINED, now=now)


_UNREACHED = {
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "canceled": Outcome.GAVE_UP,
}


def end_ring(
    session: Session,
    contact_id: int,
    *,
    status: str,
    seconds: int | None,
    now: datetime,
    bridged: bool | None = None,
) -> Contact | None:
    """The dialled side ended, told by the Dial action or by the leg's callback, whichever comes.

    `status` is the carrier's word. `completed` alone proves nothing: a voicemail answers, too; only
    an accepted whisper makes it a talk. `bridged` is known to the Dial alone, and not to every one.
    Returns the entry, or None when there is none.
    """
    contact = session.get(Contact, contact_id)
    if contact is None:
        return None
    if bridged is False and not contact.two_way:
        _was_never_joined(contact)
    if contact.ended_at is None:
        if contact.accepted_at is not None and status in ("completed", "answered"):
            contact.seconds = _talk_seconds(session, contact, seconds, now)
            settle(contact, Outcome.TALKED, now=now)
        else:
            settle(contact, _UNREACHED.get(status, Outcome.NO_ANSWER), now=now)
    count_two_way(session, contact, now=now)
    return contact


def _was_never_joined(contact: Contact) -> None:
    """They said yes, and their line was lost before the two were joined: it was no talk.

    The leg's callback knows nothing of joining, comes first as a rule, and has made a talk of it.
    Taking that back is no later story against an earlier one: both say that the leg is completed,
    and the Dial alone tells what that was worth. Yet what has counted as two-way contact stays, for
    in so long a talk it is the word of the carrier that must be wrong.
    """
    contact.accepted_at = contact.seconds = None
    if contact.outcome is Outcome.TALKED:
        contact.outcome = Outcome.NO_ANSWER


_CALLEE_ANSWERED_AT = select(CallLeg.answered_at).where(
    CallLeg.contact_id == bindparam("contact_id"), CallLeg.side == LegSide.CALLEE
)


def _talk_seconds(
    session: Session, contact: Contact, seconds: int | None, now: datetime
) -> int | None:
    """Return the seconds both were on the line: the leg's length less the whisper before it."""
    accepted_at = contact.accepted_at or now
    if seconds is None:
        return round((now - accepted_at).total_seconds())
    answered_at = session.columns(_CALLEE_ANSWERED_AT, {"contact_id": contact.id}).scalar()
    if answered_at is None:
        return seconds
    whisper = (accepted_at - answered_at).total_seconds()
    return max(0, round(seconds - whisper))


# Locked, because the other side may be accepting at this very moment.
_WAITING = (
    select(Contact)
    .where(Contact.source_sid == bindparam("call_sid"), Contact.ended_at.is_(None))
    .with_for_update()
)


def end_call(
    session: Session, call_sid: str, *, now: datetime, seconds: int | None = None
) -> list[Contact]:
    """The caller's own call is over: whatever still rang is over, too. Returns those entries.

    `seconds` is how long the whole call was, where the carrier has told: no talk was longer.
    """
    waiting = session.scalars(_WAITING, {"call_sid": call_sid}).all()
    for contact in waiting:
        if contact.kind is ContactKind.MENU:
            settle(contact, Outcome.SERVED, now=now)
        elif contact.accepted_at is not None:
            talked = _talk_seconds(session, contact, None, now) or 0
            contact.seconds = talked if seconds is None else min(talked, seconds)
            settle(contact, Outcome.TALKED, now=now)
        else:
            settle(contact, Outcome.GAVE_UP, now=now)
        session.flush()
        count_two_way(session, contact, now=now)
    return list(waiting)
