"""Voice notes: made by a caller, sent when the speaker says so, fetched, heard, and blanked.

A text to somebody who cannot get texts becomes a note of words that is read aloud (A19).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Integer, and_, bindparam, or_, select

from mentoring.calendar.pairs import is_blocked
from mentoring.contacts import log_between
from mentoring.db import Memo, Session
from mentoring.lost_recordings import lose
from mentoring.models import (
    Contact,
    ContactKind,
    Outcome,
    Purpose,
    Recording,
    RecordingState,
    UtcDateTime,
)
from mentoring.routing import Route
from mentoring.rows import insert_or_find

# A note in one of these states can be played or read aloud.
HEARABLE = (RecordingState.STORED, RecordingState.ERASED, RecordingState.WRITTEN)
NOT_BLOCKED = ~is_blocked(Recording.match_id)
# The file appears at the carrier some seconds after the callback; then we try ever more rarely.
_FETCH_AGAIN = (10, 30, 120, 600, 3600, 6 * 3600)
_LOGIN_AGAIN = timedelta(minutes=15)
# What the carrier may report before a recording has come to its end.
_NOT_DONE = ("in-progress", "paused", "processing")
_WHY_SILENT = {
    RecordingState.SPOKEN: "its file is not at the carrier yet. Try again in a minute",
    RecordingState.READY: "it is being fetched from the carrier. Try again in a minute",
    RecordingState.WRITTEN: "it is a text that is read aloud, so it has no sound",
    RecordingState.LOST: "the carrier never handed it over",
}


def keep_spoken(
    session: Session,
    *,
    purpose: Purpose,
    recording_sid: str,
    call_sid: str,
    seconds: int | None,
    now: datetime,
    route: Route | None = None,
    conversation_id: int | None = None,
    question: str | None = None,
    from_person_id: int | None = None,
) -> Recording:
    """Write down that a caller has just recorded something. Its file is not there yet.

    The carrier may tell us twice, or its file callback may come first: one row per recording.
    """
    recording = Recording(
        key=uuid4(),
        state=RecordingState.SPOKEN,
        recording_sid=recording_sid,
        not_before=now,
        made_at=now,
    )
    facts = {
        "purpose": purpose,
        "call_sid": call_sid,
        "conversation_id": conversation_id,
        "question": question,
        "from_person_id": route.mine.person_id if route else from_person_id,
        "to_person_id": route.other.person_id if route else None,
        "match_id": route.match.id if route else None,
        **({"seconds": seconds} if seconds is not None else {}),
    }
    _set_facts(recording, facts)
    kept = insert_or_find(session, recording, "recording_sid")
    if kept is not recording:
        if kept.conversation_id is None:
            # Its file came first; what it is kept with, such as an answer, is of this moment.
            kept.made_at = now
        _set_facts(kept, facts)
        session.flush()
    return kept


def _set_facts(recording: Recording, facts: Mapping[str, object]) -> None:
    for name, value in facts.items():
        setattr(recording, name, value)


_OF_CARRIER = select(Recording).where(Recording.recording_sid == bindparam("sid")).with_for_update()


def file_is_ready(
    session: Session,
    *,
    recording_sid: str,
    call_sid: str,
    status: str,
    seconds: int | None,
    now: datetime,
) -> Recording:
    """Take the carrier's recording callback: the file can be fetched now, or there is none."""
    recording = session.scalar(_OF_CARRIER, {"sid": recording_sid})
    newcomer: Recording | None = None
    if recording is None:
        # The callback overtook the Record action; the action will say whose it is.
        newcomer = Recording(
            key=uuid4(),
            purpose=Purpose.MESSAGE,
            state=RecordingState.SPOKEN,
            recording_sid=recording_sid,
            call_sid=call_sid,
            not_before=now,
            made_at=now,
        )
        recording = insert_or_find(session, newcomer, "recording_sid")
    if recording.state is not RecordingState.SPOKEN or status in _NOT_DONE:
        return recording
    if status == "completed":
        recording.state = RecordingState.READY
        recording.seconds = seconds if seconds is not None else recording.seconds
        recording.not_before = now
        session.wakes_dispatcher = True
    elif recording is newcomer:
        # Whether anything was said, and to whom, is not known yet.
        recording.state = RecordingState.LOST
    else:
        lose(session, recording, now=now)
    session.flush()
    return recording


