"""A call is over: whatever it left open is settled, told and kept."""

from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, func, select, update

from mentoring.calendar.talked import follow_up_later
from mentoring.calling import end_call
from mentoring.contacts import see_leg
from mentoring.conversation_queries import conversation_of_call, leave
from mentoring.conversations import hear_silence
from mentoring.db import Session
from mentoring.facts import state_of
from mentoring.flows import engine
from mentoring.missed import forget_missed_calls, tell_about_missed_calls
from mentoring.models import (
    CallEnd,
    CallLeg,
    Conversation,
    ConversationStatus,
    LegSide,
    UtcDateTime,
)
from mentoring.rows import insert_row
from mentoring.service_calls.calls import end_service_call
from mentoring.spoken_answers import adopt_recordings, send_unfinished_note

# The carrier tells the end of a call at once, so an open one of that age may have lost its last
# callback. A long talk is asked about again after the same time.
_ASK_AFTER = timedelta(minutes=15)


def finish_call(
    session: Session, call_sid: str, *, status: str, seconds: int | None, now: datetime
) -> None:
    """Settle everything about a call that has ended, whoever tells us so and however often.

    `status` is the carrier's word, `seconds` how long the whole call was, where it is known.
    """
    see_leg(
        session,
        call_sid=call_sid,
        status=status,
        seconds=seconds,
        side=LegSide.CALLER,
        now=now,
    )
    _end_dialled_legs(session, call_sid, now=now)
    end_call(session, call_sid, now=now, seconds=seconds)
    conversation = _hang_up(session, call_sid, now=now)
    if conversation is not None:
        send_unfinished_note(session, conversation, now=now)
    adopt_recordings(session, call_sid, now=now)
    tell_about_missed_calls(session, call_sid, now=now)
    end_service_call(session, call_sid, status=status, conversation=conversation, now=now)
    for match_id, began in follow_up_later(session, call_sid, now=now):
        forget_missed_calls(session, match_id, before=began, now=now)


def _hang_up(session: Session, call_sid: str, *, now: datetime) -> Conversation | None:
    """The call is over: a lasting question waits for the next call or text, any other is left.

    Whoever was asked whether that was all, and hung up, has said it all: it goes where it belongs.
    """
    conversation = conversation_of_call(session, call_sid)
    if conversation is None or conversation.status is not ConversationStatus.OPEN:
        return conversation
    if engine.is_kept(state_of(session, conversation)):
        hear_silence(session, conversation, proof=call_sid, now=now)
    if conversation.status is ConversationStatus.OPEN:
        _keep_end(session, conversation, call_sid, now=now)
        if not conversation.lasting:
            leave(conversation, now=now)
    return conversation


def _keep_end(
    session: Session, conversation: Conversation, call_sid: str, *, now: datetime
) -> None:
    """Keep where the conversation stood, and how its answers were understood so far (E19)."""
    row = {
        "call_sid": call_sid,
        "conversation_id": conversation.id,
        "flow": conversation.flow,
        "question": state_of(session, conversation).step,
        "effect": (conversation.effect or "").partition(":")[0] or None,
        "heard": conversation.heard,
        "misheard": conversation.misheard,
        "at": now,
    }
    if insert_row(session, CallEnd, row, "call_sid") is not None:
        conversation.heard = conversation.misheard = 0


_STILL_DIALLED = select(CallLeg.id).where(
    CallLeg.parent_sid == bindparam("call_sid"), CallLeg.ended_at.is_(None)
)


def _end_dialled_legs(session: Session, call_sid: str, *, now: datetime) -> None:
    """A dialled leg does not outlive the call that dialled it, even if its own end was not told."""
    # Most calls dial nobody, or the end was told, and to look costs much less than to write.
    if session.columns(_STILL_DIALLED, {"call_sid": call_sid}).first() is None:
        return
    session.execute(
        update(CallLeg)
        .where(CallLeg.parent_sid == call_sid, CallLeg.ended_at.is_(None))
        .values(ended_at=now)
    )


_SINCE = bindparam("since", type_=UtcDateTime())
_TO_ASK_ABOUT = (
    select(CallLeg)
    .where(
        CallLeg.side == LegSide.CALLER,
        CallLeg.ended_at.is_(None),
        # Nobody asks before a call has begun. Said as well, it lets an index be used.
        CallLeg.started_at < _SINCE,
        func.coalesce(CallLeg.asked_at, CallLeg.started_at) < _SINCE,
    )
    .order_by(CallLeg.id)
    .limit(bindparam("batch", type_=Integer()))
    .with_for_update(skip_locked=True)
)


def calls_to_ask_about(session: Session, *, now: datetime, limit: int = 50) -> list[str]:
    """Return calls that may have ended without our being told; the carrier knows.

    Each is returned once in a quarter of an hour, oldest first.
    """
    legs = session.scalars(_TO_ASK_ABOUT, {"since": now - _ASK_AFTER, "batch": limit}).all()
    for leg in legs:
        leg.asked_at = now
    return [leg.call_sid for leg in legs]
