"""Everything that matching shows at one moment: the pool, the plan, and the gaps in it.

This is the door to what is worked out on tables of numbers. NumPy and SciPy take half a second to
load, so they are imported here by whoever reckons, and not by every command and call.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from mentoring.db import Session
from mentoring.matching.candidates import Candidate, Pool
from mentoring.matching.gaps import Gap, gaps_of
from mentoring.matching.judged import Judged, Plan, Suggestions
from mentoring.matching.reading import read_pool
from mentoring.models import Person
from mentoring.programme import Programme


@dataclass(frozen=True)
class Board:
    """Who waits, who could mentor, and whom the plan picks for whom."""

    pool: Pool
    plan: Plan
    programme: Programme

    def suggestions(self, code: str) -> Suggestions | None:
        """Return what there is about one protege; None for whoever does not wait."""
        pick = self.plan.picks.get(code.upper())
        return _suggestions(code, self.pool, pick, self.programme)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The gap report."""
        return gaps_of(self.plan.without)


def read_board(session: Session, *, now: datetime) -> Board:
    """Read everybody in a few statements, and plan for all of them."""
    from mentoring.matching.whole_plan import plan_for  # noqa: PLC0415 - as the top says.

    pool = read_pool(session, now=now)
    return Board(pool, plan_for(pool, session.programme), session.programme)


def read_suggestions(
    session: Session,
    protege: Person,
    *,
    pick: str | None,
    now: datetime,
    among: Collection[int] | None = None,
) -> Suggestions | None:
    """Judge mentors for one protege as all are now; None for whoever does not wait.

    `among` are the ids of the mentors looked at, or all of them: that takes seconds in a large
    programme. `pick` is the code of whom the plan picks.
    """
    ids = None if among is None else {protege.id, *among}
    pool = read_pool(session, now=now, among=ids)
    return _suggestions(protege.code, pool, pick, session.programme)


def judge_pair(
    session: Session, protege: Person, mentor: Person, *, now: datetime
) -> tuple[Judged, Candidate] | None:
    """Judge two as they are now, with the protege as matching sees them; None if neither looks."""
    from mentoring.matching.suggest import judged_pair  # noqa: PLC0415 - as the top says.

    pool = read_pool(session, now=now, among=(protege.id, mentor.id))
    waits = pool.protege(protege.code)
    if waits is None:
        return None
    judged = judged_pair(waits, mentor.code, pool, session.programme)
    return (judged, waits) if judged is not None else None


def _suggestions(
    code: str, pool: Pool, pick: str | None, programme: Programme
) -> Suggestions | None:
    from mentoring.matching.suggest import suggestions_for  # noqa: PLC0415 - as the top says.

    protege = pool.protege(code)
    return suggestions_for(protege, pool, pick, programme) if protege is not None else None
