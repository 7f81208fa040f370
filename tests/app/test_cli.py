"""The `bridgeline` command as a whole: real settings, exit codes, and sentences for every fault."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from app.cli import main, real_desk, run
from app.commands.desk import desk_for
from app.demo_place import running_clock, running_settings
from mentoring.db import Database
from mentoring.models import Phone
from tests import leaks
from tests.app.conftest import Bridgeline
from tests.databases import Databases

COMMANDS = [
    ("people",),
    ("consents", "P01"),
    ("match",),
    ("log",),
    ("tasks",),
    ("notes",),
    ("lines",),
    ("staff",),
    ("doctor",),
    ("migrate",),
    ("seed",),
]


@pytest.fixture
def environment(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., None]]:
    """Sets the environment of a real run, with a database of its own."""
    own = databases.fresh()

    def choose(**values: str) -> None:
        chosen = {"KEY_FILE": str(tmp_path / "keys.json"), "DATABASE_URL": own, **values}
        for name, value in chosen.items():
            monkeypatch.setenv(name, value)

    yield choose
    databases.drop(own)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_every_command_can_answer_as_json(bridgeline: Bridgeline, words: tuple[str, ...]) -> None:
    answer = bridgeline(*words, "--json")
    assert answer.code == 0
    assert answer.err == ""
    assert isinstance(answer.data, list | dict)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_no_command_prints_trailing_blanks_or_signs_that_steer_a_terminal(
    bridgeline: Bridgeline, words: tuple[str, ...]
) -> None:
    answer = bridgeline(*words)
    assert all(line == line.rstrip() and "\x1b" not in line for line in answer.lines)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("people", "lst"),
        ("people", "add", "--role", "boss"),
        ("keys",),
        ("consents",),
    ],
)
def test_wrong_words_end_with_exit_code_2(
    bridgeline: Bridgeline, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        bridgeline(*words)
    assert ended.value.code == 2
    assert "usage: bridgeline" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("people", "show", "\udcff"),
        ("people", "zone", "P01", "\udcff"),
        ("match", "open", "P01", "M\udcff"),
        ("log", "--person", "\udcff"),
        (
            "log",
            "--match=\udcff",
        ),
        ("\udcff",),
    ],
)
def test_what_is_not_utf_8_is_refused_with_a_sentence(
    bridgeline: Bridgeline, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        bridgeline(*words)
    assert ended.value.code == 2
    assert "One of these words is not written in UTF-8." in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--help",), ("people", "--help"), ("people", "add", "-h")])
def test_help_is_given_on_every_level(
    bridgeline: Bridgeline, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        bridgeline(*words)
    assert ended.value.code == 0
    assert "usage: bridgeline" in capsys.readouterr().out


def test_a_real_run_seeds_and_lists_from_the_environment_alone(
    environment: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment()
    assert main(["seed"]) == 0
    assert "31 people" in capsys.readouterr().out
    assert main(["seed"]) == 0
    assert "is there already" in capsys.readouterr().out
    assert main(["people", "show", "P05", "--json"]) == 0
    printed = capsys.readouterr().out
    leaks.saw("command line", printed)
    assert json.loads(printed)["number"] == "ends in 35"
    assert (tmp_path / "keys.json").exists()


def test_a_new_database_is_made_with_its_folder_and_its_schema(
    environment: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment(DATABASE_URL=f"sqlite:///{tmp_path}/new/folder/line.db")
    assert main(["migrate", "--json"]) == 0
    moved = json.loads(capsys.readouterr().out)
    assert moved["before"] is None
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out == f"The schema is the newest already ({moved['after']}).\n"


def test_numbers_of_an_older_version_are_indexed_by_their_endings_once(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    with seeded.transaction() as session:
        known = dict(session.execute(select(Phone.id, Phone.ending_index)).all())
        session.execute(update(Phone).values(ending_index=None))

    assert bridgeline("migrate", "--json").data["numbers_indexed"] == len(known)
    with seeded.transaction() as session:
        assert dict(session.execute(select(Phone.id, Phone.ending_index)).all()) == known
    assert bridgeline("migrate", "--json").data["numbers_indexed"] == 0


def test_a_setting_that_makes_no_sense_is_a_sentence(
    environment: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    environment(OFFICE_ZONE="Mars/Olympus")
    assert main(["people"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("OFFICE_ZONE must be a zone of the tz database")
    assert printed.err.count("\n") == 1


def test_a_database_that_cannot_be_opened_is_a_sentence_without_its_password(
    environment: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment(DATABASE_URL="postgresql://line:hunter2@127.0.0.1:1/line")
    for words in (["people"], ["doctor"]):
        assert main(words) == 1
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        assert "hunter2" not in printed.out + printed.err
    (tmp_path / "file").write_text("")
    environment(DATABASE_URL=f"sqlite:///{tmp_path}/file/line.db")
    assert main(["people"]) == 1
    assert "cannot be used" in capsys.readouterr().err


def test_a_missing_carrier_account_is_a_sentence(
    environment: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    environment()
    assert main(["numbers", "sync"]) == 1
    assert capsys.readouterr().err.startswith("Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")


def test_a_broken_key_file_is_a_sentence(
    environment: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment()
    (tmp_path / "keys.json").write_text("{}")
    assert main(["people"]) == 1
    assert "cannot be read. Restore it from a backup." in capsys.readouterr().err


def test_a_lost_key_file_is_never_replaced_beside_sealed_numbers(
    environment: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment()
    main(["people", "add", "--role", "mentor", "--name", "Ada", "--number", "515 555 0160"])
    (tmp_path / "keys.json").unlink()
    for words in (["people"], ["doctor"]):
        assert main(words) == 1
        printed = capsys.readouterr()
        assert "keys.json is missing, but the database holds numbers" in printed.out + printed.err
        assert "from a backup.." not in printed.out
    assert not (tmp_path / "keys.json").exists()


def test_a_database_of_a_newer_version_is_a_sentence(
    environment: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment(DATABASE_URL=f"sqlite:///{tmp_path}/line.db")
    main(["migrate"])
    with real_desk() as desk, desk.database().transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    capsys.readouterr()
    assert main(["people"]) == 1
    assert "made by a newer version" in capsys.readouterr().err


def test_a_conversation_is_walked_in_the_terminal(
    bridgeline: Bridgeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n"))
    by_text = bridgeline("talk", "welcome", "--text")
    assert by_text.code == 0
    assert "Reply 1 to get a mentor" in by_text.out
    assert "--- finished: protege" in by_text.out
    monkeypatch.setattr(sys, "stdin", io.StringIO("2\n"))
    by_voice = bridgeline("talk", "welcome")
    assert "press 1" in by_voice.out
    assert "--- finished: mentor" in by_voice.out


def test_a_conversation_is_walked_as_a_mentor(
    bridgeline: Bridgeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert "What is one thing" in bridgeline("talk", "plan", "--text", "--role", "mentor").out
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert "how sure are you" in bridgeline("talk", "plan", "--text").out


@pytest.mark.parametrize("name", ["demo", "bench"])
def test_a_programme_reads_its_own_words(
    bridgeline: Bridgeline, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        bridgeline(name, "--no-such-word")
    assert ended.value.code == 2
    assert f"usage: run.py {name}" in capsys.readouterr().err


def test_joining_a_demo_that_was_never_started_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        run(["people"], lambda: desk_for(running_settings(tmp_path), running_clock(tmp_path))) == 1
    )
    assert capsys.readouterr().err.startswith("There is no demo yet.")


def test_an_unknown_conversation_is_a_wrong_use(bridgeline: Bridgeline) -> None:
    with pytest.raises(SystemExit) as ended:
        bridgeline("talk", "gossip")
    assert ended.value.code == 2


def test_a_reader_who_leaves_early_causes_no_traceback(
    environment: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment()
    # A pipe whose reading end is closed before anything is written, as after `| head -1`.
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert main(["people"]) == 1
        monkeypatch.undo()
