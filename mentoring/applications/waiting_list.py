"""While somebody waits for a mentor: news every two weeks, and what they answer (3.9)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import bindparam, or_, select

from mentoring.applications.inviting import invite
from mentoring.applications.tips import new_topic
from mentoring.applications.waits import KEEPS_PLACE, wait_begun, waits_begun
from mentoring.calendar.dues import finish, plan
from mentoring.calendar.wishes import ask_staff
from mentoring.clock import spoken_day
from mentoring.db import Session
from mentoring.effects import Ended, Goodbye, Sequel
from mentoring.models import (
    Due,
    DueKind,
    Person,
    PersonState,
    Role,
    Transition,
)
from mentoring.people import move_person
from mentoring.tasks import open_task

UPDATE_DAYS = 14
# The day of the other words, in place of the update that would come about then.
LONG_WAIT_DAYS = 30
_GROUP_DAYS = 5
# Fewer waits than this tell nothing about the next one.
_FEWEST_WAITS = 5
_LOOK_BACK = timedelta(days=365)


def day_after(day: int) -> int:
    """Return the next day of the wait on which somebody hears from us: 14, 30, 44, 58 and so on."""
    if day < UPDATE_DAYS:
        return UPDATE_DAYS
    if day < LONG_WAIT_DAYS:
        return LONG_WAIT_DAYS
    return LONG_WAIT_DAYS + UPDATE_DAYS * ((day - LONG_WAIT_DAYS) // UPDATE_DAYS + 1)


_PLANNED = (
    select(Due.id)
    .where(Due.person_id == Person.id, Due.kind == DueKind.WAITING, Due.done_at.is_(None))
    .exists()
)
_UNPLANNED = select(Person).where(
    Person.state == PersonState.WAITING, Person.role == Role.PROTEGE, ~_PLANNED
)


def plan_updates(session: Session, *, now: datetime) -> None:
    """Plan the next news for all who wait and have none planned, however they came to wait."""
    waiting = session.scalars(_UNPLANNED).unique().all()
    begun = waits_begun(session) if waiting else {}
    for person in waiting:
        _plan_day(session, person, begun.get(person.id, person.state_since), now=now)


def _plan_day(session: Session, person: Person, begun: datetime, *, now: datetime) -> None:
    """Plan the next day of a wait that began then."""
    day = day_after((now - begun).days)
    plan(
        session,
        DueKind.WAITING,
        at=begun + timedelta(days=day),
        # Whoever has come back from an offer is in the same wait, and is told anew.
        key=f"waiting:{person.id}:{person.state_since.isoformat()}:{day}",
        person_id=person.id,
        round_=day,
        now=now,
    )


def update_the_waiting(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Ask whether somebody still waits, and plan the next time: the deed of DueKind.WAITING."""
    for due in dues:
        person = session.get_one(Person, due.person_id)
        begun = wait_begun(session, person)
        if (
            person.state is not PersonState.WAITING
            or due.due_at - timedelta(days=due.round) < begun
        ):
            finish(due, "waits no more", now=now)
            continue
        flow = "waiting_long" if due.round == LONG_WAIT_DAYS else "waiting_update"
        if flow == "waiting_long":
            _let_staff_call(session, person, now=now)
        invite(session, flow, person, now=now)
        finish(due, "asked", now=now)
        _plan_day(session, person, begun, now=now)


def _let_staff_call(session: Session, person: Person, *, now: datetime) -> None:
    """After a month staff call: T-W2 names the day of the alert about it (O17)."""
    open_task(
        session,
        rule="O17",
        subject=person.code,
        words=f"{person.code} has waited {LONG_WAIT_DAYS} days for a mentor. Call them.",
        person=person,
        now=now,
    )


_MOVES = (
    select(Transition.entity_id, Transition.from_state, Transition.to_state, Transition.at)
    .where(
        Transition.entity == "person",
        Transition.at >= bindparam("since"),
        or_(
            Transition.to_state == PersonState.WAITING.value,
            Transition.from_state.in_(KEEPS_PLACE),
        ),
    )
    .order_by(Transition.id)
)


def weeks_of_waiting(session: Session, *, now: datetime) -> int | None:
    """Return how many weeks people waited in the last year, at the median; None when few did."""
    moves = session.columns(_MOVES, {"since": now - _LOOK_BACK})
    begun: dict[int, datetime] = {}
    waits: list[float] = []
    for person_id, before, to, at in moves:
        if to == PersonState.WAITING.value:
            if before not in KEEPS_PLACE:
                begun.pop(person_id, None)
            begun.setdefault(person_id, at)
        elif to == PersonState.MATCHED.value and person_id in begun:
            waits.append((at - begun.pop(person_id)) / timedelta(weeks=1))
    return max(1, round(median(waits))) if len(waits) >= _FEWEST_WAITS else None


def after_waiting_update(ended: Ended) -> Sequel:
    """Still on the list: they stay, want a group call, are open to more mentors, or leave."""
    choice = ended.answers.get("W1L") or ended.answers.get("W1", "stay")
    if ended.person.state is not PersonState.WAITING:
        return Sequel(("T-CST",), effect=Goodbye())
    if choice == "leave":
        reason = "left the waiting list"
        move_person(
            ended.session,
            ended.person,
            PersonState.EXITED,
            actor=ended.actor,
            reason=reason,
            now=ended.now,
        )
        return Sequel(("T-W1LEFT",), effect=Goodbye())
    if choice == "open":
        ended.person.profile = {**ended.person.profile, "open_to_more": "yes"}
        ask_staff(ended, "waiting", "is open to more kinds of mentor. Look again.")
        return _goes_on_waiting(ended, "T-W1OPEN")
    return _group_call(ended) if choice == "group" else _goes_on_waiting(ended, "T-W1STAY")


def after_long_wait(ended: Ended) -> Sequel:
    """A month has passed: staff call in any case; a group call is offered till then."""
    wants = ended.answers.get("W2") == "yes"
    return _group_call(ended) if wants else _goes_on_waiting(ended, "T-CST")


def _group_call(ended: Ended) -> Sequel:
    task = open_task(
        ended.session,
        rule="referral",
        words=f"{ended.person.code} would like to join group calls while waiting.",
        key=f"group:{ended.conversation.invitation_id}",
        person=ended.person,
        working_days=_GROUP_DAYS,
        now=ended.now,
    )
    by_day = spoken_day(task.due_at, ended.session.programme.office)
    return _goes_on_waiting(ended, "T-W1GROUP", date=by_day)


def _goes_on_waiting(ended: Ended, said: str, **known: str) -> Sequel:
    """Somebody keeps their place, and hears that there are tips meanwhile (T-W3)."""
    if ended.person.state is not PersonState.WAITING:
        return Sequel((said,), effect=Goodbye(), known=known)
    known = {**known, "topic": new_topic(ended.session, now=ended.now)}
    return Sequel((said, "T-W3"), effect=Goodbye(), known=known)
