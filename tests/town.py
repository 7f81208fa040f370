"""A small town for journeys: phones, a carrier, our site behind it, over real HTTP on one clock.

`town.phone("+15155550135")` is a handset; `town.settle()` lets everything happen that is due:
texts leave, callbacks arrive, recordings are fetched. Nothing sleeps.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from urllib.parse import unquote
from wsgiref.types import WSGIApplication

import requests
from sqlalchemy import select
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from app.settings import Settings
from app.wiring import Parts, assemble
from mentoring.calendar.outlook import next_moment
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.lines import add_line
from mentoring.matches import open_match
from mentoring.models import (
    Contact,
    LineKind,
    Match,
    Mode,
    Person,
    PersonState,
    Role,
    StaffTask,
)
from mentoring.operators import add_staff
from mentoring.people import find_or_add_phone
from scheduling.due import Ticker
from telephony.addresses import hooks
from telephony.emulator import Emulator
from telephony.emulator.phones import Phone as Handset
from telephony.twilio_carrier import TwilioCarrier
from tests import leaks
from tests.contract.openapi import what_the_carrier_minds
from tests.make import make_person
from tests.phone import Caller
from tests.seats import Seat, Seats

PUBLIC = "https://line.bridgeline.example"
MAIN = "+15155550100"
PAIRS = ("+15155550101", "+15155550102", "+15155550103")
STAFF = "+15155550190"
ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a-token-of-the-pretend-carrier"

Pairs = Sequence[tuple[str, str]]

# The carrier is asked what became of a text to a number, or what kind of line it is.
_ASKED_ABOUT = re.compile(r"(?:/PhoneNumbers/|[?&]To=)([^/?&]+)")


@dataclass
class Town:
    """The town: its emulator, the parts of our service, and what people do in it."""

    emulator: Emulator
    parts: Parts
    ticker: Ticker
    clock: ManualClock
    site: Seat

    @property
    def site_url(self) -> str:
        """Where our site is served."""
        return self.site.url

    def serve(self, app: WSGIApplication) -> None:
        """Serve another application in place of our site, such as one with the page of staff."""
        self.site.app = app

    @property
    def db(self) -> Database:
        """The database of the service."""
        return self.parts.db

    def phone(self, number: str, **settings: object) -> Handset:
        """Return the handset with that number."""
        handset = self.emulator.phone(number)
        for name, value in settings.items():
            setattr(handset, name, value)
        return handset

    def caller(self, number: str, **settings: object) -> Caller:
        """Return the person with the handset of that number."""
        return Caller(self.emulator, self.phone(number, **settings))

    def texts(self, number: str, to: str, *bodies: str) -> list[str]:
        """Let somebody send texts, one after the other; returns what they got back."""
        phone = self.phone(number)
        before = len(phone.inbox)
        for body in bodies:
            phone.text(to, body)
            self.settle()
        return [text.body for text in phone.inbox[before:]]

    def post(
        self, path: str, form: Pairs, *, token: str = TOKEN, query: str = ""
    ) -> requests.Response:
        """Send a webhook of our own making, signed as the carrier would sign it.

        The signature is made by the carrier's own library, and not by the code under test.
        """
        url = f"{PUBLIC}{path}{query}"
        signature = RequestValidator(token).compute_signature(url, MultiDict(form))
        return requests.post(
            f"{self.site_url}{path}{query}",
            data=list(form),
            headers={"X-Twilio-Signature": signature},
            timeout=10,
        )

    def ask(
        self, method: str, path: str, data: bytes = b"", content_type: str = ""
    ) -> requests.Response:
        """Ask the site for something without any signature."""
        headers = {"Content-Type": content_type} if content_type else {}
        url = f"{self.site_url}{path}"
        return requests.request(method, url, data=data, headers=headers, timeout=10)

    def wake_worker(self) -> None:
        """Have the worker send what was queued, right after what is happening now."""
        engine = self.emulator.engine
        engine.at(engine.now(), self._work, locked=False)

    def _work(self) -> None:
        self.ticker.drain()

    def settle(self, seconds: float = 5) -> None:
        """Let everything happen that is due now or within some seconds, until all is quiet."""
        for _ in range(20):
            self.emulator.settle(limit_seconds=seconds)
            if not self.ticker.drain():
                return

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and then everything happen that has become due."""
        self.emulator.advance(seconds)
        self.ticker.sweep()
        self.settle()

    def until_it_rings(self, number: str, *, days: float = 10) -> Caller:
        """Let time pass until somebody's phone rings; returns who may answer it."""
        handset = self.phone(number)
        self.days_pass(days, until=lambda: handset.ringing is not None)
        assert handset.ringing is not None, "The phone did not ring."
        return self.caller(number)

    def days_pass(self, days: float, *, until: Callable[[], bool] = lambda: False) -> None:
        """Let days pass, and on the way everything happen at the moment at which it is due."""
        end = self.clock.now() + timedelta(days=days)
        while (now := self.clock.now()) < end and not until():
            with self.db.transaction() as session:
                following = min(end, next_moment(session, after=now) or end)
            self.emulator.advance((following - now).total_seconds())
            self.settle()

    def person(
        self,
        role: Role,
        name: str,
        number: str,
        *,
        mode: Mode = Mode.BOTH,
        zone: str = "America/Chicago",
        texts: bool = True,
        landline: bool = False,
        shared: bool = False,
        safe_contact: int = 1,
        state: PersonState = PersonState.WAITING,
    ) -> Person:
        """Add somebody who went through consent and intake, with consent on record."""
        now = self.clock.now()
        with self.db.transaction() as session:
            phone = find_or_add_phone(session, number, now=now)
            person = make_person(
                session,
                role,
                name,
                phone=phone,
                mode=mode,
                zone=zone,
                texts=texts,
                landline=landline,
                shared=shared,
                safe_contact=safe_contact,
                state=state,
                now=now,
            )
        self.phone(number, landline=landline, label=name)
        return person

    def match(self, protege: Person, mentor: Person) -> Match:
        """Open a match between two people."""
        with self.db.transaction() as session:
            return open_match(
                session,
                protege=session.merge(protege),
                mentor=session.merge(mentor),
                actor="staff",
                now=self.clock.now(),
            )

    def log(self) -> list[Contact]:
        """Return the contact log, oldest first."""
        with self.db.transaction() as session:
            return list(session.scalars(select(Contact).order_by(Contact.started_at, Contact.id)))

    def tasks(self) -> list[StaffTask]:
        """Return the tasks for staff, oldest first."""
        with self.db.transaction() as session:
            return list(session.scalars(select(StaffTask).order_by(StaffTask.id)))

    def report_leaks(self) -> None:
        """Show everything that went over the wire to the leak check, with its rightful owners."""
        own = {phone.number for phone in self.emulator.phones.values()}
        for hook in self.emulator.webhooks:
            if hook.kind == "file":
                leaks.saw("url", hook.url)
                continue
            ends = {hook.value("From") or "", hook.value("To") or ""}
            person = frozenset(ends & own)
            leaks.saw("url", hook.url)
            answer = hook.response_body or ""
            leaks.saw_document(answer, allowed=person)
        for request in self.emulator.requests:
            asked_about = frozenset(map(unquote, _ASKED_ABOUT.findall(request.url)))
            leaks.saw("url", request.url, allowed=asked_about)
            for key, value in request.form:
                if key != "To":
                    leaks.saw("rest", f"{key}={value}")
        for phone in self.emulator.phones.values():
            for caption in phone.heard:
                if caption.who == "line":
                    leaks.saw("speech", caption.text, allowed=frozenset({phone.number}))
            for text in phone.inbox:
                leaks.saw("text", text.body, allowed=frozenset({phone.number}))
                leaks.saw("shown number", text.peer, allowed=frozenset({phone.number}))


