"""Matches with both people, looked up at once, and who is at the other side."""

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, select
from sqlalchemy.orm import selectinload

from mentoring.db import Session
from mentoring.models import Match, MatchSide, Mode

# For a statement that returns matches: both people come with them.
WITH_SIDES = selectinload(Match.sides).joinedload(MatchSide.person)
_ONE = select(Match).where(Match.id == bindparam("match_id")).options(WITH_SIDES)
_MANY = (
    select(Match).where(Match.id.in_(bindparam("match_ids", expanding=True))).options(WITH_SIDES)
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
    return any(side.person.mode is Mode.TEXT for side in match.sides)


def other_side(match: Match, person_id: int) -> MatchSide:
    """Return the side of whoever a person is matched with."""
    return next(side for side in match.sides if side.person_id != person_id)
