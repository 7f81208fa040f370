"""Finding proposals, and what staff and rules read of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import joinedload

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.languages import as_kept
from mentoring.models import (
    Channel,
    Conversation,
    Delivery,
    DeliveryStatus,
    Invitation,
    Person,
    PersonState,
    Proposal,
    ProposalState,
    Role,
)

FLOW_OF = {Role.PROTEGE: "proposal_protege", Role.MENTOR: "proposal_mentor"}
# Whose answer a proposal waits for.
ASKED = {ProposalState.ASKING_PROTEGE: Role.PROTEGE, ProposalState.ASKING_MENTOR: Role.MENTOR}
# In these states somebody may be asked, or wait for the answer of the other one.
READY = {
    Role.PROTEGE: (PersonState.WAITING, PersonState.OFFERED),
    Role.MENTOR: (PersonState.AVAILABLE, PersonState.OFFERED, PersonState.ACTIVE),
}
# What the profile of a mentor with matches holds while they are asked about others, one number for
# each proposal: a caller who goes on to the menu does not wait for a look at all proposals.
ASKED_ABOUT_MATCH = "asked_about_match"
ANSWER_WITHIN = timedelta(hours=72)
DRAFT_LASTS = timedelta(days=7)
# Whoever could not be asked for so long, as for want of a time zone, is not asked any more.
UNASKED_LASTS = timedelta(days=7)

# What has this state was held back until it was too old, or never passed the gate or the carrier.
_NEVER_LEFT = (
    DeliveryStatus.QUEUED,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.BLOCKED,
    DeliveryStatus.FAILED,
)

_WITH_PEOPLE = (joinedload(Proposal.protege), joinedload(Proposal.mentor))


def marks_of(mentor: Person) -> set[str]:
    """Return the numbers of the proposals that a mentor with matches is asked about."""
    return {
        each for each in str(mentor.profile.get(ASKED_ABOUT_MATCH, "")).split() if each.isdecimal()
    }


def said_of_other(proposal: Proposal, role: Role, name: str) -> str:
    """Return what one side hears of the other at a placeholder, as it was when staff picked."""
    return as_kept(proposal.said.get(role.value, {}).get(name, ""))


_OPEN_OF = (
    select(Proposal)
    .where(Proposal.protege_id == bindparam("protege_id"), Proposal.settled_at.is_(None))
    .options(*_WITH_PEOPLE)
)


def open_proposal_of(session: Session, protege: Person) -> Proposal | None:
    """Return the one open proposal of a protege, or None."""
    return session.scalar(_OPEN_OF, {"protege_id": protege.id})


def open_proposals(session: Session, *, limit: int | None = None) -> Sequence[Proposal]:
    """Return all open proposals with both people, the oldest first."""
    chosen = select(Proposal).where(Proposal.settled_at.is_(None)).options(*_WITH_PEOPLE)
    return session.scalars(chosen.order_by(Proposal.id).limit(limit)).all()


def proposals_of(session: Session, person: Person, *, limit: int) -> Sequence[Proposal]:
    """Return the proposals of one person, open and past, the newest first."""
    mine = (Proposal.protege_id == person.id) | (Proposal.mentor_id == person.id)
    chosen = select(Proposal).where(mine).options(*_WITH_PEOPLE)
    return session.scalars(chosen.order_by(Proposal.id.desc()).limit(limit)).all()


def said_no_lately(session: Session, protege: Person, mentor: Person, *, now: datetime) -> bool:
    """Tell whether one of the two has said no to the other, not long ago."""
    lately = now - timedelta(days=session.programme.matching.declined_days)
    found = select(Proposal.id).where(
        Proposal.protege_id == protege.id,
        Proposal.mentor_id == mentor.id,
        Proposal.state == ProposalState.DECLINED,
        Proposal.settled_at > lately,
    )
    return session.scalar(found.limit(1)) is not None


def proposal_between(session: Session, protege: Person, mentor: Person) -> Proposal:
    """Return the open proposal of these two; raises ProgrammeError with a sentence."""
    found = open_proposal_of(session, protege)
    if found is None or found.mentor_id != mentor.id:
        raise ProgrammeError(
            f"No proposal of {protege.code} and {mentor.code} is open."
            " The page Matching lists what is."
        )
    return found


_OF_MENTOR_ASKED = (
    select(Proposal)
    .where(
        Proposal.mentor_id == bindparam("person_id"),
        Proposal.state == ProposalState.ASKING_MENTOR,
        Proposal.mentor_said_at.is_(None),
    )
    .order_by(Proposal.id)
    .limit(1)
    .options(*_WITH_PEOPLE)
)
_OF_PROTEGE_ASKED = (
    select(Proposal)
    .where(
        Proposal.protege_id == bindparam("person_id"),
        Proposal.state == ProposalState.ASKING_PROTEGE,
        Proposal.protege_said_at.is_(None),
    )
    .order_by(Proposal.id)
    .limit(1)
    .options(*_WITH_PEOPLE)
)


def asked_about(session: Session, person: Person) -> Proposal | None:
    """Return the proposal about which somebody is being asked, the oldest if there are several."""
    chosen = _OF_PROTEGE_ASKED if person.role is Role.PROTEGE else _OF_MENTOR_ASKED
    return session.scalar(chosen, {"person_id": person.id})


_ASKED_BY = (
    select(Proposal)
    .where(
        (Proposal.protege_invitation_id == bindparam("invitation_id"))
        | (Proposal.mentor_invitation_id == bindparam("invitation_id"))
    )
    .options(*_WITH_PEOPLE)
)


def proposal_asked_by(session: Session, invitation_id: int | None) -> Proposal | None:
    """Return the proposal that an invitation asks about, open or not."""
    if invitation_id is None:
        return None
    return session.scalar(_ASKED_BY, {"invitation_id": invitation_id})


def lock(session: Session, proposal: Proposal) -> None:
    """Read a proposal again, and keep others from moving it until this transaction is over."""
    session.flush()
    moving = ["state", "settled_at", "protege_said_at", "mentor_said_at"]
    session.refresh(proposal, moving, with_for_update=True)


def other_of(proposal: Proposal, person_id: int | None) -> Person:
    """Return the other one of the two."""
    return proposal.mentor if person_id == proposal.protege_id else proposal.protege


def invitation_of(session: Session, proposal: Proposal) -> Invitation | None:
    """Return the invitation by which the one whose turn it is is asked."""
    by_state = {
        ProposalState.ASKING_PROTEGE: proposal.protege_invitation_id,
        ProposalState.ASKING_MENTOR: proposal.mentor_invitation_id,
    }
    asked_by = by_state.get(proposal.state)
    return session.get(Invitation, asked_by) if asked_by is not None else None


_SENT = select(Delivery.status).where(
    Delivery.to_phone_id == bindparam("phone_id"),
    Delivery.created_at >= bindparam("since"),
    Delivery.invitation_id == bindparam("invitation_id"),
)
_CAME = or_(Conversation.turn > 1, Conversation.call_sid.is_not(None))
_THEY_CAME = (
    select(Conversation.id)
    .where(Conversation.invitation_id == bindparam("invitation_id"), _CAME)
    .limit(1)
)
# A text of theirs opened it where it stands in the text channel and we have sent nothing.
_THEY_CAME_OR_WROTE = (
    select(Conversation.id)
    .where(
        Conversation.invitation_id == bindparam("invitation_id"),
        or_(_CAME, Conversation.channel == Channel.TEXT),
    )
    .limit(1)
)


def was_asked(session: Session, invitation: Invitation | None, person: Person) -> bool:
    """Tell whether the question can have reached somebody: sent or rung, or they came to it.

    What the hours, a lost zone or the want of any channel held back has asked nobody.
    """
    if invitation is None or invitation.asked_at is None:
        return False
    sent = {
        "phone_id": person.phone_id,
        "since": invitation.asked_at,
        "invitation_id": invitation.id,
    }
    tries = session.columns(_SENT, sent).scalars().all()
    if any(status not in _NEVER_LEFT for status in tries):
        return True
    had = _THEY_CAME if tries else _THEY_CAME_OR_WROTE
    return session.columns(had, {"invitation_id": invitation.id}).scalar() is not None


def runs_out_key(number: int, asked: Role | None) -> str:
    """Return the key under which a proposal runs out: as a draft, or while one side is asked."""
    return f"proposal:{number}:{asked or 'draft'}"


def waits_for(proposal: Proposal) -> str | None:
    """Return the key under which an open proposal runs out as it stands; None where it does not."""
    if not proposal.is_open or proposal.mentor_said_at is not None:
        return None
    return runs_out_key(proposal.id, ASKED.get(proposal.state))


def answer_by(proposal: Proposal, invitation: Invitation | None) -> datetime | None:
    """Return when an open proposal runs out; None where no answer is waited for any more."""
    if proposal.state is ProposalState.DRAFT:
        return proposal.created_at + DRAFT_LASTS
    if invitation is None or proposal.mentor_said_at is not None:
        return None
    if invitation.asked_at is None:
        return invitation.due_at + UNASKED_LASTS
    return invitation.asked_at + ANSWER_WITHIN
