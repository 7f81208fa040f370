"""Somebody of the staff at a screen: the coordinators' page over the fictional programme."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

import pyotp
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from admin.accounts import account_with_email, invite
from admin.credentials import Passwords, add_authenticator
from admin.office import Office
from app.settings import read_settings
from app.settings_shown import settings_shown
from app.wiring import Parts, assemble
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.models import StaffRole
from mentoring.oversight.sweep import oversee
from tests import leaks
from tests.recording_carrier import RecordingCarrier
from tests.shared_site import SharedDesk

PASSWORD = "harbour tiny violin morning"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_SHOWS_A_NUMBER = re.compile(r"/desk/(?:people/\w+|tasks/\d+)/number")
# As little work as argon2 allows: how long it takes is not what is tested.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class _Words(HTMLParser):
    """What a page says to somebody who reads or hears it, without its head and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.said.append(" ".join(data.split()))


@dataclass
class Screen:
    """A browser of one member of staff. `page` is what it shows now."""

    client: FlaskClient
    page: TestResponse = field(init=False)

    def opens(self, address: str, **headers: str) -> TestResponse:
        """Open an address and follow where it leads."""
        self.page = self.client.get(address, follow_redirects=True, headers=headers)
        leaks.saw("page", self.page.text)
        return self.page

    def sends(self, address: str, token: str | None = None, **fields: str) -> TestResponse:
        """Send a form of ours, with the token of the page that is open now."""
        given = _TOKEN.search(self.page.text) if token is None else None
        data = fields | {"csrf_token": token if given is None else given[1]}
        self.page = self.client.post(
            address,
            data=data,
            follow_redirects=True,
            headers={"Referer": f"http://localhost{self.page.request.path}"},
        )
        # What is there to show a number to whoever said why may show one.
        if self.page.status_code != 200 or not _SHOWS_A_NUMBER.fullmatch(address):
            leaks.saw("page", self.page.text)
        return self.page

    @property
    def words(self) -> str:
        """What the page says, as one line."""
        reader = _Words()
        reader.feed(self.page.text)
        return " ".join(reader.said)

    @property
    def path(self) -> str:
        """The address of the page, without the host."""
        return self.page.request.path

    @property
    def next(self) -> str:
        """Where the form of this page leads on to, as its hidden field says."""
        return unescape(
            self.page.text.partition('name="next"')[2].split('value="')[1].split('"')[0]
        )

    def rows(self, caption: str = "") -> list[list[str]]:
        """The body rows of the table that is called so, cell by cell; of the first one for none."""
        called = f"<caption>{caption}</caption>" if caption else ""
        table = self.page.text.partition(called or "<tbody>")[2]
        if called:
            table = table.partition("<tbody>")[2]
        table = table.partition("</tbody>")[0]
        return [
            [
                " ".join(unescape(re.sub(r"<[^>]*>", " ", cell)).split())
                for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
            ]
            for row in table.split("<tr>")[1:]
        ]


@dataclass(frozen=True)
class Site:
    """The page with its own clock at the screen, and the people who may open it."""

    app: Flask
    db: Database
    clock: ManualClock
    wall_clock: ManualClock
    office: Office
    secrets: dict[str, str] = field(default_factory=dict)

    def screen(self) -> Screen:
        """Return a browser in which nobody is signed in."""
        return Screen(self.app.test_client())

    def add(
        self,
        email: str = "charlotte@example.org",
        role: StaffRole = StaffRole.ADMIN,
        *,
        name: str = "",
        communities: list[str] | None = None,
    ) -> str:
        """Add an account with the password of these tests and an authenticator; returns email."""
        with self.db.transaction() as session:
            account, _ = invite(
                session,
                email=email,
                name=name or email.partition("@")[0].capitalize(),
                role=role,
                communities=communities,
                actor="test",
                now=self.wall_clock.now(),
            )
            account.password_hash = self.office.passwords.hash(PASSWORD)
            account.invitation_hash = None
            self.secrets[email] = add_authenticator(session, account)
            account.authenticator_step = 1
        return email

    def number(self, email: str) -> int:
        """Return the number of an account, as its address has it."""
        with self.db.transaction() as session:
            account = account_with_email(session, email)
            assert account is not None
            return account.id

    def code(self, email: str) -> str:
        """Return what somebody's authenticator shows now."""
        return pyotp.TOTP(self.secrets[email]).at(self.wall_clock.now())

    def sign_in(self, email: str) -> Screen:
        """Sign in with password and code."""
        # Each code opens once, so somebody who has just signed in waits for the next one.
        self.wall_clock.advance(30)
        screen = self.screen()
        screen.opens("/desk/sign-in")
        screen.sends("/desk/sign-in", email=email, password=PASSWORD)
        screen.sends("/desk/sign-in/code", code=self.code(email))
        return screen


def make_site(
    database: Database,
    clock: ManualClock,
    desk: SharedDesk | None = None,
    *,
    base_url: str = "http://localhost",
    parts: Parts | None = None,
) -> Site:
    """Put the page over a database, where people find it at `base_url`.

    Without a shared one the application is the test's own. With the `parts` of a town the same
    application serves its phones.
    """
    desk = desk or SharedDesk()
    wall_clock = ManualClock(clock.now())
    if parts is None:
        settings = read_settings(
            PUBLIC_BASE_URL=base_url,
            TWILIO_ACCOUNT_SID="AC" + "0" * 32,
            TWILIO_AUTH_TOKEN="a-token",
        )
        parts = assemble(settings, db=database, carrier=RecordingCarrier(), clock=clock)
    office = Office(
        database,
        clock,
        base_url=base_url,
        secure=False,
        wall_clock=wall_clock,
        passwords=Passwords(QUICK),
        settings=settings_shown(parts.settings),
    )
    return Site(desk.on(parts, office), database, clock, wall_clock, office)


@pytest.fixture(scope="session")
def desk() -> SharedDesk:
    """The application behind every page of the run."""
    return SharedDesk()


@pytest.fixture
def site(seeded: Database, clock: ManualClock, desk: SharedDesk) -> Site:
    """The page over the fictional programme; nobody has an account yet."""
    with seeded.transaction() as session:
        oversee(session, now=clock.now())
    return make_site(seeded, clock, desk)


@pytest.fixture
def charlotte(site: Site) -> Screen:
    """Charlotte, who may do everything, signed in."""
    return site.sign_in(site.add())


@pytest.fixture
def signed_in(site: Site) -> Callable[[StaffRole], Screen]:
    """Signs somebody of a role in."""

    def sign_in(role: StaffRole) -> Screen:
        return site.sign_in(site.add(f"{role.value}@example.org", role))

    return sign_in


@pytest.fixture
def empty_site(db: Database, clock: ManualClock, desk: SharedDesk) -> Site:
    """The page over a programme in which nothing has happened yet."""
    return make_site(db, clock, desk)
