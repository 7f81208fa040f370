"""The runbook's processes for a test: the pretend carrier, a worker, beat, and their settings."""

import base64
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from mentoring.db import Database
from mentoring.lines import add_line
from mentoring.models import DeliveryKind, LineKind
from mentoring.people import find_or_add_phone
from mentoring.queueing import queue_text
from telephony.emulator import Emulator, VirtualClock
from telephony.emulator.debugger import RestRequest
from tests.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT, TOKEN = "AC" + "e" * 32, "token"
MAIN, SAMIR = "+15155550100", "+12125550138"


class Carrier:
    """The pretend carrier, on the time of today, and a bell for every request that it takes."""

    def __init__(self) -> None:
        self.emulator = Emulator(VirtualClock(datetime.now(UTC)), ACCOUNT, TOKEN)
        self.emulator.add_number(MAIN)
        self.emulator.phone(SAMIR)
        self.emulator.on_request = self._hear
        self._heard = threading.Condition()
        self._texts = 0

    def _hear(self, request: RestRequest) -> None:
        with self._heard:
            self._texts += request.method == "POST" and request.url.endswith("/Messages.json")
            self._heard.notify_all()

    def wait_for_texts(self, count: int) -> bool:
        """Wait until so many texts were handed over; False after a long time without them."""
        with self._heard:
            return self._heard.wait_for(lambda: self._texts >= count, PATIENCE)

    def bodies(self) -> list[str]:
        """Return what it was handed, in no order."""
        return sorted(message.body for message in self.emulator.store.messages.values())


def environment(database_url: str, redis_url: str, api_url: str) -> dict[str, str]:
    """Return the settings of a production process that talks to the pretend carrier."""
    keys = {number: base64.b64encode(str(number).encode() * 32).decode() for number in (1, 2)}
    return os.environ | {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PUBLIC_BASE_URL": "https://line.bridgeline.example",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_BASE": api_url,
        "ENCRYPTION_KEYS": f"1:{keys[1]},2:{keys[2]}",
        "INDEX_KEY": base64.b64encode(b"i" * 32).decode(),
    }


@contextmanager
def process(settings: dict[str, str], *words: str) -> Iterator[Callable[[], None]]:
    """Run one of the runbook's Celery commands until the block ends; yields how to kill it."""
    command = [sys.executable, "-m", "celery", "-A", "app.worker", *words]
    with subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:

        def kill() -> None:
            running.kill()
            running.wait()

        try:
            yield kill
        finally:
            kill()


def worker(settings: dict[str, str]) -> AbstractContextManager[Callable[[], None]]:
    options = ("--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle")
    return process(settings, "worker", *options)


def beat(settings: dict[str, str], folder: Path) -> AbstractContextManager[Callable[[], None]]:
    return process(settings, "beat", "--schedule", str(folder / "beat"))


def queue(db: Database, *bodies: str) -> None:
    """Queue answers to somebody who has just written, which may leave at any hour."""
    now = datetime.now(UTC)
    with db.transaction() as session:
        line = add_line(session, MAIN, LineKind.MAIN, now=now)
        phone = find_or_add_phone(session, SAMIR, now=now)
        for body in bodies:
            queue_text(
                session,
                body,
                to=phone,
                line=line,
                kind=DeliveryKind.REPLY,
                dedupe_key=body,
                reply_to_at=now,
                now=now,
            )
