"""Proposals that run out, or that cannot be any more because of what has happened meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import exists, or_, select

from mentoring.calendar.dues import finish, put_off
from mentoring.db import Database, Session
from mentoring.models import Due, Person, PersonState, Proposal, ProposalState, Role
from mentoring.proposals.ending import (
    end_proposal,
    give_back,
    lapse,
    lapse_unasked,
    look_again,
    tell_that_it_is_off,
)
from mentoring.proposals.possible import why_not
from mentoring.proposals.records import (
    ASKED,
    answer_by,
    invitation_of,
    lock,
    open_proposal_of,
    was_asked,
)


def run_out(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """End what was not answered or not sent in time: the deed of DueKind.PROPOSAL.

    The days for an answer are counted from when somebody was asked, which may have been later.
    """
    for due in dues:
        proposal = open_proposal_of(session, session.get_one(Person, due.person_id))
        if proposal is not None:
            lock(session, proposal)
        ends = None
        if proposal is not None and proposal.is_open:
            ends = answer_by(proposal, invitation_of(session, proposal))
        if proposal is None or ends is None:
            finish(due, "settled before", now=now)
        elif ends > now:
            put_off(due, ends)
        else:
            _run_out(session, proposal, now=now)
            finish(due, "ran out", now=now)


def _run_out(session: Session, proposal: Proposal, *, now: datetime) -> None:
    role = ASKED.get(proposal.state)
    if role is None:
        end_proposal(
            session,
            proposal,
            ProposalState.LAPSED,
            reason="not sent within 7 days",
            actor="system",
            now=now,
        )
        look_again(session, proposal, "A draft was not sent within 7 days.", now=now)
        return
    person = proposal.protege if role is Role.PROTEGE else proposal.mentor
    if was_asked(session, invitation_of(session, proposal), person):
        lapse(session, proposal, silent=person, now=now)
    else:
        lapse_unasked(session, proposal, unasked=person, now=now)


def end_broken_proposals(db: Database, *, now: datetime) -> None:
    """End proposals of people who cannot be asked or matched any more, whatever the way there.

    It is looked at by the sweep of oversight: so a pause, a hold, an exit and an opt-out all end a
    proposal alike, and the other one is told that it is off, but not why. Each is a transaction of
    its own, so that no answer of anybody waits for a look at all the others.
    """
    for number in db.run(_open_numbers):
        db.run(partial(end_if_broken, number=number, now=now))
    db.run(partial(free_the_forgotten, now=now))


_STILL_OPEN = select(Proposal.id).where(Proposal.settled_at.is_(None)).order_by(Proposal.id)


def _open_numbers(session: Session) -> Sequence[int]:
    return session.columns(_STILL_OPEN).scalars().all()


def end_if_broken(session: Session, *, number: int, now: datetime) -> None:
    """End one proposal if something stands in its way. Only such a one is locked."""
    proposal = session.get_one(Proposal, number)
    if why_not(session, proposal, now=now) is None:
        return
    lock(session, proposal)
    found = why_not(session, proposal, now=now) if proposal.is_open else None
    if found is None:
        return
    person, why = found
    tell_that_it_is_off(session, proposal, gone=person, now=now)
    end_proposal(session, proposal, ProposalState.WITHDRAWN, reason=why, actor="system", now=now)
    look_again(session, proposal, f"A proposal has ended: {why}.", now=now)


_FORGOTTEN = select(Person).where(
    Person.state == PersonState.OFFERED,
    ~exists().where(
        or_(Proposal.protege_id == Person.id, Proposal.mentor_id == Person.id),
        Proposal.settled_at.is_(None),
    ),
)


def free_the_forgotten(session: Session, *, now: datetime) -> None:
    """Nobody stays offered without a proposal: after a hold or a pause it is gone."""
    for person in session.scalars(_FORGOTTEN).unique():
        give_back(session, person, actor="system", reason="no proposal is open", now=now)