# Made once, for the dispatcher asks every few seconds.
_TO_MOVE = (
    select(Recording.id, Recording.recording_sid, Recording.state)
    .where(
        Recording.recording_sid.is_not(None),
        Recording.not_before <= bindparam("now", type_=UtcDateTime()),
        or_(
            Recording.state.in_([RecordingState.READY, RecordingState.STORED]),
            and_(
                Recording.state == RecordingState.SPOKEN,
                Recording.made_at <= bindparam("overdue", type_=UtcDateTime()),
            ),
        ),
    )
    .order_by(Recording.not_before)
    .limit(bindparam("batch", type_=Integer()))
)


def due_recordings(
    session: Session, *, now: datetime, limit: int = 10
) -> list[tuple[int, str, RecordingState]]:
    """Return recordings to fetch (READY) or to erase at the carrier (STORED).

    A recording whose callback never came (SPOKEN for two minutes) is tried as well.
    """
    wanted = {"now": now, "overdue": now - timedelta(minutes=2), "batch": limit}
    rows = session.columns(_TO_MOVE, wanted)
    return [(row.id, row.recording_sid, row.state) for row in rows]


def store_audio(session: Session, recording_id: int, audio: bytes, *, now: datetime) -> None:
    """Seal the fetched audio. The carrier's copy is erased next."""
    recording = session.get_one(Recording, recording_id)
    if recording.state in (RecordingState.STORED, RecordingState.ERASED):
        return
    recording.audio_sealed = session.vault.seal(audio, place=recording.place("audio_sealed"))
    recording.state = RecordingState.STORED
    recording.attempts = 0
    recording.not_before = now


def erased_at_carrier(session: Session, recording_id: int) -> None:
    """The carrier holds no copy any more."""
    session.get_one(Recording, recording_id).state = RecordingState.ERASED


def put_off(session: Session, recording_id: int, *, now: datetime) -> None:
    """The carrier refuses our login, which tells nothing about this recording: it is no try."""
    session.get_one(Recording, recording_id).not_before = now + _LOGIN_AGAIN


def try_later(session: Session, recording_id: int, *, now: datetime) -> None:
    """The carrier did not answer as hoped: wait longer each time.

    A recording that cannot be fetched in a day is marked lost, and staff are told; one that cannot
    be erased is tried for ever, because it must not stay there.
    """
    recording = session.get_one(Recording, recording_id)
    step = min(recording.attempts, len(_FETCH_AGAIN) - 1)
    recording.attempts += 1
    recording.not_before = now + timedelta(seconds=_FETCH_AGAIN[step])
    if recording.state is RecordingState.STORED or recording.attempts <= len(_FETCH_AGAIN) + 3:
        return
    lose(session, recording, now=now)


def send_note(session: Session, recording: Recording, route: Route, *, now: datetime) -> Contact:
    """The speaker chose to send the note: the other side can hear it as soon as it is fetched."""
    if recording.contact_id is not None:
        return session.get_one(Contact, recording.contact_id)
    contact = log_between(
        session,
        route,
        ContactKind.NOTE,
        source_sid=recording.recording_sid or recording.key.hex,
        outcome=Outcome.NOTE_LEFT,
        seconds=recording.seconds,
        ended=True,
        now=now,
    )
    recording.contact_id = contact.id
    recording.sent_at = now
    session.wakes_dispatcher = True
    return contact


