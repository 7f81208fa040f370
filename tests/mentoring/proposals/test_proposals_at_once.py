"""An answer and a deed of staff about one proposal at the same moment: one of them counts."""

import pytest
from sqlalchemy import select

from mentoring.calendar.deeds import do_due
from mentoring.conversations import Exchange, take
from mentoring.db import Database
from mentoring.flows.inputs import Text
from mentoring.matching.kept_plan import keep_plan
from mentoring.models import (
    Conversation,
    ConversationStatus,
    Match,
    Mode,
    Person,
    PersonState,
    Proposal,
    ProposalState,
    Role,
)
from mentoring.proposals.opening import bring_together
from mentoring.proposals.proposing import propose, withdraw_proposal
from tests.make import NOW, all_at_once, make_lines
from tests.mentoring.proposals.test_proposing import CLEO, mentor, protege


@pytest.fixture
def asked(real_db: Database) -> None:
    """The protege has said yes, and the mentor is asked by text."""
    with real_db.transaction() as session:
        make_lines(session)
        one, other = protege(session), mentor(session)
        for person in (one, other):
            person.mode = Mode.TEXT
            # It is eleven in the morning.
            person.profile = {**person.profile, "hours": "1"}
        keep_plan(session, now=NOW)
        propose(session, protege=one, mentor=other, reason=None, actor=CLEO, now=NOW)
    for _ in range(2):
        with real_db.transaction() as session:
            do_due(session, now=NOW)
    say_yes(real_db)
    for _ in range(2):
        with real_db.transaction() as session:
            do_due(session, now=NOW)


def say_yes(db: Database) -> Exchange:
    """Let whoever is asked say yes."""
    with db.transaction() as session:
        is_open = Conversation.status == ConversationStatus.OPEN
        waiting = session.scalars(select(Conversation).where(is_open)).one()
        return take(session, waiting, Text("1"), proof="SM", now=NOW)


def withdraw(db: Database) -> None:
    """Let staff take the proposal back."""
    with db.transaction() as session:
        proposal = session.scalars(select(Proposal)).one()
        withdraw_proposal(session, proposal, reason="A slip.", actor=CLEO, now=NOW)


def open_at_once(db: Database) -> None:
    """Let staff open the match without waiting for the mentor."""
    with db.transaction() as session:
        people = {person.role: person for person in session.scalars(select(Person))}
        one, other = people[Role.PROTEGE], people[Role.MENTOR]
        bring_together(session, protege=one, mentor=other, actor=CLEO, now=NOW)


def outcome(db: Database) -> tuple[ProposalState, bool, int, set[PersonState]]:
    """Return how it ended, whether both said yes, how many matches there are, and who is where."""
    with db.transaction() as session:
        proposal = session.scalars(select(Proposal)).one()
        matches = len(session.scalars(select(Match)).all())
        states = set(session.scalars(select(Person.state)))
        return proposal.state, proposal.has_two_yeses, matches, states


MATCHED = {PersonState.MATCHED, PersonState.ACTIVE}
FREE = {PersonState.WAITING, PersonState.AVAILABLE}


@pytest.mark.usefixtures("asked")
def test_a_yes_while_staff_take_it_back_is_accepted_or_off_and_nothing_between(
    real_db: Database,
) -> None:
    said, _ = all_at_once(lambda: say_yes(real_db), lambda: withdraw(real_db))

    assert isinstance(said, Exchange)
    assert outcome(real_db) in (
        (ProposalState.ACCEPTED, True, 1, MATCHED),
        (ProposalState.WITHDRAWN, False, 0, FREE),
    )


@pytest.mark.usefixtures("asked")
def test_a_yes_while_staff_open_the_match_opens_one(real_db: Database) -> None:
    said, _ = all_at_once(lambda: say_yes(real_db), lambda: open_at_once(real_db))

    assert isinstance(said, Exchange)
    assert outcome(real_db) in (
        (ProposalState.ACCEPTED, True, 1, MATCHED),
        (ProposalState.WITHDRAWN, False, 1, MATCHED),
    )


@pytest.mark.usefixtures("asked")
def test_two_of_the_staff_who_open_it_at_once_open_one_match(real_db: Database) -> None:
    done = all_at_once(*[lambda: open_at_once(real_db)] * 2)

    assert done.count(None) == 1
    assert outcome(real_db) == (ProposalState.WITHDRAWN, False, 1, MATCHED)
