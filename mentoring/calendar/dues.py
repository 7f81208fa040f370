"""What waits for its moment is a row: planned once, claimed when due, settled in one transaction.

Doing what is due only changes rows: texts and calls go into the outbox. So the claim, the deed and
its end are committed together. A process that is killed in between leaves the row as it was, and
the next tick takes it again: nothing is lost and nothing is done twice.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import Integer, bindparam, func, select, update

from mentoring.db import Session
from mentoring.models import Due, DueKind, UtcDateTime
from mentoring.rows import insert_row
from mentoring.tasks import open_task

# After a fault of ours it is tried again, each time after twice as long, and then staff are told.
_FIRST_WAIT = timedelta(minutes=5)
_MOST_FAULTS = 5

# Made once, for it is asked for every few seconds and takes longer to put together than to run.
# What another worker holds is passed over; SQLite lets one writer in at a time.
_CLAIM = (
    select(Due)
    .where(Due.done_at.is_(None), Due.due_at <= bindparam("now", type_=UtcDateTime()))
    .order_by(Due.due_at, Due.id)
    .limit(bindparam("batch", type_=Integer()))
    .with_for_update(skip_locked=True)
)
_CLAIM_ONE = (
    select(Due)
    .where(Due.id == bindparam("due_id", type_=Integer()), Due.done_at.is_(None))
    .with_for_update(skip_locked=True)
)


class About(TypedDict, total=False):
    """What something that waits is about, and which try of the same thing it is."""

    match_id: int | None
    person_id: int | None
    invitation_id: int | None
    talk_id: int | None
    task_id: int | None
    round_: int


def plan(
    session: Session,
    kind: DueKind,
    *,
    at: datetime,
    key: str,
    now: datetime,
    **about: Unpack[About],
) -> int | None:
    """Let something wait for its moment; None when the same key was planned before."""
    row = due_row(kind, at=at, key=key, now=now, **about)
    made: int | None = insert_row(session, Due, row, "dedupe_key")
    return made


def due_row(
    kind: DueKind, *, at: datetime, key: str, now: datetime, **about: Unpack[About]
) -> dict[str, Any]:
    """Return the row of something that waits, not yet written: for whoever plans many at once."""
    return {
        "kind": kind,
        "match_id": about.get("match_id"),
        "person_id": about.get("person_id"),
        "invitation_id": about.get("invitation_id"),
        "talk_id": about.get("talk_id"),
        "task_id": about.get("task_id"),
        "round": about.get("round_", 1),
        "due_at": at,
        "faults": 0,
        "dedupe_key": key,
        "created_at": now,
    }


def claim(session: Session, *, now: datetime, limit: int) -> Sequence[Due]:
    """Claim what is due, the longest overdue first, until the end of this transaction."""
    return session.scalars(_CLAIM, {"now": now, "batch": limit}).all()


def claim_one(session: Session, due_id: int) -> Due | None:
    """Claim one thing; None when it is done or another worker has it."""
    return session.scalar(_CLAIM_ONE, {"due_id": due_id})


def finish(due: Due, outcome: str, *, now: datetime) -> None:
    """Say that it is done, and in a few words for staff what came of it."""
    due.done_at = now
    due.outcome = outcome


def put_off(due: Due, until: datetime) -> None:
    """Let it wait longer."""
    due.due_at = until


def hasten(session: Session, key: str, *, at: datetime) -> None:
    """Let something that waits come sooner; what is done, or comes sooner anyway, stays."""
    sooner = update(Due).where(Due.dedupe_key == key, Due.done_at.is_(None), Due.due_at > at)
    session.execute(sooner.values(due_at=at))


_BY_KEY = select(Due).where(Due.dedupe_key == bindparam("key"))


def waiting_due(session: Session, key: str) -> Due | None:
    """Return what that key planned, done or not; None when nothing did."""
    return session.scalar(_BY_KEY, {"key": key})


def call_off(
    session: Session,
    *,
    now: datetime,
    outcome: str,
    kinds: Collection[DueKind] = tuple(DueKind),
    **about: int,
) -> None:
    """End everything of some kinds that still waits about a match, a person or an invitation."""
    waiting = (
        update(Due)
        .where(Due.done_at.is_(None), Due.kind.in_(kinds))
        .values(done_at=now, outcome=outcome)
    )
    session.execute(waiting.filter_by(**about), execution_options={"synchronize_session": False})


def note_fault(session: Session, *, due_id: int, now: datetime) -> None:
    """Doing it failed by a fault of ours: try again later, and at last ask staff to look."""
    due = claim_one(session, due_id)
    if due is None:
        return
    due.faults += 1
    if due.faults < _MOST_FAULTS:
        put_off(due, now + _FIRST_WAIT * 2 ** (due.faults - 1))
        return
    finish(due, "failed", now=now)
    open_task(
        session,
        rule="fault",
        words=f"Something planned could not be done ({due.kind}). The log of the worker says why.",
        key=f"fault:{due.id}",
        match_id=due.match_id,
        now=now,
    )


_OLDEST = select(func.min(Due.due_at)).where(Due.done_at.is_(None))


def oldest_waiting(session: Session) -> datetime | None:
    """Return the moment of what has waited longest, due or not; None when nothing waits."""
    return session.columns(_OLDEST).scalar()
