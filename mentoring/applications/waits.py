"""Since when somebody waits for a mentor: an offer that came to nothing sets no wait back."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from mentoring.db import Session
from mentoring.models import Person, PersonState, Role, Transition

# Who comes back to waiting from one of these has kept their place.
KEEPS_PLACE = (PersonState.WAITING, PersonState.OFFERED, PersonState.PAUSED)
_IN_LINE = (PersonState.WAITING, PersonState.OFFERED)


def waits_begun(session: Session, *chosen: ColumnElement[bool]) -> dict[int, datetime]:
    """Return since when each of the chosen proteges who are in line has waited, by their id."""
    moves = session.execute(
        select(Transition.entity_id, Transition.to_state, Transition.at)
        .join(Person, Person.id == Transition.entity_id)
        .where(
            Transition.entity == "person",
            Person.role == Role.PROTEGE,
            Person.state.in_(_IN_LINE),
            *chosen,
        )
        .order_by(Transition.id)
    )
    begun: dict[int, datetime] = {}
    for person_id, state, at in moves:
        if state not in KEEPS_PLACE:
            begun.pop(person_id, None)
        elif state == PersonState.WAITING:
            begun.setdefault(person_id, at)
    return begun


def wait_begun(session: Session, person: Person) -> datetime:
    """Return since when one protege has waited."""
    return waits_begun(session, Person.id == person.id).get(person.id, person.state_since)
