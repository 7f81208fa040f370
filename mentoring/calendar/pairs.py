"""Matches with both people, looked up at once, and who is at the other side."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, Exists, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, selectinload

from mentoring.db import Session
from mentoring.models import (
    OUT,
    RESTING,
    RUNNING,
    Match,
    MatchSide,
    MatchState,
    Mode,
    Person,
    PersonState,
)

# For a statement that returns matches: both people come with them.
WITH_SIDES = selectinload(Match.sides).joinedload(MatchSide.person)
_ONE = select(Match).where(Match.id == bindparam("match_id")).options(WITH_SIDES)
_MANY = (
    select(Match).where(Match.id.in_(bindparam("match_ids", expanding=True))).options(WITH_SIDES)
)
# The condition that one of the two in a match is suspended or gone, for a statement about matches.
# Both have names of their own, for such a statement may look at people as well.
_MATCH, _SIDE, _PERSON = aliased(Match), aliased(MatchSide), aliased(Person)
ONE_IS_OUT = exists(
    select(_SIDE.id)
    .join(_PERSON, _PERSON.id == _SIDE.person_id)
    .where(_SIDE.match_id == Match.id, _PERSON.state.in_(OUT))
    .correlate(Match)
)


def is_blocked(match_id: ColumnElement[int | None] | InstrumentedAttribute[int | None]) -> Exists:
    """Return the condition that nothing passes in a match, what was left before it as well (S20).

    That is so on hold, and while one of the two is suspended.
    """
    is_suspended = exists(
        select(_SIDE.id)
        .join(_PERSON, _PERSON.id == _SIDE.person_id)
        .where(_SIDE.match_id == _MATCH.id, _PERSON.state == PersonState.SUSPENDED)
        .correlate(_MATCH)
    )
    return exists().where(
        _MATCH.id == match_id, or_(_MATCH.state == MatchState.SAFETY_HOLD, is_suspended)
    )


def match_with_sides(session: Session, match_id: int | None) -> Match:
    """Return a match with both people."""
    return session.scalars(_ONE, {"match_id": match_id}).one()


def matches_with_sides(
    session: Session, match_ids: Collection[int | None]
) -> Mapping[int | None, Match]:
    """Return many matches with both people, by their ids."""
    found = session.scalars(_MANY, {"match_ids": list(match_ids)})
    return {match.id: match for match in found}


def is_by_text(match: Match) -> bool:
    """Tell whether one of the two reads texts only: no call passes there, so none is offered."""
    return one_reads_only(side.person for side in match.sides)


def one_reads_only(people: Iterable[Person]) -> bool:
    """Tell whether one of these reads texts only."""
    return any(person.mode is Mode.TEXT for person in people)


def why_it_rests(match: Match) -> str:
    """Say why a match rests: by its state, or for one of the two; empty when it does not.

    While one of them is suspended or gone, staff stand between the two: the other one is asked
    nothing about somebody whom they may not reach.
    """
    if match.state in RESTING:
        return match.state.value
    one_is_out = any(side.person.state in OUT for side in match.sides)
    return "one of them is not with us" if one_is_out and match.state in RUNNING else ""


def other_side(match: Match, person_id: int) -> MatchSide:
    """Return the side of whoever a person is matched with."""
    return next(side for side in match.sides if side.person_id != person_id)
