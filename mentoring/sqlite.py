"""SQLite as we use it: safe under several writers, and with savepoints that work.

Every transaction begins as one that may write, for one that begins as a reader and turns into a
writer fails with "database is locked". A dialect sees to it, and not a listener to events: with one
on the engine each statement looks four times for others.
"""

from collections.abc import Callable

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import DBAPIConnection

DRIVER = "sqlite+immediate"
_PRAGMAS = ("journal_mode=WAL", "busy_timeout=5000", "foreign_keys=ON", "synchronous=NORMAL")


class ImmediateDialect(SQLiteDialect_pysqlite):
    """The usual dialect, but for how a connection and a transaction begin."""

    supports_statement_cache = True

    def on_connect(self) -> Callable[[DBAPIConnection], None]:
        usual = super().on_connect()

        def prepare(connection: DBAPIConnection) -> None:
            usual(connection)
            # Else the driver begins and ends transactions of its own, and breaks savepoints.
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in _PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")

        return prepare

    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        dbapi_connection.cursor().execute("BEGIN IMMEDIATE")


registry.register(DRIVER.replace("+", "."), __name__, ImmediateDialect.__name__)
