"""Who is behind a call or text: (the phone it comes from, the line it reaches) names one match.

Routing fails closed (S6): whoever is not an open side of a match on that line reaches nobody.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased, joinedload

from mentoring.db import Session
from mentoring.models import (
    Line,
    LineKind,
    Match,
    MatchSide,
    MatchState,
    Person,
    PersonState,
    Phone,
)


class Refusal(StrEnum):
    """Why nobody is connected. The caller never hears which of these it is."""

    NOT_OUR_LINE = "not our line"
    WITHHELD = "withheld number"
    OUR_OWN_LINE = "one of our own lines"
    UNKNOWN = "unknown caller"
    CLOSED = "closed match"
    HELD = "match on hold"


@dataclass(frozen=True)
class Route:
    """An open match, seen from the side that calls or writes."""

    match: Match
    line: Line
    mine: MatchSide
    other: MatchSide


@dataclass(frozen=True)
class Reached:
    """What a number and a line stand for: the line, the phone when we know it, and the way on."""

    line: Line | None
    phone: Phone | None
    way: Route | Refusal | None

    @property
    def is_main(self) -> bool:
        """Whether the main line was reached, where everybody is welcome."""
        return self.line is not None and self.line.kind is LineKind.MAIN


_OTHER = aliased(MatchSide)
# Made once, for it costs more to put together than to run. The phone of a person is the phone of
# the side, so it is there already and is not fetched a second time.
_REACHED = (
    select(Line, Phone, MatchSide, _OTHER)
    .select_from(Line)
    .outerjoin(Phone, Phone.number_index == bindparam("index"))
    .outerjoin(
        MatchSide,
        and_(
            MatchSide.phone_id == Phone.id,
            MatchSide.line_id == Line.id,
            MatchSide.released_at.is_(None),
        ),
    )
    .outerjoin(_OTHER, and_(_OTHER.match_id == MatchSide.match_id, _OTHER.id != MatchSide.id))
    .where(Line.number == bindparam("line"))
    .options(
        joinedload(MatchSide.match).lazyload(Match.line),
        joinedload(MatchSide.person).lazyload(Person.phone),
        joinedload(_OTHER.person).lazyload(Person.phone),
        joinedload(_OTHER.phone),
    )
)


def find_reached(session: Session, *, number: str | None, line_number: str) -> Reached:
    """Look up the line, the phone and both sides of the match behind them, in one statement.

    `number` is E.164, or None when the caller withheld it or has none that we could know.
    """
    index = session.vault.index(number) if number else b""
    row = session.execute(_REACHED, {"index": index, "line": line_number}).first()
    if row is None:
        return Reached(None, None, Refusal.NOT_OUR_LINE)
    line, phone, mine, other = row
    if line.kind is LineKind.MAIN:
        return Reached(line, phone, None)
    return Reached(line, phone, _way(number, line, mine, other))


def _way(
    number: str | None, line: Line, mine: MatchSide | None, other: MatchSide
) -> Route | Refusal:
    if number is None:
        return Refusal.WITHHELD
    if mine is None:
        return Refusal.UNKNOWN
    if mine.match.state is MatchState.SAFETY_HOLD:
        return Refusal.HELD
    if not mine.match.state.connects:
        return Refusal.CLOSED
    route = Route(mine.match, line, mine, other)
    return Refusal.CLOSED if _is_blocked(route) else route


# Whoever staff have taken out of the programme reaches nobody, and is reached by nobody, at once.
_OUT = (PersonState.SUSPENDED, PersonState.EXITED)


def _is_blocked(route: Route) -> bool:
    return route.mine.person.state in _OUT or route.other.person.state in _OUT


def route_of(session: Session, side: MatchSide, *, line: Line) -> Route:
    """Return the route from one side of an open match to the other."""
    other = session.scalars(
        select(MatchSide)
        .where(MatchSide.match_id == side.match_id, MatchSide.id != side.id)
        .options(joinedload(MatchSide.person), joinedload(MatchSide.phone))
    ).one()
    return Route(side.match, line, side, other)


@dataclass(frozen=True)
class Partner:
    """Somebody whom a person can reach now: by which side of theirs, and under what name."""

    side_id: int
    match_id: int
    name: str


def partners_of(session: Session, person_id: int) -> list[Partner]:
    """Return whom a person can reach through matches that connect now, oldest match first."""
    theirs = aliased(MatchSide)
    rows = session.execute(
        select(MatchSide.id, Match.id, Person)
        .join(Match, Match.id == MatchSide.match_id)
        .join(theirs, and_(theirs.match_id == Match.id, theirs.id != MatchSide.id))
        .join(Person, Person.id == theirs.person_id)
        .where(
            MatchSide.person_id == person_id,
            MatchSide.released_at.is_(None),
            Match.state.not_in([MatchState.CLOSED, MatchState.SAFETY_HOLD]),
            Person.state.not_in(_OUT),
        )
        .order_by(Match.opened_at, Match.id)
    ).all()
    return [Partner(side_id, match_id, person.shown_name) for side_id, match_id, person in rows]


def route_of_side(session: Session, side_id: int) -> Route | None:
    """Return the route that starts at one side, or None when its match does not connect now."""
    side = session.scalar(
        select(MatchSide)
        .where(MatchSide.id == side_id, MatchSide.released_at.is_(None))
        .options(joinedload(MatchSide.match), joinedload(MatchSide.person))
    )
    if side is None or not side.match.state.connects:
        return None
    route = route_of(session, side, line=side.match.line)
    return None if _is_blocked(route) else route


def side_in_match(
    session: Session, match_id: int | None, person_id: int | None
) -> MatchSide | None:
    """Return a person's side of a match, open or not."""
    return session.scalar(
        select(MatchSide).where(MatchSide.match_id == match_id, MatchSide.person_id == person_id)
    )


def route_in_match(session: Session, match_id: int | None, person_id: int | None) -> Route | None:
    """Return the route that a person has in a match, or None when it does not connect now."""
    side = side_in_match(session, match_id, person_id)
    return route_of_side(session, side.id) if side is not None else None
