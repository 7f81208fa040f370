"""A call is over: whatever it left open is settled, told and kept."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from mentoring.calendar.talked import follow_up_later
from mentoring.calling import end_call
from mentoring.contacts import see_leg
from mentoring.conversations import hang_up
from mentoring.db import Session
from mentoring.missed import tell_about_missed_calls
from mentoring.models import CallLeg, LegSide
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
    conversation = hang_up(session, call_sid, now=now)
    if conversation is not None:
        send_unfinished_note(session, conversation, now=now)
    adopt_recordings(session, call_sid, now=now)
    tell_about_missed_calls(session, call_sid, now=now)
    end_service_call(session, call_sid, status=status, conversation=conversation, now=now)
    follow_up_later(session, call_sid, now=now)


def _end_dialled_legs(session: Session, call_sid: str, *, now: datetime) -> None:
    """A dialled leg does not outlive the call that dialled it, even if its own end was not told."""
    session.execute(
        update(CallLeg)
        .where(CallLeg.parent_sid == call_sid, CallLeg.ended_at.is_(None))
        .values(ended_at=now)
    )


def calls_to_ask_about(session: Session, *, now: datetime, limit: int = 50) -> list[str]:
    """Return calls that may have ended without our being told; the carrier knows.

    Each is returned once in a quarter of an hour, oldest first.
    """
    since = func.coalesce(CallLeg.asked_at, CallLeg.started_at)
    legs = session.scalars(
        select(CallLeg)
        .where(
            CallLeg.side == LegSide.CALLER,
            CallLeg.ended_at.is_(None),
            since < now - _ASK_AFTER,
        )
        .order_by(CallLeg.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for leg in legs:
        leg.asked_at = now
    return [leg.call_sid for leg in legs]
