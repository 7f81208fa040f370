"""What the journeys about proposals have in common: two who fit, and what staff do."""

from sqlalchemy import select

from mentoring.matching.kept_plan import keep_plan
from mentoring.models import Match, Mode, PersonState, Proposal, Role
from mentoring.people import person_with_code
from mentoring.proposals.proposing import propose, withdraw_proposal
from tests.journeys.cast import LUIS, ROSA
from tests.town import Town

# It is eleven in the morning, and both are asked at once only in hours that they like.
NEEDS = {"topics": "A,B", "hours": "1,3", "stage": "2", "sectors": "food"}
OFFERS = {"topics": "A,B", "hours": "1,3", "years": "3", "capacity": "1", "sectors": "food"}


def rosa_waits(town: Town, number: str = ROSA, name: str = "Rosa", **facts: object) -> None:
    """Somebody waits for a mentor, and has told what they need."""
    person = town.person(Role.PROTEGE, name, number, **facts)  # type: ignore[arg-type]
    with town.db.transaction() as session:
        session.merge(person).profile = dict(NEEDS)


def luis_is_free(town: Town, number: str = LUIS, name: str = "Luis", **facts: object) -> None:
    """A mentor has an open place."""
    free = {"state": PersonState.AVAILABLE, **facts}
    person = town.person(Role.MENTOR, name, number, **free)  # type: ignore[arg-type]
    with town.db.transaction() as session:
        session.merge(person).profile = dict(OFFERS)


def both_text(town: Town) -> None:
    """Rosa and Luis read texts, and fit."""
    rosa_waits(town, mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT)


def mentors_are_described(town: Town, *codes: str) -> None:
    """These mentors have agreed to be described, and the plan is made."""
    with town.db.transaction() as session:
        for code in codes:
            mentor = person_with_code(session, code)
            mentor.profile = {**mentor.profile, "described": "yes"}
        session.flush()
        keep_plan(session, now=town.clock.now())


def staff_propose(town: Town, protege: str = "P01", mentor: str = "M01") -> None:
    """Staff pick whom the plan picks, and send it; whatever is due happens."""
    with town.db.transaction() as session:
        keep_plan(session, now=town.clock.now())
        propose(
            session,
            protege=person_with_code(session, protege),
            mentor=person_with_code(session, mentor),
            reason=None,
            actor="staff:Charlotte",
            now=town.clock.now(),
        )
    town.settle()


def staff_withdraw(town: Town) -> None:
    """Staff take the newest proposal back."""
    with town.db.transaction() as session:
        proposal = session.scalars(select(Proposal).order_by(Proposal.id.desc())).first()
        assert proposal is not None
        withdraw_proposal(
            session, proposal, reason="A mistake.", actor="staff:Charlotte", now=town.clock.now()
        )
    town.settle()


def proposals(town: Town) -> list[tuple[str, str | None]]:
    """Return the state of every proposal and why it ended, oldest first."""
    with town.db.transaction() as session:
        rows = session.scalars(select(Proposal).order_by(Proposal.id))
        return [(row.state.value, row.reason) for row in rows]


def matches(town: Town) -> int:
    """Return how many matches there are."""
    with town.db.transaction() as session:
        return len(session.scalars(select(Match)).all())
