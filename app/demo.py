"""The demo: the whole line in one process, against the pretend carrier, with phones in a browser.

The site, the carrier and the page share one server on the loopback address; a loop over the same
functions that beat calls does the sending. Nothing leaves this machine.
"""

import argparse
import errno
import logging
import secrets
import shutil
import threading
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app.demo_desk import authenticator_blueprint, open_accounts
from app.demo_page import demo_blueprint
from app.demo_place import (
    ACCOUNT,
    FOLDER,
    PLAIN,
    TOKEN,
    DemoClock,
    Own,
    demo_settings,
    keep_address,
)
from app.seed import cast, seed
from app.site import create_app, office_of
from app.wiring import Parts, assemble, open_database
from mentoring.calendar.outlook import next_moment
from mentoring.db import Database
from mentoring.lines import note_check
from mentoring.models import Line
from mentoring.programme_editions import begin_with_newest, count_as_live
from scheduling.due import Ticker
from telephony.emulator import Emulator, LocalServer, open_door
from telephony.twilio_carrier import TwilioCarrier

# On the demo's own clock, so pushing it a day brings up what that day has brought.
_A_MOMENT = timedelta(seconds=3)
_OVERSEEN_EVERY = timedelta(minutes=15)


def run(words: Sequence[str]) -> int:
    """Serve the demo until it is interrupted; returns the exit code."""
    return serve(words, name="demo", what="Bridgeline", folder=FOLDER, own=PLAIN)


def serve(words: Sequence[str], *, name: str, what: str, folder: Path, own: Own) -> int:
    """Serve the pretend line with what is given to it; returns the exit code."""
    parser = argparse.ArgumentParser(prog=f"run.py {name}", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="the port of the page (8000)")
    parser.add_argument("--keep", action="store_true", help="go on with the last demo's records")
    args = parser.parse_args(words)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        demo = Demo(port=args.port, keep=args.keep, folder=folder, own=own)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(
            f"Port {args.port} is in use. Choose another one:"
            f" python3 run.py {name} --port {args.port + 1}"
        )
        return 1
    with demo:
        print(f"\n{what} is ready. Open  {demo.url}  in a browser.", flush=True)
        print(
            f"The coordinators' page:  {demo.url}/desk/  (e-mail {demo.sign_in.email},"
            f" password {demo.sign_in.password}, code at {demo.url}/demo/authenticator)",
            flush=True,
        )
        print(
            "Everything there is pretend but the programme itself. Ctrl+C stops it.\n", flush=True
        )
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("\nStopped.")
    return 0


class Demo:
    """The running demo. `url` is the address of its page."""

    def __init__(
        self, *, port: int, keep: bool = False, folder: Path = FOLDER, own: Own = PLAIN
    ) -> None:
        # First of all, so that a demo that is running already keeps its records.
        door = open_door(port)
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        self.url = "http://{}:{}".format(*door.getsockname())
        keep_address(folder, self.url)
        self.clock = DemoClock(folder)
        self.settings = demo_settings(folder, self.url, own)
        self._own = own
        self.emulator = Emulator(
            self.clock,
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            # A demo that goes on must not meet the ids of its first run again.
            seed=secrets.randbits(64),
        )
        self.parts = self._assemble()
        parts = self.parts
        self._ticker = Ticker(parts.db, parts.carrier, parts.clock, parts.dispatcher)
        self._stopped = threading.Event()
        self._woken = threading.Event()
        self.parts.db.wake = self._woken.set
        self._hand_out_phones()
        self._server = LocalServer(self._site(), door)
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._carry, self._send)
        ]

    def __enter__(self) -> "Demo":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._woken.set()
        for thread in self._threads:
            thread.join()
        self._server.close()
        self.emulator.close()

    def _assemble(self) -> Parts:
        database = open_database(self.settings)
        carrier = TwilioCarrier(ACCOUNT, TOKEN, base_url=f"{self.url}/carrier")
        parts = assemble(self.settings, db=database, carrier=carrier, clock=self.clock)
        with database.transaction() as session:
            seed(session, now=self.clock.now())
            count_as_live(session, actor="demo", now=self.clock.now(), facts=self._own.facts)
            self.sign_in = open_accounts(session, now=self.clock.now())
        begin_with_newest(database)
        return parts

    def _hand_out_phones(self) -> None:
        """Give the pretend carrier our lines, and everybody of the cast a phone."""
        hooks = self.parts.addresses.hooks()
        for number in _lines(self.parts.db):
            self.emulator.add_number(number, **asdict(hooks))
            with self.parts.db.transaction() as session:
                note_check(session, number, fault="", now=self.clock.now())
        for member in cast():
            phone = self.emulator.phone(member.number, label=member.name)
            phone.landline = member.landline

    def _site(self) -> DispatcherMiddleware:
        app: Flask = create_app(self.parts, office=office_of(self.parts, handsets="/"))
        app.register_blueprint(demo_blueprint(self.parts, self.clock, let_pass=self.let_pass))
        app.register_blueprint(authenticator_blueprint(self.parts.db))
        return DispatcherMiddleware(app, {"/carrier": self.emulator.wsgi_app})

    def let_pass(self, seconds: float) -> None:
        """Push the clock, with everything on the way at its moment; stop where a phone rings.

        Whoever pushes on lets those ring out that ring already, however many they are.
        """
        end = self.clock.now() + timedelta(seconds=seconds)
        rang = self._ringing()
        while (now := self.clock.now()) < end and not self._stopped.is_set():
            with self.parts.db.transaction() as session:
                due = next_moment(session, after=now) or end
            following = min(end, due, self.emulator.engine.next_due() or end)
            self.clock.advance(max(0.0, (following - now).total_seconds()))
            self.emulator.run_due()
            while self._ticker.drain():
                self.emulator.run_due()
            ringing = self._ringing()
            if ringing - rang:
                # Who is called at the same moment rings a second or two later.
                end = min(end, self.clock.now() + _A_MOMENT)
            rang = ringing
        self._woken.set()

    def _ringing(self) -> set[str]:
        return {number for number, phone in self.emulator.phones.items() if phone.ringing}

    def _carry(self) -> None:
        """Let the pretend carrier do what is due, twenty times a second."""
        while not self._stopped.wait(0.05):
            self.emulator.run_due()

    def _send(self) -> None:
        """Drain the outbox when something was queued, and every second anyway."""
        ticker = self._ticker
        blanked_on, overseen_at = None, None
        while not self._stopped.is_set():
            self._woken.wait(1)
            self._woken.clear()
            ticker.sweep()
            ticker.drain()
            if overseen_at is None or self.clock.now() - overseen_at >= _OVERSEEN_EVERY:
                overseen_at = self.clock.now()
                ticker.oversee()
            if blanked_on != self.clock.now().date():
                ticker.blank()
                blanked_on = self.clock.now().date()


def _lines(db: Database) -> list[str]:
    with db.transaction() as session:
        return list(session.scalars(select(Line.number).where(Line.retired_at.is_(None))))
