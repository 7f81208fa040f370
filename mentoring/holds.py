"""A safety hold: nothing passes between two until staff lift it, not even a call (S20)."""

from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from mentoring.calendar.end_after_hold import go_on_ending
from mentoring.calendar.pairs import ONE_IS_OUT
from mentoring.calendar.pauses import state_after_rest, tell_of_new_pause
from mentoring.calendar.talks_in_pauses import call_off_while_away
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.matches import close_match, move_match
from mentoring.models import (
    NOT_CONNECTING,
    CallLeg,
    ClosureReason,
    Contact,
    LegSide,
    Match,
    MatchState,
    Outcome,
    Person,
    Transition,
)
from mentoring.people import state_before
from mentoring.tasks import end_open_task, open_task

RULE = "hold"
_CALLED_WITHIN, _DECIDED_WITHIN = 1, 10
# What single people say of a hold is kept beside the changes of state of its match.
DECISION = "hold"
_LIFTED, _CLOSED = "to be lifted", "to be closed"
_HELD = select(func.max(Transition.id)).where(
    Transition.entity == "match",
    Transition.entity_id == bindparam("match_id"),
    Transition.to_state == MatchState.SAFETY_HOLD.value,
)
_SAID = select(Transition.actor).where(
    Transition.entity == DECISION,
    Transition.entity_id == bindparam("match_id"),
    Transition.to_state == bindparam("wish"),
    Transition.id > bindparam("since"),
)


def hold_match(session: Session, match: Match, *, actor: str, reason: str, now: datetime) -> None:
    """Put a match on hold: from this commit on no call, text or note passes in either direction.

    Staff are asked to call each of the two within a working day, and to decide within ten how it
    goes on (2.3). Whoever asked for the hold with a worry is called about that.
    """
    _see_as_it_is(session, match)
    if match.state is MatchState.SAFETY_HOLD:
        raise ProgrammeError(f"{match.code} is on hold already.")
    if match.state is MatchState.CLOSED:
        raise ProgrammeError(f"{match.code} is closed, so nobody reaches anybody through it.")
    move_match(session, match, MatchState.SAFETY_HOLD, actor=actor, reason=reason[:200], now=now)
    for side in match.sides:
        if side.person.code != actor:
            _ask_to_call(session, match, side.person, now=now)
    open_task(
        session,
        rule=RULE,
        words=f"{match.code} is on hold. Decide, two of you, whether it goes on or is closed.",
        subject=match.code,
        match_id=match.id,
        working_days=_DECIDED_WITHIN,
        now=now,
    )


def _ask_to_call(session: Session, match: Match, person: Person, *, now: datetime) -> None:
    open_task(
        session,
        rule=RULE,
        words=f"{match.code} is on hold. Call {person.code} and say so, in neutral words.",
        subject=f"{match.code}:{person.code}",
        person=person,
        match_id=match.id,
        working_days=_CALLED_WITHIN,
        now=now,
    )


def release_match(
    session: Session, match: Match, *, actor: str, reason: str, now: datetime
) -> MatchState:
    """Say that a hold may be lifted; returns the state that the match has then.

    It takes two people (2.3): when the second one says so it is again what it was before, but for
    a pause that has begun or ended meanwhile.
    """
    _see_as_it_is(session, match)
    if match.state is not MatchState.SAFETY_HOLD:
        raise ProgrammeError(f"{match.code} is not on hold.")
    known = state_before(session, "match", match.id, MatchState.SAFETY_HOLD)
    before = MatchState(known) if known else MatchState.ACTIVE
    if _two_have_said(session, match, _LIFTED, actor=actor, reason=reason, now=now):
        to = state_after_rest(session, match, before)
        move_match(session, match, to, actor=actor, reason=reason[:200], now=now)
        if to is MatchState.PAUSED:
            tell_of_new_pause(session, match, now=now)
            call_off_while_away(session, match, now=now)
        elif to is MatchState.CLOSING:
            go_on_ending(session, match, now=now)
        _is_decided(session, match, "lifted", now=now)
    return match.state


def close_by_staff(
    session: Session, match: Match, *, reason: ClosureReason, actor: str, now: datetime
) -> None:
    """Close a match as staff decide. Out of a hold it takes two people, and is open until then."""
    _see_as_it_is(session, match)
    if match.state is MatchState.SAFETY_HOLD:
        if not _two_have_said(session, match, _CLOSED, actor=actor, reason=reason.value, now=now):
            return
        _is_decided(session, match, "closed", now=now)
    close_match(session, match, reason=reason, actor=actor, now=now)


def takes_another(match: Match) -> str:
    """Say to the first of the two who decide that the hold stays until the second says so."""
    return f"It is noted. {match.code} stays on hold until somebody else says the same."


def _two_have_said(
    session: Session, match: Match, wish: str, *, actor: str, reason: str, now: datetime
) -> bool:
    """Keep what somebody wants to become of a hold; True when another person has wanted it too.

    Raises ProgrammeError when they have said so before. What was said of an earlier hold is past.
    """
    since = session.scalar(_HELD, {"match_id": match.id}) or 0
    said = session.scalars(_SAID, {"match_id": match.id, "wish": wish, "since": since}).all()
    if actor in said:
        raise ProgrammeError("You have said so already. It takes somebody else as well.")
    session.add(
        Transition(
            entity=DECISION,
            entity_id=match.id,
            from_state=MatchState.SAFETY_HOLD.value,
            to_state=wish,
            actor=actor,
            reason=reason[:200],
            at=now,
        )
    )
    return bool(said)


def _is_decided(session: Session, match: Match, outcome: str, *, now: datetime) -> None:
    end_open_task(session, f"{RULE}:{match.code}", outcome=outcome, now=now)


def _see_as_it_is(session: Session, match: Match) -> None:
    """Read a match again and keep others from moving it until we have."""
    session.refresh(match, ["state"], with_for_update=True)


_CALLEE_LEG = aliased(CallLeg)
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
        or_(Match.state.in_(NOT_CONNECTING), ONE_IS_OUT),
    )
)


def talks_that_must_end(session: Session) -> list[str]:
    """Return the legs to hang up: of two who are talking, but may not be connected any more.

    It is the leg of the person called, so that the caller is still there to be told and helped; the
    caller's own where that one is not known.
    """
    return list(session.columns(_MUST_END).scalars())
