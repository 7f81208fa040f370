"""Who opens what worries somebody: whoever sees to it, and those whose role says so (S11).

Everybody else who may see the alert sees that it is there, and whom to ask.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import abort
from sqlalchemy import select

from admin.accounts import member_of
from admin.office import Visit
from admin.permissions import Permission, may, may_open_concern
from mentoring.models import Answer, Conversation, Person, Staff, StaffAccount, StaffTask
from mentoring.oversight.rules import CONCERNS

_NAMED = 5


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
    """Return the answers of somebody that were given in a worry which is not the visitor's."""
    if visit.may(Permission.CONCERNS):
        return frozenset()
    own = _own_spans(visit, person)
    told = visit.session.execute(
        select(Answer.id, Answer.at)
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .where(Answer.person_id == person.id, Conversation.flow == "concern")
    )
    return frozenset(number for number, at in told if not any(_is_in(at, each) for each in own))


Span = tuple[datetime, datetime | None]


def _own_spans(visit: Visit, person: Person) -> Sequence[Span]:
    """Return from when to when each worry of somebody was open that the visitor sees to."""
    about = StaffTask.person_id == person.id, StaffTask.rule.in_(CONCERNS)
    tasks = visit.session.scalars(select(StaffTask).where(*about))
    return [(each.opened_at, each.done_at) for each in tasks if may_open(visit, each)]


def _is_in(at: datetime, span: Span) -> bool:
    opened, done = span
    return opened <= at and (done is None or at <= done)
