"""What every command works with: the settings, the clock, who asks, the database, the carrier."""

import getpass
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from app.settings import Settings
from app.wiring import database_on, make_carrier, open_engine
from mentoring.audit import reveal_number, write_audit
from mentoring.clock import Clock
from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.migrations import UnknownRevisionError, upgrade
from mentoring.models import Phone
from mentoring.people import masked_number
from mentoring.programme_editions import begin_with_newest
from telephony.carrier import Carrier


class UsageError(Exception):
    """The words of a command do not fit together; the message is a sentence (exit code 2)."""


@dataclass(frozen=True)
class Desk:
    """The real parts behind a command, or a test's. `actor` is written into every log."""

    settings: Settings
    clock: Clock
    actor: str
    connect: Callable[[], Database]
    prepare: Callable[[Database], None]
    carrier: Callable[[], Carrier]

    @property
    def now(self) -> datetime:
        """The present moment, aware UTC."""
        return self.clock.now()

    @property
    def is_live(self) -> bool:
        """Whether a real carrier stands behind this: credentials, and no emulator's address."""
        return bool(self.settings.TWILIO_ACCOUNT_SID) and not self.settings.TWILIO_API_BASE

    def database(self) -> Database:
        """Open the database, brought to the newest schema."""
        database = self.connect()
        self.prepare(database)
        begin_with_newest(database)
        return database


@contextmanager
def desk_for(settings: Settings, clock: Clock) -> Iterator[Desk]:
    """Open the desk of a real run with these settings.

    The database is opened when a command asks for it, and closed when the command is over.
    """
    with ExitStack() as opened:
        yield Desk(
            settings=settings,
            clock=clock,
            actor=f"staff:{_user()}",
            connect=lambda: _connect(settings, opened),
            prepare=_bring_up_to_date,
            carrier=lambda: make_carrier(settings),
        )


def _connect(settings: Settings, opened: ExitStack) -> Database:
    """Return the database of the settings as it is."""
    engine = open_engine(settings)
    opened.callback(engine.dispose)
    return database_on(engine, settings)


def _bring_up_to_date(database: Database) -> None:
    """Run the migrations that a database lacks; raises ProgrammeError when it is newer than we."""
    if not isinstance(database.bind, Engine):
        raise TypeError("Migrations need an engine, not a connection.")
    try:
        upgrade(database.bind)
    except UnknownRevisionError as error:
        raise ProgrammeError(
            "The database was made by a newer version of this programme. Update the programme."
        ) from error


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A container may run under a user id that has no name.
        return "unknown"


def audit(
    session: Session, desk: Desk, *, action: str, entity: str, entity_id: str, reason: str
) -> None:
    """Write that whoever sits at this desk looked at, or changed, something private."""
    write_audit(
        session,
        actor=desk.actor,
        action=action,
        entity=entity,
        entity_id=entity_id,
        reason=reason,
        now=desk.now,
    )


def reason_to_reveal(args: Namespace) -> str | None:
    """Return why a real number is to be shown, or None when it stays masked (UsageError)."""
    if args.reveal:
        return reason_given(args.reason)
    if args.reason:
        raise UsageError("--reason goes with --reveal.")
    return None


def shown_number(
    session: Session,
    desk: Desk,
    phone: Phone,
    *,
    entity: str,
    entity_id: str,
    reason: str | None,
) -> str:
    """Return a phone's number masked; with a reason in full, and the look at it is written down."""
    if reason is None:
        return masked_number(session, phone)
    return reveal_number(
        session,
        phone,
        entity=entity,
        entity_id=entity_id,
        actor=desk.actor,
        reason=reason,
        now=desk.now,
    )


def reason_given(reason: str | None) -> str:
    """Return why somebody wants to see something private; raises UsageError when it is not said."""
    if not reason or not reason.strip():
        raise UsageError('Say why, for the audit log: --reason "..."')
    return reason.strip()
