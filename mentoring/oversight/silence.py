"""O1 to O4: pairs who have never talked, or have not been in contact for too long."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select

from mentoring.db import Session
from mentoring.models import Match, MatchState, Plan, StaffTask, UtcDateTime
from mentoring.oversight.log import IS_WATCHED, newest_resumption, newest_two_way, plan_in_force
from mentoring.oversight.rules import GAP_DAYS, RULES, Thresholds, days
from mentoring.tasks import Finding


def look_at_silence(session: Session, now: datetime) -> Iterator[Finding]:
    """Find the matches whose newest two-way contact is too long ago, or that never had one."""
    limits = session.programme.thresholds
    twice = _silent_before(session, limits, now)
    for row in _quiet_matches(session, limits, now):
        moments = (row.opened_at, row.talked_at, row.resumed_at)
        anchor = max(moment for moment in moments if moment is not None)
        if row.state is MatchState.INTRO and row.talked_at is None:
            yield from _first_contact(row, anchor, limits, now)
        found = _silence(row, anchor, limits, now, again=row.id in twice)
        if found is not None:
            yield found


_TALKED, _RESUMED = newest_two_way(), newest_resumption()
_QUIET = (
    select(
        Match.id,
        Match.code,
        Match.state,
        Match.opened_at,
        _TALKED.c.at.label("talked_at"),
        _RESUMED.c.at.label("resumed_at"),
        Plan.rhythm,
    )
    .outerjoin(_TALKED, _TALKED.c.match_id == Match.id)
    .outerjoin(_RESUMED, _RESUMED.c.match_id == Match.id)
    .outerjoin(Plan, plan_in_force())
    .where(
        IS_WATCHED,
        Match.opened_at <= bindparam("before"),
        or_(_TALKED.c.at.is_(None), _TALKED.c.at <= bindparam("before")),
        or_(_RESUMED.c.at.is_(None), _RESUMED.c.at <= bindparam("before")),
    )
)


def _quiet_matches(session: Session, limits: Thresholds, now: datetime) -> Sequence[Row[Any]]:
    """Return the watched matches without contact for the shortest time that any rule asks for."""
    shortest = min(limits.first_contact_days, limits.quiet_days)
    return session.columns(_QUIET, {"before": now - days(shortest)}).all()


def _first_contact(
    row: Row[Any], anchor: datetime, limits: Thresholds, now: datetime
) -> Iterator[Finding]:
    """O1, which comes true twice: after a week, and three days later again."""
    passed = [
        anchor + days(limit)
        for limit in (limits.first_contact_days, limits.first_contact_again_days)
        if now - anchor >= days(limit)
    ]
    if passed:
        whole = (now - anchor).days
        words = f"{row.code}: no talk or text both ways in the {whole} days since it was opened."
        yield Finding("O1", row.code, words, max(passed), match_id=row.id)


def _silence(
    row: Row[Any], anchor: datetime, limits: Thresholds, now: datetime, *, again: bool
) -> Finding | None:
    """Return the highest of O2, O3 and O4 that the silence has reached: one step is one alert."""
    gap = GAP_DAYS.get(row.rhythm, limits.plan_gap_days)
    silent = max(limits.silent_gaps * gap, limits.silent_days)
    steps = {
        "O4": min(silent, limits.long_silent_days) if again else limits.long_silent_days,
        "O3": silent,
        "O2": max(limits.quiet_gaps * gap, limits.quiet_days),
    }
    if row.state is MatchState.INTRO:
        # Before the first talk O1 says the same.
        del steps["O2"]
    for rule, limit in steps.items():
        if now - anchor >= days(limit):
            words = f"{row.code}: no two-way contact for {(now - anchor).days} days."
            return Finding(rule, row.code, words, anchor + days(limit), match_id=row.id)
    return None


_SILENT_BEFORE = (
    select(StaffTask.match_id)
    .where(
        StaffTask.rule == "O3",
        StaffTask.opened_at >= bindparam("since"),
        StaffTask.match_id.is_not(None),
    )
    .group_by(StaffTask.match_id)
    .having(func.count(StaffTask.id) == func.count(StaffTask.done_at))
    .having(func.max(StaffTask.done_at) <= bindparam("until", type_=UtcDateTime()))
)


def _silent_before(session: Session, limits: Thresholds, now: datetime) -> set[int]:
    """Return the matches whose next O3 would be the second one: it is an O4.

    One that was closed a moment ago does not count yet, for what staff did takes its time to show.
    """
    rest = days(RULES["O4"].again_days or 0)
    wanted = {"since": now - days(limits.twice_within_days), "until": now - rest}
    found = session.columns(_SILENT_BEFORE, wanted).scalars()
    return {match_id for match_id in found if match_id is not None}