def keep_written(
    session: Session, body: str, route: Route, *, contact: Contact, now: datetime
) -> Recording:
    """Keep a text as words to be read aloud to somebody whose phone takes no texts."""
    note = Recording(
        key=uuid4(),
        purpose=Purpose.NOTE,
        state=RecordingState.WRITTEN,
        match_id=route.match.id,
        contact_id=contact.id,
        from_person_id=route.mine.person_id,
        to_person_id=route.other.person_id,
        not_before=now,
        made_at=now,
        sent_at=now,
    )
    note.words_sealed = session.vault.seal(body, place=note.place("words_sealed"))
    session.add(note)
    contact.outcome = Outcome.NOTE_LEFT
    contact.ended_at = now
    session.wakes_dispatcher = True
    return note


_UNHEARD = (
    select(Recording)
    .where(
        Recording.to_person_id == bindparam("person_id"),
        Recording.purpose == Purpose.NOTE,
        Recording.sent_at.is_not(None),
        Recording.deleted_at.is_(None),
        NOT_BLOCKED,
        Recording.state.in_(HEARABLE),
        Recording.heard_at.is_(None),
    )
    .order_by(Recording.sent_at, Recording.id)
)


def waiting_notes(session: Session, person_id: int) -> list[Recording]:
    """Return the notes that a person can hear and has not heard, oldest first."""
    remembered: dict[int, list[Recording]] = session.memo.setdefault(Memo.NOTES, {})
    if person_id not in remembered:
        remembered[person_id] = list(session.scalars(_UNHEARD, {"person_id": person_id}))
    # What has been heard or deleted in this transaction is new no more.
    return [note for note in remembered[person_id] if note.heard_at is None]


_NEWEST_SPOKEN = (
    select(Recording)
    .where(
        Recording.match_id == bindparam("match_id"),
        Recording.to_person_id == bindparam("person_id"),
        Recording.purpose == Purpose.NOTE,
        Recording.state.not_in([RecordingState.WRITTEN, RecordingState.LOST]),
        Recording.sent_at > bindparam("since", type_=UtcDateTime()),
        Recording.heard_at.is_(None),
    )
    .order_by(Recording.sent_at.desc())
    .limit(1)
)


def unheard_spoken_note(session: Session, route: Route, *, now: datetime) -> Recording | None:
    """Return the newest voice note of the last week that waits for this side of a match."""
    wanted = {
        "match_id": route.match.id,
        "person_id": route.mine.person_id,
        "since": now - timedelta(days=7),
    }
    return session.scalar(_NEWEST_SPOKEN, wanted)


def count_waiting(session: Session, person_id: int) -> int:
    """Return how many notes wait for a person."""
    return len(waiting_notes(session, person_id))


def audio_of(session: Session, recording: Recording) -> bytes | None:
    """Open a recording's audio, or None when it is not stored (yet, or any more)."""
    if recording.audio_sealed is None:
        return None
    return session.vault.open_bytes(recording.audio_sealed, place=recording.place("audio_sealed"))


def why_silent(recording: Recording) -> str:
    """Return why there is no sound to play, as the end of a sentence."""
    return _WHY_SILENT.get(recording.state, "it was deleted")


def words_of(session: Session, recording: Recording) -> str | None:
    """Open the words of a note that is read aloud."""
    if recording.words_sealed is None:
        return None
    return session.vault.open(recording.words_sealed, place=recording.place("words_sealed"))


def note_key(note: Recording) -> str:
    """Return the dedupe key of the one notice about a note."""
    return f"note:{note.key.hex}"


def mark_heard(recording: Recording, *, now: datetime) -> None:
    """The person has heard this note; its retention clock starts."""
    recording.heard_at = recording.heard_at or now


def delete_note(recording: Recording, *, now: datetime) -> None:
    """The person deleted this note: its content goes at once, the log entry stays."""
    recording.deleted_at = now
    recording.heard_at = recording.heard_at or now
    recording.audio_sealed = None
    recording.words_sealed = None


_BY_KEY = select(Recording).where(Recording.key == bindparam("key"))


def audio_for(session: Session, key: UUID) -> bytes | None:
    """Return the audio of the recording with that key, or None when there is none to play."""
    recording = session.scalar(_BY_KEY, {"key": key})
    return audio_of(session, recording) if recording is not None else None
