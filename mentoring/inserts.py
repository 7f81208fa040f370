"""Writing a row once: its unique key decides in the database, in one statement.

Asking first and writing then would take two statements, and would let two requests about the same
thing both find nothing. A row written here is written at once and alone: nothing else that the
session still holds goes out with it, so a conversation that is being changed is written only once.
"""

from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Executable, Table, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

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
    made: Executable = once.on_conflict_do_nothing(index_elements=unique).returning(
        *table.primary_key
    )
    return made


def insert_row(session: Session, kind: type[Base], row: dict[str, Any], *unique: str) -> Any:
    """Write a row by its columns; returns its primary key, or None when that unique key is there.

    `unique` names the columns of the unique key that decides. Any other constraint raises.
    """
    connection = session.wire
    statement = _statement(connection.dialect.name, kind, unique)
    return connection.execute(statement, row).scalar()


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
