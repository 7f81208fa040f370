"""A call that reached our line while we could not answer it: it enters the log when we can again.

Its caller heard an apology that was made without a database, and nothing else is known of the call.
So nobody is told that they were called; staff are asked to call back.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mentoring.contacts import log_between, log_menu_call, log_refusal, settle
from mentoring.db import Session
from mentoring.models import Contact, ContactKind, Outcome
from mentoring.people import add_phone
from mentoring.routing import Reached, Refusal, Route, find_reached
from mentoring.tasks import open_task

_REASON = "a fault of ours"
_WORKING_DAYS = 1


@dataclass(frozen=True)
class LostCall:
    """One call as the carrier has it. `number` is E.164, or None when it is withheld."""

    sid: str
    number: str | None
    line_number: str
    at: datetime


def never_logged(session: Session, sids: Collection[str]) -> set[str]:
    """Return those of the calls that the log knows nothing of."""
    known = session.scalars(select(Contact.source_sid).where(Contact.source_sid.in_(sids)))
    return set(sids) - set(known)


def log_lost_call(session: Session, call: LostCall, *, now: datetime) -> None:
    """Write down a call that nobody answered, and ask staff to call back whoever it was."""
    reached = find_reached(session, number=call.number, line_number=call.line_number)
    if reached.is_loop or reached.line is None:
        return
    _log(session, call, reached)
    if call.number is not None:
        _ask_to_call_back(session, call, reached, now=now)


def _log(session: Session, call: LostCall, reached: Reached) -> None:
    if isinstance(reached.way, Route):
        log_between(
            session,
            reached.way,
            ContactKind.CALL,
            source_sid=call.sid,
            outcome=Outcome.NOT_RUNG,
            reason=_REASON,
            ended=True,
            now=call.at,
        )
        return
    people = reached.phone.people if reached.phone else []
    person_id = people[0].id if len(people) == 1 else None
    line_id = reached.line.id if reached.line else None
    if isinstance(reached.way, Refusal):
        log_refusal(
            session,
            reached.way,
            ContactKind.CALL,
            number=call.number,
            line_id=line_id,
            person_id=person_id,
            source_sid=call.sid,
            now=call.at,
        )
        return
    contact = log_menu_call(
        session,
        number=call.number,
        line_id=line_id,
        person_id=person_id,
        call_sid=call.sid,
        now=call.at,
    )
    settle(contact, Outcome.FAILED, now=call.at, reason=_REASON)


def _ask_to_call_back(session: Session, call: LostCall, reached: Reached, *, now: datetime) -> None:
    """One task for each phone and day, however often they tried."""
    phone = reached.phone or add_phone(session, call.number or "", now=now)
    person = phone.people[0] if len(phone.people) == 1 else None
    who = person.code if person else "Somebody"
    open_task(
        session,
        rule="lost call",
        words=f"{who} called while our line had a fault, and could not be served. Call them back.",
        key=f"lost call:{phone.id}:{call.at:%Y-%m-%d}",
        person=person,
        phone=phone,
        match_id=reached.way.match.id if isinstance(reached.way, Route) else None,
        working_days=_WORKING_DAYS,
        now=now,
    )
