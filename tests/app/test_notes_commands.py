"""`bridgeline notes`: what was spoken and waits for staff."""

from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.matches import match_with_code
from mentoring.models import AuditEntry, Delivery, Purpose, Recording, RecordingState
from mentoring.notes import store_audio
from mentoring.people import person_with_code
from tests.app.conftest import Bridgeline

# The story itself has looked at nothing.
_LOOKS = select(AuditEntry).where(AuditEntry.action.startswith("heard recording"))
SOUND = b"RIFF....WAVEfmt "


def _record(
    database: Database,
    now: datetime,
    purpose: Purpose,
    *,
    by: str = "P05",
    to: str | None = None,
    match: str | None = None,
    sent: bool = True,
    stored: bool = True,
    state: RecordingState = RecordingState.READY,
) -> int:
    with database.transaction() as session:
        recording = Recording(
            key=uuid4(),
            purpose=purpose,
            state=state,
            from_person_id=person_with_code(session, by).id,
            to_person_id=person_with_code(session, to).id if to else None,
            match_id=match_with_code(session, match).id if match else None,
            seconds=12,
            not_before=now,
            made_at=now,
            sent_at=now if sent and to else None,
        )
        session.add(recording)
        session.flush()
        if stored:
            store_audio(session, recording.id, SOUND, now=now)
        return recording.id


def test_messages_to_staff_and_notes_to_people_who_read_texts_are_listed(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    now = clock.now()
    message = _record(seeded, now, Purpose.MESSAGE)
    spoken = _record(seeded, now, Purpose.ANSWER, stored=False)
    to_type = _record(seeded, now, Purpose.NOTE, to="M06")
    _record(seeded, now, Purpose.NOTE, to="M06", sent=False)
    _record(seeded, now, Purpose.NOTE, by="P01", to="M02")
    _record(seeded, now, Purpose.MESSAGE, stored=False, state=RecordingState.LOST)
    rows = bridgeline("notes", "--json").data
    assert [(row["id"], row["what"], row["to"], row["sound_is_here"]) for row in rows] == [
        (message, "message", "staff", True),
        (spoken, "answer", "staff", False),
        (to_type, "note", "M06", True),
    ]
    assert {row["from"] for row in rows} == {"P05"}


def test_nothing_that_waits_is_a_sentence(bridgeline: Bridgeline) -> None:
    assert bridgeline("notes").out == "No recording waits for staff.\n"


def test_playing_writes_a_private_file_and_an_audit_entry(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock, tmp_path: Path
) -> None:
    message = _record(seeded, clock.now(), Purpose.MESSAGE)
    file = tmp_path / "message.wav"
    answer = bridgeline(
        "notes", "play", str(message), "--reason", "asked to call back", "--to", str(file)
    )
    assert answer.code == 0
    assert file.read_bytes() == SOUND
    assert file.stat().st_mode & 0o777 == 0o600
    with seeded.transaction() as session:
        (entry,) = session.scalars(_LOOKS).all()
        assert (entry.actor, entry.action) == ("staff:cleo", f"heard recording {message}")
        assert (entry.entity_id, entry.reason) == ("P05", "asked to call back")
    assert bridgeline("notes", "--json").data == []


def test_a_note_between_two_people_still_waits_after_staff_have_played_it(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock, tmp_path: Path
) -> None:
    note = _record(seeded, clock.now(), Purpose.NOTE, to="M06")
    file = str(tmp_path / "note.wav")
    bridgeline("notes", "play", str(note), "--reason", "to type it", "--to", file)
    assert [row["id"] for row in bridgeline("notes", "--json").data] == [note]


def test_without_a_name_the_file_is_called_after_the_note(
    bridgeline: Bridgeline,
    seeded: Database,
    clock: ManualClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    note = _record(seeded, clock.now(), Purpose.NOTE, to="M06")
    monkeypatch.chdir(tmp_path)
    answer = bridgeline("notes", "play", str(note), "--reason", "to type it", "--json")
    assert answer.data["file"] == f"note-{note}.wav"
    assert (tmp_path / f"note-{note}.wav").read_bytes() == SOUND


def test_a_file_that_is_there_is_never_written_over_and_nothing_is_logged(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock, tmp_path: Path
) -> None:
    message = _record(seeded, clock.now(), Purpose.MESSAGE)
    file = tmp_path / "taken.wav"
    file.write_text("mine")
    for target, said in ((file, "is there already"), (tmp_path / "no" / "x", "cannot be written")):
        answer = bridgeline(
            "notes", "play", str(message), "--reason", "to hear it", "--to", str(target)
        )
        assert answer.code == 1
        assert said in answer.err
    assert file.read_text() == "mine"
    with seeded.transaction() as session:
        assert session.scalars(_LOOKS).all() == []
    assert len(bridgeline("notes", "--json").data) == 1


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (RecordingState.SPOKEN, "its file is not at the carrier yet"),
        (RecordingState.READY, "it is being fetched"),
        (RecordingState.WRITTEN, "it is a text that is read aloud"),
        (RecordingState.LOST, "the carrier never handed it over"),
        (RecordingState.ERASED, "it was deleted"),
    ],
)
def test_a_recording_without_sound_says_why(
    bridgeline: Bridgeline,
    seeded: Database,
    clock: ManualClock,
    state: RecordingState,
    said: str,
) -> None:
    note = _record(seeded, clock.now(), Purpose.NOTE, to="M06", stored=False, state=state)
    answer = bridgeline("notes", "play", str(note), "--reason", "to hear it")
    assert answer.code == 1
    assert said in answer.err


def test_playing_without_a_reason_is_a_wrong_use(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    message = _record(seeded, clock.now(), Purpose.MESSAGE)
    for words in ((), ("--reason", " ")):
        with pytest.raises(SystemExit) as ended:
            bridgeline("notes", "play", str(message), *words)
        assert ended.value.code == 2


def test_what_staff_type_goes_to_the_other_side_as_a_text(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    note = _record(seeded, clock.now(), Purpose.NOTE, to="M06", match="K09")
    answer = bridgeline("notes", "type", str(note), " I sewed 3 coats. ")
    assert answer.out == f"Note {note} goes out as a text.\n"
    with seeded.transaction() as session:
        (text,) = session.scalars(select(Delivery)).all()
        assert text.to_person_id == person_with_code(session, "M06").id
        body = session.vault.open(text.body_sealed or b"", place=text.place("body_sealed"))
    assert body.startswith("Denise")
    assert body.endswith("I sewed 3 coats.")
    assert bridgeline("notes", "--json").data == []


def test_typing_nothing_is_a_wrong_use_and_a_message_to_staff_is_not_typed(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    message = _record(seeded, clock.now(), Purpose.MESSAGE)
    with pytest.raises(SystemExit) as ended:
        bridgeline("notes", "type", str(message), "  ")
    assert ended.value.code == 2
    answer = bridgeline("notes", "type", str(message), "hello")
    assert answer.code == 1
    assert f"There is no voice note {message}." in answer.err


def test_an_unknown_recording_is_a_sentence(bridgeline: Bridgeline) -> None:
    answer = bridgeline("notes", "play", "999", "--reason", "to hear it")
    assert answer.err == "There is no recording 999. `bridgeline notes` lists them.\n"
