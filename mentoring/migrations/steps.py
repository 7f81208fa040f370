"""Taking the steps that a database lacks, by Alembic."""

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from mentoring.migrations import FOLDER, UnknownRevisionError


def config_for(connection: Connection | None = None) -> Config:
    """Return an Alembic configuration that works on that open connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("version_locations", str(FOLDER / "versions"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def take_steps(connection: Connection) -> None:
    """Bring a database from where it is to the newest schema; raises UnknownRevisionError."""
    try:
        command.upgrade(config_for(connection), "head")
    except CommandError as error:
        raise UnknownRevisionError from error
