"""What the rules of oversight read from the log, each for all matches in one statement.

Parts of a statement are put together once: that takes longer than to run them.
"""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from mentoring.calendar.pairs import ONE_IS_OUT
from mentoring.models import (
    OUT,
    RESTING,
    RUNNING,
    Contact,
    ContactKind,
    Match,
    MatchSide,
    MatchState,
    Plan,
    StaffTask,
    Transition,
)

# Silence is watched in these states: whoever paused, is held or says goodbye is left in peace.
WATCHED = RUNNING
# Nor is it a silence of the two where staff have suspended one of them, or one has left.
IS_WATCHED = and_(Match.state.in_(WATCHED), ~ONE_IS_OUT)
UNWATCHED = (*RESTING, MatchState.CLOSING)
BETWEEN_THE_TWO = (ContactKind.CALL, ContactKind.TEXT, ContactKind.NOTE)


@cache
def newest_two_way() -> Subquery:
    """Choose the newest two-way contact of each match, as the log has it: never from a survey."""
    return (
        select(Contact.match_id, func.max(Contact.started_at).label("at"))
        .where(Contact.two_way.is_(True), Contact.match_id.is_not(None))
        .group_by(Contact.match_id)
        .subquery()
    )


@cache
def newest_tries() -> Subquery:
    """Choose when each side of each match last tried to reach the other."""
    return (
        select(
            Contact.match_id,
            Contact.from_person_id.label("person_id"),
            func.max(Contact.started_at).label("at"),
        )
        .where(Contact.match_id.is_not(None), Contact.kind.in_(BETWEEN_THE_TWO))
        .group_by(Contact.match_id, Contact.from_person_id)
        .subquery()
    )


@cache
def newest_calls_taken() -> Subquery:
    """Choose when each match last had both on the line, however short the talk was.

    Two-way contact is too much: in the log that is also a text which followed one of the other.
    """
    return (
        select(Contact.match_id, func.max(Contact.started_at).label("at"))
        .where(Contact.match_id.is_not(None), Contact.kind == ContactKind.CALL)
        .where(Contact.accepted_at.is_not(None))
        .group_by(Contact.match_id)
        .subquery()
    )


@cache
def newest_resumption() -> Subquery:
    """Choose when each match last went on after a rest, which no silence reaches back over.

    The suspension of one of the two is such a rest, until it is lifted.
    """
    of_match = select(Transition.entity_id.label("match_id"), Transition.at).where(
        Transition.entity == "match", Transition.from_state.in_(UNWATCHED)
    )
    of_person = (
        select(MatchSide.match_id, Transition.at)
        .join(MatchSide, MatchSide.person_id == Transition.entity_id)
        .where(Transition.entity == "person", Transition.from_state.in_(OUT))
    )
    rests = union_all(of_match, of_person).subquery()
    return (
        select(rests.c.match_id, func.max(rests.c.at).label("at"))
        .group_by(rests.c.match_id)
        .subquery()
    )


@cache
def newest_closing(rule: str, of: InstrumentedAttribute[Any]) -> Subquery:
    """Choose when an alert of a rule was last closed, for each match or person."""
    return (
        select(of.label("of"), func.max(StaffTask.done_at).label("at"))
        .where(StaffTask.rule == rule, StaffTask.done_at.is_not(None), of.is_not(None))
        .group_by(of)
        .subquery()
    )


@cache
def plan_in_force() -> ColumnElement[bool]:
    """Return the condition that joins a match with the plan that both sides have agreed to."""
    return and_(
        Plan.match_id == Match.id,
        Plan.protege_agreed_at.is_not(None),
        Plan.mentor_agreed_at.is_not(None),
        Plan.ended_at.is_(None),
    )


def is_after(moment: InstrumentedAttribute[datetime], column: Any) -> ColumnElement[bool]:
    """Return the condition that a moment is later than one that there may not be."""
    return or_(column.is_(None), moment > column)


def number_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Count the rows of a group that fulfil a condition."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
