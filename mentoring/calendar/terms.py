"""The term of a match: two weeks before its end both are asked what they want next.

The term is renewed for as long again while anybody wants to go on. When nobody does, or nobody
answers, the match closes well at the end of its term; no pair is kept going by silence alone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from mentoring.calendar.closing import begin_closing
from mentoring.calendar.dues import finish, plan, put_off
from mentoring.calendar.lookups import IS_ENDING
from mentoring.calendar.milestones import choices_of, open_milestone
from mentoring.calendar.pairs import match_with_sides, why_it_rests
from mentoring.db import Session
from mentoring.matches import plan_term
from mentoring.models import (
    ClosureReason,
    Due,
    DueKind,
    Match,
    MatchState,
)
from mentoring.oversight.log import newest_resumption
from mentoring.programme import Programme

# The questions of a quarter that would come so soon after those of a term are left out.
_STANDS_FOR_DAYS = 30
_TOMORROW = timedelta(days=1)
_ENDING = (MatchState.CLOSING, MatchState.CLOSED)
_GOES_ON = ("keep", "change", "staff")


def is_asked_by_term(programme: Programme, day: int) -> bool:
    """Tell whether the questions of a term, asked a little before, stand in for those of a day."""
    term = programme.term_days
    asked = [term * count - programme.closing_days for count in range(1, day // term + 2)]
    return any(0 <= day - each <= _STANDS_FOR_DAYS for each in asked)


def ask_before_term_ends(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Ask both what they want when the term is over: the deed of DueKind.TERM."""
    for due in dues:
        match = match_with_sides(session, due.match_id)
        if match.state in _ENDING:
            finish(due, IS_ENDING, now=now)
        elif why_it_rests(match):
            put_off(due, now + _TOMORROW)
        else:
            open_milestone(session, match, _day_of(session.programme, due.round), now=now)
            _plan_end(session, match, due.round, now=now)
            finish(due, "both asked", now=now)


def _day_of(programme: Programme, count: int) -> int:
    """Return the day of a match for which the questions of a term stand."""
    return programme.term_days * count - programme.closing_days


def _plan_end(session: Session, match: Match, count: int, *, now: datetime) -> None:
    programme = session.programme
    ends_at = match.opened_at + timedelta(days=programme.term_days * count)
    plan(
        session,
        DueKind.TERM_END,
        # After a pause the question came late, and it needs its time all the same.
        at=max(ends_at, now + timedelta(days=programme.closing_days)),
        key=f"term-end:{match.id}:{count}",
        match_id=match.id,
        round_=count,
        now=now,
    )


def end_term(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """The term is over: it is renewed, or the match closes. The deed of DueKind.TERM_END."""
    for due in dues:
        match = match_with_sides(session, due.match_id)
        session.refresh(match, ["state"], with_for_update=True)
        if match.state in _ENDING:
            finish(due, IS_ENDING, now=now)
        elif why_it_rests(match):
            put_off(due, now + _TOMORROW)
        elif (answer_by := _answer_by(session, match.id)) is not None and answer_by > now:
            put_off(due, answer_by)
        elif _somebody_goes_on(session, match, due.round):
            plan_term(session, match, due.round + 1, now=now)
            finish(due, "renewed", now=now)
        else:
            begin_closing(
                session,
                match,
                reason=ClosureReason.TERM_END,
                actor="system",
                why="the term is over and nobody asked to go on",
                now=now,
            )
            finish(due, "closing", now=now)


_WENT_ON = newest_resumption()
_WENT_ON_AT = select(_WENT_ON.c.at).where(_WENT_ON.c.match_id == bindparam("match_id"))


def _answer_by(session: Session, match_id: int) -> datetime | None:
    """Return until when an answer is waited for after a rest, in which nobody was asked."""
    went_on_at: datetime | None = session.columns(_WENT_ON_AT, {"match_id": match_id}).scalar()
    if went_on_at is None:
        return None
    return went_on_at + timedelta(days=session.programme.closing_days)


def _somebody_goes_on(session: Session, match: Match, count: int) -> bool:
    choices = choices_of(session, match, _day_of(session.programme, count))
    return any(choice in _GOES_ON for choice in choices)
