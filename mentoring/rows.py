"""Writing single rows by a statement of their own, where a caller waits for it.

What may be there already is written once: its unique key decides in the database. Asking first and
writing then would take two statements, and would let two requests about the same thing both find
nothing. A row written here is written at once and alone: nothing else that the session still holds
goes out with it. What the session would find out by itself, namely what has changed and in which
order it is to be written, takes it as long as all the rest of a usual step.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Executable, Table, bindparam, inspect, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.util import identity_key

from mentoring.db import Session
from mentoring.models import Base

Record = TypeVar("Record", bound=Base)


def _table(kind: type[Base]) -> Table:
    return cast(Table, kind.__table__)


@cache
def _statement(dialect: str, kind: type[Base], unique: tuple[str, ...]) -> Executable:
    """Return the statement for a table, made once: it costs more to put together than to run."""
    table = _table(kind)
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    once: Any = insert(table)
    deciding = unique or None
    made: Executable = once.on_conflict_do_nothing(index_elements=deciding).returning(
        *table.primary_key
    )
    return made


def insert_row(session: Session, kind: type[Base], row: dict[str, Any], *unique: str) -> Any:
    """Write a row by its columns; returns its primary key, or None when that unique key is there.

    `unique` names the columns of the unique key that decides; any other constraint raises. Without
    names every unique key decides, also one that holds for some rows only.
    """
    connection = session.wire
    statement = _statement(connection.dialect.name, kind, unique)
    return connection.execute(statement, row).scalar()


def insert_rows(session: Session, kind: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Write many rows in one go, but for those of which a unique key is there already."""
    if not rows:
        return
    connection = session.wire
    table = _table(kind)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(table).on_conflict_do_nothing(), list(rows))


@cache
def _columns(kind: type[Base]) -> tuple[tuple[str, Any], ...]:
    """Return each column of a record, but for a primary key that the database gives."""
    own = _table(kind).autoincrement_column
    return tuple(
        (attribute.key, attribute.columns[0].default)
        for attribute in inspect(kind).column_attrs
        if attribute.columns[0] is not own
    )


def insert_or_find(session: Session, record: Record, *unique: str) -> Record:
    """Write a new record and return it; or return the one that has its unique key already.

    Once written it is a record of the session like any other: later changes are written as usual.
    """
    kind = type(record)
    row: dict[str, Any] = {}
    given = record.__dict__
    for name, default in _columns(kind):
        value = given.get(name)
        if value is None and default is not None:
            value = default.arg(None) if default.is_callable else default.arg
        row[name] = value
    made = insert_row(session, kind, row, *unique)
    if made is None:
        same = (getattr(kind, name) == row[name] for name in unique)
        return session.scalars(select(kind).where(*same)).one()
    own = _table(kind).autoincrement_column
    if own is not None:
        row[own.name] = made
    for name, value in row.items():
        if given.get(name) is not value:
            set_committed_value(record, name, value)
    make_transient_to_detached(record)
    session.add(record)
    return record


@cache
def _update(kind: type[Base], names: frozenset[str], version: str | None) -> Executable:
    """Return the statement that sets these columns of one row, if it has not changed meanwhile."""
    table = _table(kind)
    statement = update(table).where(table.c.id == bindparam("this_id"))
    if version is not None:
        statement = statement.where(table.c[version] == bindparam("this_version"))
    return statement.values({name: bindparam(name) for name in sorted(names)})


def change_row(session: Session, record: Base, **values: Any) -> None:
    """Set columns of a record and write them at once; nothing is left for the session to write."""
    row = {"this_id": record.__dict__["id"], **values}
    session.wire.execute(_update(type(record), frozenset(values), None), row)
    for name, value in values.items():
        set_committed_value(record, name, value)


def change_row_of(session: Session, kind: type[Base], row_id: int, **values: Any) -> None:
    """Do what `change_row` does to a row of which only columns were asked for.

    Where the session holds its record all the same, that one learns of it.
    """
    record = session.identity_map.get(identity_key(kind, row_id))
    row = {"this_id": row_id, **values}
    session.wire.execute(_update(kind, frozenset(values), None), row)
    for name, value in values.items() if record is not None else ():
        set_committed_value(record, name, value)


def write_and_let_go(session: Session, record: Base) -> None:
    """Write a record whose part in this transaction is over; the session forgets about it.

    Of one that is there already, what was set since it was read is written, and nothing else.
    Raises StaleDataError when it has a version and somebody else has written it meanwhile.
    """
    kind, state = type(record), inspect(record)
    is_new, changed = state.pending, state.committed_state
    session.expunge(record)
    given = record.__dict__
    names = [name for name, _ in _columns(kind) if name in (given if is_new else changed)]
    row = {name: given[name] for name in names}
    column = inspect(kind).version_id_col
    version = None if column is None else column.key
    before = given.get(version) if version is not None else None
    if version is not None:
        row[version] = (before or 0) + 1
    if is_new:
        insert_row(session, kind, row, "key")
    else:
        wanted = {**row, "this_id": given["id"], "this_version": before}
        done = session.wire.execute(_update(kind, frozenset(row), version), wanted)
        if done.rowcount != 1:
            raise StaleDataError(f"A row of {kind.__tablename__} was written by somebody else.")
    if version is not None:
        set_committed_value(record, version, row[version])
