"""The end of a proposal: a no, no answer, or that it cannot be any more. The place is kept.

Whoever was asked hears of the end in kind words, and staff have the next step as a task.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from mentoring.calendar.settling import settle
from mentoring.consents import may_be_texted
from mentoring.db import Session
from mentoring.lines import main_line
from mentoring.models import (
    DeliveryKind,
    Invitation,
    InvitationState,
    Person,
    PersonState,
    Proposal,
    ProposalState,
    Role,
)
from mentoring.notices import queue_prompt
from mentoring.people import move_person, reads_alone
from mentoring.proposals.records import ASKED_ABOUT_MATCH, marks_of, other_of
from mentoring.tasks import open_task

# After so many declines staff talk with a protege; with a mentor, if they came within two months.
_DECLINES = 3
_MENTORS_DECLINES_WITHIN = timedelta(days=60)
_LOOK_AGAIN_DAYS = 2
RULE = "proposal"

SAID_NO = {
    "topics": "the topics were off",
    "times": "the times were off",
    "feeling": "it did not feel right",
    "no_room": "there is no room now",
    "other": "something else did not fit",
}


def end_proposal(
    session: Session,
    proposal: Proposal,
    state: ProposalState,
    *,
    reason: str,
    actor: str,
    now: datetime,
    by: Role | None = None,
) -> None:
    """End an open proposal: no more questions, and both are again what they were before.

    Who has gone elsewhere meanwhile, such as on a pause, stays there. Nothing is accepted for
    somebody: without the yes of both, in their order, that is a ValueError.
    """
    if state is ProposalState.ACCEPTED and not proposal.has_two_yeses:
        raise ValueError(f"Not both have said yes to proposal {proposal.id}.")
    proposal.state = state
    proposal.settled_at = now
    proposal.ended_by = by
    proposal.reason = reason
    ids = [proposal.protege_invitation_id, proposal.mentor_invitation_id]
    ended = InvitationState.LAPSED if state is ProposalState.LAPSED else InvitationState.CANCELLED
    settle(session, Invitation.id.in_(ids), state=ended, outcome=f"proposal {state.value}", now=now)
    session.flush()
    _unmark(proposal.mentor, proposal)
    for person in (proposal.protege, proposal.mentor):
        give_back(session, person, actor=actor, reason=f"proposal {state.value}", now=now)


def _unmark(mentor: Person, proposal: Proposal) -> None:
    """Forget that a mentor is asked about this one; the marks of their other proposals stay."""
    if ASKED_ABOUT_MATCH not in mentor.profile:
        return
    left = " ".join(sorted(marks_of(mentor) - {str(proposal.id)}))
    kept = {key: said for key, said in mentor.profile.items() if key != ASKED_ABOUT_MATCH}
    mentor.profile = {**kept, ASKED_ABOUT_MATCH: left} if left else kept


def give_back(session: Session, person: Person, *, actor: str, reason: str, now: datetime) -> None:
    """Let somebody whom no proposal is about any more wait again, or be available again."""
    session.refresh(person, ["state"])
    if person.state is not PersonState.OFFERED or _is_in_another(session, person):
        return
    to = PersonState.WAITING if person.role is Role.PROTEGE else PersonState.AVAILABLE
    move_person(session, person, to, actor=actor, reason=reason, now=now)


_IN_ANOTHER = {
    Role.PROTEGE: select(Proposal.id)
    .where(Proposal.protege_id == bindparam("person_id"), Proposal.settled_at.is_(None))
    .limit(1),
    Role.MENTOR: select(Proposal.id)
    .where(
        Proposal.mentor_id == bindparam("person_id"),
        Proposal.state == ProposalState.ASKING_MENTOR,
        Proposal.settled_at.is_(None),
    )
    .limit(1),
}


def _is_in_another(session: Session, person: Person) -> bool:
    """Tell whether somebody is still to answer another proposal."""
    found = session.columns(_IN_ANOTHER[person.role], {"person_id": person.id})
    return found.scalar() is not None


def decline(session: Session, proposal: Proposal, *, by: Person, why: str, now: datetime) -> None:
    """One of the two said no. Of a protege's no the mentor hears nothing: nobody had asked them."""
    end_proposal(
        session,
        proposal,
        ProposalState.DECLINED,
        reason=why,
        actor=by.code,
        by=by.role,
        now=now,
    )
    if by.role is Role.MENTOR:
        _tell(session, proposal, proposal.protege, "T-MPSTILL", now=now)
    said = SAID_NO.get(why, "no reason was given")
    other = other_of(proposal, by.id)
    look_again(session, proposal, f"{by.code} said no to {other.code}: {said}.", now=now)
    _count_declines(session, by, now=now)


