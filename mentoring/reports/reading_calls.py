"""Reading how calls to the line went, and how long mentors were trained."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from mentoring.applications.checklist import ORIENTATION_TALK
from mentoring.db import Session
from mentoring.flows.orientation import MENTOR_LESSONS
from mentoring.models import (
    Answer,
    CallEnd,
    CallLeg,
    Channel,
    Conversation,
    ConversationStatus,
    Person,
    Role,
    ScreeningCheck,
)
from mentoring.reports.facts import LESSONS, LIVE_TALK, Training, VoiceCall
from mentoring.reports.periods import Period

Span = tuple[datetime, datetime]

# Where calls end of which nobody hung up in the middle of a question.
_LED_AWAY = {"person": "brought to a person", "goodbye": "put off for later"}
_LESSON_KEYS = [key for lesson in MENTOR_LESSONS for key in (lesson.key, lesson.second_key)]


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


def read_training(session: Session, period: Period) -> Iterator[Training]:
    """Return the live talks of a period with mentors, and their calls with lessons in them."""
    talks = session.execute(
        select(ScreeningCheck.person_id, ScreeningCheck.held_on, ScreeningCheck.minutes)
        .join(Person, Person.id == ScreeningCheck.person_id)
        .where(ScreeningCheck.item == ORIENTATION_TALK, Person.role == Role.MENTOR)
        .where(ScreeningCheck.held_on >= period.since, ScreeningCheck.held_on < period.until)
        .order_by(ScreeningCheck.id)
    )
    for person_id, day, minutes in talks:
        yield Training(person_id, day, LIVE_TALK, None if minutes is None else Fraction(minutes))
    since, until = period.moments(session.programme.office)
    # One call holds several answers, and counts once.
    calls = session.execute(
        select(CallLeg.id, Conversation.person_id, CallLeg.started_at, CallLeg.seconds)
        .select_from(Answer)
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .join(CallLeg, CallLeg.phone_id == Conversation.phone_id)
        .where(Answer.question.in_(_LESSON_KEYS), Answer.channel == Channel.VOICE)
        .where(CallLeg.started_at <= Answer.at, Answer.at <= CallLeg.ended_at)
        .where(CallLeg.started_at >= since, CallLeg.started_at < until, CallLeg.seconds > 0)
        .where(Conversation.person_id.is_not(None))
        .distinct()
        .order_by(CallLeg.id)
    )
    for _, mentor_id, at, seconds in calls:
        if mentor_id is not None:
            day = at.astimezone(session.programme.office).date()
            yield Training(mentor_id, day, LESSONS, Fraction(seconds or 0, 60))
