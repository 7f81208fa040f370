"""The contact log: attempts are written before the first ring, and settled by who tells first."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from mentoring.db import Memo, Session
from mentoring.matches import begin_early
from mentoring.models import (
    CallLeg,
    Contact,
    ContactKind,
    LegSide,
    Match,
    MatchState,
    Outcome,
    Person,
    Phone,
    UtcDateTime,
    only_one,
)
from mentoring.routing import Refusal, Route
from mentoring.rows import change_row_of, insert_or_find, insert_row
from mentoring.statuses import is_final, rises

# A contact that ended in one of these reached the other person.
ARRIVED = (Outcome.TALKED, Outcome.SENT, Outcome.DELIVERED, Outcome.NOTE_LEFT)
# In one of these it surely did. What is sent may still be told to be lost, and the first contact of
# two is not taken back; where no more is told it is settled as delivered after a day.
_COUNTED = (Outcome.TALKED, Outcome.DELIVERED, Outcome.NOTE_LEFT)

# Made once, for it is asked at every report about a text.
_FROM_THE_OTHER_SIDE = (
    select(Contact.id)
    .where(
        Contact.match_id == bindparam("match_id", type_=Integer()),
        Contact.kind.in_([ContactKind.TEXT, ContactKind.NOTE]),
        Contact.from_person_id == bindparam("other_id", type_=Integer()),
        Contact.outcome.in_(_COUNTED),
        Contact.started_at >= bindparam("since", type_=UtcDateTime()),
        Contact.started_at <= bindparam("until", type_=UtcDateTime()),
    )
    .limit(1)
)


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
    seconds: int | None = None,
    ended: bool = False,
) -> Contact:
    """Write one attempt from this side of a match to the other; `ended` when it is over at once."""
    contact = Contact(
        kind=kind,
        match_id=route.match.id,
        line_id=route.line.id,
        from_person_id=route.mine.person_id,
        to_person_id=route.other.person_id,
        outcome=outcome,
        reason=reason,
        two_way=False,
        seconds=seconds,
        source_sid=source_sid,
        attempt=attempt,
        started_at=now,
        ended_at=now if ended else None,
    )
    return insert_or_find(session, contact, "source_sid", "attempt")


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
    return insert_or_find(session, contact, "source_sid", "attempt")


def log_menu_call(
    session: Session,
    *,
    number: str | None,
    line_id: int | None,
    person_id: int | None,
    call_sid: str,
    now: datetime,
) -> Contact:
    """Write that somebody called one of our lines and is talking with the service itself."""
    contact = Contact(
        kind=ContactKind.MENU,
        line_id=line_id,
        from_person_id=person_id,
        caller_index=session.vault.index(number) if number and person_id is None else None,
        outcome=Outcome.ATTEMPTED,
        two_way=False,
        source_sid=call_sid,
        attempt=0,
        started_at=now,
    )
    return insert_or_find(session, contact, "source_sid", "attempt")


def log_menu_text(
    session: Session,
    *,
    number: str | None,
    line_id: int,
    person_id: int | None,
    message_sid: str,
    now: datetime,
) -> None:
    """Write that somebody sent the service itself a text, unless it is in the log already."""
    row = {
        "kind": ContactKind.MENU_TEXT,
        "line_id": line_id,
        "from_person_id": person_id,
        "caller_index": session.vault.index(number) if number and person_id is None else None,
        "outcome": Outcome.SERVED,
        "two_way": False,
        "source_sid": message_sid,
        "attempt": 0,
        "started_at": now,
        "ended_at": now,
    }
    insert_row(session, Contact, row, "source_sid", "attempt")


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
    it, whichever of the two is reported first; one that is only sent has not arrived yet. A survey
    never counts.
    """
    if contact.two_way or contact.match_id is None or contact.outcome not in _COUNTED:
        return
    if contact.kind is ContactKind.CALL:
        long_enough = (contact.seconds or 0) >= session.programme.two_way_seconds
        contact.two_way = contact.accepted_at is not None and long_enough
    else:
        contact.two_way = _answers_the_other_side(session, contact)
    if contact.two_way:
        match = session.get_one(Match, contact.match_id)
        if match.state is MatchState.INTRO:
            begin_early(session, match, now=now)


def _answers_the_other_side(session: Session, contact: Contact) -> bool:
    window = timedelta(hours=session.programme.two_way_text_hours)
    wanted = {
        "match_id": contact.match_id,
        "other_id": contact.to_person_id,
        "since": contact.started_at - window,
        "until": contact.started_at + window,
    }
    return session.columns(_FROM_THE_OTHER_SIDE, wanted).first() is not None


def begin_leg(session: Session, *, call_sid: str, phone_id: int | None, now: datetime) -> bool:
    """Write the leg of a call that has just reached us; False when we know of the call already."""
    leg = CallLeg(
        call_sid=call_sid,
        side=LegSide.CALLER,
        phone_id=phone_id,
        status="ringing",
        started_at=now,
    )
    return insert_or_find(session, leg, "call_sid") is leg


