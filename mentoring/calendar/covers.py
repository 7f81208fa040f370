"""The task for staff to find a cover for a mentor on a break: it ends as soon as none is needed."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from mentoring.calendar.lookups import IS_ENDING
from mentoring.db import Session
from mentoring.models import Match, MatchState, StaffTask
from mentoring.tasks import end_task

COVER = "cover"
_OPEN = select(StaffTask).where(
    StaffTask.match_id == bindparam("match_id"),
    StaffTask.rule == COVER,
    StaffTask.done_at.is_(None),
)
_PAUSED = select(Match.id).where(
    Match.id == bindparam("of_match"), Match.state == MatchState.PAUSED
)
_WANT_AGAIN = (
    update(StaffTask)
    .where(
        StaffTask.rule == COVER,
        StaffTask.match_id.in_(_PAUSED),
        StaffTask.outcome == bindparam("said"),
        StaffTask.done_at >= bindparam("since"),
    )
    .values(done_at=None, outcome=None)
)


def end_cover(session: Session, match: Match, *, outcome: str = "", now: datetime) -> None:
    """Nobody need cover any more in a match that rests no longer, or whose mentor is back."""
    is_ending = match.state in (MatchState.CLOSING, MatchState.CLOSED)
    why = outcome or (IS_ENDING if is_ending else "the rest is over")
    for task in session.scalars(_OPEN, {"match_id": match.id}):
        end_task(task, outcome=why, now=now)


def want_cover_again(session: Session, match_id: int, *, outcome: str, since: datetime) -> None:
    """Let staff look for a cover again, where what ended that is taken back and the match rests."""
    wanted = {"of_match": match_id, "said": outcome, "since": since}
    session.execute(_WANT_AGAIN, wanted, execution_options={"synchronize_session": False})
