"""Asking the two of a proposal: the protege first, the mentor once the protege has said yes."""

from datetime import datetime

from mentoring.applications.inviting import invite
from mentoring.calendar.dues import plan
from mentoring.calendar.invitees import reach_now
from mentoring.db import Session
from mentoring.flows.state import Turn, cut_short
from mentoring.models import (
    Conversation,
    DueKind,
    Invitation,
    InvitationState,
    Person,
    PersonState,
    Proposal,
    ProposalState,
    Role,
)
from mentoring.people import move_person
from mentoring.proposals.records import (
    ANSWER_WITHIN,
    ASKED,
    ASKED_ABOUT_MATCH,
    FLOW_OF,
    asked_about,
    marks_of,
    proposal_asked_by,
    runs_out_key,
)
from mentoring.tasks import open_task


def ask_protege(session: Session, proposal: Proposal, *, now: datetime) -> None:
    """Ask the protege whether they would like to meet this mentor."""
    proposal.sent_at = now
    proposal.state = ProposalState.ASKING_PROTEGE
    proposal.protege_invitation_id = _ask(session, proposal, proposal.protege, now=now)
    _offer(session, proposal.protege, actor=proposal.actor, now=now)


def ask_mentor(session: Session, proposal: Proposal, *, now: datetime) -> None:
    """Ask the mentor, whose protege-to-be has said yes. One with matches stays active."""
    proposal.state = ProposalState.ASKING_MENTOR
    proposal.mentor_invitation_id = _ask(session, proposal, proposal.mentor, now=now)
    mentor = proposal.mentor
    if mentor.state is PersonState.AVAILABLE:
        _offer(session, mentor, actor=proposal.actor, now=now)
    elif mentor.state is PersonState.ACTIVE:
        mark_asked(mentor, proposal)


def mark_asked(mentor: Person, proposal: Proposal) -> None:
    """Note with a mentor that they are asked about one more; each question stands by itself."""
    marked = sorted(marks_of(mentor) | {str(proposal.id)})
    mentor.profile = {**mentor.profile, ASKED_ABOUT_MATCH: " ".join(marked)}


def _offer(session: Session, person: Person, *, actor: str, now: datetime) -> None:
    offered, reason = PersonState.OFFERED, "match proposed"
    move_person(session, person, offered, actor=actor, reason=reason, now=now)


def _ask(session: Session, proposal: Proposal, person: Person, *, now: datetime) -> int | None:
    """Invite somebody to say yes or no, and let the three days for it run out."""
    made = invite(session, FLOW_OF[person.role], person, now=now)
    plan(
        session,
        DueKind.PROPOSAL,
        at=now + ANSWER_WITHIN,
        key=runs_out_key(proposal.id, person.role),
        person_id=proposal.protege_id,
        now=now,
    )
    _ask_staff_to_ask(session, proposal, person, now=now)
    return made


def _ask_staff_to_ask(
    session: Session, proposal: Proposal, person: Person, *, now: datetime
) -> None:
    """Whom neither a text nor a call of ours may reach, staff tell that we would like an answer."""
    reach = reach_now(session, person)
    if reach.texts or reach.calls:
        return
    open_task(
        session,
        rule="proposal",
        words=f"{person.code} gets no texts and no calls from us. Reach them another way: they are"
        " asked about a match when they call the line.",
        key=f"proposal:{proposal.id}:unreached:{person.role}",
        person=person,
        now=now,
    )


def is_asked(session: Session, person: Person) -> bool:
    """Tell whether somebody is to be asked about a match, so that it comes before any menu."""
    may_be = person.state is PersonState.OFFERED or ASKED_ABOUT_MATCH in person.profile
    return may_be and asked_about(session, person) is not None


def is_called_off(session: Session, conversation: Conversation) -> bool:
    """Tell whether a question about a match has gone: its proposal is over, or further on."""
    if conversation.flow not in FLOW_OF.values():
        return False
    proposal = proposal_asked_by(session, conversation.invitation_id)
    asked = ASKED.get(proposal.state) if proposal is not None else None
    return asked is None or FLOW_OF[asked] != conversation.flow


def while_it_stands(session: Session, conversation: Conversation, turn: Turn) -> Turn:
    """Let the first answer to what is called off be the last one: nothing more is told or asked."""
    if not is_called_off(session, conversation):
        return turn
    return cut_short(turn, "called off")


def take_for_asked(session: Session, conversation: Conversation, *, now: datetime) -> None:
    """Tie a question about a match that somebody came to by themselves to the invitation to it.

    They called or wrote before we did: so they are asked as of now, and once. Any other
    conversation is left as it is.
    """
    person = conversation.person
    if conversation.flow not in FLOW_OF.values():
        return
    if conversation.invitation_id is not None or person is None:
        return
    proposal = asked_about(session, person)
    if proposal is None:
        return
    is_protege = person.role is Role.PROTEGE
    conversation.invitation_id = (
        proposal.protege_invitation_id if is_protege else proposal.mentor_invitation_id
    )
    invitation = session.get_one(Invitation, conversation.invitation_id)
    if invitation.state is InvitationState.WAITING:
        invitation.state = InvitationState.ASKED
        invitation.asked_at = now
