"""What a caller has just recorded belongs to: a voice note, an answer, or a message to staff."""

from datetime import datetime

from mentoring.db import Session
from mentoring.missed import tell_about_note
from mentoring.models import (
    Conversation,
    ConversationStatus,
    Purpose,
    Recording,
    StaffTask,
)
from mentoring.notes import keep_spoken, send_note
from mentoring.routing import route_in_match


def keep_answer_recording(
    session: Session,
    conversation: Conversation,
    *,
    recording_sid: str,
    call_sid: str,
    seconds: int | None,
    now: datetime,
) -> Recording:
    """Keep what was recorded as the present step of a conversation."""
    note = conversation.flow == "leave_note"
    route = route_in_match(session, conversation.match_id, conversation.person_id) if note else None
    recording = keep_spoken(
        session,
        purpose=Purpose.NOTE if note else Purpose.ANSWER,
        recording_sid=recording_sid,
        call_sid=call_sid,
        seconds=seconds,
        route=route,
        conversation_id=conversation.id,
        from_person_id=conversation.person_id,
        now=now,
    )
    conversation.recording_id = recording.id
    return recording


def keep_message(
    session: Session,
    task: StaffTask,
    conversation: Conversation | None,
    *,
    recording_sid: str,
    call_sid: str,
    seconds: int | None,
    now: datetime,
) -> None:
    """Keep a message to staff with the call-back task that it belongs to."""
    recording = keep_spoken(
        session,
        purpose=Purpose.MESSAGE,
        recording_sid=recording_sid,
        call_sid=call_sid,
        seconds=seconds,
        conversation_id=conversation.id if conversation else None,
        from_person_id=conversation.person_id if conversation else None,
        now=now,
    )
    task.recording_id = recording.id


def send_unfinished_note(session: Session, conversation: Conversation, *, now: datetime) -> None:
    """Send a voice note whose speaker hung up after speaking, as on any answering machine.

    A note that was spoken over again has been replaced by then, so only the newest one goes out.
    """
    unfinished = (
        conversation.flow == "leave_note"
        and conversation.status is not ConversationStatus.FINISHED
        and conversation.recording_id is not None
    )
    if not unfinished:
        return
    note = session.get_one(Recording, conversation.recording_id)
    route = route_in_match(session, conversation.match_id, conversation.person_id)
    if route is not None and note.sent_at is None and (note.seconds or 0) > 0:
        send_note(session, note, route, now=now)
        tell_about_note(session, note, route, now=now)
