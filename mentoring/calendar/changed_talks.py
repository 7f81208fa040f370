"""Staff change something about somebody, and their next talk cannot be as the two know it."""

from datetime import datetime

from sqlalchemy import bindparam, select

from mentoring.clock import spoken_day, spoken_time
from mentoring.db import Session
from mentoring.models import OPEN_TALKS, RUNNING, MatchState, Person, Talk
from mentoring.tasks import open_task

# The states of a match in which a talk may wait.
TALKING = (*RUNNING, MatchState.CLOSING)
_TO_COME = select(Talk).where(
    Talk.match_id == bindparam("match_id"),
    Talk.state.in_(OPEN_TALKS),
    Talk.at > bindparam("now"),
)


def talk_to_come(session: Session, match_id: int, *, now: datetime) -> Talk | None:
    """Return the talk of a match that waits and has not begun."""
    return session.scalar(_TO_COME, {"match_id": match_id, "now": now})


def have_both_told(
    session: Session, talk: Talk, person: Person, *, why: str, then: str, now: datetime
) -> None:
    """Let staff tell both at once what becomes of their talk; `why` goes before its time."""
    office = session.programme.office
    when = f"{spoken_day(talk.at, office)} at {spoken_time(talk.at, office)} by our clocks"
    open_task(
        session,
        rule="talk",
        words=f"Tell both of {talk.match.code}: {person.code} {why} their talk on {when}{then}",
        key=f"talk-changed:{talk.id}:{why}",
        person=person,
        match_id=talk.match_id,
        working_days=0,
        now=now,
    )
