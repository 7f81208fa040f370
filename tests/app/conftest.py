"""A desk in a test: the fictional programme in a database, a carrier in memory, a clock at rest."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from app.cli import run
from app.commands.desk import Desk
from app.settings import Settings, read_settings
from mentoring.clock import ManualClock
from mentoring.db import Database
from tests import leaks
from tests.recording_carrier import RecordingCarrier

PUBLIC = "https://line.example.org"
OURS = [f"+1515555010{n}" for n in range(5)]


@dataclass(frozen=True)
class Answer:
    """What one command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What was printed, read as one JSON document."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """What was printed, line by line."""
        return self.out.splitlines()


class Bridgeline(Protocol):
    """Runs one command; `shows` are the numbers (E.164) that it may show."""

    def __call__(self, *words: str, shows: frozenset[str] = frozenset()) -> Answer: ...


AtDesk = Callable[[Desk], Bridgeline]


def live_settings(tmp_path: Path, **more: Any) -> Settings:
    """Return settings with carrier credentials."""
    return read_settings(
        KEY_FILE=tmp_path / "keys.json",
        TWILIO_ACCOUNT_SID="AC" + "0" * 32,
        TWILIO_AUTH_TOKEN="secret",
        **{"PUBLIC_BASE_URL": PUBLIC, "REDIS_URL": "redis://127.0.0.1:1/0", **more},
    )


@pytest.fixture
def carrier() -> RecordingCarrier:
    """A carrier in memory, whose account has no number yet."""
    return RecordingCarrier()


@pytest.fixture
def desk(seeded: Database, clock: ManualClock, carrier: RecordingCarrier, tmp_path: Path) -> Desk:
    """A desk in the fictional programme, without carrier credentials in its settings."""
    return Desk(
        settings=read_settings(KEY_FILE=tmp_path / "keys.json"),
        clock=clock,
        actor="staff:cleo",
        connect=lambda: seeded,
        prepare=lambda _database: None,
        carrier=lambda: carrier,
    )


@pytest.fixture
def at_desk(capsys: pytest.CaptureFixture[str]) -> Callable[[Desk], Bridgeline]:
    """Makes the runner of commands at a desk of the test's own."""

    def make(own: Desk) -> Bridgeline:
        def bridgeline(*words: str, shows: frozenset[str] = frozenset()) -> Answer:
            code = run(words, lambda: nullcontext(own))
            printed = capsys.readouterr()
            leaks.saw("command line", printed.out + printed.err, allowed=shows)
            return Answer(code, printed.out, printed.err)

        return bridgeline

    return make


@pytest.fixture
def bridgeline(desk: Desk, at_desk: Callable[[Desk], Bridgeline]) -> Bridgeline:
    """Runs one command in the fictional programme."""
    return at_desk(desk)


@pytest.fixture
def on_empty(desk: Desk, db: Database, at_desk: Callable[[Desk], Bridgeline]) -> Bridgeline:
    """Runs one command on a database with nothing in it."""
    return at_desk(replace(desk, connect=lambda: db))


@pytest.fixture
def sids(carrier: RecordingCarrier) -> dict[str, str]:
    """The account holds all our lines, pointing nowhere yet."""
    return {number: carrier.own_number(number) for number in OURS}
