"""The versions of a pair's plan: which one counts, which is the newest, what each side wishes."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from mentoring.db import Session
from mentoring.flows.plan import RHYTHM_TOLD_IN
from mentoring.models import Answer, Conversation, Plan

_NEWEST = (
    select(Plan)
    .where(Plan.match_id == bindparam("match_id"))
    .order_by(Plan.version.desc())
    .limit(1)
)
_IN_FORCE = _NEWEST.where(
    Plan.ended_at.is_(None),
    Plan.protege_agreed_at.is_not(None),
    Plan.mentor_agreed_at.is_not(None),
)


def plan_in_force(session: Session, match_id: int) -> Plan | None:
    """Return the newest version that both have agreed to and that nothing has ended, if any."""
    return session.scalar(_IN_FORCE, {"match_id": match_id})


def newest_plan(session: Session, match_id: int) -> Plan | None:
    """Return the newest version of a plan, agreed to or only proposed."""
    return session.scalar(_NEWEST, {"match_id": match_id})


def plan_to_read_back(session: Session, match_id: int) -> Plan | None:
    """Return the version that counts, else one that both are asked about; None when neither is."""
    newest = plan_in_force(session, match_id) or newest_plan(session, match_id)
    return newest if newest is not None and newest.ended_at is None else None


_WISHES = (
    select(Answer.person_id, Answer.value)
    .join(Conversation, Conversation.id == Answer.conversation_id)
    .where(
        Conversation.match_id == bindparam("match_id"),
        Conversation.flow.in_(RHYTHM_TOLD_IN),
        Answer.question == "GP3",
    )
    .order_by(Answer.id)
)


def wishes_of(session: Session, match_id: int) -> Mapping[int | None, str]:
    """Return how often each side of a match would like to talk, as told last, by person."""
    rows = session.columns(_WISHES, {"match_id": match_id})
    return {person_id: value or "" for person_id, value in rows}
