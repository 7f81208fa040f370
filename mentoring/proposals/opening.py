"""The one road to a match: both have said yes, or staff open it at once by their own decision."""

from datetime import datetime

from mentoring.calendar.first_talks import news_of_match
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.invitees import reach_now
from mentoring.calendar.pairs import other_side
from mentoring.calendar.telling import ask_staff_to_tell
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.introductions import introduce
from mentoring.matches import open_match, refuse_unfit_pair
from mentoring.matching.bars import are_kept_apart, were_parted_for_safety
from mentoring.models import Match, Person, Proposal, ProposalState, Role
from mentoring.people import reads_alone
from mentoring.proposals.ending import end_proposal, tell_that_it_is_off
from mentoring.proposals.records import lock, open_proposal_of


def refuse_pair(session: Session, protege: Person, mentor: Person) -> None:
    """Raise ProgrammeError, with a sentence, where two cannot or must not be brought together."""
    refuse_unfit_pair(session, protege, mentor)
    if are_kept_apart(session, protege.id, mentor.id):
        raise ProgrammeError(
            f"{protege.code} and {mentor.code} are kept apart: somebody of the staff ticked that."
        )
    if were_parted_for_safety(session, protege.id, mentor.id):
        raise ProgrammeError(
            f"A match of {protege.code} and {mentor.code} was closed for safety. They are not"
            " brought together again."
        )


def bring_together(
    session: Session, *, protege: Person, mentor: Person, actor: str, now: datetime
) -> Match:
    """Open a match and introduce the two; raises ProgrammeError with a sentence.

    A proposal that the protege has open ends with it: accepted where both said yes to each other.
    Where staff did not wait for that, it was theirs to decide, and nobody is said to have agreed.
    """
    refuse_pair(session, protege, mentor)
    proposal = open_proposal_of(session, protege)
    if proposal is not None:
        # Before the two people, as whoever answers does: else both might wait for each other.
        lock(session, proposal)
    match = open_match(session, protege=protege, mentor=mentor, actor=actor, now=now)
    both_said_yes = False
    if proposal is not None and proposal.is_open:
        both_said_yes = proposal.mentor_id == mentor.id and proposal.has_two_yeses
        _settle(session, proposal, match, mentor, actor=actor, now=now)
    if not both_said_yes:
        introduce(session, match, now=now)
        return match
    _ring_with_news(session, match, now=now)
    first, known = news_of_match(session, match, now=now)
    introduce(session, match, first=first, known=known, now=now)
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
    """The protege whom no text may tell by name is rung with the good news, or told that it waits.

    The mentor has just heard it. Whom nothing of ours may reach, staff tell.
    """
    side = next(side for side in match.sides if side.role is Role.PROTEGE)
    person, reach = side.person, reach_now(session, side.person)
    if reach.texts and reads_alone(person, person.phone):
        return
    if reach.texts or reach.calls:
        open_invitation(
            session, "match_news", match_id=match.id, person=person, number=1, at=now, now=now
        )
        return
    other = other_side(match, person.id).person
    words = f"{other.code} said yes too, and they are a match: {match.code}."
    ask_staff_to_tell(session, side, words, key=f"match-news:{match.id}", now=now)
