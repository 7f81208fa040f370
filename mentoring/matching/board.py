"""Everything that matching shows at one moment: the pool, the plan, and the gaps in it."""

from dataclasses import dataclass
from datetime import datetime

from mentoring.db import Session
from mentoring.matching.candidates import Pool
from mentoring.matching.gaps import Gap, gaps_of
from mentoring.matching.reading import read_pool
from mentoring.matching.suggest import Plan, Suggestions, plan_for, suggestions_for
from mentoring.programme import Programme


@dataclass(frozen=True)
class Board:
    """Who waits, who could mentor, and whom the plan picks for whom."""

    pool: Pool
    plan: Plan
    programme: Programme

    def suggestions(self, code: str) -> Suggestions | None:
        """Return what there is about one protege; None for whoever does not wait."""
        protege = self.pool.protege(code)
        if protege is None:
            return None
        pick = self.plan.picks.get(protege.code)
        return suggestions_for(protege, self.pool, pick, self.programme)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The gap report."""
        return gaps_of(self.plan.without)


def read_board(session: Session, *, now: datetime) -> Board:
    """Read everybody in a few statements, and plan for all of them."""
    pool = read_pool(session, now=now)
    return Board(pool, plan_for(pool, session.programme), session.programme)
