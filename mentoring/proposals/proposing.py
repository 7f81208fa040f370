"""What staff do with proposals: pick, send, and withdraw. Nobody is proposed by a machine."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.exc import IntegrityError

from mentoring.audit import write_audit
from mentoring.calendar.dues import plan
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.languages import kept
from mentoring.matching.board import judge_pair
from mentoring.matching.candidates import Candidate
from mentoring.matching.judged import DECLINED, Judged
from mentoring.matching.kept_plan import planned_pick
from mentoring.models import DueKind, Person, Proposal, ProposalState, Role
from mentoring.proposals.asking import ask_protege
from mentoring.proposals.ending import end_proposal, tell_that_it_is_off
from mentoring.proposals.records import DRAFT_LASTS, READY, lock, runs_out_key
from mentoring.proposals.words import said_to_mentor, said_to_protege


class OverrideReason(StrEnum):
    """Why staff pick somebody other than the plan does. It is a closed list, to be counted."""

    KNOWS_PERSON = "knows_person"
    PROTEGE_REQUEST = "protege_request"
    MENTOR_REQUEST = "mentor_request"
    NEW_INFO = "new_info"
    FAIRNESS = "fairness"


def propose(
    session: Session,
    *,
    protege: Person,
    mentor: Person,
    reason: OverrideReason | None,
    actor: str,
    now: datetime,
    send: bool = True,
) -> Proposal:
    """Pick a mentor for a protege, and ask them unless it stays a draft; raises ProgrammeError.

    A mentor who is not the plan's pick, or of whom one has lately said no, needs a reason. Who
    fails a constraint is not picked here. The mentor's place is kept from now on.
    """
    found = _as_it_is_now(session, protege, mentor, now=now)
    if found is None or _stands_between(found[0]):
        raise ProgrammeError(_refusal(protege, mentor, found))
    judged, waits = found
    pick = planned_pick(session, protege)
    overrides = mentor.code != pick or bool(judged.failed)
    if overrides and reason is None:
        raise ProgrammeError(
            f"{mentor.code} is not whom the plan picks for {protege.code}. Choose why you do."
        )
    proposal = Proposal(
        protege=protege,
        mentor=mentor,
        state=ProposalState.DRAFT,
        actor=actor,
        override_reason=reason.value if overrides and reason is not None else None,
        score=judged.score,
        said={
            Role.PROTEGE.value: _kept(said_to_protege(waits, judged.mentor)),
            Role.MENTOR.value: _kept(said_to_mentor(waits, judged.mentor)),
        },
        created_at=now,
    )
    _write(session, proposal, now=now)
    if proposal.override_reason is not None:
        _note(
            session,
            proposal,
            actor,
            f"{proposal.override_reason}: the plan picks {pick or 'nobody'}",
            now,
        )
    if send:
        send_proposal(session, proposal, now=now)
    return proposal


def why_not_picked(
    session: Session, protege: Person, mentor: Person, *, now: datetime
) -> str | None:
    """Return why a mentor cannot be picked for a protege now, in words for staff; None if so."""
    found = judge_pair(session, protege, mentor, now=now)
    if found is not None and not _stands_between(found[0]):
        return None
    return _refusal(protege, mentor, found)


def _stands_between(judged: Judged) -> list[str]:
    """Return in sentences what keeps two apart. What staff may pass over is none of it."""
    return [each.words for each in judged.failed if each.id != DECLINED]


def _refusal(protege: Person, mentor: Person, found: tuple[Judged, Candidate] | None) -> str:
    stands = (
        " ".join(_stands_between(found[0]))
        if found is not None
        else "One must wait for a mentor, and the other be a mentor who can have a match."
    )
    return f"{mentor.code} cannot be suggested to {protege.code} now. {stands}"


def _kept(said: dict[str, str]) -> dict[str, dict[str, str]]:
    return {name: kept(words) for name, words in said.items()}


def _as_it_is_now(
    session: Session, protege: Person, mentor: Person, *, now: datetime
) -> tuple[Judged, Candidate] | None:
    """Judge the pair anew, while nobody else can give away the same place."""
    session.flush()
    for person in (protege, mentor):
        session.refresh(person, ["state"], with_for_update=True)
    return judge_pair(session, protege, mentor, now=now)


def _write(session: Session, proposal: Proposal, *, now: datetime) -> None:
    session.add(proposal)
    try:
        session.flush()
    except IntegrityError as error:
        raise ProgrammeError(
            f"Somebody else picked a mentor for {proposal.protege.code} just now. Look again."
        ) from error
    plan(
        session,
        DueKind.PROPOSAL,
        at=now + DRAFT_LASTS,
        key=runs_out_key(proposal.id, None),
        person_id=proposal.protege_id,
        now=now,
    )


def send_proposal(session: Session, proposal: Proposal, *, now: datetime) -> None:
    """Ask the protege, from now on in their own hours; raises ProgrammeError with a sentence."""
    lock(session, proposal)
    if proposal.state is not ProposalState.DRAFT:
        raise ProgrammeError(f"The proposal for {proposal.protege.code} was sent or ended already.")
    for person in (proposal.protege, proposal.mentor):
        if person.state not in READY[person.role]:
            raise ProgrammeError(
                f"{person.code} is {person.state.value.replace('_', ' ')} now. Withdraw this"
                " proposal, and pick again."
            )
    ask_protege(session, proposal, now=now)


def withdraw_proposal(
    session: Session, proposal: Proposal, *, reason: str, actor: str, now: datetime
) -> None:
    """Take a proposal back. Whoever was asked is told in neutral words; raises ProgrammeError."""
    lock(session, proposal)
    if not proposal.is_open:
        raise ProgrammeError(
            f"The proposal of {proposal.protege.code} and {proposal.mentor.code} has ended already:"
            f" {proposal.state.value}."
        )
    tell_that_it_is_off(session, proposal, now=now)
    end_proposal(
        session, proposal, ProposalState.WITHDRAWN, reason=reason[:200], actor=actor, now=now
    )
    _note(session, proposal, actor, reason[:200], now, action="withdrew a proposal")


def _note(
    session: Session,
    proposal: Proposal,
    actor: str,
    reason: str,
    now: datetime,
    *,
    action: str = "picked another mentor",
) -> None:
    write_audit(
        session,
        actor=actor,
        action=action,
        entity="pair",
        entity_id=f"{proposal.protege.code} {proposal.mentor.code}",
        reason=reason,
        now=now,
    )
