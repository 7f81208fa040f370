"""The fictional programme with its proposals, matches, people and alerts in each state there is.

The states are written as they are kept, for how somebody comes to them is the matter of other
tests: here each only has to be there, so that its page can be looked at.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, TypeVar

from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import (
    ClosureReason,
    Match,
    MatchState,
    Person,
    PersonState,
    Proposal,
    ProposalState,
    Role,
    Staff,
    StaffTask,
)
from mentoring.oversight.rules import RULES
from mentoring.people import person_with_code
from tests.admin.conftest import Site

Row = TypeVar("Row")
State = TypeVar("State")

# Each proposal is of a protege of its own, for one has no two that are open.
_PROTEGES = ("P04", "P05", "P07", "P08", "P10", "P11", "P12", "P13", "P14", "P15", "P16")
_A_DAY = timedelta(days=1)


def bring_about_every_state(site: Site) -> None:
    """Put proposals, matches, people and alerts into each of their states."""
    now = site.clock.now()
    with site.db.transaction() as session:
        _proposals(session, now)
        _matches(session, now)
        _people(session, Role.PROTEGE)
        _people(session, Role.MENTOR)
        _alerts(session, now)


def _proposals(session: Session, now: datetime) -> None:
    """Beside the one that is open: the drafts, the two yeses, and every end."""
    known = session.scalars(select(Proposal)).one()
    asked_both = {"sent_at": now, "protege_said_at": now}
    over = asked_both | {"settled_at": now}
    match = session.scalars(select(Match).where(Match.closed_at.is_(None))).first()
    assert match is not None
    each_state: list[tuple[ProposalState, dict[str, Any]]] = [
        (ProposalState.DRAFT, {}),
        (ProposalState.ASKING_PROTEGE, {"sent_at": now}),
        (ProposalState.ASKING_MENTOR, asked_both),
        (ProposalState.ASKING_MENTOR, asked_both | {"mentor_said_at": now}),
        (ProposalState.ACCEPTED, over | {"mentor_said_at": now, "match_id": match.id}),
        (ProposalState.DECLINED, over | {"ended_by": Role.PROTEGE, "reason": "too_far"}),
        (ProposalState.DECLINED, over | {"ended_by": Role.MENTOR}),
        (ProposalState.LAPSED, over | {"ended_by": Role.PROTEGE}),
        (ProposalState.LAPSED, over | {"reason": "nobody sent it"}),
        (ProposalState.WITHDRAWN, over | {"reason": "She is ill.", "override_reason": "fairness"}),
    ]
    assert {state for state, _ in each_state} == set(ProposalState)
    for code, (state, facts) in zip(_PROTEGES, each_state, strict=False):
        session.add(
            Proposal(
                protege_id=person_with_code(session, code).id,
                mentor_id=known.mentor_id,
                state=state,
                actor="staff:Charlotte",
                score=61,
                said=known.said,
                created_at=now - _A_DAY,
                **facts,
            )
        )


def _matches(session: Session, now: datetime) -> None:
    for match, state in _in_turn(session.scalars(select(Match).order_by(Match.id)), MatchState):
        is_closed = state is MatchState.CLOSED
        match.state = state
        match.closed_at = now if is_closed else None
        match.closure_reason = ClosureReason.GOAL_MET if is_closed else None
        match.line_free_at = now + 30 * _A_DAY if is_closed else None


def _people(session: Session, role: Role) -> None:
    """Give each a state that people of this role come to: nobody offers mentors a mentor."""
    other = {
        Role.PROTEGE: (PersonState.AVAILABLE, PersonState.ON_BREAK),
        Role.MENTOR: (PersonState.WAITING, PersonState.OFFERED),
    }[role]
    of_role = select(Person).where(Person.role == role).order_by(Person.id)
    own = [state for state in PersonState if state not in other]
    for person, state in _in_turn(session.scalars(of_role), own):
        person.state = state


def _alerts(session: Session, now: datetime) -> None:
    """Alerts with steps and without, to be opened by few and by all, in each of their states."""
    owner = session.scalars(select(Staff).order_by(Staff.id)).first()
    person, match = person_with_code(session, "P17"), session.scalars(select(Match)).first()
    assert owner is not None
    assert match is not None
    states: dict[str, dict[str, Any]] = {
        "open": {},
        "overdue": {"due_at": now - _A_DAY},
        "accepted": {"accepted_at": now},
        "given": {"owner_id": owner.id},
        "a step further": {"owner_id": owner.id, "accepted_at": now, "step": 1},
        "closed": {"done_at": now, "outcome": "spoke_with_them"},
    }
    for rule in ("O1", "O8", "O10", "O11"):
        for name, facts in states.items():
            key = f"{rule} {name}"
            alert = StaffTask(
                rule=rule,
                severity=RULES[rule].severity,
                words=f"{RULES[rule].title}: {name}.".capitalize(),
                person_id=person.id,
                match_id=match.id,
                dedupe_key=key,
                open_key=None if "done_at" in facts else key,
                opened_at=now - 2 * _A_DAY,
                **({"due_at": now + _A_DAY} | facts),
            )
            session.add(alert)


def _in_turn(rows: Iterable[Row], states: Iterable[State]) -> list[tuple[Row, State]]:
    """Give one state after the other to the rows, of which there must be enough for all of them."""
    every = list(states)
    given = list(zip(rows, cycle(every), strict=False))
    assert len(given) >= len(every)
    return given
