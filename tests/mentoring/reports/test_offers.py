"""E3: proposals are counted by their rows, with the reason that one of the two gave."""

from datetime import timedelta

import pytest

from mentoring.db import Database, Session
from mentoring.models import Proposal, ProposalState, Role
from mentoring.people import person_with_code
from mentoring.reports.joining import E3
from mentoring.reports.periods import year_of
from mentoring.reports.reading import read_facts
from tests.make import NOW


def row(session: Session, state: ProposalState, reason: str, *, sent: bool = True) -> None:
    """Write one proposal of Denise, who is in no other, that has ended."""
    sent_at = NOW - timedelta(days=20)
    session.add(
        Proposal(
            protege_id=person_with_code(session, "P05").id,
            mentor_id=person_with_code(session, "M06").id,
            state=state,
            actor="staff:cleo",
            score=70,
            created_at=sent_at,
            sent_at=sent_at if sent else None,
            settled_at=NOW - timedelta(days=18),
            ended_by=Role.MENTOR,
            reason=reason,
        )
    )
    session.flush()


def reasons(session: Session) -> list[str]:
    """Return why the proposals of Denise came to nothing."""
    period = year_of(NOW.date())
    facts = read_facts(session, period=period, community=None, now=NOW)
    denise = person_with_code(session, "P05").id
    cases = E3.find(facts)["E3.declined"]
    return [case.groups["reason"] for case in cases if case.person == denise]


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        (ProposalState.DECLINED, "topics", "topics"),
        (ProposalState.DECLINED, "no_room", "no_room"),
        (ProposalState.DECLINED, "", "not_said"),
        (ProposalState.LAPSED, "no answer", "no_answer"),
        # Words of staff are never a group of a report.
        (ProposalState.WITHDRAWN, "P05 told me about her illness", "taken_back"),
    ],
)
def test_the_reason_is_that_of_the_row(
    seeded: Database, state: ProposalState, reason: str, told: str
) -> None:
    with seeded.transaction() as session:
        before = reasons(session)
        row(session, state, reason)
        assert reasons(session) == [told, *before]


def test_what_was_never_sent_is_no_proposal(seeded: Database) -> None:
    with seeded.transaction() as session:
        before = reasons(session)
        row(session, ProposalState.WITHDRAWN, "a slip", sent=False)
        assert reasons(session) == before
