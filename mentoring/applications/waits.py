"""Since when somebody waits for a mentor: an offer that came to nothing sets no wait back."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, bindparam, select

from mentoring.db import Session
from mentoring.models import Person, PersonState, Role, Transition

# Who comes back to waiting from one of these has kept their place.
KEEPS_PLACE = (PersonState.WAITING, PersonState.OFFERED, PersonState.PAUSED)
_IN_LINE = (PersonState.WAITING, PersonState.OFFERED)


_MOVES = (
    select(Transition.entity_id, Transition.to_state, Transition.at)
    .join(Person, Person.id == Transition.entity_id)
    .where(
        Transition.entity == "person",
        Person.role == Role.PROTEGE,
        Person.state.in_(_IN_LINE),
    )
    .order_by(Transition.id)
)
_MOVES_OF_ONE = _MOVES.where(Person.id == bindparam("person_id"))


def waits_begun(session: Session) -> dict[int, datetime]:
    """Return since when each protege who is in line has waited, by their id."""
    return _begun(session.columns(_MOVES))


def wait_begun(session: Session, person: Person) -> datetime:
    """Return since when one protege has waited."""
    moves = session.columns(_MOVES_OF_ONE, {"person_id": person.id})
    return _begun(moves).get(person.id, person.state_since)


def _begun(moves: Iterable[Row[int, str, datetime]]) -> dict[int, datetime]:
    begun: dict[int, datetime] = {}
    for person_id, state, at in moves:
        if state not in KEEPS_PLACE:
            begun.pop(person_id, None)
        elif state == PersonState.WAITING:
            begun.setdefault(person_id, at)
    return begun
