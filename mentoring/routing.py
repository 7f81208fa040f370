"""Who is behind a call or text: (the phone it comes from, the line it reaches) names one match.

Routing fails closed (S6): whoever is not an open side of a match on that line reaches nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from mentoring.db import Session
from mentoring.editions.current import STAMP, note_stamp
from mentoring.lines import remember_main_line
from mentoring.models import (
    OUT,
    ClosureReason,
    Contact,
    Line,
    LineKind,
    Match,
    MatchSide,
    MatchState,
    Person,
    Phone,
)
from mentoring.programme_editions import NEWEST, heed
from mentoring.receipts import CLAIMED, claim_receipt
from mentoring.spoken_notices import note_waiting, waits_for


class Refusal(StrEnum):
    """Why nobody is connected. The caller never hears which of these it is."""

    NOT_OUR_LINE = "not our line"
    WITHHELD = "withheld number"
    OUR_OWN_LINE = "one of our own lines"
    UNKNOWN = "unknown caller"
    CLOSED = "closed match"
    PARTED = "parted by staff"
    HELD = "match on hold"
    WRONG_NUMBER = "said that it is a wrong number"


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
    from_our_line: bool = False

    @property
    def is_loop(self) -> bool:
        """Whether one of our own lines reaches us; a stranger may have had its number before."""
        return self.from_our_line and (self.phone is None or not self.phone.people)


# So long a text is on its way within us as well: whatever happens meanwhile happens after it.
_A_WAIT = timedelta(milliseconds=100)

_OTHER = aliased(MatchSide)
_OTHER_PERSON, _OTHER_PHONE = aliased(Person), aliased(Phone)
_OUR_OWN = aliased(Line)
_OUR_OWN_LINE = select(_OUR_OWN.id).where(_OUR_OWN.number == bindparam("number"))


def _both_ends(chosen: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Add the phone and both sides of the match to a look-up of a line.

    The phone of a person is the phone of the side, so it is there already and is not fetched a
    second time.
    """
    return (
        chosen.outerjoin(Phone, Phone.number_index == bindparam("index"))
        .outerjoin(
            MatchSide,
            and_(
                MatchSide.phone_id == Phone.id,
                MatchSide.line_id == Line.id,
                MatchSide.released_at.is_(None),
            ),
        )
        .outerjoin(Match, Match.id == MatchSide.match_id)
        .outerjoin(Person, Person.id == MatchSide.person_id)
        .outerjoin(_OTHER, and_(_OTHER.match_id == MatchSide.match_id, _OTHER.id != MatchSide.id))
        .outerjoin(_OTHER_PERSON, _OTHER_PERSON.id == _OTHER.person_id)
        .outerjoin(_OTHER_PHONE, _OTHER_PHONE.id == _OTHER.phone_id)
        .options(lazyload(Match.line), lazyload(Person.phone), lazyload(_OTHER_PERSON.phone))
    )


_SOUGHT = select(
    Line,
    Phone,
    MatchSide,
    Match,
    Person,
    _OTHER,
    _OTHER_PERSON,
    _OTHER_PHONE,
    _OUR_OWN_LINE.exists(),
    STAMP,
    NEWEST,
)
# Made once, for they cost more to put together than to run.
_OF_A_CALL = _SOUGHT.add_columns(waits_for(Phone.id))
_REACHED = _both_ends(_OF_A_CALL.select_from(Line).where(Line.number == bindparam("line")))
# It has a row in any case, and tells with it when the receipt was taken, if it was.
_REACHED_ONCE = _both_ends(
    _SOUGHT.add_columns(CLAIMED.c.asked_at, CLAIMED.c.won_at)
    .select_from(CLAIMED)
    .outerjoin(Line, Line.number == bindparam("line"))
)


def find_reached(session: Session, *, number: str | None, line_number: str) -> Reached:
    """Look up the line, the phone and both sides of the match behind them, in one statement.

    `number` is E.164, or None when the caller withheld it or has none that we could know. Whether
    it is one of our own lines is looked up as well: then two machines would talk to each other.
    """
    wanted = _wanted(session, number, line_number)
    row = session.execute(_REACHED, wanted).first()
    if row is None:
        ours = session.columns(_OUR_OWN_LINE, {"number": wanted["number"]}).first() is not None
        return Reached(None, None, Refusal.NOT_OUR_LINE, ours)
    note_waiting(session, row[1], waits=row[-1])
    return _reached(session, number, row[:-1])


