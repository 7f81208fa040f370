"""Schema changes, numbered. `upgrade` brings a database to the newest one.

An empty database gets all tables at once, as the models describe them; a test holds that this is
what all the steps together make. Alembic, which takes the steps, is loaded only for a database that
lacks some: every command and the demo would wait for it.
"""

from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select, text

from mentoring.models import Base

FOLDER = Path(__file__).parent

# As Alembic itself makes it.
_AT = Table(
    "alembic_version",
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    Column("version_num", String(32), primary_key=True),
)


class UnknownRevisionError(Exception):
    """The database is at a revision that this programme does not have: it is newer than we."""


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema. Safe to call from several processes at once.

    Raises UnknownRevisionError.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two starting processes must not both create the tables: the second one waits here.
            connection.execute(text("SELECT pg_advisory_xact_lock(20061)"))
        names = inspect(connection).get_table_names()
        if not names:
            Base.metadata.create_all(connection)
            _AT.create(connection)
            connection.execute(_AT.insert().values(version_num=newest()))
        elif _AT.name not in names or _revision(connection) != newest():
            from mentoring.migrations.steps import take_steps  # noqa: PLC0415 - as the top says.

            take_steps(connection)


def newest() -> str:
    """Return the newest revision, as written in the HEAD file beside the revisions."""
    return (FOLDER / "HEAD").read_text().strip()


def current(engine: Engine) -> str | None:
    """Return the revision that a database is at, or None when it is empty."""
    with engine.connect() as connection:
        return _revision(connection) if inspect(connection).has_table(_AT.name) else None


def _revision(connection: Connection) -> str | None:
    return connection.scalar(select(_AT.c.version_num))
