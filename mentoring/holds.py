"""A safety hold: nothing passes between two until staff lift it, not even a call (S20)."""

from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.matches import move_match
from mentoring.models import (
    NOT_CONNECTING,
    OUT,
    CallLeg,
    Contact,
    LegSide,
    Match,
    MatchSide,
    MatchState,
    Outcome,
    Person,
)
from mentoring.people import state_before


def hold_match(session: Session, match: Match, *, actor: str, reason: str, now: datetime) -> None:
    """Put a match on hold: from this commit on no call, text or note passes in either direction."""
    _see_as_it_is(session, match)
    if match.state is MatchState.SAFETY_HOLD:
        raise ProgrammeError(f"{match.code} is on hold already.")
    if match.state is MatchState.CLOSED:
        raise ProgrammeError(f"{match.code} is closed, so nobody reaches anybody through it.")
    move_match(session, match, MatchState.SAFETY_HOLD, actor=actor, reason=reason[:200], now=now)


def release_match(
    session: Session, match: Match, *, actor: str, reason: str, now: datetime
) -> MatchState:
    """Lift a hold: the match is again what it was before, and this is returned."""
    _see_as_it_is(session, match)
    if match.state is not MatchState.SAFETY_HOLD:
        raise ProgrammeError(f"{match.code} is not on hold.")
    known = state_before(session, "match", match.id, MatchState.SAFETY_HOLD)
    before = MatchState(known) if known else MatchState.ACTIVE
    move_match(session, match, before, actor=actor, reason=reason[:200], now=now)
    return before


def _see_as_it_is(session: Session, match: Match) -> None:
    """Read a match again and keep others from moving it until we have."""
    session.refresh(match, ["state"], with_for_update=True)


_CALLEE_LEG = aliased(CallLeg)
_HAS_SOMEBODY_OUT = exists(
    select(MatchSide.id)
    .join(Person, Person.id == MatchSide.person_id)
    .where(MatchSide.match_id == Match.id, Person.state.in_(OUT))
)
# Few calls go on at any time, and the open legs have an index of their own: it begins there.
_MUST_END = (
    select(func.coalesce(_CALLEE_LEG.call_sid, CallLeg.call_sid))
    .select_from(CallLeg)
    .join(Contact, Contact.source_sid == CallLeg.call_sid)
    .join(Match, Match.id == Contact.match_id)
    .outerjoin(
        _CALLEE_LEG,
        and_(
            _CALLEE_LEG.contact_id == Contact.id,
            _CALLEE_LEG.side == LegSide.CALLEE,
            _CALLEE_LEG.ended_at.is_(None),
        ),
    )
    .where(
        CallLeg.side == LegSide.CALLER,
        CallLeg.ended_at.is_(None),
        Contact.outcome == Outcome.ACCEPTED,
        Contact.ended_at.is_(None),
        or_(Match.state.in_(NOT_CONNECTING), _HAS_SOMEBODY_OUT),
    )
)


def talks_that_must_end(session: Session) -> list[str]:
    """Return the legs to hang up: of two who are talking, but may not be connected any more.

    It is the leg of the person called, so that the caller is still there to be told and helped; the
    caller's own where that one is not known.
    """
    return list(session.columns(_MUST_END).scalars())
