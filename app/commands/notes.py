"""`bridgeline notes`: what was spoken and waits for staff. A look at one is written down."""

import os
from argparse import Namespace
from pathlib import Path

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased, defer

from app.commands.desk import Desk, UsageError, reason_given
from app.commands.menu import Menu
from app.tables import Done, Moment, Reply, Table
from mentoring.audit import write_look
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Mode, Person, Purpose, Recording, RecordingState
from mentoring.notes import audio_of, mark_heard, why_silent
from mentoring.typing_notes import type_out


def add_to(menu: Menu) -> None:
    """Add the group of commands about recordings."""
    group = menu.group("notes", "voice notes and messages that wait for staff", lists=True)
    group.command("list", "list messages to staff and notes to type", list_notes)
    play = group.command("play", "write the sound of one to a file", play_note)
    play.add_argument("id", metavar="ID", type=int)
    play.add_argument("--reason", required=True, help="why; it is kept in the audit log")
    play.add_argument("--to", metavar="FILE", type=Path, help="note-ID.wav unless given")
    typing = group.command("type", "text what a note says to whom it is for", type_note)
    typing.add_argument("id", metavar="ID", type=int)
    typing.add_argument("words", metavar="WORDS", help="what was said, in quotes")


def list_notes(desk: Desk, args: Namespace) -> Reply:
    """List unheard messages and answers for staff, and notes to people who read texts."""
    del args
    with desk.database().transaction() as session:
        office = session.programme.office
        rows = [
            (
                recording.id,
                recording.purpose.value,
                Moment(recording.made_at, office),
                speaker,
                hearer or "staff",
                recording.question,
                recording.seconds,
                is_here,
            )
            for recording, speaker, hearer, is_here in session.execute(_waiting())
        ]
    return Table(
        ("id", "what", "made", "from", "to", "question", "seconds", "sound is here"),
        rows,
        empty="No recording waits for staff.",
    )


def _waiting() -> Select[Recording, str | None, str | None, bool]:
    """Ask for what waits: each recording, whose it is, for whom, and whether its sound is here."""
    speaker, hearer = aliased(Person), aliased(Person)
    return (
        select(Recording, speaker.code, hearer.code, Recording.audio_sealed.is_not(None))
        .outerjoin(speaker, speaker.id == Recording.from_person_id)
        .outerjoin(hearer, hearer.id == Recording.to_person_id)
        .where(
            Recording.heard_at.is_(None),
            Recording.deleted_at.is_(None),
            Recording.state.not_in([RecordingState.LOST, RecordingState.WRITTEN]),
            or_(
                Recording.purpose != Purpose.NOTE,
                and_(Recording.sent_at.is_not(None), hearer.mode == Mode.TEXT),
            ),
        )
        .order_by(Recording.made_at, Recording.id)
        # A recording is megabytes, and a list shows none of them.
        .options(defer(Recording.audio_sealed))
    )


def play_note(desk: Desk, args: Namespace) -> Reply:
    """Write one recording to a WAV file that only its owner can read, and say so in the audit log.

    A message to staff counts as heard then; a note from one person to another does not.
    """
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        recording = session.get(Recording, args.id)
        if recording is None:
            raise ProgrammeError(f"There is no recording {args.id}. `bridgeline notes` lists them.")
        audio = _sound(session, recording)
        speaker = recording.from_person_id
        write_look(
            session,
            session.get(Person, speaker) if speaker is not None else None,
            f"heard recording {recording.id}",
            otherwise=("recording", str(recording.id)),
            actor=desk.actor,
            reason=reason,
            now=desk.now,
        )
        if recording.purpose is Purpose.MESSAGE:
            mark_heard(recording, now=desk.now)
        # Last, so that no file is left behind when the entry in the audit log cannot be written.
        session.flush()
        path = args.to or Path(f"note-{recording.id}.wav")
        _write_private(path, audio)
    return Done(
        f"The sound is in {path}. Delete the file when you have heard it.",
        (("id", args.id), ("file", str(path)), ("bytes", len(audio))),
    )


def type_note(desk: Desk, args: Namespace) -> Reply:
    """Send what staff heard in a voice note as a text to the person who reads texts."""
    words = args.words.strip()
    if not words:
        raise UsageError("Write down what was said, in quotes.")
    with desk.database().transaction() as session:
        type_out(session, args.id, words, now=desk.now)
    return Done(f"Note {args.id} goes out as a text.", (("id", args.id),))


def _sound(session: Session, recording: Recording) -> bytes:
    audio = audio_of(session, recording)
    if audio is None:
        why = why_silent(recording)
        raise ProgrammeError(f"Recording {recording.id} cannot be played: {why}.")
    return audio


def _write_private(path: Path, audio: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise ProgrammeError(
            f"{path} is there already. Delete it, or name another: --to FILE"
        ) from error
    except OSError as error:
        raise ProgrammeError(f"{path} cannot be written: {error.strerror}.") from error
    with os.fdopen(handle, "wb") as file:
        file.write(audio)
