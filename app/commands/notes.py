"""`bridgeline notes`: what was spoken and waits for staff. A look at one is written down."""

import os
from argparse import Namespace
from pathlib import Path

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from app.commands.desk import Desk, audit, reason_given
from app.commands.menu import Menu
from app.tables import Done, Moment, Reply, Table
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Mode, Person, Purpose, Recording, RecordingState
from mentoring.notes import audio_of, mark_heard

_WHY_SILENT = {
    RecordingState.SPOKEN: "its file is not at the carrier yet. Try again in a minute",
    RecordingState.READY: "it is being fetched from the carrier. Try again in a minute",
    RecordingState.WRITTEN: "it is a text that is read aloud, so it has no sound",
    RecordingState.LOST: "the carrier never handed it over",
}


def add_to(menu: Menu) -> None:
    """Add the group of commands about recordings."""
    group = menu.group("notes", "voice notes and messages that wait for staff", lists=True)
    group.command("list", "list messages to staff and notes to type", list_notes)
    play = group.command("play", "write the sound of one to a file", play_note)
    play.add_argument("id", metavar="ID", type=int)
    play.add_argument("--reason", required=True, help="why; it is kept in the audit log")
    play.add_argument("--to", metavar="FILE", type=Path, help="note-ID.wav unless given")


def list_notes(desk: Desk, args: Namespace) -> Reply:
    """List unheard messages and answers for staff, and notes to people who read texts."""
    del args
    speaker, hearer = aliased(Person), aliased(Person)
    with desk.database().transaction() as session:
        rows = session.execute(
            select(Recording, speaker.code, hearer.code)
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
        ).all()
        office = session.programme.office
        table = [
            (
                recording.id,
                recording.purpose.value,
                Moment(recording.made_at, office),
                from_code,
                to_code or "staff",
                recording.question,
                recording.seconds,
                recording.audio_sealed is not None,
            )
            for recording, from_code, to_code in rows
        ]
    return Table(
        ("id", "what", "made", "from", "to", "question", "seconds", "sound is here"),
        table,
        empty="No recording waits for staff.",
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
        audit(
            session,
            desk,
            action="played recording",
            entity="recording",
            entity_id=str(recording.id),
            reason=reason,
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


def _sound(session: Session, recording: Recording) -> bytes:
    audio = audio_of(session, recording)
    if audio is None:
        why = _WHY_SILENT.get(recording.state, "it was deleted")
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
