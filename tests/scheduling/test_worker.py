"""Sending in production: a real Celery worker and beat on a real Redis, as the runbook says."""

import base64
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from mentoring.db import Database
from mentoring.lines import add_line
from mentoring.models import DeliveryKind, LineKind
from mentoring.outbox import oldest_due
from mentoring.people import find_or_add_phone
from mentoring.queueing import queue_text
from scheduling.celery_app import make_celery
from scheduling.wake import Waker
from telephony.emulator import Emulator, LocalServer, VirtualClock
from telephony.emulator.debugger import RestRequest

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT, TOKEN = "AC" + "e" * 32, "token"
MAIN, SAMIR = "+15155550100", "+12125550138"
# Generous, because a loaded machine starts processes slowly; nobody waits for it when all is well.
PATIENCE = 45


class Carrier:
    """The pretend carrier, and a bell that rings when a text is handed to it."""

    def __init__(self) -> None:
        self.emulator = Emulator(VirtualClock(datetime(2026, 3, 3, 17, tzinfo=UTC)), ACCOUNT, TOKEN)
        self.emulator.add_number(MAIN)
        self.emulator.phone(SAMIR)
        self.emulator.on_request = self._hear
        self._rung = threading.Event()

    def _hear(self, request: RestRequest) -> None:
        if request.method == "POST" and request.url.endswith("/Messages.json"):
            self._rung.set()

    def wait_for_a_text(self) -> bool:
        """Wait until a text is handed over; False after a long time without any."""
        return self._rung.wait(PATIENCE)


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def environment(carrier: Carrier, real_db: Database, redis_url: str) -> Iterator[dict[str, str]]:
    """The settings of a production process that talks to the pretend carrier."""
    assert isinstance(real_db.bind, Engine)
    keys = {number: base64.b64encode(str(number).encode() * 32).decode() for number in (1, 2)}
    with LocalServer(carrier.emulator.wsgi_app) as api:
        yield os.environ | {
            "DATABASE_URL": real_db.bind.url.render_as_string(hide_password=False),
            "REDIS_URL": redis_url,
            "PUBLIC_BASE_URL": "https://line.bridgeline.example",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE": api.url,
            "ENCRYPTION_KEYS": f"1:{keys[1]},2:{keys[2]}",
            "INDEX_KEY": base64.b64encode(b"i" * 32).decode(),
        }


@contextmanager
def process(environment: dict[str, str], *words: str) -> Iterator[None]:
    """Run one of the runbook's Celery commands until the block ends."""
    command = [sys.executable, "-m", "celery", "-A", "app.worker", *words]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        try:
            yield
        finally:
            running.kill()


def worker(environment: dict[str, str]) -> AbstractContextManager[None]:
    options = ("--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle")
    return process(environment, "worker", *options)


def queue(db: Database, key: str) -> None:
    """Queue an answer to somebody who has just written, which may leave at any hour."""
    now = datetime.now(UTC)
    with db.transaction() as session:
        line = add_line(session, MAIN, LineKind.MAIN, now=now)
        phone = find_or_add_phone(session, SAMIR, now=now)
        queue_text(
            session,
            "Hello Samir",
            to=phone,
            line=line,
            kind=DeliveryKind.REPLY,
            dedupe_key=key,
            reply_to_at=now,
            now=now,
        )


def test_a_committed_text_wakes_the_worker_and_leaves(
    carrier: Carrier, real_db: Database, redis_url: str, environment: dict[str, str]
) -> None:
    real_db.wake = Waker(make_celery(redis_url))
    with worker(environment):
        queue(real_db, "one")
        assert carrier.wait_for_a_text()


def test_beat_sends_what_nobody_was_woken_for(
    carrier: Carrier, real_db: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    queue(real_db, "one")
    beat = process(environment, "beat", "--schedule", str(tmp_path / "beat"))
    with worker(environment), beat:
        assert carrier.wait_for_a_text()


def test_a_broker_that_is_down_costs_a_webhook_nothing(real_db: Database) -> None:
    real_db.wake = Waker(make_celery("redis://127.0.0.1:1/0"))
    queue(real_db, "one")
    with real_db.transaction() as session:
        assert oldest_due(session) is not None
