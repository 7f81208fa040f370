"""Throw-away databases for tests: files of SQLite, or on the server that TEST_DATABASE_URL names.

The migrations run once in each process, into a template; every other database is a copy of it.
"""

import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url

from mentoring.crypto import Vault
from mentoring.db import Database, make_engine
from mentoring.migrations.steps import take_steps
from mentoring.models import Base, MatchNumber, MentorNumber, ProtegeNumber
from mentoring.programme import Programme


class Databases(Protocol):
    """Makes databases with the newest schema and nothing in them."""

    def fresh(self) -> str:
        """Make one more database and return its URL."""
        ...

    def drop(self, url: str) -> None:
        """Take back a database that fresh() made, with its schema as it was."""
        ...

    def close(self) -> None:
        """Remove everything that is left."""
        ...


class SqliteFiles:
    """Databases as files in one folder. The folder's owner removes it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._template = folder / "template.db"
        _migrate(f"sqlite:///{self._template}")

    def fresh(self) -> str:
        path = self._folder / f"{next(self._numbers)}.db"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        Path(str(make_url(url).database)).unlink()

    def close(self) -> None:
        self._template.unlink()


class PostgresServer:
    """Databases on a server. The role in the URL must be allowed to create databases.

    What was taken back is emptied and given out again: emptying it is far quicker than making one.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._prefix = f"bridgeline_test_{secrets.token_hex(6)}"
        self._numbers = count(1)
        self._template = f"{self._prefix}_template"
        self._made = {self._template}
        self._spare: list[str] = []
        self._run(f'CREATE DATABASE "{self._template}"')
        _migrate(self._address(self._template))

    def fresh(self) -> str:
        if self._spare:
            return self._spare.pop()
        name = f"{self._prefix}_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        self._made.add(name)
        return self._address(name)

    def drop(self, url: str) -> None:
        self._run(_PART_WITH.format(make_url(url).database))
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
            connection.execute(_RESTART_ALL)
        self._spare.append(url)

    def close(self) -> None:
        for name in sorted(self._made):
            # A test that failed may have left a connection open behind it.
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._admin.dispose()

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def _address(self, name: str) -> str:
        url: URL = self._url.set(database=name)
        return url.render_as_string(hide_password=False)


# A test that failed may have left a connection open behind it.
_PART_WITH = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
_RESTART_ALL = text("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence")


def _migrate(url: str) -> None:
    """Create the schema, step by step, as in a database that has been there from the beginning.

    The engine is closed: a template in use can be copied by neither.
    """
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            take_steps(connection)
    finally:
        engine.dispose()


def shorten_savepoints(engine: Engine) -> None:
    """Let savepoints go straight to the database.

    In a test each transaction is a savepoint, so they are a third of all that is sent, and putting
    one together like any other statement takes far longer than to run it.
    """
    run = _run_on_postgres if engine.dialect.name == "postgresql" else _run_on_sqlite
    dialect: Any = engine.dialect
    dialect.do_savepoint = partial(run, "SAVEPOINT")
    dialect.do_release_savepoint = partial(run, "RELEASE SAVEPOINT")
    dialect.do_rollback_to_savepoint = partial(run, "ROLLBACK TO SAVEPOINT")


def _run_on_postgres(verb: str, connection: Connection, name: str) -> None:
    wire: Any = connection.connection.driver_connection
    with wire.lock:
        answer = wire.pgconn.exec_(f"{verb} {name}".encode())
    assert answer.status == ExecStatus.COMMAND_OK, answer.error_message


def _run_on_sqlite(verb: str, connection: Connection, name: str) -> None:
    wire: Any = connection.connection.driver_connection
    wire.execute(f"{verb} {name}")


