"""What the end of a match is told with: its last day, its last talk, and what a mentor gave."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from mentoring.db import Session
from mentoring.models import VOID_TALKS, Contact, Due, DueKind, MatchSide, StaffTask, Talk

# What comes of whatever a match that ends has no use for any more.
IS_ENDING = "the match is ending"
_A_YEAR = timedelta(days=365)


def close_key(match_id: int, number: int = 0) -> str:
    """Return the key of the due that ends one closing of a match; a closing can be taken back."""
    return f"close:{match_id}:{number}" if number else f"close:{match_id}"


def closings(session: Session, match_id: int) -> int:
    """Return how often a match has begun to close."""
    found = select(func.count(Due.id)).where(Due.match_id == match_id, Due.kind == DueKind.CLOSE)
    return session.scalar(found) or 0


def close_due(session: Session, match_id: int) -> Due | None:
    """Return what closes a match, done or not; None when it has never begun to close."""
    found = select(Due).where(Due.match_id == match_id, Due.kind == DueKind.CLOSE)
    return session.scalar(found.order_by(Due.id.desc()).limit(1))


def closing_day(session: Session, match_id: int) -> datetime | None:
    """Return the latest moment at which a match that is closing is closed."""
    due = close_due(session, match_id)
    if due is None:
        return None
    return due.created_at + timedelta(days=session.programme.closing_days)


def last_talk_at(session: Session, match_id: int) -> datetime | None:
    """Return when the last talk of a match is, if one of the two has set a time."""
    counts = Talk.is_last.is_(True), Talk.state.not_in(VOID_TALKS)
    return session.scalar(select(Talk.at).where(Talk.match_id == match_id, *counts))


def has_time_for(session: Session, match_id: int, at: datetime) -> bool:
    """Tell whether a last talk at a moment is over before its match is closed."""
    limit = closing_day(session, match_id)
    return limit is not None and at + talk_length(session) <= limit


def talk_length(session: Session) -> timedelta:
    """Return how long a talk can last."""
    return timedelta(minutes=session.programme.call_limit_minutes)


def hours_given(session: Session, person_id: int, *, now: datetime) -> tuple[int, int]:
    """Return how many whole hours a mentor has talked within a year, and with how many people."""
    seconds, people = session.execute(
        select(func.coalesce(func.sum(Contact.seconds), 0), func.count(Contact.match_id.distinct()))
        .join(MatchSide, MatchSide.match_id == Contact.match_id)
        .where(
            MatchSide.person_id == person_id,
            Contact.two_way.is_(True),
            Contact.started_at > now - _A_YEAR,
        )
    ).one()
    return int(seconds or 0) // 3600, people


def day_of_call(session: Session, person_id: int, *, now: datetime) -> datetime:
    """Return by when staff call somebody who has waited for long: the day of the alert about it."""
    due_at = session.scalar(
        select(StaffTask.due_at)
        .where(
            StaffTask.rule == "O17",
            StaffTask.person_id == person_id,
            StaffTask.done_at.is_(None),
        )
        .limit(1)
    )
    return max(due_at or now, session.programme.add_working_days(now, 1))
