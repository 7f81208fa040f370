"""Reports are asked for, worked out in the background, and kept: a page only reads them.

To read the whole log takes seconds in a large programme, so no page ever waits for it. A report
that was asked for is a due (mentoring/calendar/dues.py): done by the next tick, and tried again
after a fault.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from mentoring.calendar.dues import finish, plan
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Due, DueKind, ReportRun
from mentoring.reports.counselling import clients_of
from mentoring.reports.periods import Period, refuse_parts_of_months
from mentoring.reports.reading import read_facts
from mentoring.reports.work import figures_of
from mentoring.rows import insert_or_find

_MOST_WAITING = 10
_MOST_NAMED = 12
IS_WAITING = or_(ReportRun.done_at.is_(None), ReportRun.asked_at > ReportRun.done_at)


def ask_for_report(
    session: Session, *, period: Period, community: str, actor: str, now: datetime
) -> ReportRun:
    """Let a report be worked out, for the first time or again; `community` is empty for all.

    One that waits already is returned as it is. Raises ProgrammeError when many wait, and for a
    period that cuts a month, of which older versions have kept some.
    """
    refuse_parts_of_months(period)
    new = ReportRun(
        since=period.since,
        until=period.until,
        community=community,
        asked_by=actor,
        asked_at=now,
    )
    run = insert_or_find(session, new, "since", "until", "community")
    if run is not new and run.is_waiting:
        return run
    waiting = session.scalar(select(func.count(ReportRun.id)).where(IS_WAITING)) or 0
    if waiting > _MOST_WAITING:
        raise ProgrammeError(
            f"{_MOST_WAITING} reports wait to be worked out. Ask again when they are done."
        )
    run.asked_by, run.asked_at = actor, now
    key = f"report:{run.id}:{now.isoformat()}"
    plan(session, DueKind.REPORT, at=now, key=key, now=now)
    session.wakes_dispatcher = True
    return run


def work_out_reports(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Work out every report that waits: the deed of DueKind.REPORT."""
    waiting = session.scalars(
        select(ReportRun)
        .where(IS_WAITING)
        .order_by(ReportRun.asked_at, ReportRun.id)
        .with_for_update(skip_locked=True)
    ).all()
    for run in waiting:
        only, period = run.community or None, Period(run.since, run.until)
        facts = read_facts(session, period=period, community=only, now=now)
        run.figures = figures_of(facts, only)
        run.clients = [list(each.row()) for each in clients_of(facts, only)]
        run.done_at = max(now, run.asked_at)
    for due in dues:
        finish(due, "worked out", now=now)


def overlapping(session: Session, run: ReportRun) -> Sequence[ReportRun]:
    """Return the kept reports about the same people whose months are in part those of this one.

    Less hides in two of them than in each: what one shows and the other hides can be had by
    subtraction. So they are named wherever one of them is read.
    """
    return session.scalars(
        select(ReportRun)
        .where(
            ReportRun.id != run.id,
            ReportRun.community == run.community,
            ReportRun.since < run.until,
            ReportRun.until > run.since,
            ReportRun.done_at.is_not(None),
        )
        .order_by(ReportRun.since, ReportRun.until)
        .limit(_MOST_NAMED)
    ).all()
