"""`bridgeline keys`: a newer encryption key, and everything sealed again under it."""

import secrets
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, update

from app.commands.desk import Desk
from app.commands.menu import Menu
from app.tables import Done, Reply, Table
from mentoring.crypto import read_keys, vault_from_file, write_keys
from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.models import Base
from mentoring.models.base import SealedRow

_BATCH = 100
_SEALED = "_sealed"
_NEWEST_POSSIBLE = 255


def add_to(menu: Menu) -> None:
    """Add the group of commands about keys."""
    group = menu.group("keys", "encryption keys", lists=False)
    group.command("rotate", "add a newer key, which seals from now on", rotate)
    group.command("reseal", "seal everything again under the newest key", reseal)


def rotate(desk: Desk, args: Namespace) -> Reply:
    """Add a newer key to KEY_FILE. Keys in ENCRYPTION_KEYS are for their owner to change."""
    del args
    if desk.settings.ENCRYPTION_KEYS:
        newest = desk.settings.vault().current
        raise ProgrammeError(
            "The keys come from ENCRYPTION_KEYS, which this command cannot change. Put"
            f" {newest + 1}:<key> and a comma before what stands there; `openssl rand -base64 32`"
            " makes a key. Keep the older ones. Stop the site, the worker and beat, then start them"
            " again, and run `bridgeline keys reseal`."
        )
    path = desk.settings.KEY_FILE
    if not path.exists():
        # Connecting makes the first one; beside a database that a lost one has sealed it refuses.
        desk.connect()
    newest = vault_from_file(path).current
    if newest >= _NEWEST_POSSIBLE:
        raise ProgrammeError(f"Key {newest} is the last possible number. Restore an older file.")
    ring, index_key = read_keys(path)
    write_keys(path, {**ring, newest + 1: secrets.token_bytes(32)}, index_key)
    return Done(
        f"Key {newest + 1} was added to {path}. Back the file up, stop the site, the worker and"
        " beat, then start them again so that all of them know the key, and run `bridgeline keys"
        " reseal`.",
        (("key", newest + 1), ("file", str(path))),
    )


@dataclass(frozen=True)
class SealedTable:
    """One table with sealed columns."""

    model: type[SealedRow]
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.model.__tablename__

    def column(self, name: str) -> ColumnElement[bytes]:
        """Return a column of the table by name."""
        found: ColumnElement[bytes] = getattr(self.model, name)
        return found

    def is_stale(self, newest_key: int) -> ColumnElement[bool]:
        """Return the condition for rows with something sealed by another key than the newest.

        The first byte of a sealed value is the number of its key.
        """
        newest = literal(bytes([newest_key]))
        # What the retention clock has blanked is empty, and no key has sealed it.
        return or_(
            *(
                and_(
                    func.length(self.column(name)) > 0,
                    func.substr(self.column(name), 1, 1) != newest,
                )
                for name in self.columns
            )
        )


def sealed_tables() -> Iterator[SealedTable]:
    """Yield every table that holds sealed columns: those whose name ends in `_sealed`."""
    for mapper in sorted(Base.registry.mappers, key=lambda m: m.class_.__name__):
        if issubclass(mapper.class_, SealedRow):
            columns = tuple(c.key for c in mapper.column_attrs if c.key.endswith(_SEALED))
            yield SealedTable(mapper.class_, columns)


def count_stale(session: Session) -> int:
    """Return how many rows still hold something sealed by an older key."""
    newest = session.vault.current
    return sum(
        session.scalar(select(func.count()).select_from(table.model).where(table.is_stale(newest)))
        or 0
        for table in sealed_tables()
    )


def reseal(desk: Desk, args: Namespace) -> Reply:
    """Seal every field of every table again under the newest key, in short transactions.

    It may be stopped at any time and run again: rows under the newest key are not touched. Rows are
    locked while they change, so a running service loses nothing.
    """
    del args
    database = desk.database()
    rows = [(table.name, _reseal_table(database, table)) for table in sealed_tables()]
    return Table(
        ("table", "rows sealed again"),
        rows,
        empty="There is nothing sealed.",
        note=f"Everything is sealed by key {database.vault.current} now.",
    )


def _reseal_table(database: Database, table: SealedTable) -> int:
    done = last = 0
    while True:
        with database.transaction() as session:
            ids = _next_ids(session, table, after=last)
            for row_id in ids:
                _reseal_row(session, table, row_id)
        if not ids:
            return done
        done += len(ids)
        last = ids[-1]


def _next_ids(session: Session, table: SealedTable, *, after: int) -> list[int]:
    row_id: ColumnElement[int] = getattr(table.model, "id")  # noqa: B009
    return list(
        session.scalars(
            select(row_id)
            .where(row_id > after, table.is_stale(session.vault.current))
            .order_by(row_id)
            .limit(_BATCH)
            .with_for_update()
        )
    )


def _reseal_row(session: Session, table: SealedTable, row_id: int) -> None:
    """Open and seal one row's fields. One row at a time, because a recording may be large.

    The plain UPDATE leaves a conversation's revision alone: whoever answers a question at this
    moment must not be told that their turn is stale.
    """
    id_column: ColumnElement[int] = getattr(table.model, "id")  # noqa: B009
    held = session.execute(
        select(table.model.key, *(table.column(name) for name in table.columns)).where(
            id_column == row_id
        )
    ).one()
    row = table.model()
    row.key = held.key
    vault = session.vault
    fresh = {
        name: vault.seal(vault.open_bytes(sealed, place=row.place(name)), place=row.place(name))
        for name, sealed in zip(table.columns, held[1:], strict=True)
        if sealed
    }
    session.execute(
        update(table.model)
        .where(id_column == row_id)
        .values(fresh)
        .execution_options(synchronize_session=False)
    )