@contextmanager
def open_town(db: Database, clock: ManualClock, seats: Seats) -> Iterator[Town]:
    """Build the town on a database and a clock, with its lines and one member of staff."""
    emulator = Emulator(clock, account_sid=ACCOUNT, auth_token=TOKEN)
    settings = _settings(seats.api.url)
    carrier = TwilioCarrier(ACCOUNT, TOKEN, base_url=seats.api.url)
    parts = assemble(settings, db=db, carrier=carrier, clock=clock)
    seats.api.app, seats.site.app = emulator.wsgi_app, seats.ours.on(parts)
    emulator.route(PUBLIC, seats.site.url)
    ticker = Ticker(db, carrier, clock, parts.dispatcher)
    town = Town(emulator, parts, ticker, clock, seats.site)
    db.wake = town.wake_worker
    _furnish(town)
    try:
        yield town
    finally:
        emulator.close()
        seats.clear()
    town.report_leaks()
    assert what_the_carrier_minds(emulator) == []


@cache
def _settings(api_url: str) -> Settings:
    return Settings(
        PUBLIC_BASE_URL=PUBLIC,
        TWILIO_ACCOUNT_SID=ACCOUNT,
        TWILIO_AUTH_TOKEN=TOKEN,
        TWILIO_API_BASE=api_url,
    )


def _furnish(town: Town) -> None:
    now = town.clock.now()
    ours = hooks(PUBLIC)
    with town.db.transaction() as session:
        add_line(session, MAIN, LineKind.MAIN, now=now)
        for number in PAIRS:
            add_line(session, number, LineKind.PAIR, now=now)
        add_staff(session, name="Charlotte", number=STAFF, now=now)
    for number in (MAIN, *PAIRS):
        town.emulator.add_number(number, **asdict(ours))
