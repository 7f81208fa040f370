"""Announcing notes: once a note can be heard, the one it was left for is told.

A caller who sends a note is not kept waiting for this: the dispatcher does it, as soon as the file
has been fetched. A text that is read aloud can be heard at once.
"""

from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, select, update

from mentoring.consents import may_be_texted
from mentoring.contacts import count_two_way
from mentoring.db import Session
from mentoring.missed import may_name, missed_key
from mentoring.models import (
    Contact,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Mode,
    Person,
    Recording,
    RecordingState,
    UtcDateTime,
    is_unsettled,
)
from mentoring.notes import HEARABLE, NOT_BLOCKED, note_key
from mentoring.notices import queue_prompt
from mentoring.routing import Route, route_in_match
from mentoring.spoken_notices import keep_for_next_call, take_back_notice
from mentoring.tasks import open_task

# Within it, what has come says no more than that something has come.
_A_MOMENT = timedelta(minutes=10)
# A notice that could not be sent for so long is not sent any more.
_HELD_AT_MOST = timedelta(days=2)
# Made once, for the dispatcher asks every few seconds.
_UNANNOUNCED = (
    select(Recording)
    .where(
        Recording.sent_at.is_not(None),
        Recording.announced_at.is_(None),
        Recording.state.in_(HEARABLE),
        NOT_BLOCKED,
    )
    .order_by(Recording.sent_at)
    .limit(bindparam("batch", type_=Integer()))
    .with_for_update(skip_locked=True)
)


def announce_notes(session: Session, *, now: datetime, limit: int = 20) -> int:
    """Tell people about the notes that they can hear from now on; returns how many notes.

    A note in a match on hold, or of two of whom one is suspended, waits until that is lifted (S20).
    """
    due = session.scalars(_UNANNOUNCED, {"batch": limit}).all()
    for note in due:
        note.announced_at = now
        _announce(session, note, now=now)
    return len(due)


def _announce(session: Session, note: Recording, *, now: datetime) -> None:
    contact = session.get(Contact, note.contact_id) if note.contact_id is not None else None
    if contact is not None:
        count_two_way(session, contact, now=now)
    route = route_in_match(session, note.match_id, note.from_person_id)
    if route is None or note.heard_at is not None:
        return
    _forget_missed_call(session, note, now=now)
    person = route.other.person
    is_spoken = note.state is not RecordingState.WRITTEN
    if person.safe_contact == 3 or not may_be_texted(session, person):
        _keep_news(session, note, route, now=now)
    else:
        _queue_news(session, note, route, now=now)
    if is_spoken and person.mode is Mode.TEXT:
        ask_staff_to_type(session, note, person, now=now)


def _forget_missed_call(session: Session, note: Recording, *, now: datetime) -> None:
    """The note stands for the call: one event, one text."""
    if note.call_sid is None:
        return
    session.execute(
        update(Delivery)
        .where(
            Delivery.dedupe_key == missed_key(note.call_sid, note.match_id),
            Delivery.status == DeliveryStatus.QUEUED,
        )
        .values(status=DeliveryStatus.EXPIRED, settled_at=now)
    )
    take_back_notice(session, missed_key(note.call_sid, note.match_id), now=now)


def _keep_news(session: Session, note: Recording, route: Route, *, now: datetime) -> None:
    """Let whoever takes no texts hear at their next call that something waits."""
    keep_for_next_call(
        session,
        _prompt_about(note),
        person=route.other.person,
        match_id=note.match_id,
        dedupe_key=note_key(note),
        known={"mentor": route.mine.person.shown_name},
        now=now,
    )


def _prompt_about(note: Recording) -> str:
    """Return the prompt about a note, or about a text that is to be read aloud."""
    return "T-CL3W" if note.state is RecordingState.WRITTEN else "T-CL3"


def _queue_news(session: Session, note: Recording, route: Route, *, now: datetime) -> None:
    """Queue T-CL3, or its form for a text that is to be read aloud, unless it says nothing new.

    Two that are held overnight would come at one moment, and somebody who writes one text after the
    other would have the other one's phone ring for each.
    """
    person = route.other.person
    news = _prompt_about(note)
    prompt = news if may_name(route) else f"{news}N"
    if _waits(session, prompt, route) or _just_told(session, note, prompt, route, now):
        return
    queue_prompt(
        session,
        prompt,
        to=route.other.phone,
        line=route.line,
        kind=DeliveryKind.NOTICE,
        dedupe_key=note_key(note),
        person=person,
        # With it nothing leaves after the match has gone on hold or has ended (S20).
        contact=session.get(Contact, note.contact_id) if note.contact_id else None,
        known={"mentor": route.mine.person.shown_name},
        now=now,
    )


_UNHEARD = select(Recording.id).where(
    Recording.match_id == bindparam("match_id"),
    Recording.from_person_id == bindparam("speaker_id"),
    Recording.id != bindparam("note_id"),
    Recording.announced_at.is_not(None),
    Recording.heard_at.is_(None),
)
_TOLD = select(Delivery.id).where(
    Delivery.to_phone_id == bindparam("phone_id"),
    Delivery.created_at > bindparam("held_since", type_=UtcDateTime()),
    Delivery.from_line_id == bindparam("line_id"),
    Delivery.prompt == bindparam("prompt"),
    Delivery.claimed_at > bindparam("a_moment_ago", type_=UtcDateTime()),
)
_JUST_TOLD = select(_UNHEARD.exists() & _TOLD.exists())


def _just_told(session: Session, note: Recording, prompt: str, route: Route, now: datetime) -> bool:
    """Tell whether the other side got this prompt a moment ago, and has not heard what it is about.

    It counts from when the text left: one that was held overnight comes long after its note.
    """
    wanted = {
        "match_id": note.match_id,
        "speaker_id": note.from_person_id,
        "note_id": note.id,
        "phone_id": route.other.phone_id,
        "line_id": route.line.id,
        "prompt": prompt,
        "held_since": now - _HELD_AT_MOST,
        "a_moment_ago": now - _A_MOMENT,
    }
    return bool(session.columns(_JUST_TOLD, wanted).scalar())


_QUEUED = (
    select(Delivery.id)
    .where(
        is_unsettled(Delivery),
        Delivery.status == DeliveryStatus.QUEUED,
        Delivery.to_phone_id == bindparam("phone_id"),
        Delivery.from_line_id == bindparam("line_id"),
        Delivery.prompt == bindparam("prompt"),
    )
    .limit(1)
)


def _waits(session: Session, prompt: str, route: Route) -> bool:
    """Tell whether the other side is going to get this prompt from this line anyway."""
    wanted = {"phone_id": route.other.phone_id, "line_id": route.line.id, "prompt": prompt}
    return session.columns(_QUEUED, wanted).first() is not None


def ask_staff_to_type(session: Session, note: Recording, person: Person, *, now: datetime) -> None:
    """Open the task to type a voice note for somebody who reads texts (A18, A19)."""
    open_task(
        session,
        rule="type",
        words=f"Type voice note {note.id} for {person.code}, who reads texts.",
        key=f"type:{note.id}",
        person=person,
        match_id=note.match_id,
        recording_id=note.id,
        now=now,
    )