# Made once, for each leg is reported several times.
_LEG = (
    select(CallLeg.id, CallLeg.status, CallLeg.answered_at)
    .where(CallLeg.call_sid == bindparam("call_sid"))
    .with_for_update()
)


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
) -> bool:
    """Take one status of a call leg, in any order; False when it told us nothing new."""
    known = session.columns(_LEG, {"call_sid": call_sid}).first()
    if known is None:
        row = {
            "call_sid": call_sid,
            "parent_sid": parent_sid,
            "contact_id": contact_id,
            "phone_id": phone_id,
            "side": side,
            "started_at": now,
            **_news(status, None, seconds, now),
        }
        if insert_row(session, CallLeg, row, "call_sid") is not None:
            return True
        # Another report about the same leg came at the same moment and was faster.
        known = session.columns(_LEG, {"call_sid": call_sid}).one()
    if not rises(known.status, status):
        return False
    news = _news(status, known.answered_at, seconds, now)
    change_row_of(session, CallLeg, known.id, **news)
    return True


def _news(
    status: str, answered_at: datetime | None, seconds: int | None, now: datetime
) -> dict[str, Any]:
    """Return what a status changes in the row of a leg that was answered then, if it was."""
    news: dict[str, Any] = {"status": status}
    if seconds is not None:
        news["seconds"] = seconds
    if status == "in-progress" and answered_at is None:
        news["answered_at"] = now
    if is_final(status):
        news["ended_at"] = now
    return news


_ENDED_AT = select(CallLeg.ended_at).where(CallLeg.call_sid == bindparam("call_sid"))
_ENDED_AT_ALONE = _ENDED_AT.with_for_update(read=True)


def call_is_over(session: Session, call_sid: str, *, alone: bool = False) -> bool:
    """Tell whether we know that a call has ended; `alone` lets its end wait for us."""
    ended_at = _ENDED_AT_ALONE if alone else _ENDED_AT
    return session.columns(ended_at, {"call_sid": call_sid}).scalar() is not None


_CALLERS = (
    select(Phone, Person)
    .join(CallLeg, CallLeg.phone_id == Phone.id)
    .outerjoin(Person, Person.phone_id == Phone.id)
    .where(CallLeg.call_sid == bindparam("call_sid"))
)


def caller_of(session: Session, call_sid: str) -> tuple[Phone | None, Person | None]:
    """Return the phone that a call came from, and the person when it can be one only."""
    known: dict[str, tuple[Phone | None, Person | None]]
    known = session.memo.setdefault(Memo.CALLERS, {})
    if call_sid in known:
        return known[call_sid]
    rows = session.execute(_CALLERS, {"call_sid": call_sid}).all()
    if not rows:
        return None, None
    known[call_sid] = rows[0][0], only_one([person for _, person in rows if person is not None])
    return known[call_sid]


# A call whose end we were never told is believed for so long; a talk, as long as talks may last.
_BELIEVED = timedelta(minutes=15)


def is_on_a_call() -> ColumnElement[bool]:
    """Return the condition that a phone is in a call with us; `believed` gives its parameters."""
    return exists(
        select(CallLeg.id)
        .outerjoin(
            Contact,
            or_(Contact.id == CallLeg.contact_id, Contact.source_sid == CallLeg.call_sid),
        )
        .where(
            CallLeg.phone_id == bindparam("phone_id"),
            CallLeg.ended_at.is_(None),
            or_(
                CallLeg.started_at > bindparam("calling_since", type_=UtcDateTime()),
                and_(
                    Contact.outcome == Outcome.ACCEPTED,
                    CallLeg.started_at > bindparam("talking_since", type_=UtcDateTime()),
                ),
            ),
        )
    )


def is_in_our_menu() -> ColumnElement[bool]:
    """Return the condition that a phone has called us, and rings and talks with no partner there.

    `believed` gives its parameters, too.
    """
    dialled = aliased(Contact)
    return exists(
        select(CallLeg.id).where(
            CallLeg.phone_id == bindparam("phone_id"),
            CallLeg.side == LegSide.CALLER,
            # Whom the service rings is asked something else, and is not on the way to call.
            CallLeg.contact_id.is_(None),
            CallLeg.ended_at.is_(None),
            CallLeg.started_at > bindparam("calling_since", type_=UtcDateTime()),
            ~exists(
                select(dialled.id).where(
                    dialled.source_sid == CallLeg.call_sid,
                    dialled.kind == ContactKind.CALL,
                    dialled.ended_at.is_(None),
                )
            ),
        )
    )


def believed(session: Session, phone_id: int, *, now: datetime) -> dict[str, object]:
    """Return the parameters of `is_on_a_call`: since when an open leg may still be a call."""
    longest = timedelta(minutes=session.programme.call_limit_minutes)
    return {
        "phone_id": phone_id,
        "calling_since": now - _BELIEVED,
        "talking_since": now - longest - _BELIEVED,
    }
