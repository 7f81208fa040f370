"""The one road to a match: both have said yes, or staff open it at once by their own decision."""

from datetime import datetime

from mentoring.calendar.invitations import open_invitation
from mentoring.consents import phones_that_agreed
from mentoring.db import Session
from mentoring.introductions import introduce
from mentoring.matches import open_match
from mentoring.models import Match, Person, Proposal, ProposalState, Role
from mentoring.proposals.ending import end_proposal, tell_that_it_is_off
from mentoring.proposals.records import lock, open_proposal_of


def bring_together(
    session: Session, *, protege: Person, mentor: Person, actor: str, now: datetime
) -> Match:
    """Open a match and introduce the two; raises ProgrammeError with a sentence.

    A proposal that the protege has open ends with it: accepted where both said yes to each other.
    Where staff did not wait for that, it was theirs to decide, and nobody is said to have agreed.
    """
    match = open_match(session, protege=protege, mentor=mentor, actor=actor, now=now)
    proposal = open_proposal_of(session, protege)
    both_said_yes = False
    if proposal is not None:
        lock(session, proposal)
        both_said_yes = proposal.mentor_id == mentor.id and proposal.has_two_yeses
        _settle(session, proposal, match, mentor, actor=actor, now=now)
    introduce(session, match, first="T-MP3" if both_said_yes else "T-R1", now=now)
    if both_said_yes:
        _ring_with_news(session, match, now=now)
    return match


def _settle(
    session: Session, proposal: Proposal, match: Match, mentor: Person, *, actor: str, now: datetime
) -> None:
    is_theirs = proposal.mentor_id == mentor.id
    state = ProposalState.WITHDRAWN
    if is_theirs:
        proposal.match_id = match.id
        state = ProposalState.ACCEPTED if proposal.has_two_yeses else state
    else:
        tell_that_it_is_off(session, proposal, gone=proposal.protege, now=now)
    end_proposal(session, proposal, state, reason=match.code, actor=actor, now=now)


def _ring_with_news(session: Session, match: Match, *, now: datetime) -> None:
    """The protege whom no text may tell is rung with the good news; the mentor has just heard."""
    side = next(side for side in match.sides if side.role is Role.PROTEGE)
    phone = side.person.phone
    if phone.takes_texts and phones_that_agreed(session, {phone.id}, part="C1"):
        return
    open_invitation(
        session, "match_news", match_id=match.id, person=side.person, number=1, at=now, now=now
    )