def keep_prepared(engine: Engine) -> None:
    """Let PostgreSQL keep what it has prepared from one test to the next.

    The driver forgets it at every rollback, for fear of tables that went away with it, and every
    test ends in one. Here no test changes a table, and planning takes longer than looking up.
    """
    if engine.dialect.name != "postgresql":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.prepare_threshold = 1
        connection.prepared_max = None

    dialect: Any = engine.dialect
    dialect.do_rollback = _roll_back_on_postgres


def _roll_back_on_postgres(connection: Any) -> None:
    wire = connection.driver_connection
    # The last request of a browser may still be asking something in a thread of its own, and two
    # who talk on one wire at once wait for each other's answers for ever.
    with wire.lock:
        if wire.pgconn.transaction_status != TransactionStatus.IDLE:
            answer = wire.pgconn.exec_(b"ROLLBACK")
            assert answer.status == ExecStatus.COMMAND_OK, answer.error_message


class SharedDatabase(Database):
    """A database on the one connection of a test, shut at the end to all who still come."""

    def __init__(self, connection: Connection, *, vault: Vault, programme: Programme) -> None:
        super().__init__(connection, vault=vault, programme=programme)
        self._turn = self._open = _Turn()

    def shut(self) -> None:
        """Let whoever is in finish, and nobody else in.

        The last request of a browser may come when its test has ended. A savepoint outside of any
        transaction begins one, and the next test would find the connection in the midst of it.
        """
        self._open.shut()


class _Turn:
    """A lock that lets one thread in after the other, until it is shut."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._is_shut = False

    def __enter__(self) -> None:
        self._lock.acquire()
        if self._is_shut:
            self._lock.release()
            raise RuntimeError("This test has ended.")

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def shut(self) -> None:
        with self:
            self._is_shut = True


@contextmanager
def rolled_back(engine: Engine, vault: Vault, programme: Programme) -> Iterator[Database]:
    """A database whose transactions are savepoints in one that is rolled back at the end."""
    with engine.connect() as connection, connection.begin() as outer:
        restart_numbers(connection)
        database = SharedDatabase(connection, vault=vault, programme=programme)
        yield database
        database.shut()
        outer.rollback()


def restart_numbers(connection: Connection) -> None:
    """Let codes go on from what is there: PostgreSQL sets no counter back with its transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(_RESTART)


def _restarted(kind: type[ProtegeNumber] | type[MentorNumber] | type[MatchNumber]) -> Any:
    counter = func.pg_get_serial_sequence(kind.__tablename__, "id")
    newest = select(func.coalesce(func.max(kind.id), 0) + 1).scalar_subquery()
    return func.setval(counter, newest, False)


_RESTART = select(_restarted(ProtegeNumber), _restarted(MentorNumber), _restarted(MatchNumber))


class Asked(str):
    """One SQL statement as it was sent, and what stood behind its parameters."""

    parameters: Any = ()


class StatementCounter:
    """Remembers the SQL statements of an engine while a with-block is open.

    Beginning, committing and savepoints are not counted: they are the frame, not the work. It sits
    where statements leave: a listener on the engine would cost every statement of every test.
    """

    _FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    _WAYS_OUT = ("do_execute", "do_executemany", "do_execute_no_params")

    def __init__(self, engine: Engine) -> None:
        self._open: list[list[Asked]] = []
        for way in self._WAYS_OUT:
            setattr(engine.dialect, way, self._watched(getattr(engine.dialect, way)))

    def _watched(self, send: Callable[..., None]) -> Callable[..., None]:
        def watched(cursor: Any, statement: str, *rest: Any, **named: Any) -> None:
            if self._open and not statement.upper().startswith(self._FRAME):
                asked = Asked(statement)
                asked.parameters = rest[0] if rest else ()
                for block in self._open:
                    block.append(asked)
            send(cursor, statement, *rest, **named)

        return watched

    @contextmanager
    def __call__(self) -> Iterator[list[Asked]]:
        """Count from here to the end of the block; yields the list that the statements go to."""
        block: list[Asked] = []
        self._open.append(block)
        try:
            yield block
        finally:
            self._open = [other for other in self._open if other is not block]
