"""Codes of people and matches, such as P05 and K12: counted in the database, never given twice."""

from typing import Any

from sqlalchemy import Executable, func
from sqlalchemy.dialects import postgresql, sqlite

from mentoring.db import Session
from mentoring.models import CodeCounter


def _counting(dialect: Any) -> Executable:
    once: Any = dialect.insert(CodeCounter)
    counted: Executable = once.on_conflict_do_update(
        index_elements=[CodeCounter.letter], set_={"newest": CodeCounter.newest + 1}
    ).returning(CodeCounter.newest)
    return counted


def _noting(dialect: Any) -> Executable:
    once: Any = dialect.insert(CodeCounter)
    # SQLite calls the greater of two values by another name.
    greater = func.greatest if dialect is postgresql else func.max
    noted: Executable = once.on_conflict_do_update(
        index_elements=[CodeCounter.letter],
        set_={"newest": greater(CodeCounter.newest, once.excluded.newest)},
    )
    return noted


# Made once, for they cost more to put together than to run.
_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}
_COUNT = {name: _counting(dialect) for name, dialect in _DIALECTS.items()}
_NOTE = {name: _noting(dialect) for name, dialect in _DIALECTS.items()}


def next_code(session: Session, letter: str) -> str:
    """Return the next code of that letter, such as P19, in one statement.

    Others who ask at the same moment wait for the end of this transaction and get the next one.
    """
    connection = session.wire
    row = {"letter": letter, "newest": 1}
    newest: int = connection.execute(_COUNT[connection.dialect.name], row).scalar_one()
    return f"{letter}{newest:02d}"


def note_code(session: Session, code: str) -> None:
    """Remember a code that was given by hand, so that the next one is greater."""
    connection = session.wire
    row = {"letter": code[:1], "newest": int(code[1:])}
    connection.execute(_NOTE[connection.dialect.name], row)