def find_reached_once(
    session: Session, *, receipt: str, number: str | None, line_number: str, now: datetime
) -> Reached | None:
    """Take a receipt and look up what `find_reached` does; None when it was taken before.

    On PostgreSQL that is one statement, for a way to the server and back costs a text a twelfth of
    its time. SQLite cannot write within a question, and is not far away.
    """
    if session.wire.dialect.name != "postgresql":
        if not claim_receipt(session, receipt, now=now):
            return None
        return find_reached(session, number=number, line_number=line_number)
    claim = {"receipt": receipt, "claimed_at": now}
    wanted = claim | _wanted(session, number, line_number)
    *row, asked_at, won_at = session.execute(_REACHED_ONCE, wanted).one()
    if won_at is None:
        return None
    if won_at - asked_at > _A_WAIT:
        # Another delivery of it had the receipt until it failed. What was read is from before that
        # wait, in which the match may have been held.
        session.expire_all()
        return find_reached(session, number=number, line_number=line_number)
    return _reached(session, number, row)


def _wanted(session: Session, number: str | None, line_number: str) -> dict[str, Any]:
    index = session.vault.index(number) if number else b""
    return {"index": index, "line": line_number, "number": number or ""}


def _reached(session: Session, number: str | None, row: Sequence[Any]) -> Reached:
    line, phone, mine, match, person, other, *theirs, from_our_line, stamp, edition = row
    if mine is not None:
        # Told once, and not looked for by the session at each of the joins.
        _know(mine, match, person, phone)
        _know(other, match, *theirs)
    note_stamp(session, stamp)
    heed(session, edition)
    if line is None:
        return Reached(None, None, Refusal.NOT_OUR_LINE, from_our_line)
    if line.kind is LineKind.MAIN:
        remember_main_line(session, line)
        return Reached(line, phone, None, from_our_line)
    return Reached(line, phone, _way(number, line, mine, other), from_our_line)


def _know(side: MatchSide, match: Match, person: Person, phone: Phone) -> None:
    set_committed_value(side, "match", match)
    set_committed_value(side, "person", person)
    set_committed_value(side, "phone", phone)


def _way(
    number: str | None, line: Line, mine: MatchSide | None, other: MatchSide
) -> Route | Refusal:
    if number is None:
        return Refusal.WITHHELD
    if mine is None:
        return Refusal.UNKNOWN
    if mine.phone.disowned:
        return Refusal.WRONG_NUMBER
    if mine.match.state is MatchState.SAFETY_HOLD:
        return Refusal.HELD
    route = Route(mine.match, line, mine, other)
    if _is_blocked(route):
        return Refusal.PARTED
    if mine.match.state.connects:
        return route
    ended_for_safety = mine.match.closure_reason is ClosureReason.SAFETY
    return Refusal.PARTED if ended_for_safety else Refusal.CLOSED


# Whoever staff have taken out of the programme reaches nobody, and is reached by nobody, at once.


def _is_blocked(route: Route) -> bool:
    return route.mine.person.state in OUT or route.other.person.state in OUT


# Both sides of a match with everything that a call or text between them needs, in one statement.
_BOTH = (
    joinedload(MatchSide.person).lazyload(Person.phone),
    joinedload(MatchSide.phone),
    joinedload(_OTHER.person).lazyload(Person.phone),
    joinedload(_OTHER.phone),
)
_EVERYTHING = (joinedload(MatchSide.match).joinedload(Match.line), *_BOTH)
_ROUTES = (
    select(MatchSide, _OTHER, STAMP)
    .join(Match, Match.id == MatchSide.match_id)
    .join(_OTHER, and_(_OTHER.match_id == MatchSide.match_id, _OTHER.id != MatchSide.id))
    .options(contains_eager(MatchSide.match).joinedload(Match.line), *_BOTH)
)
_ROUTE_OF_SIDE = _ROUTES.where(
    MatchSide.id == bindparam("side_id"), MatchSide.released_at.is_(None)
)
# Who writes into the log of a match meanwhile does not wait for this lock, who rings in it does.
_ROUTE_ALONE = _ROUTE_OF_SIDE.with_for_update(of=Match, key_share=True)
_TAKE_MATCH = (
    select(Match.id).where(Match.id == bindparam("match_id")).with_for_update(key_share=True)
)
_ROUTE_AGAIN = (
    _ROUTES.add_columns(Contact)
    .join(
        Contact,
        and_(
            Contact.match_id == MatchSide.match_id,
            Contact.from_person_id == MatchSide.person_id,
        ),
    )
    .where(Contact.id == bindparam("contact_id"), MatchSide.released_at.is_(None))
    .with_for_update(of=(Match, Contact), key_share=True)
)
_ROUTE_IN_MATCH = _ROUTES.where(
    MatchSide.match_id == bindparam("match_id"),
    MatchSide.person_id == bindparam("person_id"),
    MatchSide.released_at.is_(None),
)


def route_of_side(session: Session, side_id: int) -> Route | None:
    """Return the route that starts at one side, or None when its match does not connect now."""
    return _open_route(*_both_sides(session, _ROUTE_OF_SIDE, side_id=side_id))


