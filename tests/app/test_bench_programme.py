"""What the bench adds for the coordinators' page is what its pages show."""

from sqlalchemy import func, select

from app.bench_oversight import fill
from app.bench_programme import NUMBER, fill_programme
from mentoring.db import Database
from mentoring.endings import ending_index
from mentoring.models import (
    EditionState,
    Person,
    PersonState,
    Phone,
    PlannedMatch,
    Proposal,
    WordingEdition,
)
from tests.make import NOW


def test_the_bench_adds_applications_proposals_a_plan_and_editions(real_db: Database) -> None:
    with real_db.transaction() as session:
        is_server = session.get_bind().dialect.name == "postgresql"
    if not is_server:
        # The bench fills PostgreSQL by its own means, and measures nothing else.
        return
    fill(real_db, 100, NOW)
    fill_programme(real_db, 100, NOW)
    with real_db.transaction() as session:
        applying = (PersonState.SCREENING, PersonState.ORIENTATION)
        planned = select(PlannedMatch.mentor_id)
        ending = ending_index(session.vault, NUMBER)
        is_live = WordingEdition.state == EditionState.LIVE

        assert session.scalar(select(func.count()).where(Person.state.in_(applying))) == 3
        assert session.scalar(select(func.count()).where(Proposal.settled_at.is_(None))) == 1
        assert any(session.scalars(planned))
        assert session.scalar(select(func.count()).where(Phone.ending_index == ending)) == 1
        assert session.scalar(select(func.count()).where(is_live)) == 1
