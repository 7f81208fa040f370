"""Staff suspend somebody: nothing passes to or from them until staff have decided (2.1, 2.2)."""

from datetime import datetime

from sqlalchemy import select

from mentoring.calendar.absences import is_over
from mentoring.calendar.pauses import come_back, what_holds
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import OPEN_TALKS, OUT, MatchSide, Person, PersonState, Talk
from mentoring.people import AWAY, move_person, state_before_hold
from mentoring.proposals.ending import give_back
from mentoring.tasks import end_open_task, open_task

_RULE = "suspension"
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
        rule=_RULE,
        words=f"{person.code} is suspended. Call them, and decide how it goes on."
        f"{_whom_else_to_call(session, person)}"[:200],
        subject=person.code,
        person=person,
        working_days=_REVIEWED_WITHIN,
        now=now,
    )


def _whom_else_to_call(session: Session, person: Person) -> str:
    """Name whoever has a talk with them ahead: it does not come about, and nothing tells them."""
    theirs = select(MatchSide.match_id).where(MatchSide.person_id == person.id)
    codes = session.scalars(
        select(Person.code)
        .join(MatchSide, MatchSide.person_id == Person.id)
        .join(Talk, Talk.match_id == MatchSide.match_id)
        .where(Talk.match_id.in_(theirs), Talk.state.in_(OPEN_TALKS), Person.id != person.id)
        .distinct()
        .order_by(Person.code)
    ).all()
    return f" Call {' and '.join(codes)} too: a talk of theirs is off meanwhile." if codes else ""


def release_person(
    session: Session, person: Person, *, actor: str, reason: str, now: datetime
) -> PersonState:
    """Let somebody go on as things stand now, and return the state.

    They are where they were, unless that is over: a pause whose day has come, a match that was
    closed, or a proposal that ended meanwhile. The task about the suspension is done with it.
    """
    session.refresh(person, ["state"], with_for_update=True)
    before = state_before_hold(session, person)
    if before is None:
        raise ProgrammeError(f"{person.code} is not on hold: the state is {person.state}.")
    kept = before in AWAY or before is PersonState.OFFERED
    to = before if kept else what_holds(session, person, before)
    move_person(session, person, to, actor=actor, reason=reason[:200], now=now)
    session.flush()
    give_back(session, person, actor="system", reason="no proposal is open", now=now)
    if person.state in AWAY and is_over(session, person, now=now):
        come_back(session, person, actor="system", reason="the pause is over", now=now)
    end_open_task(session, f"{_RULE}:{person.code}", outcome="lifted", now=now)
    return person.state
