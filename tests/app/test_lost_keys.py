"""A key file that is lost beside sealed numbers is never made anew, whatever is started."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.cli import main
from app.settings import Settings, read_settings
from app.wiring import assemble, open_database
from mentoring.clock import SystemClock
from mentoring.crypto import VaultError
from mentoring.db import Database
from mentoring.people import find_or_add_phone
from tests.databases import Databases

MISSING = "keys.json is missing, but the database holds numbers that it has sealed. Restore it"


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> Iterator[Settings]:
    """The settings of a line that was never started."""
    own = databases.fresh()
    yield read_settings(
        DATABASE_URL=own,
        KEY_FILE=tmp_path / "keys.json",
        TWILIO_ACCOUNT_SID="AC" + "0" * 32,
        TWILIO_AUTH_TOKEN="secret",
    )
    databases.drop(own)


@pytest.fixture
def command(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs one command of `bridgeline` on that line."""
    monkeypatch.setenv("DATABASE_URL", settings.DATABASE_URL)
    monkeypatch.setenv("KEY_FILE", str(settings.KEY_FILE))
    return lambda *words: main(words)


def _close(database: Database) -> None:
    assert isinstance(database.bind, Engine)
    database.bind.dispose()


@pytest.fixture
def lost(settings: Settings) -> Path:
    """Where the key file was, now that a number is sealed by it."""
    database = open_database(settings)
    with database.transaction() as session:
        find_or_add_phone(session, "+15155550160", now=SystemClock().now())
    _close(database)
    settings.KEY_FILE.unlink()
    return settings.KEY_FILE


def test_neither_site_nor_worker_starts_with_new_keys(settings: Settings, lost: Path) -> None:
    with pytest.raises(VaultError, match=MISSING):
        assemble(settings)
    assert not lost.exists()


@pytest.mark.parametrize("words", [("keys", "rotate"), ("keys", "reseal"), ("migrate",)])
def test_no_command_goes_on_with_new_keys(
    command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    lost: Path,
    words: tuple[str, ...],
) -> None:
    assert command(*words) == 1
    assert MISSING in capsys.readouterr().err
    assert not lost.exists()


def test_a_first_start_makes_the_keys_and_so_does_one_before_anybody_has_called(
    settings: Settings,
) -> None:
    for _ in range(2):
        _close(open_database(settings))
        assert settings.KEY_FILE.exists()
        settings.KEY_FILE.unlink()


@pytest.mark.parametrize("words", [("migrate",), ("keys", "rotate")])
def test_a_first_command_makes_the_keys_beside_a_database_without_tables(
    command: Callable[..., int],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: tuple[str, ...],
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/var/line.db")
    assert command(*words) == 0
    assert settings.KEY_FILE.exists()
