"""The world of a simulation: the service as it is, the pretend carrier, and a clock at rest."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from app.demo_place import ACCOUNT, TOKEN, demo_settings
from app.site import create_app
from app.wiring import Parts, assemble, open_database
from mentoring.calendar.outlook import next_moment
from mentoring.clock import ManualClock
from mentoring.lines import add_line
from mentoring.models import LineKind
from mentoring.operators import add_staff
from mentoring.programme_editions import count_as_live
from scheduling.due import Ticker
from telephony.emulator import Emulator
from telephony.emulator.in_process import InProcessAdapter
from telephony.twilio_carrier import TwilioCarrier

PUBLIC = "https://line.bridgeline.example"
MAIN = "+15155550100"
PAIR_LINES = tuple(f"+1515555010{place}" for place in range(1, 8))
STAFF = "+15155550190"
# How often beat asks what is due.
_BEAT = timedelta(seconds=5)


@dataclass
class World:
    """Everything that a simulation moves: time passes only in `step`.

    `changed` is set by whoever changes rows without a webhook.
    """

    parts: Parts
    emulator: Emulator
    clock: ManualClock
    ticker: Ticker
    changed: bool = True
    _awake: bool = False
    _seen: int = 0
    _due: datetime | None = None
    _drained_at: datetime | None = None

    def step(self, limit: datetime) -> None:
        """Let time pass up to the next moment at which anything happens, or up to a limit."""
        now, event = self.clock.now(), self.emulator.engine.next_due()
        if event is not None and event - now <= _BEAT:
            # Beat would not look any sooner either.
            self.emulator.advance(max(0.0, (min(event, limit) - now).total_seconds()))
            return
        if self._seen != (seen := len(self.emulator.webhooks)) or self.changed:
            self._seen, self.changed = seen, False
            with self.parts.db.transaction() as session:
                # What was tried at this very moment, and cannot be done yet, waits for another.
                tried = self._drained_at == now
                self._due = next_moment(session, after=now if tried else now - _BEAT)
        moments = [each for each in (limit, self._due, event) if each is not None]
        following = max(now, min(moments))
        self.emulator.advance((following - now).total_seconds())
        if self._due is not None and self._due <= following:
            # It goes on until nothing waits, so what it queues need not wake it.
            self._awake = True
            self.ticker.drain()
            self._awake = False
            self._drained_at, self._due = self.clock.now(), None
            self.changed = True

    def wake_worker(self) -> None:
        """Have the outbox drained right after what is happening now, once however often woken."""
        if not self._awake:
            self._awake = True
            engine = self.emulator.engine
            engine.at(engine.now(), self._work, locked=False)

    def _work(self) -> None:
        self._awake = False
        self.ticker.drain()


@contextmanager
def open_world(start: datetime, seed: int) -> Iterator[World]:
    """Build a world in a folder of its own that is removed at the end."""
    logging.getLogger("bridgeline").setLevel(logging.ERROR)
    with TemporaryDirectory(prefix="bridgeline-simulation-") as folder:
        settings = demo_settings(Path(folder), PUBLIC)
        clock = ManualClock(start)
        emulator = Emulator(clock, account_sid=ACCOUNT, auth_token=TOKEN, seed=seed)
        database = open_database(settings)
        carrier = TwilioCarrier(ACCOUNT, TOKEN, adapter=InProcessAdapter(emulator.wsgi_app))
        parts = assemble(settings, db=database, carrier=carrier, clock=clock)
        ticker = Ticker(database, carrier, clock, parts.dispatcher)
        world = World(parts, emulator, clock, ticker)
        database.wake = world.wake_worker
        emulator.serve(PUBLIC, create_app(parts))
        _furnish(world)
        yield world
        emulator.close()


def _furnish(world: World) -> None:
    now, hooks = world.clock.now(), world.parts.addresses.hooks()
    with world.parts.db.transaction() as session:
        add_line(session, MAIN, LineKind.MAIN, now=now)
        for number in PAIR_LINES:
            add_line(session, number, LineKind.PAIR, now=now)
        add_staff(session, name="Charlotte", number=STAFF, now=now)
        count_as_live(session, actor="simulation", now=now)
    for number in (MAIN, *PAIR_LINES):
        world.emulator.add_number(number, **asdict(hooks))
