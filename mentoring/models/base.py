"""The typed base of all records, and the few column types that they share."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Enum,
    MetaData,
    String,
    TypeDecorator,
    text,
    type_coerce,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.operators import OperatorType


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment. SQLite keeps no zone, so it is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    # SQLite keeps text. Moments are in every row, and this is a quarter of the usual way to them.

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        def write(value: datetime | None) -> str | None:
            moment = self.process_bind_param(value, dialect)
            if moment is None:
                return None
            return moment.replace(tzinfo=None).isoformat(" ", "microseconds")

        return write

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return _read


def _read(kept: str | None) -> datetime | None:
    return None if kept is None else datetime.fromisoformat(kept).replace(tzinfo=UTC)


def as_it_stands(word: StrEnum) -> ColumnElement[Any]:
    """Return a word that stands in the statement itself, and not behind a parameter.

    Behind one, neither database can tell that an index of only some rows holds all that are asked
    for; and SQLite, which looks whether it might, plans the statement anew each time it runs.
    """
    # Not a literal column: a join looks among all columns of its condition for what it joins to.
    return type_coerce(text(f"'{word.value}'"), String)


class _Words(Enum):
    """A closed list of words. Compared with one of them, the word is part of the statement."""

    cache_ok = True

    class Comparator(Enum.Comparator):
        def operate(self, op: OperatorType, *others: Any, **options: Any) -> ColumnElement[Any]:
            return super().operate(op, *map(_as_written, others), **options)

    comparator_factory = Comparator


def _as_written(other: Any) -> Any:
    if isinstance(other, StrEnum):
        return as_it_stands(other)
    if isinstance(other, list | tuple | set | frozenset) and other:
        ordered = sorted(other) if isinstance(other, set | frozenset) else other
        if all(isinstance(each, StrEnum) for each in ordered):
            return [as_it_stands(each) for each in ordered]
    return other


def words(kind: type[StrEnum]) -> Enum:
    """Return the column type of a closed list of words, stored by value.

    It is plain text without a check constraint: a new word is then a release, not a table rewrite.
    """
    return _Words(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """The base of all records. Constraint names are fixed, so migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, str: String(200)}  # noqa: RUF012


def asked_in(version: str | int, edition_id: int | None) -> str:
    """Return in which wording something was asked, in words: as shipped, or in staff's edition."""
    return str(version) if edition_id is None else f"{version}, edition {edition_id}"


class SealedRow:
    """A record with encrypted fields: its random key ties each sealed value to its row.

    The key also stands for the row in callback addresses, where a running number is guessable.
    """

    __tablename__: str

    key: Mapped[UUID] = mapped_column(default=uuid4, unique=True)

    def place(self, column: str) -> str:
        """Return the authenticated place of one sealed column of this row."""
        return self.place_in(self.key, column)

    @classmethod
    def place_in(cls, key: UUID, column: str) -> str:
        """Return that place for a row of which there is no record yet."""
        return f"{cls.__tablename__}.{column}:{key.hex}"
