"""Staff suspend somebody: nothing passes to or from them until staff have decided (2.1, 2.2)."""

from datetime import datetime

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import OUT, Person, PersonState
from mentoring.people import move_person, state_before_hold
from mentoring.tasks import open_task

_REVIEWED_WITHIN = 5


def suspend_person(
    session: Session, person: Person, *, actor: str, reason: str, now: datetime
) -> None:
    """Suspend somebody at once, and ask staff to call them and to decide in five working days."""
    session.refresh(person, ["state"], with_for_update=True)
    if person.state in OUT:
        raise ProgrammeError(f"{person.code} is {person.state} already.")
    move_person(session, person, PersonState.SUSPENDED, actor=actor, reason=reason[:200], now=now)
    open_task(
        session,
        rule="suspension",
        words=f"{person.code} is suspended. Call them, and decide how it goes on.",
        subject=person.code,
        person=person,
        working_days=_REVIEWED_WITHIN,
        now=now,
    )


def release_person(
    session: Session, person: Person, *, actor: str, reason: str, now: datetime
) -> PersonState:
    """Let somebody go on where they were before they were suspended, and return that state."""
    session.refresh(person, ["state"], with_for_update=True)
    before = state_before_hold(session, person)
    if before is None:
        raise ProgrammeError(f"{person.code} is not on hold: the state is {person.state}.")
    move_person(session, person, before, actor=actor, reason=reason[:200], now=now)
    return before
