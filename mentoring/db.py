"""The database: the engine, and the one transaction that each request opens.

SQLite needs three things to be safe under several writers: write-ahead logging and transactions
that begin as writers (mentoring/sqlite.py), and a lock before it, because SQLite's own waiting is
unfair and can starve one writer for seconds.
"""

import fcntl
import logging
import os
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import Enum
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import Connection, CursorResult, Engine, create_engine, orm
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.selectable import TypedReturnsRows

from mentoring.crypto import Vault
from mentoring.editions.live import Shelf
from mentoring.programme import Programme
from mentoring.sqlite import DRIVER

log = logging.getLogger("bridgeline.db")

Result = TypeVar("Result")
Columns = TypeVarTuple("Columns")

_TRIES = 3
# So many statements stay ready to run, which is more than there are.
_STATEMENTS = 2000


class Memo(Enum):
    """What a transaction remembers, because it is asked for more than once."""

    # Whom a person can reach, by the person's id.
    PARTNERS = "partners"
    MAIN_LINE = "main line"
    # Whose call it is, by the id of the call.
    CALLERS = "callers"
    # The notes that wait for a person, by the person's id.
    NOTES = "notes"
    # The recording that a step of a call is about, held so that it is read once.
    RECORDING = "recording"
    # What waits to be said to a person, by their id; and the phone for which nothing does.
    NOTICES = "notices"
    NOTHING_TO_SAY = "nothing to say"
    # The words about the talks that open questions are about, by the invitation.
    TALKS = "talks"
    # The stamp of the newest change of wording, and all wording as it counts in this transaction.
    WORDING_STAMP = "wording stamp"
    WORDINGS = "wordings"


class Session(orm.Session):
    """A session that also carries what every domain function needs: the vault and the programme.

    `edition` is what staff had set when `programme` was put together, `default` what the settings
    say where staff set nothing, and `adopt` keeps what was found to be newer for all that follow:
    mentoring/programme_editions.py. `wire` is the connection of this transaction, for statements
    that concern no object of a row.
    `memo` holds what was looked up in this transaction. Whoever changes it takes it out.
    `shelf` holds the wording that this process has read last, for one transaction after the other.
    """

    vault: Vault
    programme: Programme
    shelf: Shelf
    edition: int
    default: Programme
    adopt: Callable[[int, Programme], None]
    wakes_dispatcher: bool = False
    wire: Connection
    memo: dict[Memo, Any]

    def columns(
        self,
        statement: TypedReturnsRows[*Columns],
        wanted: Mapping[str, Any] | None = None,
    ) -> CursorResult[*Columns]:
        """Ask for columns of rows, at a third of what `execute` costs, because no object is made.

        As there, whatever waits in the session to be written goes out first.
        """
        if self.autoflush:
            self.flush()
        return self.wire.execute(statement, wanted)

    def begin_nested(self) -> orm.SessionTransaction:
        """Open a savepoint at once, so that what goes over `wire` is rolled back with the rest.

        SQLAlchemy itself waits for the first statement of the session.
        """
        nested = super().begin_nested()
        self.connection()
        return nested


