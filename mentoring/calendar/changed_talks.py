"""Staff change something about somebody, and a talk to come cannot be as the two know it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from mentoring.clock import spoken_day, spoken_time
from mentoring.db import Session
from mentoring.models import OPEN_TALKS, RESTING, RUNNING, MatchState, Person, Talk
from mentoring.tasks import open_task

# The states of a match in which a talk may wait: a rest leaves one that the two count on.
TALKING = (*RUNNING, *RESTING, MatchState.CLOSING)
_TO_COME = (
    select(Talk)
    .where(
        Talk.match_id == bindparam("match_id"),
        Talk.state.in_(OPEN_TALKS),
        Talk.at > bindparam("now"),
    )
    .order_by(Talk.at)
    .with_for_update()
)


def talks_to_come(session: Session, match_id: int, *, now: datetime) -> Sequence[Talk]:
    """Return, locked, the talks of a match that have not begun; one that is to end may have two."""
    return session.scalars(_TO_COME, {"match_id": match_id, "now": now}).all()


def have_both_told(
    session: Session, talk: Talk, person: Person, *, why: str, then: str, now: datetime
) -> None:
    """Let staff tell both at once what becomes of their talk; `why` goes before its time.

    They are asked anew when it happens again after they have done so.
    """
    office = session.programme.office
    when = f"{spoken_day(talk.at, office)} at {spoken_time(talk.at, office)} by our clocks"
    held = " Mind the hold." if talk.match.state is MatchState.SAFETY_HOLD else ""
    open_task(
        session,
        rule="talk",
        words=f"Tell both of {talk.match.code}: {person.code} {why} their talk on {when}{then}"
        + held,
        subject=f"talk-changed:{talk.id}:{why}",
        person=person,
        match_id=talk.match_id,
        working_days=0,
        now=now,
    )
