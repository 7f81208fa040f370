"""Staff type what a voice note says, for somebody who reads texts (A19)."""

from datetime import datetime

from sqlalchemy import select

from mentoring.db import Session
from mentoring.editions.current import catalog_for
from mentoring.errors import ProgrammeError
from mentoring.flows.render import write
from mentoring.models import Contact, DeliveryKind, Purpose, Recording, StaffTask
from mentoring.notes import mark_heard
from mentoring.queueing import queue_text
from mentoring.routing import Route, route_in_match
from mentoring.safety.crisis import raise_crisis
from mentoring.safety.flagged import flag_relayed, warn_partner
from mentoring.safety.words import read_flags
from mentoring.wording import language_for

# The carrier takes 1,600 in one text, and the name of whoever spoke comes first.
LONGEST_TYPED = 1500


def type_out(session: Session, recording_id: int, words: str, *, now: datetime) -> None:
    """Send a voice note's words as a text on the pair line, and close the task to type it.

    Raises ProgrammeError when there is no such note, when it was typed already, or when its match
    does not connect now.
    """
    if len(words) > LONGEST_TYPED:
        raise ProgrammeError(
            f"Use {LONGEST_TYPED} characters or fewer: it goes out as one text. You have used"
            f" {len(words)}."
        )
    note = session.get(Recording, recording_id)
    if note is None or note.purpose is not Purpose.NOTE or note.sent_at is None:
        raise ProgrammeError(
            f"There is no voice note {recording_id}. `bridgeline notes` lists them."
        )
    route = route_in_match(session, note.match_id, note.from_person_id)
    if route is None:
        raise ProgrammeError("That match does not connect now, so the note cannot be passed on.")
    queued = queue_text(
        session,
        f"{_head(session, route)} {words.strip()}",
        to=route.other.phone,
        line=route.line,
        kind=DeliveryKind.NOTICE,
        dedupe_key=f"typed:{note.key.hex}",
        person=route.other.person,
        now=now,
    )
    if queued is None:
        raise ProgrammeError(f"Voice note {recording_id} was typed already.")
    _heed(session, note, route, words.strip(), now=now)
    mark_heard(note, now=now)
    task = session.scalar(select(StaffTask).where(StaffTask.dedupe_key == f"type:{note.id}"))
    if task is not None and task.done_at is None:
        task.done_at = now
        task.outcome = "typed"


def _head(session: Session, route: Route) -> str:
    """Return who spoke, and that staff have typed it, in the language of whoever reads it."""
    other = route.other.person
    return write(
        "T-TYPED",
        catalog=catalog_for(session, other),
        language=language_for(other),
        params={"mentor": route.mine.person.shown_name},
    )


def _heed(session: Session, note: Recording, route: Route, words: str, *, now: datetime) -> None:
    """What a note turns out to say is heeded like a text. Its speaker is called by staff (O11)."""
    flags = read_flags(words)
    if flags.crisis:
        raise_crisis(
            session,
            words="left a voice note that may be a cry for help.",
            person=route.mine.person,
            phone=route.mine.phone,
            match_id=route.match.id,
            told=words,
            now=now,
        )
        contact = session.get(Contact, note.contact_id)
        if contact is not None:
            warn_partner(session, route, contact, now=now)
    if flags:
        flag_relayed(session, route, flags, words, now=now)
