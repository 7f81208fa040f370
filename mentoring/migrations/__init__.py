"""Schema changes, numbered. `upgrade` brings a database to the newest one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect, text

FOLDER = Path(__file__).parent


def config_for(connection: Connection | None = None) -> Config:
    """Return an Alembic configuration that works on that open connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("version_locations", str(FOLDER / "versions"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema. Safe to call from several processes at once."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two starting processes must not both create the tables: the second one waits here.
            connection.execute(text("SELECT pg_advisory_xact_lock(20061)"))
        command.upgrade(config_for(connection), "head")


def newest() -> str:
    """Return the newest revision, as written in the HEAD file beside the revisions."""
    return (FOLDER / "HEAD").read_text().strip()


def current(engine: Engine) -> str | None:
    """Return the revision that a database is at, or None when it is empty."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found