def route_to_ring(session: Session, side_id: int) -> Route | None:
    """Return a route as `route_of_side` does, and let whoever would ring in its match wait.

    Two who call each other at the same moment must not both be put through: the second one looks
    when the first attempt is in the log.
    """
    return _open_route(*_both_sides(session, _ROUTE_ALONE, side_id=side_id))


def route_to_ring_again(session: Session, contact_id: int) -> tuple[Contact | None, Route | None]:
    """Return an attempt that is in the log and its route, and let others wait as above."""
    row = session.execute(_ROUTE_AGAIN, {"contact_id": contact_id}).first()
    if row is None:
        return None, None
    mine, other, stamp, contact = row
    note_stamp(session, stamp)
    return contact, _open_route(mine, other)


def take_match(session: Session, match_id: int) -> None:
    """Let whoever else would ring in a match wait until this transaction has ended."""
    session.columns(_TAKE_MATCH, {"match_id": match_id})


def route_in_match(session: Session, match_id: int | None, person_id: int | None) -> Route | None:
    """Return the route that a person has in a match, or None when it does not connect now."""
    if match_id is None or person_id is None:
        return None
    sides = _both_sides(session, _ROUTE_IN_MATCH, match_id=match_id, person_id=person_id)
    return _open_route(*sides)


def _both_sides(
    session: Session, statement: Select[MatchSide, MatchSide, str | None], **wanted: int
) -> tuple[MatchSide | None, MatchSide | None]:
    row = session.execute(statement, wanted).first()
    if row is None:
        return None, None
    note_stamp(session, row[2])
    return row[0], row[1]


_OF_CONTACT = (
    select(Contact, MatchSide, _OTHER, STAMP)
    .select_from(Contact)
    .outerjoin(
        MatchSide,
        and_(
            MatchSide.match_id == Contact.match_id,
            MatchSide.person_id == Contact.from_person_id,
            MatchSide.released_at.is_(None),
        ),
    )
    .outerjoin(_OTHER, and_(_OTHER.match_id == MatchSide.match_id, _OTHER.id != MatchSide.id))
    .where(Contact.id == bindparam("contact_id"))
    .options(*_EVERYTHING)
)


_OF_CONTACT_ALONE = _OF_CONTACT.with_for_update(of=Contact, key_share=True)


def route_of_contact(
    session: Session, contact_id: int, *, alone: bool = False
) -> tuple[Contact | None, Route | None]:
    """Return an entry of the contact log, and the route it went if that connects now.

    `alone` lets whoever else would settle the entry wait until this transaction has ended.
    """
    sought = _OF_CONTACT_ALONE if alone else _OF_CONTACT
    row = session.execute(sought, {"contact_id": contact_id}).first()
    if row is None:
        return None, None
    contact, mine, other, stamp = row
    note_stamp(session, stamp)
    return contact, _open_route(mine, other)


def is_held(session: Session, match_id: int | None) -> bool:
    """Tell whether a match is on hold: then it is named so, and nothing else is said (S20)."""
    return _state_of(session, match_id) is MatchState.SAFETY_HOLD


def is_closed(session: Session, match_id: int | None) -> bool:
    """Tell whether a match has ended for good."""
    return _state_of(session, match_id) is MatchState.CLOSED


_STATE = select(Match.state).where(Match.id == bindparam("match_id"))


def _state_of(session: Session, match_id: int | None) -> MatchState | None:
    if match_id is None:
        return None
    return session.columns(_STATE, {"match_id": match_id}).scalar()


def _open_route(mine: MatchSide | None, other: MatchSide | None) -> Route | None:
    if mine is None or other is None:
        return None
    route = Route(mine.match, mine.match.line, mine, other)
    return None if not mine.match.state.connects or _is_blocked(route) else route


_SIDE_IN_MATCH = select(MatchSide).where(
    MatchSide.match_id == bindparam("match_id"), MatchSide.person_id == bindparam("person_id")
)


def side_in_match(
    session: Session, match_id: int | None, person_id: int | None
) -> MatchSide | None:
    """Return a person's side of a match, open or not."""
    if match_id is None or person_id is None:
        return None
    return session.scalar(_SIDE_IN_MATCH, {"match_id": match_id, "person_id": person_id})


_SIDE_ON_LINE = select(MatchSide).where(
    MatchSide.phone_id == bindparam("phone_id"),
    MatchSide.line_id == bindparam("line_id"),
    MatchSide.released_at.is_(None),
)


def side_on_line(session: Session, phone_id: int, line_id: int) -> MatchSide | None:
    """Return the side of the one match behind a phone and a line, whether it connects or not."""
    return session.scalar(_SIDE_ON_LINE, {"phone_id": phone_id, "line_id": line_id})
