"""What follows when one of the two has answered a proposal, in time or too late."""

from mentoring.calendar.first_talks import question_about_it
from mentoring.calendar.settling import settle
from mentoring.calendar.wishes import side_of
from mentoring.clock import spoken_day
from mentoring.db import Session
from mentoring.effects import Connect, Ended, Goodbye, Sequel
from mentoring.errors import ProgrammeError
from mentoring.models import (
    Invitation,
    InvitationState,
    Person,
    Proposal,
    ProposalState,
    Role,
)
from mentoring.proposals.asking import ask_mentor
from mentoring.proposals.ending import RULE, decline, end_proposal, look_again
from mentoring.proposals.opening import bring_together
from mentoring.proposals.possible import in_the_way
from mentoring.proposals.records import ASKED, READY, lock, other_of, proposal_asked_by
from mentoring.tasks import open_task

_OPENING_DAYS = 1


def after_proposal(ended: Ended) -> Sequel:
    """Somebody said yes or no to the other one of a proposal."""
    session, person, now = ended.session, ended.person, ended.now
    proposal = proposal_asked_by(session, ended.conversation.invitation_id)
    if proposal is not None:
        lock(session, proposal)
    if proposal is None or ASKED.get(proposal.state) is not person.role:
        return _too_late(ended, proposal)
    if not is_ready(session, person):
        # They went on a pause or away after they were asked: what they say now asks nobody else.
        return _too_late(ended, proposal)
    of_this = Invitation.id == ended.conversation.invitation_id
    settle(session, of_this, state=InvitationState.ANSWERED, outcome="answered", now=now)
    if person.role is Role.PROTEGE:
        proposal.protege_said_at = now
        return _protege_said(ended, proposal)
    proposal.mentor_said_at = now
    return _mentor_said(ended, proposal)


def _protege_said(ended: Ended, proposal: Proposal) -> Sequel:
    session, now = ended.session, ended.now
    if ended.outcome == "no":
        why = ended.answers.get("MP1N", "")
        decline(session, proposal, by=ended.person, why=why, now=now)
        return Sequel(("T-MPNO",), effect=Goodbye())
    if _cannot_be(ended, proposal):
        return Sequel(("T-MPSTILL",), effect=Goodbye())
    ask_mentor(session, proposal, now=now)
    return Sequel(("T-MPYES",), effect=Goodbye(), known=_names(proposal, ended.person))


def _mentor_said(ended: Ended, proposal: Proposal) -> Sequel:
    session, now = ended.session, ended.now
    if ended.outcome == "no":
        why = ended.answers.get("MP2N", "")
        decline(session, proposal, by=ended.person, why=why, now=now)
        return Sequel(("T-MPMNO",), effect=Goodbye())
    if _cannot_be(ended, proposal):
        return Sequel(("T-MPMLATE",), effect=Goodbye())
    if not _open(ended, proposal):
        by_day = spoken_day(
            session.programme.add_working_days(now, _OPENING_DAYS), session.programme.office
        )
        return Sequel(("T-MPMWAIT",), effect=Goodbye(), known={"date": by_day})
    return Sequel(("T-MPMYES",), effect=Goodbye(), known=_names(proposal, ended.person))


def is_ready(session: Session, person: Person) -> bool:
    """Tell whether somebody can still be matched, as they are at this moment."""
    session.refresh(person, ["state"])
    return person.state in READY[person.role]


def _names(proposal: Proposal, listener: Person) -> dict[str, str]:
    name = other_of(proposal, listener.id).shown_name
    return {"mentor": name, "protege": name}


def _cannot_be(ended: Ended, proposal: Proposal) -> bool:
    """End it where it is past: the other one is away, or has no room. Who answers hears it now."""
    found = in_the_way(ended.session, proposal, now=ended.now)
    if found is None:
        return False
    end_proposal(
        ended.session,
        proposal,
        ProposalState.WITHDRAWN,
        reason=found[1],
        actor="system",
        now=ended.now,
    )
    look_again(ended.session, proposal, f"A proposal has ended: {proposal.reason}.", now=ended.now)
    return True


def _open(ended: Ended, proposal: Proposal) -> bool:
    """Open the match; where it cannot be, both yeses stand and staff see to the rest."""
    session = ended.session
    try:
        with session.begin_nested():
            bring_together(
                session,
                protege=proposal.protege,
                mentor=proposal.mentor,
                actor=proposal.actor,
                now=ended.now,
            )
    except ProgrammeError as error:
        open_task(
            session,
            rule=RULE,
            words=f"{proposal.protege.code} and {proposal.mentor.code} both said yes, but the match"
            f" could not be opened: {error}"[:200],
            key=f"proposal:{proposal.id}:opening",
            person=proposal.protege,
            working_days=_OPENING_DAYS,
            now=ended.now,
        )
        return False
    return True


def _too_late(ended: Ended, proposal: Proposal | None) -> Sequel:
    """The idea is closed. A yes is not lost: staff may propose the two again."""
    person = ended.person
    if proposal is not None and proposal.match_id is not None:
        return _matched_before(ended, proposal)
    if proposal is not None and ended.outcome == "yes":
        other = other_of(proposal, person.id)
        open_task(
            ended.session,
            rule=RULE,
            words=f"{person.code} said yes to {other.code} {_after_what(proposal, person)}."
            " Look again.",
            key=f"proposal:{proposal.id}:late:{person.id}",
            person=person,
            now=ended.now,
        )
    said = "T-MPLATE" if person.role is Role.PROTEGE else "T-MPMLATE"
    return Sequel((said,), effect=Goodbye())


def _after_what(proposal: Proposal, person: Person) -> str:
    if proposal.is_open:
        return f"and is {person.state.value.replace('_', ' ')} by now"
    return f"after the proposal had ended ({proposal.state.value})"


def _matched_before(ended: Ended, proposal: Proposal) -> Sequel:
    """Staff have opened the match without waiting for this answer: a no is for them to hear."""
    person, other = ended.person, other_of(proposal, ended.person.id)
    if ended.outcome == "yes":
        return Sequel(("T-MPMYES",), effect=Goodbye(), known=_names(proposal, person))
    open_task(
        ended.session,
        rule=RULE,
        words=f"{person.code} did not say yes to {other.code}, with whom they are matched by now.",
        key=f"proposal:{proposal.id}:matched:{person.id}",
        person=person,
        now=ended.now,
    )
    return Sequel(("T-PERS",), effect=Goodbye())


def after_match_news(ended: Ended) -> Sequel:
    """A protege has heard by phone that both said yes, and may talk with the mentor at once."""
    session, invitation_id = ended.session, ended.conversation.invitation_id
    chosen = Invitation.id == invitation_id
    settle(session, chosen, state=InvitationState.ANSWERED, outcome="heard", now=ended.now)
    side = side_of(ended)
    if ended.outcome == "call" and side is not None:
        return Sequel(effect=Connect(side.id))
    match_id = ended.conversation.match_id
    about_time = question_about_it(session, match_id, ended.person, now=ended.now)
    if about_time is None:
        return Sequel(effect=Goodbye())
    # In the same breath they are asked whether the time for the first talk is right.
    ended.conversation.invitation_id = about_time.id
    return Sequel(flow=about_time.flow)
