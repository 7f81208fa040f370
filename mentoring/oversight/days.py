"""O19 and O20: a day of odd contact, and numbers or addresses that were shared in a text."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import and_, bindparam, func, select

from mentoring.clock import spoken_day
from mentoring.db import Session
from mentoring.models import Contact, ContactKind, Match, MatchState, Outcome
from mentoring.not_rung import NotRung
from mentoring.oversight.log import number_where
from mentoring.oversight.rules import SHARED, Thresholds, days
from mentoring.tasks import Finding

# How far back a text is looked for that held a number: much longer than any sweep may fail.
_LOOKED_FOR = timedelta(days=7)


_IS_CALL = Contact.kind == ContactKind.CALL
_LATE = and_(Contact.outcome == Outcome.NOT_RUNG, Contact.reason == NotRung.LATE.value)
_ON_A_DAY = (
    select(
        Match.id,
        Match.code,
        number_where(_IS_CALL).label("calls"),
        number_where(Contact.kind == ContactKind.TEXT).label("texts"),
        number_where(_LATE).label("late"),
        func.coalesce(func.sum(Contact.seconds).filter(_IS_CALL), 0).label("seconds"),
    )
    .join(Match, Match.id == Contact.match_id)
    .where(Contact.started_at >= bindparam("start"), Contact.started_at < bindparam("end"))
    .where(Match.state != MatchState.CLOSED)
    .group_by(Match.id, Match.code)
)


def look_at_days(session: Session, now: datetime) -> Iterator[Finding]:
    """O19: far more calls, talk, texts or tries at night on one day than two people need.

    Only whole days are looked at, those of the office's calendar: a day that goes on could not be
    told twice.
    """
    start, end = _yesterday(session, now)
    for row in session.columns(_ON_A_DAY, {"start": start, "end": end}):
        odd = _odd(session.programme.thresholds, row.calls, row.texts, row.late, row.seconds)
        if odd:
            day = spoken_day(start, session.programme.office)
            words = f"{row.code}: {', '.join(odd)} on {day}."
            yield Finding("O19", row.code, words, end, match_id=row.id)


def _yesterday(session: Session, now: datetime) -> tuple[datetime, datetime]:
    """Return when the last whole day at the office began and ended: 23, 24 or 25 hours."""
    office = session.programme.office
    today = now.astimezone(office).date()
    starts = [
        datetime.combine(day, time(), tzinfo=office).astimezone(UTC)
        for day in (today - timedelta(days=1), today)
    ]
    return starts[0], starts[1]


def _odd(limits: Thresholds, calls: int, texts: int, late: int, seconds: int) -> list[str]:
    found = []
    if calls > limits.calls_a_day:
        found.append(f"{calls} calls")
    if seconds > limits.talk_hours_a_day * 3600:
        found.append(f"{seconds // 60} minutes of talk")
    if texts > limits.texts_a_day:
        found.append(f"{texts} texts")
    if late >= limits.late_tries_a_day:
        found.append(f"{late} calls at night")
    return found


_SHARED = (
    select(Match.id, Match.code, Match.opened_at, Contact.started_at)
    .join(Match, Match.id == Contact.match_id)
    .where(Contact.started_at >= bindparam("since"), Contact.reason == SHARED)
    .where(Match.state != MatchState.CLOSED)
    .order_by(Contact.started_at)
)


def look_at_shared_numbers(session: Session, now: datetime) -> Iterator[Finding]:
    """O20: a text that was relayed in the first months held a phone number or an address.

    The text itself is sealed; whoever relayed it left a word in the log.
    """
    early = days(session.programme.thresholds.sharing_days)
    rows = session.columns(_SHARED, {"since": now - _LOOKED_FOR})
    for match_id, code, opened_at, at in rows:
        if at - opened_at < early:
            words = f"{code}: a phone number or an email address was shared in a text."
            yield Finding("O20", code, words, at, match_id=match_id)
