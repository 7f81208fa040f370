"""Whether a proposal can still become a match: both are there, nothing bars it, there is room."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from mentoring.calendar.invitees import reach_now
from mentoring.db import Session
from mentoring.matching.bars import are_kept_apart
from mentoring.matching.reading import read_pool
from mentoring.models import (
    InvitationState,
    Match,
    MatchSide,
    MatchState,
    Person,
    Proposal,
    Role,
)
from mentoring.proposals.records import ASKED, READY, invitation_of


def why_not(
    session: Session, proposal: Proposal, *, now: datetime
) -> tuple[Person | None, str] | None:
    """Return who of the two has gone, if it is one of them, and why, in words for staff.

    None while nothing stands in the way, and whoever is to answer can still be asked.
    """
    return in_the_way(session, proposal, now=now) or _not_to_be_asked(session, proposal)


def in_the_way(
    session: Session, proposal: Proposal, *, now: datetime
) -> tuple[Person | None, str] | None:
    """Return what keeps a proposal from becoming a match, whatever the two say; see `why_not`."""
    session.flush()
    for person in (proposal.protege, proposal.mentor):
        session.refresh(person, ["state"])
        if person.state not in READY[person.role]:
            return person, f"{person.code} is {person.state.value.replace('_', ' ')}"
    if are_kept_apart(session, proposal.protege_id, proposal.mentor_id):
        return None, "the two are kept apart"
    if _is_full(session, proposal.mentor, now=now):
        return None, f"{proposal.mentor.code} has no room any more"
    return None


_TAKEN = (
    select(func.count(MatchSide.id))
    .join(Match, Match.id == MatchSide.match_id)
    .where(MatchSide.person_id == bindparam("mentor_id"), Match.state != MatchState.CLOSED)
)


def _is_full(session: Session, mentor: Person, *, now: datetime) -> bool:
    """Tell whether matches have taken all places of a mentor since staff picked them."""
    taken = session.columns(_TAKEN, {"mentor_id": mentor.id}).scalar()
    if not taken:
        return False
    seen = read_pool(session, now=now, among=[mentor.id]).mentors
    return any(taken >= each.places for each in seen)


def _not_to_be_asked(session: Session, proposal: Proposal) -> tuple[Person, str] | None:
    """Tell whether the one whose turn it is has opted out, or is asked no more."""
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
