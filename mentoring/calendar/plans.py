"""The plan of a pair: each side answers alone, the service proposes, both agree (3.6).

Where the two answers differ the less frequent one is proposed; where they are far apart, both are
asked for it once more before that (mentoring/calendar/rhythms.py). Every version is kept.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select, update

from mentoring.calendar import rhythms
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.plan_versions import newest_plan
from mentoring.calendar.settling import OPEN, settle
from mentoring.db import Session
from mentoring.flows import FLOWS
from mentoring.flows.plan import PLAN, RHYTHM_TOLD_IN
from mentoring.flows.timing import slot_told
from mentoring.models import (
    Answer,
    Conversation,
    Invitation,
    InvitationState,
    Match,
    Plan,
    Role,
)
from mentoring.oversight.rules import GAP_DAYS, REPLY_DAYS, are_far_apart

# From the most to the least frequent, with what one side would be happy to wait.
_RHYTHMS, _REPLIES = tuple(GAP_DAYS), tuple(REPLY_DAYS)
_NOTHING = (0, "")
# The answers of one side: id and value by question.
_Answers = Mapping[str, tuple[int, str]]
# Whoever has answered this one has answered them all; up to here one of the two may still be on
# the way, and a plan made of half their answers would have no day.
_LAST_QUESTION = "GP6"


def ask_for_plan(session: Session, match: Match, *, now: datetime) -> None:
    """Invite both sides to say what they would like; each answers alone.

    Where they were asked before and no plan came of it, they are asked anew, as of the next
    version; whoever is being asked just now is not asked twice.
    """
    version = _next_version(session, match.id)
    states = set(session.columns(_ASKED, {"match_id": match.id, "version": version}).scalars())
    if states and not states.intersection(OPEN):
        rhythms.ask_no_more(session, match.id, now=now)
        version += 1
    for side in match.sides:
        open_invitation(
            session,
            PLAN.name,
            match_id=match.id,
            person=side.person,
            number=version,
            at=now,
            now=now,
        )


_OF_PLAN = Invitation.match_id == bindparam("match_id"), Invitation.flow == PLAN.name
_ASKED = select(Invitation.state).where(*_OF_PLAN, Invitation.number == bindparam("version"))
_NEWEST = select(
    select(func.max(Plan.version)).where(Plan.match_id == bindparam("match_id")).scalar_subquery(),
    select(func.max(Invitation.number)).where(*_OF_PLAN).scalar_subquery(),
)


def _next_version(session: Session, match_id: int) -> int:
    """Return the version that is being asked for, else the one after the newest plan."""
    proposed, asked = session.columns(_NEWEST, {"match_id": match_id}).one()
    return max((proposed or 0) + 1, asked or 0)


def propose_if_both_answered(session: Session, match: Match, *, now: datetime) -> Plan | None:
    """Make a proposal of the two sets of answers, and ask both whether it is right.

    None while one of them has not answered, when these answers were made a proposal before, and
    while both are asked once more how often to talk, unless one has come round to the other.
    """
    version = _next_version(session, match.id)
    said = _said(session, match, version)
    if not all(_LAST_QUESTION in answers for answers in said.values()):
        return None
    wishes = {answers["GP3"][1] for answers in said.values()}
    asked_again = rhythms.asked_again(session, match.id, version)
    if not asked_again and are_far_apart(wishes):
        rhythms.ask_again(session, match, version, now=now)
        return None
    if len(wishes) > 1 and rhythms.is_awaited(asked_again):
        return None
    return _propose(session, match, version, said, now=now)


_TAKE_MATCH = (
    select(Match.id)
    .where(Match.id == bindparam("match_id"))
    .with_for_update(key_share=True, skip_locked=True)
)


def propose_anyway(session: Session, match: Match, *, now: datetime) -> bool:
    """Propose what both have told, though one has not said again how often they would talk.

    False while one of them may still be asked, as after a pause; and while one is just answering,
    for of two who wait for each other neither would get on.
    """
    if session.columns(_TAKE_MATCH, {"match_id": match.id}).first() is None:
        return False
    version = _next_version(session, match.id)
    if rhythms.is_awaited(rhythms.asked_again(session, match.id, version)):
        return False
    _propose(session, match, version, _said(session, match, version), now=now)
    return True


def _said(session: Session, match: Match, version: int) -> Mapping[Role, _Answers]:
    return {
        side.role: _answers_of(session, match.id, side.person_id, version) for side in match.sides
    }


def _propose(
    session: Session, match: Match, version: int, said: Mapping[Role, _Answers], *, now: datetime
) -> Plan:
    rhythms.ask_no_more(session, match.id, now=now)
    protege, mentor = said[Role.PROTEGE], said[Role.MENTOR]
    asker = next(side.person for side in match.sides if side.role is Role.PROTEGE)
    goal_id, _ = protege.get("GP1", (None, ""))
    proposal = Plan(
        match_id=match.id,
        version=version,
        rhythm=_rarer(_RHYTHMS, protege["GP3"][1], mentor["GP3"][1]),
        slot=_slot_of(protege),
        zone=asker.zone or session.programme.office_zone,
        reply=_rarer(_REPLIES, protege.get("GP5", _NOTHING)[1], mentor.get("GP5", _NOTHING)[1]),
        goal_answer_id=goal_id,
        target=protege.get("GP2", _NOTHING)[1] or None,
        proposed_at=now,
    )
    _end_unsettled(session, match.id, now=now)
    session.add(proposal)
    session.flush()
    for side in match.sides:
        open_invitation(
            session,
            "plan_confirm",
            match_id=match.id,
            person=side.person,
            number=version,
            at=now,
            now=now,
        )
    return proposal


def end_proposal(session: Session, match: Match, *, now: datetime) -> None:
    """What is only proposed counts no longer, and nobody is asked about it any more.

    A version that both agreed to stays in force until another one is agreed to.
    """
    _end_unsettled(session, match.id, now=now)
    asked = Invitation.match_id == match.id, Invitation.flow == "plan_confirm"
    cancelled = InvitationState.CANCELLED
    settle(session, *asked, state=cancelled, outcome="plan changed", now=now)


def _end_unsettled(session: Session, match_id: int, *, now: datetime) -> None:
    unsettled = or_(Plan.protege_agreed_at.is_(None), Plan.mentor_agreed_at.is_(None))
    session.execute(
        update(Plan)
        .where(Plan.match_id == match_id, Plan.ended_at.is_(None), unsettled)
        .values(ended_at=now)
    )


def _rarer(order: tuple[str, ...], one: str, other: str) -> str:
    """Return the one that comes later in an order; what is in none counts as its first."""
    return max((one, other), key=lambda value: order.index(value) if value in order else -1)


_ANSWERS = (
    select(Answer.id, Answer.question, Answer.value)
    .join(Conversation, Conversation.id == Answer.conversation_id)
    .join(Invitation, Invitation.id == Conversation.invitation_id)
    .where(
        Invitation.match_id == bindparam("match_id"),
        Invitation.flow.in_(RHYTHM_TOLD_IN),
        Invitation.number == bindparam("version"),
        Answer.person_id == bindparam("person_id"),
    )
    .order_by(Answer.id)
)


def _answers_of(session: Session, match_id: int, person_id: int, version: int) -> _Answers:
    """Return a side's answers to the questions of one version, each as told last.

    Own words have no value here; they stay sealed in their answer.
    """
    wanted = {"match_id": match_id, "version": version, "person_id": person_id}
    rows = session.columns(_ANSWERS, wanted)
    return {question: (answer_id, value or "") for answer_id, question, value in rows}


def _slot_of(answers: _Answers) -> str:
    """Return the day and time out of the answers, which may hold it in pieces."""
    flow = FLOWS["plan"]
    asked = flow.ask("GP4")
    values = {question: value for question, (_, value) in answers.items()}
    return slot_told(flow, asked, values) if asked is not None else ""


def agree(session: Session, match: Match, role: Role, *, now: datetime) -> Plan | None:
    """One side says that the newest proposal is right; returns it once both have said so."""
    proposal = newest_plan(session, match.id)
    if proposal is None:
        return None
    # What the other side has said a moment ago counts, whatever this transaction has seen before.
    session.refresh(proposal)
    if proposal.ended_at is not None:
        return None
    if role is Role.PROTEGE:
        proposal.protege_agreed_at = proposal.protege_agreed_at or now
    else:
        proposal.mentor_agreed_at = proposal.mentor_agreed_at or now
    if not proposal.in_force:
        return None
    session.execute(
        update(Plan)
        .where(Plan.match_id == match.id, Plan.id != proposal.id, Plan.ended_at.is_(None))
        .values(ended_at=now)
    )
    return proposal
