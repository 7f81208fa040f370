"""What the person called is told about a call they missed."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from mentoring.clock import spoken_day
from mentoring.consents import may_be_texted
from mentoring.db import Session
from mentoring.models import (
    Contact,
    ContactKind,
    DeliveryKind,
    Outcome,
    Purpose,
    Recording,
    RecordingState,
)
from mentoring.not_rung import NotRung
from mentoring.notices import queue_prompt
from mentoring.people import reads_alone
from mentoring.routing import Route, route_in_match
from mentoring.spoken_notices import keep_for_next_call, take_back_about
from mentoring.wording import likely_zone

# Whoever hangs up while leaving a note has left it, and the carrier may tell of it a little later.
_NOTE_MAY_FOLLOW = timedelta(seconds=10)
_SAID = "T-CL2"
_MISSED = (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.FAILED, Outcome.GAVE_UP, Outcome.NOT_RUNG)
# Whoever was calling at the same moment knows; a number that is no good gets no texts either, and
# neither does somebody who has never agreed to anything; and where the caller turned to our staff
# before the first ring, nothing was missed.
_UNTOLD = (
    NotRung.CROSSING.value,
    NotRung.NOT_DIALABLE.value,
    NotRung.NO_CONSENT.value,
    NotRung.PERSON_FIRST.value,
)


def missed_key(call_sid: str, match_id: int | None) -> str:
    """Return the dedupe key of the one text about a missed call."""
    return f"missed:{call_sid}:{match_id}"


_ATTEMPTS = (
    select(Contact)
    .where(Contact.source_sid == bindparam("call_sid"), Contact.kind == ContactKind.CALL)
    .order_by(Contact.attempt)
)
_NOTED = select(Recording.match_id).where(
    Recording.call_sid == bindparam("call_sid"),
    Recording.purpose == Purpose.NOTE,
    Recording.sent_at.is_not(None),
    Recording.state != RecordingState.LOST,
)


def tell_about_missed_calls(session: Session, call_sid: str, *, now: datetime) -> None:
    """A call is over: tell whoever it did not reach, unless a voice note was left instead.

    Of several attempts in one call only the newest counts.
    """
    attempts = session.scalars(_ATTEMPTS, {"call_sid": call_sid})
    newest = {contact.match_id: contact for contact in attempts}
    missed = {match: c for match, c in newest.items() if _is_missed(c)}
    if not missed:
        return
    noted = session.columns(_NOTED, {"call_sid": call_sid}).scalars().all()
    for match_id, contact in missed.items():
        route = route_in_match(session, match_id, contact.from_person_id)
        if match_id not in noted and route is not None:
            _tell(session, contact, route, now=now)


def forget_missed_calls(
    session: Session, match_id: int, *, before: datetime, now: datetime
) -> None:
    """The two have talked: who has not called in yet need not hear of a try before it."""
    take_back_about(session, match_id, _SAID, before=before, now=now)


def _is_missed(contact: Contact) -> bool:
    return contact.outcome in _MISSED and contact.reason not in _UNTOLD


def _tell(session: Session, contact: Contact, route: Route, *, now: datetime) -> None:
    """Queue T-CL2; where no text may go, it is said at their next call.

    Safe-contact code 3 allows no message to be left (S8): what they hear when they call is none.
    """
    person, key = route.other.person, missed_key(contact.source_sid, contact.match_id)
    caller = {"protege": route.mine.person.shown_name}
    if person.safe_contact == 3 or not may_be_texted(session, person):
        day = spoken_day(contact.started_at, likely_zone(session, route.other.phone, person))
        keep_for_next_call(
            session,
            _SAID,
            person=person,
            match_id=contact.match_id,
            dedupe_key=key,
            known={**caller, "day": day},
            now=now,
        )
        return
    queue_prompt(
        session,
        _SAID if may_name(route) else "T-CL2N",
        to=route.other.phone,
        line=route.line,
        kind=DeliveryKind.NOTICE,
        dedupe_key=key,
        person=person,
        contact=contact,
        not_before=now if contact.outcome is Outcome.GAVE_UP else now + _NOTE_MAY_FOLLOW,
        known=caller,
        now=now,
    )


def may_name(route: Route) -> bool:
    """Tell whether a text to the other side may hold a name: not where others read it."""
    return reads_alone(route.other.person, route.other.phone)
