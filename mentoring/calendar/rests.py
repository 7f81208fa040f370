"""Staff let one of a match rest, with all matches of that person, and wake the match again."""

from datetime import datetime

from mentoring.calendar.pauses import Pause, come_back, pause_person, wake
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Match, MatchState, Person
from mentoring.people import AWAY

_CANNOT_REST = (MatchState.CLOSING, MatchState.CLOSED, MatchState.SAFETY_HOLD)


def rest_match(
    session: Session,
    match: Match,
    person: Person,
    *,
    days: int | None,
    actor: str,
    reason: str,
    now: datetime,
) -> Pause:
    """Let one of the two rest so many days, or as long as is usual; ProgrammeError with why not."""
    most = session.programme.pause_days_at_most
    if days is not None and not 1 <= days <= most:
        raise ProgrammeError(f"A pause is from 1 to {most} days long.")
    if match.state in _CANNOT_REST:
        raise ProgrammeError(f"{match.code} is {match.state} and cannot rest.")
    if person.state in AWAY:
        raise ProgrammeError(f"{person.code} is on a pause already.")
    rest = pause_person(session, person, actor=actor, reason=reason, days=days, now=now)
    if rest is None:
        raise ProgrammeError(f"{person.code} is {person.state} and cannot pause.")
    return rest


def resume_match(
    session: Session, match: Match, *, actor: str, reason: str, now: datetime
) -> MatchState:
    """Bring back whoever of the two is away, and wake the match; returns what it is then."""
    session.refresh(match, ["state"], with_for_update=True)
    if match.state is not MatchState.PAUSED:
        raise ProgrammeError(f"{match.code} is {match.state}, and not on a pause.")
    for side in match.sides:
        come_back(session, side.person, actor=actor, reason=reason, now=now)
    wake(session, match, actor=actor, reason=reason, now=now)
    return match.state
