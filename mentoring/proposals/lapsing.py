"""Proposals that run out, or that cannot be any more because one of the two has gone elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select

from mentoring.calendar.dues import finish, put_off
from mentoring.calendar.invitees import reach_now
from mentoring.db import Session
from mentoring.models import (
    Due,
    InvitationState,
    Person,
    PersonState,
    Proposal,
    ProposalState,
    Role,
)
from mentoring.proposals.ending import (
    end_proposal,
    give_back,
    lapse,
    look_again,
    tell_that_it_is_off,
)
from mentoring.proposals.records import (
    ASKED,
    READY,
    answer_by,
    invitation_of,
    lock,
    open_proposal_of,
    open_proposals,
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
    silent = proposal.protege if role is Role.PROTEGE else proposal.mentor
    lapse(session, proposal, silent=silent, now=now)


def end_broken_proposals(session: Session, *, now: datetime) -> None:
    """End proposals of people who cannot be asked or matched any more, whatever the way there.

    It is looked at by the sweep of oversight: so a pause, a hold, an exit and an opt-out all end a
    proposal alike, and the other one is told that it is off, but not why.
    """
    for proposal in open_proposals(session):
        lock(session, proposal)
        gone = _gone(session, proposal) if proposal.is_open else None
        if gone is None:
            continue
        person, why = gone
        tell_that_it_is_off(session, proposal, gone=person, now=now)
        end_proposal(
            session, proposal, ProposalState.WITHDRAWN, reason=why, actor="system", now=now
        )
        look_again(session, proposal, f"A proposal has ended: {why}.", now=now)
    _free_the_forgotten(session, now=now)


def _gone(session: Session, proposal: Proposal) -> tuple[Person, str] | None:
    """Return who of the two makes a proposal impossible, and why, in words for staff."""
    for person in (proposal.protege, proposal.mentor):
        session.refresh(person, ["state"])
        if person.state not in READY[person.role]:
            return person, f"{person.code} is {person.state.value.replace('_', ' ')}"
    role = ASKED.get(proposal.state)
    if role is None or proposal.mentor_said_at is not None:
        return None
    asked = proposal.protege if role is Role.PROTEGE else proposal.mentor
    invitation = invitation_of(session, proposal)
    reach = reach_now(session, asked)
    if not reach.texts and not reach.calls and _refused_since(proposal, asked):
        return asked, f"{asked.code} opted out and cannot be asked"
    if invitation is not None and invitation.state is InvitationState.CANCELLED:
        return asked, f"{asked.code} is not asked any more"
    return None


def _refused_since(proposal: Proposal, person: Person) -> bool:
    phone, since = person.phone, proposal.sent_at or proposal.created_at
    refused = (phone.texts_refused_at, phone.calls_refused_at)
    return any(at is not None and at >= since for at in refused)


def _free_the_forgotten(session: Session, *, now: datetime) -> None:
    """Nobody stays offered without a proposal: after a hold or a pause it is gone."""
    mine = or_(Proposal.protege_id == Person.id, Proposal.mentor_id == Person.id)
    kept = exists().where(mine, Proposal.settled_at.is_(None))
    for person in session.scalars(
        select(Person).where(Person.state == PersonState.OFFERED, ~kept)
    ).unique():
        give_back(session, person, actor="system", reason="no proposal is open", now=now)
