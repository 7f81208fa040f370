"""Who opens what worries somebody: whoever sees to it, and those whose role says so (S11).

Everybody else who may see the alert sees that it is there, and whom to ask.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import abort
from sqlalchemy import and_, exists, or_, select

from admin.accounts import member_of
from admin.audit_words import why_in_words
from admin.office import Visit
from admin.permissions import Permission, may, may_open_concern
from mentoring.models import (
    Answer,
    AuditEntry,
    Conversation,
    MatchSide,
    MatchState,
    Person,
    PersonState,
    Recording,
    Staff,
    StaffAccount,
    StaffTask,
    Transition,
)
from mentoring.oversight.rules import CONCERNS
from mentoring.safety.alert_words import LOOKED, is_of_a_worry

_NAMED = 5
_HELD = {MatchState.SAFETY_HOLD.value, PersonState.SUSPENDED.value}
_FOR_FEW = "kept for few, as a worry is: ask a lead or an admin"


def may_open(visit: Visit, task: StaffTask) -> bool:
    """Tell whether a visitor may open what was told, and do something about it."""
    if task.rule not in CONCERNS:
        return True
    role = visit.account.role
    if task.owner_id is None or may_open_concern(role, is_theirs=False):
        return may_open_concern(role, is_theirs=False)
    member = member_of(visit.session, visit.account)
    return may_open_concern(role, is_theirs=member is not None and task.owner_id == member.id)


def refuse_unnamed(visit: Visit, task: StaffTask) -> None:
    """Answer 403, with whom to ask, unless the visitor is one of those named."""
    if not may_open(visit, task):
        abort(403, whom_to_ask(visit, task))


def refuse_recording(visit: Visit, recording_id: int) -> None:
    """Answer 403 for what was said in a worry that is not the visitor's."""
    about = StaffTask.recording_id == recording_id, StaffTask.rule.in_(CONCERNS)
    tasks = visit.session.scalars(select(StaffTask).where(*about).order_by(StaffTask.id)).all()
    if tasks and not any(may_open(visit, task) for task in tasks):
        abort(403, whom_to_ask(visit, tasks[-1]))


def outcome_shown(visit: Visit, task: StaffTask) -> str | None:
    """Return what came of something; of somebody else's worry the code alone."""
    if task.outcome is None or may_open(visit, task):
        return task.outcome
    return task.outcome.partition(":")[0]


def whom_to_ask(visit: Visit, task: StaffTask) -> str:
    """Return who may open a worry, in a sentence."""
    owner = visit.session.get(Staff, task.owner_id) if task.owner_id else None
    person = visit.session.get(Person, task.person_id) if task.person_id else None
    near = person.community if person else None
    named = [owner.name] if owner else []
    accounts = visit.session.scalars(
        select(StaffAccount).where(StaffAccount.disabled_at.is_(None)).order_by(StaffAccount.name)
    )
    for account in accounts:
        sees_it = account.communities is None or near is None or near in account.communities
        if may(account.role, Permission.CONCERNS) and sees_it and account.name not in named:
            named.append(account.name)
    return f"What was told here is opened by few. Ask {', '.join(named[:_NAMED]) or 'an admin'}."


def closed_answers(visit: Visit, person: Person) -> frozenset[int]:
    """Return the answers of somebody that were given in a worry which is not the visitor's.

    A cry for help that answered some other question is one of them: its words are kept as both.
    """
    if visit.may(Permission.CONCERNS):
        return frozenset()
    own = _own_spans(visit, person)
    is_a_cry = exists().where(
        Recording.from_person_id == person.id, Recording.made_at == Answer.at, is_of_a_worry()
    )
    told = visit.session.execute(
        select(Answer.id, Answer.at)
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .where(Answer.person_id == person.id, or_(Conversation.flow == "concern", is_a_cry))
    )
    return frozenset(number for number, at in told if not any(_is_in(at, each) for each in own))


def reasons_shown(visit: Visit, moves: Sequence[Transition]) -> list[str]:
    """Return why each state of one person, or of one match, changed, in the order of the moves.

    What staff typed about a hold may tell a worry: it is read by those who may open one, by whoever
    sees to a worry about the same, and by whoever typed it.
    """
    closed = [each for each in moves if _is_of_a_hold(each) and each.actor != visit.actor]
    if not closed or visit.may(Permission.CONCERNS) or _sees_to_a_worry(visit, closed[0]):
        closed = []
    return [_FOR_FEW if each in closed else each.reason for each in moves]


def look_reason(visit: Visit, look: AuditEntry) -> str:
    """Return why somebody looked at something; why the words of an alert were read is for few."""
    is_theirs = look.actor == visit.actor or visit.may(Permission.CONCERNS)
    shown = is_theirs or not look.action.startswith(LOOKED)
    return why_in_words(look) if shown else _FOR_FEW


def _is_of_a_hold(move: Transition) -> bool:
    return move.actor.startswith("staff") and not _HELD.isdisjoint((move.from_state, move.to_state))


def _sees_to_a_worry(visit: Visit, move: Transition) -> bool:
    """Tell whether a visitor was given a worry about the person, or the match, that was held."""
    member = member_of(visit.session, visit.account)
    if member is None or not may_open_concern(visit.account.role, is_theirs=True):
        return False
    about = StaffTask.person_id == move.entity_id
    if move.entity != "person":
        of_both = select(MatchSide.person_id).where(MatchSide.match_id == move.entity_id)
        of_no_match = and_(StaffTask.match_id.is_(None), StaffTask.person_id.in_(of_both))
        about = or_(StaffTask.match_id == move.entity_id, of_no_match)
    theirs = StaffTask.rule.in_(CONCERNS), StaffTask.owner_id == member.id
    return bool(visit.session.scalar(select(exists().where(*theirs, about))))


Span = tuple[datetime, datetime | None]


def _own_spans(visit: Visit, person: Person) -> Sequence[Span]:
    """Return from when to when each worry of somebody was open that the visitor sees to."""
    about = StaffTask.person_id == person.id, StaffTask.rule.in_(CONCERNS)
    tasks = visit.session.scalars(select(StaffTask).where(*about))
    return [(each.opened_at, each.done_at) for each in tasks if may_open(visit, each)]


def _is_in(at: datetime, span: Span) -> bool:
    opened, done = span
    return opened <= at and (done is None or at <= done)
