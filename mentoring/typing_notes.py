"""Staff type what a voice note says, for who reads texts (A19), or a spoken answer (A32)."""

from datetime import datetime

from sqlalchemy import select

from mentoring.consents import may_be_texted
from mentoring.db import Session
from mentoring.editions.current import catalog_for
from mentoring.errors import ProgrammeError
from mentoring.flows import FLOWS
from mentoring.flows.render import write
from mentoring.flows.steps import Ask, Kind
from mentoring.models import (
    Answer,
    Contact,
    DeliveryKind,
    Person,
    Purpose,
    Recording,
    StaffTask,
)
from mentoring.notes import mark_heard, note_key
from mentoring.queueing import queue_text
from mentoring.routing import Route, route_in_match
from mentoring.safety.crisis import raise_crisis
from mentoring.safety.flagged import flag_relayed, warn_partner
from mentoring.safety.words import read_flags
from mentoring.spoken_notices import take_back_notice
from mentoring.wording import language_for

# The words before a note that staff have typed.
TYPED = "T-TYPED"
# The carrier takes 1,600 in one text, and the name of whoever spoke comes first.
LONGEST_TYPED = 1500
_IN_OWN_WORDS = {
    step.key
    for flow in FLOWS.values()
    for step in flow.steps
    if isinstance(step, Ask) and step.kind is Kind.OPEN
}


def type_out(session: Session, recording_id: int, words: str, *, now: datetime) -> None:
    """Send a voice note's words as a text on the pair line, and close the task to type it.

    Raises ProgrammeError when there is no such note, when it was typed already, when its match does
    not connect now, or when whom it is for takes no texts.
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
    if not may_be_texted(session, route.other.person):
        raise ProgrammeError(
            f"{route.other.person.code} takes no texts now. Tell them by call, and close the task."
        )
    queued = queue_text(
        session,
        f"{_head(session, route)} {words.strip()}",
        to=route.other.phone,
        line=route.line,
        kind=DeliveryKind.NOTICE,
        dedupe_key=f"typed:{note.key.hex}",
        person=route.other.person,
        # With it nothing leaves after the match has gone on hold or has ended (S20).
        contact=session.get(Contact, note.contact_id) if note.contact_id else None,
        prompt=TYPED,
        now=now,
    )
    if queued is None:
        raise ProgrammeError(f"Voice note {recording_id} was typed already.")
    _heed(session, note, route, words.strip(), now=now)
    mark_heard(note, now=now)
    take_back_notice(session, note_key(note), now=now)
    task = session.scalar(select(StaffTask).where(StaffTask.dedupe_key == f"type:{note.id}"))
    if task is not None and task.done_at is None:
        task.done_at = now
        task.outcome = "typed"


def spoken_answer(session: Session, recording: Recording) -> Answer | None:
    """Return the answer in own words that a recording holds; None where it holds none.

    A spoken first name is none: staff write it down among the details, and it counts from then on.
    """
    if recording.purpose is not Purpose.ANSWER:
        return None
    return session.scalar(
        select(Answer).where(
            Answer.conversation_id == recording.conversation_id,
            Answer.at == recording.made_at,
            Answer.question.in_(_IN_OWN_WORDS),
            Answer.words_sealed.is_not(None),
        )
    )


def type_answer(session: Session, recording_id: int, words: str, *, now: datetime) -> None:
    """Write down what a spoken answer says; its sound is kept for a while, as one that was heard.

    Raises ProgrammeError when there is no such answer, or when it was typed already.
    """
    recording = session.get(Recording, recording_id)
    answer = spoken_answer(session, recording) if recording is not None else None
    if recording is None or answer is None:
        raise ProgrammeError(f"There is no spoken answer in recording {recording_id}.")
    place = answer.place("words_sealed")
    if answer.words_sealed is not None and session.vault.open(answer.words_sealed, place=place):
        raise ProgrammeError(f"Recording {recording_id} was typed already.")
    answer.words_sealed = session.vault.seal(words.strip(), place=place)
    mark_heard(recording, now=now)
    person = session.get(Person, answer.person_id) if answer.person_id is not None else None
    if person is not None and read_flags(words).crisis:
        raise_crisis(
            session,
            words="gave a spoken answer that may be a cry for help.",
            person=person,
            phone=person.phone,
            match_id=recording.match_id,
            told=words,
            now=now,
        )


def _head(session: Session, route: Route) -> str:
    """Return who spoke, and that staff have typed it, in the language of whoever reads it."""
    other = route.other.person
    return write(
        TYPED,
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
