"""`bridgeline migrate` and `bridgeline seed`: the schema, and the fictional programme."""

from argparse import Namespace

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.commands.desk import Desk
from app.commands.menu import Menu
from app.seed import seed
from app.tables import Done, Reply
from mentoring.db import Database
from mentoring.endings import fill_endings
from mentoring.programme_editions import count_as_live


def add_to(menu: Menu) -> None:
    """Add the two commands."""
    menu.command("migrate", "bring the database to the newest schema", migrate)
    menu.command("seed", "fill an empty database with the fictional programme", seed_programme)


def migrate(desk: Desk, args: Namespace) -> Reply:
    """Bring the database to the newest schema, fill what it asks for, and say what was done."""
    del args
    database = desk.connect()
    before = _schema(database)
    desk.prepare(database)
    after = _schema(database)
    said = f"The schema is the newest already ({after})."
    if before != after:
        said = f"The schema went from {before or 'nothing'} to {after}."
    indexed = _index_endings(database)
    if indexed:
        said += f" The last four digits of {indexed} numbers can be looked for now."
    return Done(said, (("before", before), ("after", after), ("numbers indexed", indexed)))


def _index_endings(database: Database) -> int:
    """Index what is not indexed yet, in short transactions; it may be stopped and run again."""
    done = last = 0
    while True:
        with database.transaction() as session:
            ids = fill_endings(session, after=last)
        if not ids:
            return done
        done += len(ids)
        last = ids[-1]


def _schema(database: Database) -> str | None:
    try:
        with database.transaction() as session:
            found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
            return found
    except DBAPIError:
        # An empty database has no such table yet.
        return None


def seed_programme(desk: Desk, args: Namespace) -> Reply:
    """Fill an empty database. A second time nothing changes; a database in use is refused."""
    del args
    with desk.database().transaction() as session:
        seeded = seed(session, now=desk.now)
        count_as_live(session, actor="seed", now=desk.now)
    if seeded is None:
        return Done("The fictional programme is there already. Nothing was changed.")
    return Done(
        f"The fictional programme is ready: {seeded.people} people, {seeded.matches} matches,"
        f" {seeded.contacts} entries in the contact log.",
        (("people", seeded.people), ("matches", seeded.matches), ("contacts", seeded.contacts)),
    )