def lapse(session: Session, proposal: Proposal, *, silent: Person, now: datetime) -> None:
    """Somebody has not answered within the three days. They may still say so, kindly met."""
    role = silent.role
    end_proposal(
        session,
        proposal,
        ProposalState.LAPSED,
        reason="no answer",
        actor="system",
        by=role,
        now=now,
    )
    _tell(
        session,
        proposal,
        silent,
        "T-MPLAPSE" if role is Role.PROTEGE else "T-MPMLAPSE",
        now=now,
    )
    if role is Role.MENTOR:
        _tell(session, proposal, proposal.protege, "T-MPSTILL", now=now)
    other = other_of(proposal, silent.id)
    look_again(session, proposal, f"{silent.code} did not answer about {other.code}.", now=now)


def lapse_unasked(session: Session, proposal: Proposal, *, unasked: Person, now: datetime) -> None:
    """The question never reached somebody, so it is no answer of theirs: they hear nothing of it.

    A protege who said yes hears that we are still looking, for the mentor could not be asked.
    """
    end_proposal(
        session,
        proposal,
        ProposalState.LAPSED,
        reason="could not be asked",
        actor="system",
        now=now,
    )
    if unasked.role is Role.MENTOR:
        _tell(session, proposal, proposal.protege, "T-MPSTILL", now=now)
    other = other_of(proposal, unasked.id)
    what = f"{unasked.code} could not be asked about {other.code} in time."
    look_again(session, proposal, what, now=now)


def tell_that_it_is_off(
    session: Session, proposal: Proposal, *, now: datetime, gone: Person | None = None
) -> None:
    """Tell whoever was asked, but for the one who has gone, that it will not be. No reason."""
    asked = (
        (proposal.protege, proposal.protege_invitation_id, "T-MPSTILL"),
        (proposal.mentor, proposal.mentor_invitation_id, "T-MPOFF"),
    )
    for person, invitation_id, prompt in asked:
        invitation = session.get(Invitation, invitation_id) if invitation_id else None
        if invitation is not None and invitation.asked_at is not None and person is not gone:
            _tell(session, proposal, person, prompt, now=now)


def look_again(session: Session, proposal: Proposal, what: str, *, now: datetime) -> None:
    """Ask staff for the next step: the protege waits again, in the same place."""
    open_task(
        session,
        rule=RULE,
        words=f"{what} Look again for {proposal.protege.code}.",
        key=f"proposal:{proposal.id}:{proposal.state}",
        person=proposal.protege,
        working_days=_LOOK_AGAIN_DAYS,
        now=now,
    )


_DECLINED = select(func.count(Proposal.id)).where(
    Proposal.state == ProposalState.DECLINED, Proposal.ended_by == bindparam("role")
)
_DECLINED_BY_PROTEGE = _DECLINED.where(Proposal.protege_id == bindparam("person_id"))
_DECLINED_BY_MENTOR = _DECLINED.where(
    Proposal.mentor_id == bindparam("person_id"), Proposal.settled_at > bindparam("since")
)


def _count_declines(session: Session, person: Person, *, now: datetime) -> None:
    """Every third no of a protege, and the third of a mentor within two months, is worth a talk."""
    session.flush()
    wanted = {"person_id": person.id, "role": person.role}
    if person.role is Role.MENTOR:
        lately = {**wanted, "since": now - _MENTORS_DECLINES_WITHIN}
        count = session.columns(_DECLINED_BY_MENTOR, lately).scalar() or 0
    else:
        count = session.columns(_DECLINED_BY_PROTEGE, wanted).scalar() or 0
    if count < _DECLINES or count % _DECLINES:
        return
    words = "Call them, and ask what would fit."
    if person.role is Role.MENTOR:
        words = "Ask them whether they are available, and for whom."
    open_task(
        session,
        rule="declines",
        words=f"{person.code} has said no to {count} proposals. {words}",
        subject=person.code,
        person=person,
        now=now,
    )


def _tell(
    session: Session,
    proposal: Proposal,
    person: Person,
    prompt: str,
    *,
    now: datetime,
    known: Mapping[str, str] | None = None,
) -> None:
    """Text one prompt to one of the two; whom no text may tell, staff tell by phone."""
    phone = person.phone
    key = f"{prompt}:{proposal.id}:{person.role}"
    other = other_of(proposal, person.id)
    if reads_alone(person, phone) and may_be_texted(session, person):
        queue_prompt(
            session,
            prompt,
            to=phone,
            line=main_line(session),
            kind=DeliveryKind.NOTICE,
            dedupe_key=key,
            person=person,
            known={
                "mentor": other.shown_name,
                "protege": other.shown_name,
                **(known or {}),
            },
            now=now,
        )
        return
    open_task(
        session,
        rule="tell",
        words=f"Tell {person.code} by phone: the match with {other.code} did not come about."
        " It is not about them. We go on looking.",
        key=key,
        person=person,
        now=now,
    )
