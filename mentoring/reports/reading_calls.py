"""Reading how calls to the line went."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from mentoring.db import Session
from mentoring.models import (
    CallEnd,
    CallLeg,
    Conversation,
    ConversationStatus,
)
from mentoring.reports.facts import VoiceCall

Span = tuple[datetime, datetime]

# Where calls end of which nobody hung up in the middle of a question.
_LED_AWAY = {"person": "brought to a person", "goodbye": "put off for later"}


def read_calls(session: Session, span: Span) -> Iterator[VoiceCall]:
    """Return the calls of a period in which somebody talked with the line itself.

    A conversation that outlives its call belongs to the last one that it was held in. What it was
    in an earlier one, the end of that call tells.
    """
    calls: dict[str, VoiceCall] = {}
    ends = {row.call_sid: row for row in session.execute(_in(span, _ENDS, CallEnd.at))}
    for row in session.execute(_in(span, _HELD, Conversation.started_at)):
        end = ends.get(row.call_sid)
        outlived = end is not None and end.conversation_id == row.id
        before = calls.get(row.call_sid)
        calls[row.call_sid] = VoiceCall(
            row.person_id if before is None else before.person,
            row.began if before is None else before.at,
            (row.status is ConversationStatus.FINISHED and not outlived)
            or (before is not None and before.is_finished),
            row.flow,
            row.heard + (before.heard if before else 0),
            row.misheard + (before.misheard if before else 0),
        )
    for sid, end in ends.items():
        before = calls.get(sid, VoiceCall(end.person_id, end.began, False, "", 0, 0))
        calls[sid] = before._replace(
            place=_place(end),
            heard=before.heard + end.heard,
            misheard=before.misheard + end.misheard,
        )
    yield from calls.values()


# A call began when its leg did. Whoever goes on in a later call began the conversation before it.
_HELD = (
    select(
        *(Conversation.id, Conversation.call_sid, Conversation.person_id, Conversation.flow),
        *(Conversation.status, Conversation.heard, Conversation.misheard),
        func.coalesce(CallLeg.started_at, Conversation.started_at).label("began"),
    )
    .outerjoin(CallLeg, CallLeg.call_sid == Conversation.call_sid)
    .where(Conversation.call_sid.is_not(None))
    .order_by(Conversation.id)
)
_ENDS = (
    select(
        *(CallEnd.call_sid, CallEnd.conversation_id, CallEnd.flow, CallEnd.question),
        *(CallEnd.effect, CallEnd.heard, CallEnd.misheard, Conversation.person_id),
        func.coalesce(CallLeg.started_at, CallEnd.at).label("began"),
    )
    .join(Conversation, Conversation.id == CallEnd.conversation_id)
    .outerjoin(CallLeg, CallLeg.call_sid == CallEnd.call_sid)
    .order_by(CallEnd.id)
)


def _in(span: Span, chosen: Any, otherwise: Any) -> Any:
    """Return the calls of a statement that began in a period; without a leg, another time tells."""
    since, until = span
    began = func.coalesce(CallLeg.started_at, otherwise)
    return chosen.where(began >= since, began < until)


def _place(end: Any) -> str:
    return _LED_AWAY.get(end.effect or "", f"{end.flow}, {end.question}")
