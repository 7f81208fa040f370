"""`bridgeline keys`: a newer key, and everything sealed again under it."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from app.commands.desk import Desk
from app.commands.keys import count_stale, sealed_tables
from app.settings import read_settings
from mentoring.clock import ManualClock
from mentoring.crypto import FORGOTTEN, Vault, read_keys
from mentoring.db import Database
from mentoring.models import (
    Channel,
    Conversation,
    Phone,
    Purpose,
    Recording,
    RecordingState,
    Staff,
)
from mentoring.notes import audio_of, store_audio, words_of
from mentoring.people import find_phone, number_of, person_with_code
from tests.app.conftest import Bridgeline

DENISE = "+15155550135"


def _with_third_key(database: Database) -> Database:
    """Return the same database, seen by a process that has been given a newer key."""
    ring = {number: bytes([48 + number]) * 32 for number in (1, 2, 3)}
    return Database(database.bind, vault=Vault(ring, b"i" * 32), programme=database.programme)


@pytest.fixture
def rotated(seeded: Database) -> Database:
    """The fictional programme, sealed by key 2, now that there is a key 3."""
    return _with_third_key(seeded)


@pytest.fixture
def after_rotation(
    desk: Desk, rotated: Database, at_desk: Callable[[Desk], Bridgeline]
) -> Bridgeline:
    """Runs one command with the newer key."""
    return at_desk(replace(desk, connect=lambda: rotated))


def test_rotating_adds_a_newer_key_to_the_key_file_and_keeps_the_older_ones(
    bridgeline: Bridgeline, desk: Desk
) -> None:
    first = desk.settings.vault()
    sealed = first.seal("kept", place="here")
    ring, index_key = read_keys(desk.settings.KEY_FILE)
    answer = bridgeline("keys", "rotate")
    assert answer.code == 0
    assert "Key 2 was added" in answer.out
    assert "stop the site, the worker and beat, then start them again" in answer.out
    newer_ring, newer_index_key = read_keys(desk.settings.KEY_FILE)
    assert newer_ring[1] == ring[1]
    assert newer_index_key == index_key
    assert len(newer_ring[2]) == 32
    assert newer_ring[2] != ring[1]
    again = desk.settings.vault()
    assert again.current == 2
    assert again.open(sealed, place="here") == "kept"
    assert desk.settings.KEY_FILE.stat().st_mode & 0o777 == 0o600


def test_no_key_is_ever_printed(bridgeline: Bridgeline, desk: Desk) -> None:
    answer = bridgeline("keys", "rotate", "--json")
    ring, index_key = read_keys(desk.settings.KEY_FILE)
    for key in (*ring.values(), index_key):
        assert base64.b64encode(key).decode() not in answer.out


def test_keys_in_the_environment_are_for_their_owner_to_change(
    desk: Desk, at_desk: Callable[[Desk], Bridgeline], tmp_path: Path
) -> None:
    key = base64.b64encode(b"k" * 32).decode()
    settings = read_settings(
        ENCRYPTION_KEYS=f"4:{key}", INDEX_KEY=key, KEY_FILE=tmp_path / "unused.json"
    )
    answer = at_desk(replace(desk, settings=settings))("keys", "rotate")
    assert answer.code == 1
    assert "Put 5:<key> and a comma before what stands there" in answer.err
    assert key not in answer.err
    assert not settings.KEY_FILE.exists()


def test_there_are_256_keys_at_most(bridgeline: Bridgeline, desk: Desk) -> None:
    key = base64.b64encode(b"k" * 32).decode()
    desk.settings.KEY_FILE.write_text(f'{{"field_keys": {{"255": "{key}"}}, "index_key": "{key}"}}')
    answer = bridgeline("keys", "rotate")
    assert answer.code == 1
    assert "Key 255 is the last possible number." in answer.err


def test_every_model_with_a_sealed_column_is_known() -> None:
    columns = {(table.name, column) for table in sealed_tables() for column in table.columns}
    assert columns == {
        ("answers", "words_sealed"),
        ("conversations", "spoken_sealed"),
        ("conversations", "state_sealed"),
        ("decisions", "words_sealed"),
        ("deliveries", "body_sealed"),
        ("feedback", "words_sealed"),
        ("person_references", "name_sealed"),
        ("person_references", "number_sealed"),
        ("person_references", "words_sealed"),
        ("phones", "number_sealed"),
        ("quotes", "words_sealed"),
        ("recordings", "audio_sealed"),
        ("recordings", "words_sealed"),
        ("screening_checks", "words_sealed"),
        ("spoken_notices", "words_sealed"),
        ("staff", "number_sealed"),
        ("staff_accounts", "authenticator_sealed"),
        ("unsent_forms", "form_sealed"),
    }


def test_resealing_brings_every_field_under_the_newest_key(
    after_rotation: Bridgeline, rotated: Database
) -> None:
    answer = after_rotation("keys", "reseal", "--json")
    resealed = {row["table"]: row["rows_sealed_again"] for row in answer.data}
    assert resealed["phones"] == 31
    assert resealed["staff"] == 3
    with rotated.transaction() as session:
        assert count_stale(session) == 0
        sealed = [phone.number_sealed for phone in session.scalars(select(Phone))]
        sealed += [member.number_sealed for member in session.scalars(select(Staff))]
        assert {rotated.vault.key_of(value) for value in sealed} == {3}
        denise = find_phone(session, DENISE)
        assert denise is not None
        assert number_of(session, denise) == DENISE


def test_resealing_twice_changes_nothing_the_second_time(
    after_rotation: Bridgeline, rotated: Database
) -> None:
    after_rotation("keys", "reseal")
    with rotated.transaction() as session:
        before = {p.id: p.number_sealed for p in session.scalars(select(Phone))}
    again = after_rotation("keys", "reseal", "--json").data
    assert {row["rows_sealed_again"] for row in again} == {0}
    with rotated.transaction() as session:
        assert {p.id: p.number_sealed for p in session.scalars(select(Phone))} == before


def test_resealing_goes_on_where_it_was_interrupted(
    after_rotation: Bridgeline, rotated: Database
) -> None:
    with rotated.transaction() as session:
        denise = person_with_code(session, "P05").phone
        denise.number_sealed = rotated.vault.seal(DENISE, place=denise.place("number_sealed"))
    rows = after_rotation("keys", "reseal", "--json").data
    assert {row["table"]: row["rows_sealed_again"] for row in rows}["phones"] == 30


def test_resealing_leaves_empty_fields_empty_and_both_fields_of_a_row_readable(
    after_rotation: Bridgeline, seeded: Database, rotated: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        note = Recording(
            key=uuid4(),
            purpose=Purpose.NOTE,
            state=RecordingState.READY,
            not_before=clock.now(),
            made_at=clock.now(),
        )
        session.add(note)
        session.flush()
        store_audio(session, note.id, b"sound", now=clock.now())
    after_rotation("keys", "reseal")
    with rotated.transaction() as session:
        kept = session.get_one(Recording, note.id)
        assert words_of(session, kept) is None
        assert audio_of(session, kept) == b"sound"
        assert rotated.vault.key_of(kept.audio_sealed or b"") == 3


def a_talk(clock: ManualClock) -> Conversation:
    """A call that is being welcomed."""
    return Conversation(
        key=uuid4(),
        flow="welcome",
        lasting=False,
        channel=Channel.VOICE,
        started_at=clock.now(),
        touched_at=clock.now(),
    )


def test_resealing_does_not_disturb_a_conversation_in_progress(
    after_rotation: Bridgeline, seeded: Database, rotated: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        talk = a_talk(clock)
        talk.state_sealed = session.vault.seal("{}", place=talk.place("state_sealed"))
        session.add(talk)
        session.flush()
        before = talk.revision
    after_rotation("keys", "reseal")
    with rotated.transaction() as session:
        kept = session.get_one(Conversation, talk.id)
        assert kept.revision == before
        assert session.vault.open(kept.state_sealed, place=kept.place("state_sealed")) == "{}"


def test_what_the_retention_clock_has_blanked_is_nothing_to_seal(
    after_rotation: Bridgeline, seeded: Database, rotated: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        talk = a_talk(clock)
        talk.state_sealed = FORGOTTEN
        session.add(talk)
    assert after_rotation("keys", "reseal").code == 0
    with rotated.transaction() as session:
        assert count_stale(session) == 0
        assert session.get_one(Conversation, talk.id).state_sealed == FORGOTTEN


def test_a_field_that_no_key_opens_stops_the_resealing_with_a_sentence(
    after_rotation: Bridgeline, rotated: Database
) -> None:
    with rotated.transaction() as session:
        phone_id = person_with_code(session, "P05").phone_id
        session.execute(
            update(Phone).where(Phone.id == phone_id).values(number_sealed=bytes([9]) * 40)
        )
    answer = after_rotation("keys", "reseal")
    assert answer.code == 1
    assert answer.err == "Encryption key 9 is missing from ENCRYPTION_KEYS.\n"
