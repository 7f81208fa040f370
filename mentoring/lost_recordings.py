"""A recording of which the carrier has no file: whoever counts on it is told."""

from datetime import datetime

from sqlalchemy import bindparam, select

from mentoring.contacts import call_is_over
from mentoring.db import Session
from mentoring.missed import tell_about_missed_calls
from mentoring.models import Person, Recording, RecordingState, StaffTask
from mentoring.tasks import end_open_task, open_task

_SAY_AGAIN = "what they recorded was lost at the carrier. Ask them to say it again."


def lose(session: Session, recording: Recording, *, now: datetime) -> None:
    """Write down that nobody will ever hear a recording, and tell staff; silence is no loss.

    With a voice note that was sent the news of it is lost as well: the other side hears of the call
    that they missed, as soon as that is over.
    """
    recording.state = RecordingState.LOST
    session.flush()
    if recording.seconds == 0:
        return
    tell_of_loss(session, recording, now=now)
    call_sid = recording.call_sid
    if recording.sent_at is not None and call_sid is not None and call_is_over(session, call_sid):
        tell_about_missed_calls(session, call_sid, now=now)


_OPEN_ABOUT = (
    select(StaffTask)
    .where(StaffTask.recording_id == bindparam("recording_id"), StaffTask.done_at.is_(None))
    .order_by(StaffTask.id)
    .limit(1)
)


def tell_of_loss(session: Session, recording: Recording, *, now: datetime) -> None:
    """Say it in the task that points to the recording, or in one of its own."""
    task = session.scalar(_OPEN_ABOUT, {"recording_id": recording.id})
    if task is not None:
        if _SAY_AGAIN not in task.words:
            task.words = f"{task.words} But {_SAY_AGAIN}"
        return
    speaker = session.get(Person, recording.from_person_id) if recording.from_person_id else None
    open_task(
        session,
        rule="lost recording",
        words=f"{speaker.code if speaker else 'A caller'}: {_SAY_AGAIN}",
        key=_key(recording.id),
        person=speaker,
        match_id=recording.match_id,
        recording_id=recording.id,
        now=now,
    )


def said_again(session: Session, lost_id: int, *, now: datetime) -> None:
    """Whoever spoke has said it again in the same call: nobody need ask them to."""
    end_open_task(session, _key(lost_id), outcome="they said it again at once", now=now)


def _key(recording_id: int) -> str:
    return f"lost:{recording_id}"
