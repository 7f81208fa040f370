"""Whom somebody can reach now: the other sides of their matches, by name."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from mentoring.db import Memo, Session
from mentoring.models import NOT_CONNECTING, OUT, Match, MatchSide, Person


@dataclass(frozen=True)
class Partner:
    """Somebody whom a person can reach now: by which side of theirs, and under what name."""

    side_id: int
    match_id: int
    name: str


_THEIRS = aliased(MatchSide)
_ALL_PARTNERS = (
    select(MatchSide.person_id, MatchSide.id, MatchSide.match_id, Person.first_name, Person.code)
    .join(Match, Match.id == MatchSide.match_id)
    .join(_THEIRS, and_(_THEIRS.match_id == Match.id, _THEIRS.id != MatchSide.id))
    .join(Person, Person.id == _THEIRS.person_id)
    .where(
        MatchSide.released_at.is_(None),
        Match.state.not_in(NOT_CONNECTING),
        Person.state.not_in(OUT),
    )
    .order_by(Match.opened_at, Match.id)
)
_PARTNERS = _ALL_PARTNERS.where(MatchSide.person_id == bindparam("person_id"))
_PARTNERS_OF_MANY = _ALL_PARTNERS.where(
    MatchSide.person_id.in_(bindparam("person_ids", expanding=True))
)


def remember_partners(session: Session, person_ids: Collection[int]) -> None:
    """Look up at once whom each of many people can reach; `partners_of` then asks no more."""
    remembered: dict[int, list[Partner]] = session.memo.setdefault(Memo.PARTNERS, {})
    missing = [person_id for person_id in person_ids if person_id not in remembered]
    if not missing:
        return
    remembered |= {person_id: [] for person_id in missing}
    rows = session.columns(_PARTNERS_OF_MANY, {"person_ids": missing})
    for person_id, side_id, match_id, name, code in rows:
        remembered[person_id].append(Partner(side_id, match_id, name or code))


def partners_of(session: Session, person_id: int) -> list[Partner]:
    """Return whom a person can reach through matches that connect now, oldest match first."""
    remembered: dict[int, list[Partner]] = session.memo.setdefault(Memo.PARTNERS, {})
    if person_id not in remembered:
        rows = session.columns(_PARTNERS, {"person_id": person_id})
        remembered[person_id] = [
            Partner(side_id, match_id, name or code) for _, side_id, match_id, name, code in rows
        ]
    return remembered[person_id]