def make_engine(url: str, *, pool_size: int = 20) -> Engine:
    """Return an engine for `sqlite:///path` or `postgresql://...`, with the SQLite recipe."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed.set(drivername=DRIVER),
            connect_args={"check_same_thread": False, "cached_statements": _STATEMENTS},
            query_cache_size=_STATEMENTS,
        )
        # Whoever hands on the address of this database, to a worker say, hands on the usual one.
        engine.url = parsed
        return engine
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    # Connections are not tried out before each use, which would cost every request a way to the
    # server and back: work that meets a dead one starts again (Database.run).
    # Whoever keeps to SQLite has no use for the driver, and it takes a while to load.
    from mentoring.cursors import BriefCursor  # noqa: PLC0415

    given = {"cursor_factory": BriefCursor}
    return create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=10,
        connect_args=given,
        query_cache_size=_STATEMENTS,
    )


def _may_start_again(error: DBAPIError) -> bool:
    """Tell whether the same work may well succeed now.

    Two requests met at a unique key; PostgreSQL gave up one of two transactions that stood in each
    other's way; or the connection had died, as all do when the server starts anew.
    """
    met = isinstance(error, IntegrityError)
    return met or error.connection_invalidated or _sqlstate(error) in ("40P01", "40001")


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


class _WriterTurn:
    """Lets the writers of one SQLite file in one after the other, threads and processes alike.

    SQLite makes a second process sleep for ever longer naps until it happens to find the file
    free, so under load one of two processes waits for seconds. A file lock wakes it at once.
    """

    def __init__(self, database: str) -> None:
        self._threads = threading.Lock()
        # A record lock belongs to a process and not to this open file, so a fork shares nothing.
        self._file = os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT, 0o600)
        weakref.finalize(self, os.close, self._file)

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, *_: object) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)
        self._threads.release()


def _turn_for(bind: Engine | Connection) -> AbstractContextManager[Any]:
    """Return what a transaction on this database waits for before it begins."""
    if isinstance(bind, Connection):
        return threading.RLock()
    if bind.dialect.name != "sqlite":
        return nullcontext()
    return _WriterTurn(bind.url.database) if bind.url.database else threading.RLock()


@contextmanager
def _begun(bind: Engine | Connection) -> Iterator[Connection]:
    """Begin a transaction; on a connection that is in one, a part of it that can be undone."""
    if isinstance(bind, Engine):
        with bind.begin() as connection:
            yield connection
    else:
        with bind.begin_nested():
            yield bind


class Database:
    """Opens transactions. Bound to an engine; or, in tests, to one connection shared by threads."""

    def __init__(
        self,
        bind: Engine | Connection,
        *,
        vault: Vault,
        programme: Programme,
        wake: Callable[[], None] | None = None,
    ) -> None:
        self.bind = bind
        self.vault = vault
        self.default = programme
        self.programme = programme
        self.shelf = Shelf()
        self.edition = 0
        self.wake: Callable[[], None] = wake or (lambda: None)
        self._turn = _turn_for(bind)
        # The session joins the transaction of its connection, and never ends it.
        self._factory = orm.sessionmaker(
            class_=Session, expire_on_commit=False, join_transaction_mode="rollback_only"
        )

    def adopt(self, edition: int, programme: Programme) -> None:
        """Let every later transaction know the programme as this edition has it."""
        self.programme, self.edition = programme, edition

    def run(self, work: Callable[[Session], Result]) -> Result:
        """Do some work in one transaction, again from the start when another one got in between.

        Two requests about the same phone or conversation may meet; the database refuses the second
        (unique keys, row versions), and seen anew it is a repetition that changes nothing. So is
        work that was committed by a connection which died before it could say so.
        """
        for _ in range(_TRIES - 1):
            try:
                with self.transaction() as session:
                    return work(session)
            except (StaleDataError, DBAPIError) as error:
                if isinstance(error, DBAPIError) and not _may_start_again(error):
                    raise
                log.info("%s: the work starts again.", type(error).__name__)
        with self.transaction() as session:
            return work(session)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open the one transaction of a request: commit once at the end, then wake the dispatcher.

        Any exception rolls everything back. The dispatcher is woken only after a commit that queued
        something; a wake that fails is logged and forgotten, because the next tick catches up.

        It is the connection's own transaction, not the session's: many ask for nothing but columns,
        and a session that never has a record to keep begins nothing.
        """
        with self._turn, _begun(self.bind) as connection, self._factory(bind=connection) as session:
            session.vault = self.vault
            session.programme = self.programme
            session.shelf = self.shelf
            session.edition, session.default = self.edition, self.default
            session.adopt = self.adopt
            session.memo = {}
            session.wire = connection
            yield session
            session.flush()
        if session.wakes_dispatcher:
            try:
                self.wake()
            except Exception:
                log.exception("The dispatcher could not be woken; the next tick will catch up.")
