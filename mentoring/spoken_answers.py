"""What a caller has just recorded belongs to: a voice note, an answer, or a message to staff."""

from datetime import datetime

from sqlalchemy import select

from mentoring.conversations import conversation_of_call
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


def adopt_recording(session: Session, recording: Recording, *, now: datetime) -> None:
    """Find out whose a recording is when only its file was told about, not the end of recording.

    Its call knows: a note that was being left, or a message to staff. Nobody's words are lost.
    """
    if recording.conversation_id is not None or recording.call_sid is None:
        return
    conversation = conversation_of_call(session, recording.call_sid)
    if conversation is not None and conversation.flow == "leave_note":
        keep_answer_recording(
            session,
            conversation,
            recording_sid=recording.recording_sid or "",
            call_sid=recording.call_sid,
            seconds=recording.seconds,
            now=now,
        )
        if conversation.status is ConversationStatus.LEFT:
            send_unfinished_note(session, conversation, now=now)
        return
    task = session.scalar(
        select(StaffTask).where(StaffTask.dedupe_key == f"person:{recording.call_sid}")
    )
    if task is not None and task.recording_id is None:
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
