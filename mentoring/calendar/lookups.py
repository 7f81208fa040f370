"""What the end of a match is told with: its last day, its last talk, and what a mentor gave."""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, exists, func, or_, select

from mentoring.db import Session
from mentoring.models import (
    OPEN_TALKS,
    VOID_TALKS,
    Contact,
    Due,
    DueKind,
    MatchSide,
    MatchState,
    Person,
    StaffTask,
    Talk,
    Transition,
)

# What comes of whatever a match that ends has no use for any more.
IS_ENDING, HAS_ENDED = "the match is ending", "the match has ended"
_A_YEAR = timedelta(days=365)
_ON_HOLD = MatchState.SAFETY_HOLD.value
# So long a match that is to end stays open after a hold, at the least.
_AFTER_HOLD = timedelta(days=5)


def close_key(match_id: int, number: int = 0) -> str:
    """Return the key of the due that ends one closing of a match; a closing can be taken back."""
    return f"close:{match_id}:{number}" if number else f"close:{match_id}"


_OF_CLOSING = Due.match_id == bindparam("match_id"), Due.kind == DueKind.CLOSE
_CLOSINGS = select(func.count(Due.id)).where(*_OF_CLOSING)
_CLOSE_DUE = select(Due).where(*_OF_CLOSING).order_by(Due.id.desc()).limit(1)
# The newest closing, with every hold that began or ended in it.
_CLOSING_SINCE = (
    select(Due.created_at, Transition.to_state, Transition.at)
    .outerjoin(
        Transition,
        and_(
            Transition.entity == "match",
            Transition.entity_id == Due.match_id,
            Transition.at >= Due.created_at,
            or_(Transition.from_state == _ON_HOLD, Transition.to_state == _ON_HOLD),
        ),
    )
    .where(Due.id == select(func.max(Due.id)).where(*_OF_CLOSING).scalar_subquery())
    .order_by(Transition.id)
)


def closings(session: Session, match_id: int) -> int:
    """Return how often a match has begun to close."""
    return session.columns(_CLOSINGS, {"match_id": match_id}).scalar() or 0


def close_due(session: Session, match_id: int) -> Due | None:
    """Return what closes a match, done or not; None when it has never begun to close."""
    return session.scalar(_CLOSE_DUE, {"match_id": match_id})


def closing_day(session: Session, match_id: int) -> datetime | None:
    """Return the latest moment at which a match that is closing is closed.

    A hold takes none of its days, for nobody can talk on hold, and some are left after it.
    """
    rows = session.columns(_CLOSING_SINCE, {"match_id": match_id}).all()
    if not rows:
        return None
    ends_at: datetime = rows[0].created_at + timedelta(days=session.programme.closing_days)
    held_at: datetime | None = None
    for _, to_state, at in rows:
        if to_state == _ON_HOLD:
            held_at = at
        elif held_at is not None:
            ends_at = max(ends_at + (at - held_at), at + _AFTER_HOLD)
            held_at = None
    return ends_at


_OF_LAST_TALK = (
    Talk.match_id == bindparam("match_id"),
    Talk.is_last.is_(True),
    Talk.state.not_in(VOID_TALKS),
)
_LAST_TALK = select(Talk).where(*_OF_LAST_TALK)
_LAST_TALK_AT = select(Talk.at).where(*_OF_LAST_TALK)


def last_talk(session: Session, match_id: int) -> Talk | None:
    """Return the last talk of a match, if one of the two has set a time."""
    return session.scalar(_LAST_TALK, {"match_id": match_id})


def last_talk_at(session: Session, match_id: int) -> datetime | None:
    """Return when the last talk of a match is, if one of the two has set a time."""
    return session.columns(_LAST_TALK_AT, {"match_id": match_id}).scalar()


# What one of the two says of the last talk is kept beside the changes of state of their match.
_LAST_TALK_SAID, _WAIVED = "last talk", "waived"
_WAS_WAIVED = select(
    exists().where(
        Transition.entity == _LAST_TALK_SAID,
        Transition.entity_id == bindparam("match_id"),
        Transition.to_state == _WAIVED,
        Transition.at >= select(func.max(Due.created_at)).where(*_OF_CLOSING).scalar_subquery(),
    )
)


def note_waiver(session: Session, match_id: int, *, by: Person, now: datetime) -> None:
    """Write down that one of the two wants no last talk."""
    session.add(
        Transition(
            entity=_LAST_TALK_SAID,
            entity_id=match_id,
            from_state=None,
            to_state=_WAIVED,
            actor=by.code,
            reason="wants no last talk",
            at=now,
        )
    )


def is_waived(session: Session, match_id: int) -> bool:
    """Tell whether one of the two wants no last talk, as they said since it began to close."""
    return bool(session.columns(_WAS_WAIVED, {"match_id": match_id}).scalar())


_TO_COME = select(Talk).where(
    Talk.match_id == bindparam("match_id"),
    Talk.state.in_(OPEN_TALKS),
    Talk.at > bindparam("now"),
)


def is_one_expected(session: Session, match_id: int, *, now: datetime) -> bool:
    """Tell whether one of the two has asked for a talk that is to come."""
    to_come = session.scalars(_TO_COME, {"match_id": match_id, "now": now})
    return any(talk.is_expected for talk in to_come)


def has_time_for(session: Session, match_id: int, at: datetime) -> bool:
    """Tell whether a talk at a moment is over before its match, which is closing, is closed."""
    due = close_due(session, match_id)
    return due is not None and at + talk_length(session) <= due.due_at


def talk_length(session: Session) -> timedelta:
    """Return how long a talk can last."""
    return timedelta(minutes=session.programme.call_limit_minutes)


_GIVEN = (
    select(func.coalesce(func.sum(Contact.seconds), 0), func.count(Contact.match_id.distinct()))
    .join(MatchSide, MatchSide.match_id == Contact.match_id)
    .where(
        MatchSide.person_id == bindparam("person_id"),
        Contact.two_way.is_(True),
        Contact.started_at > bindparam("since"),
    )
)


def hours_given(session: Session, person_id: int, *, now: datetime) -> tuple[int, int]:
    """Return how many whole hours a mentor has talked within a year, and with how many people."""
    wanted = {"person_id": person_id, "since": now - _A_YEAR}
    seconds, people = session.columns(_GIVEN, wanted).one()
    return int(seconds or 0) // 3600, people


_DAY_OF_CALL = (
    select(StaffTask.due_at)
    .where(
        StaffTask.rule == "O17",
        StaffTask.person_id == bindparam("person_id"),
        StaffTask.done_at.is_(None),
    )
    .limit(1)
)


def day_of_call(session: Session, person_id: int, *, now: datetime) -> datetime:
    """Return by when staff call somebody who has waited for long: the day of the alert about it."""
    due_at = session.columns(_DAY_OF_CALL, {"person_id": person_id}).scalar()
    return max(due_at or now, session.programme.add_working_days(now, 1))
