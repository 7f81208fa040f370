"""Codes of people and matches, such as P05 and K12: numbered by the database, never given twice."""

from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from mentoring.db import Session
from mentoring.models import MatchNumber, MentorNumber, ProtegeNumber

_Numbers = type[ProtegeNumber] | type[MentorNumber] | type[MatchNumber]
_NUMBERS: dict[str, _Numbers] = {"P": ProtegeNumber, "M": MentorNumber, "K": MatchNumber}
# Made once, for they cost more to put together than to run.
_TAKE = {letter: insert(kind).returning(kind.id) for letter, kind in _NUMBERS.items()}


def next_code(session: Session, letter: str) -> str:
    """Return the next code of that letter, such as P19, in one statement.

    Nobody waits for anybody: the database hands out the numbers of a table one by one. A number
    that was handed out to work which failed is left out.
    """
    newest: int = session.wire.execute(_TAKE[letter]).scalar_one()
    return f"{letter}{newest:02d}"


def note_code(session: Session, code: str) -> None:
    """Remember a code that was given by hand, so that the next one is greater."""
    kind, number = _NUMBERS[code[:1]], int(code[1:])
    on_postgres = session.wire.dialect.name == "postgresql"
    insert_once = (postgresql if on_postgres else sqlite).insert(kind).values(id=number)
    session.wire.execute(insert_once.on_conflict_do_nothing())
    if on_postgres:
        # SQLite counts on from the greatest number by itself.
        counter = func.pg_get_serial_sequence(kind.__tablename__, "id")
        newest = select(func.max(kind.id)).scalar_subquery()
        session.wire.execute(select(func.setval(counter, newest)))
