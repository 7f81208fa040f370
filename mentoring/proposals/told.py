"""A proposal in words for staff: how it stands, until when, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import Invitation, Person, Proposal, ProposalState, Role
from mentoring.proposals.records import ASKED, answer_by


@dataclass(frozen=True)
class Standing:
    """How one proposal stands. `until` is when it runs out, if it does."""

    proposal: Proposal
    state: str
    next_step: str
    until: datetime | None


def standings(session: Session, proposals: list[Proposal]) -> list[Standing]:
    """Return how these proposals stand, with one statement for all of them."""
    ids = [
        number
        for each in proposals
        for number in (each.protege_invitation_id, each.mentor_invitation_id)
        if number is not None
    ]
    asked = session.scalars(select(Invitation).where(Invitation.id.in_(ids))).all() if ids else []
    invitations = {each.id: each for each in asked}
    return [_standing(each, invitations) for each in proposals]


def _standing(proposal: Proposal, invitations: dict[int, Invitation]) -> Standing:
    if not proposal.is_open:
        return Standing(proposal, _ended(proposal), "", None)
    role = ASKED.get(proposal.state)
    if role is None:
        state, step = "draft, kept for 7 days", "Send it, or withdraw it."
        return Standing(proposal, state, step, answer_by(proposal, None))
    if proposal.mentor_said_at is not None:
        step = "Open the match: the task says what stands in the way."
        return Standing(proposal, "both said yes", step, None)
    is_protege = role is Role.PROTEGE
    number = proposal.protege_invitation_id if is_protege else proposal.mentor_invitation_id
    invitation = invitations.get(number or 0)
    person = proposal.protege if is_protege else proposal.mentor
    until = answer_by(proposal, invitation)
    if invitation is None or invitation.asked_at is None:
        state = f"{_name(person)} is about to be asked"
        return Standing(proposal, state, "They are asked in their own hours.", until)
    before = f"{_name(proposal.protege)} said yes; " if not is_protege else ""
    state = f"{before}{_name(person)} is asked"
    return Standing(proposal, state, f"{_name(person)} answers.", until)


def _ended(proposal: Proposal) -> str:
    who = {Role.PROTEGE: proposal.protege, Role.MENTOR: proposal.mentor}.get(
        proposal.ended_by or Role.PROTEGE, proposal.protege
    )
    reason = (proposal.reason or "").replace("_", " ")
    match proposal.state:
        case ProposalState.ACCEPTED:
            return f"both said yes: {reason}"
        case ProposalState.DECLINED:
            return f"{_name(who)} said no: {reason or 'no reason given'}"
        case ProposalState.LAPSED if proposal.ended_by is not None:
            return f"{_name(who)} did not answer"
        case ProposalState.LAPSED:
            return f"lapsed: {reason}"
    return f"withdrawn: {reason}"


def _name(person: Person) -> str:
    return f"{person.shown_name} ({person.code})"
