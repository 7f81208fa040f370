"""When the plan of matching is worked out: every night, and when staff ask; and how far that is.

To work it out takes seconds in a large programme, so no page waits for it. It is a due
(mentoring/calendar/dues.py) of two rounds: the first only says that the work begins, so that
this is committed, and seen, while the second works.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from mentoring.calendar.dues import finish, plan
from mentoring.db import Session
from mentoring.matching.kept_plan import keep_plan, planned_at
from mentoring.models import Due, DueKind

# By the clock of the office, when hardly anybody calls.
_AT = time(4)
_TURN, _WORK = 1, 2
# After a fault it is tried again within so long (mentoring/calendar/dues.py).
_TRIED_AGAIN_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Underway:
    """The plan is to be worked out now: since when it waits for its turn or is in work.

    `again_at` is when it is tried again, where it did not work out.
    """

    since: datetime
    has_begun: bool
    again_at: datetime | None


def ask_for_plan(session: Session, *, now: datetime) -> None:
    """Let the plan be worked out now and not in the night, unless it is underway."""
    if underway(session, now=now) is None:
        _plan_next(session, now, now)
        session.wakes_dispatcher = True


def underway(session: Session, *, now: datetime) -> Underway | None:
    """Tell how far the work is; None where nobody waits for it."""
    due = session.scalar(
        select(Due)
        .where(
            Due.kind == DueKind.MATCH_PLAN,
            Due.done_at.is_(None),
            Due.due_at <= now + _TRIED_AGAIN_WITHIN,
            (Due.due_at <= now) | (Due.faults > 0),
        )
        .order_by(Due.round.desc(), Due.id)
        .limit(1)
    )
    if due is None:
        return None
    # In the night it waits for its turn from its hour on, and not from when it was planned.
    since = due.created_at if due.round == _WORK else max(due.created_at, due.due_at)
    return Underway(since, due.round == _WORK, due.due_at if due.due_at > now else None)


_WAITS = select(Due.id).where(Due.kind == DueKind.MATCH_PLAN, Due.done_at.is_(None)).limit(1)


def plan_daily(session: Session, *, now: datetime) -> None:
    """Let the plan be worked out: at once if there is none, then every night."""
    if session.columns(_WAITS).scalar() is None:
        _plan_next(session, now if planned_at(session) is None else _next_night(session, now), now)


def work_out(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Begin with the plan or, once that is said, work it out: the deed of DueKind.MATCH_PLAN."""
    begins = all(due.round == _TURN for due in dues)
    for due in dues:
        finish(due, "begun" if begins else "worked out", now=now)
    if begins:
        key = f"match_plan:{dues[0].id}:work"
        plan(session, DueKind.MATCH_PLAN, at=now, key=key, round_=_WORK, now=now)
        return
    keep_plan(session, now=now)
    _plan_next(session, _next_night(session, now), now)


def _plan_next(session: Session, at: datetime, now: datetime) -> None:
    plan(session, DueKind.MATCH_PLAN, at=at, key=f"match_plan:{at.isoformat()}", now=now)


def _next_night(session: Session, now: datetime) -> datetime:
    office = session.programme.office
    local = now.astimezone(office)
    day = local.date() if local.time() < _AT else local.date() + timedelta(days=1)
    # Made on its calendar day and only then given its zone: so it keeps its hour by the wall.
    return datetime.combine(day, _AT, tzinfo=office).astimezone(UTC)
