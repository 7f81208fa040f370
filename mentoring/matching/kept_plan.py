"""The plan of matching, kept: worked out in the background (planning.py), read by the page.

For thousands of people it takes seconds, so nobody who opens a page waits for it. The page of one
protege judges anew the few who are kept for them, and a pick judges the one pair anew.
"""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select

from mentoring.applications.waits import wait_begun, waits_begun
from mentoring.db import Session
from mentoring.marks import MarkName, mark_of, set_mark
from mentoring.matching.board import Board, read_board, read_suggestions
from mentoring.matching.judged import Suggestions
from mentoring.matching.needs import needs_of
from mentoring.models import Person, PlannedMatch, PlannedNeed
from mentoring.rows import insert_rows

# As many rows as go into one statement.
_AT_ONCE = 500


def keep_plan(session: Session, *, now: datetime) -> Board:
    """Work the plan out for all who wait, and keep it in place of the one before."""
    session.flush()
    board = read_board(session, now=now)
    ids = {each.code: each.id for each in board.pool.mentors}
    begun = waits_begun(session)
    alone = {each.code for each in board.plan.without}
    rows = [
        {
            "protege_id": each.id,
            "mentor_id": ids.get(board.plan.picks.get(each.code, "")),
            "top": [list(best) for best in board.plan.top[each.code]],
            "near": list(board.plan.near[each.code]),
            "worked_out_at": now,
            "waits_since": begun.get(each.id, now),
            "fits_nobody": each.code in alone,
            "language": each.language,
            "hours": each.hours,
            "topic": next(iter(each.topics), ""),
        }
        for each in board.pool.proteges
        if not each.has_proposal
    ]
    session.execute(delete(PlannedMatch))
    session.execute(delete(PlannedNeed))
    insert_rows(session, PlannedNeed, [asdict(need) for need in needs_of(board.pool)])
    for start in range(0, len(rows), _AT_ONCE):
        insert_rows(session, PlannedMatch, rows[start : start + _AT_ONCE])
    set_mark(session, MarkName.MATCHES_PLANNED, now)
    # What is not written yet would be forgotten with what was read.
    session.flush()
    session.expire_all()
    return board


def keep_again(session: Session, protege: Person, *, now: datetime) -> bool:
    """Look for the best mentors of one protege anew, among all; False for whoever does not wait.

    Whom the plan picks stays, for that is decided for everybody together.
    """
    session.flush()
    found = read_suggestions(session, protege, pick=None, now=now)
    if found is None:
        return False
    kept = session.get(PlannedMatch, protege.id) or PlannedMatch(protege_id=protege.id)
    kept.top = [[each.mentor.code, each.score] for each in found.top]
    kept.near = [each.mentor.code for each in found.near_misses]
    kept.worked_out_at, kept.waits_since = now, wait_begun(session, protege)
    kept.fits_nobody = not found.top and found.protege.could_be_matched
    kept.language, kept.hours = found.protege.language, found.protege.hours
    kept.topic = next(iter(found.protege.topics), "")
    session.add(kept)
    return True


def kept_suggestions(
    session: Session, protege: Person, kept: PlannedMatch | None, *, now: datetime
) -> Suggestions | None:
    """Judge those whom the plan keeps for one protege as they are now; None if they do not wait."""
    codes = [code for code, _ in kept.top] + kept.near if kept is not None else []
    picked = kept.mentor_id if kept is not None else None
    mentors = session.execute(
        select(Person.id, Person.code).where(Person.code.in_(codes) | (Person.id == picked))
    )
    known = dict(mentors.all())
    pick = known.get(picked) if picked is not None else None
    return read_suggestions(session, protege, pick=pick, now=now, among=list(known))


def planned_at(session: Session) -> datetime | None:
    """Return when the plan was worked out; None before the first time."""
    return mark_of(session, MarkName.MATCHES_PLANNED)


def planned_pick(session: Session, protege: Person) -> str | None:
    """Return the code of the mentor whom the kept plan picks for a protege, or None."""
    return session.scalar(
        select(Person.code)
        .join(PlannedMatch, PlannedMatch.mentor_id == Person.id)
        .where(PlannedMatch.protege_id == protege.id)
    )
