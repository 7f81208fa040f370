"""What the person called is told about a call they missed, or about a note that waits."""

from datetime import datetime, timedelta

from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import (
    Contact,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    LineType,
    Mode,
    Outcome,
    Person,
    Recording,
)
from mentoring.notices import queue_prompt
from mentoring.routing import Route
from mentoring.tasks import open_task

# Long enough to leave a note: whoever left one is announced by it and not by two texts.
_NOTE_TIME = timedelta(minutes=5)
_MISSED = (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.FAILED, Outcome.GAVE_UP, Outcome.NOT_RUNG)


def tell_about_missed_call(
    session: Session, contact: Contact, route: Route, *, now: datetime
) -> None:
    """Queue T-CL2 for the person who was called and not reached. A declined call needs no text.

    It waits until the caller has had the time to leave a note. Safe-contact code 2 leaves the name
    out, code 3 leaves no message at all (S8).
    """
    person = route.other.person
    if contact.outcome not in _MISSED or person.safe_contact == 3 or not _reads(route):
        return
    queue_prompt(
        session,
        "T-CL2" if person.safe_contact == 1 else "T-CL2N",
        to=route.other.phone,
        line=route.line,
        kind=DeliveryKind.NOTICE,
        dedupe_key=f"missed:{contact.source_sid}",
        person=person,
        contact=contact,
        not_before=now + _NOTE_TIME,
        known={"protege": route.mine.person.shown_name},
        now=now,
    )


def release_missed_text(session: Session, call_sid: str, *, now: datetime) -> None:
    """The caller hung up without a note: tell the other side now."""
    waiting = _missed_text(session, call_sid)
    if waiting is not None and waiting.not_before > now:
        waiting.not_before = now
        session.wakes_dispatcher = True


def tell_about_note(session: Session, note: Recording, route: Route, *, now: datetime) -> None:
    """Queue T-CL3 for the person a note was left for, in place of the missed-call text.

    A text-only person also gets it typed by staff within a working day: nothing that only a call
    could reach (A18, A19).
    """
    waiting = _missed_text(session, note.call_sid or "")
    if waiting is not None:
        waiting.status = DeliveryStatus.EXPIRED
        waiting.settled_at = now
    person = route.other.person
    if person.safe_contact != 3 and _reads(route):
        queue_prompt(
            session,
            "T-CL3" if person.safe_contact == 1 else "T-CL3N",
            to=route.other.phone,
            line=route.line,
            kind=DeliveryKind.NOTICE,
            dedupe_key=f"note:{note.key.hex}",
            person=person,
            known={"mentor": route.mine.person.shown_name},
            now=now,
        )
    if person.mode is Mode.TEXT:
        ask_staff_to_type(session, note, person, now=now)


def ask_staff_to_type(session: Session, note: Recording, person: Person, *, now: datetime) -> None:
    """Open the task to type a voice note for somebody who reads texts."""
    open_task(
        session,
        rule="type",
        words=f"Type voice note {note.id} for {person.code}: bridgeline notes type {note.id}",
        key=f"type:{note.id}",
        person=person,
        match_id=note.match_id,
        recording_id=note.id,
        now=now,
    )


def _missed_text(session: Session, call_sid: str) -> Delivery | None:
    return session.scalar(
        select(Delivery).where(
            Delivery.dedupe_key == f"missed:{call_sid}", Delivery.status == DeliveryStatus.QUEUED
        )
    )


def _reads(route: Route) -> bool:
    """Tell whether texts are of use to the person called; consent and hours are the gate's."""
    return route.other.phone.line_type is not LineType.LANDLINE
