"""What a caller has just recorded belongs to: a voice note, an answer, or a message to staff."""

from datetime import datetime

from sqlalchemy import bindparam, select

from mentoring.contacts import call_is_over, caller_of
from mentoring.conversation_queries import conversation_of_call
from mentoring.conversations import take
from mentoring.db import Memo, Session
from mentoring.effects import ToPerson, effect_from_text
from mentoring.facts import is_lost, state_of
from mentoring.flows import FLOWS
from mentoring.flows.inputs import Recorded
from mentoring.flows.steps import Kind
from mentoring.lost_recordings import said_again, tell_of_loss
from mentoring.models import (
    Conversation,
    ConversationStatus,
    Purpose,
    Recording,
    RecordingState,
    StaffTask,
)
from mentoring.notes import keep_spoken, send_note
from mentoring.routing import route_in_match
from mentoring.tasks import newest_call_back


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
    if note and is_lost(session, conversation) and conversation.recording_id != recording.id:
        said_again(session, conversation.recording_id or 0, now=now)
    conversation.recording_id = recording.id
    session.memo[Memo.RECORDING] = recording
    _tell_if_lost(session, recording, now=now)
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
    _tell_if_lost(session, recording, now=now)


def _tell_if_lost(session: Session, recording: Recording, *, now: datetime) -> None:
    """The news that there is no file may be there before it is known whose words they were."""
    if recording.state is RecordingState.LOST and recording.seconds:
        session.flush()
        tell_of_loss(session, recording, now=now)


# A recording in one of these states has, or had, something in it.
_THERE = (RecordingState.READY, RecordingState.STORED, RecordingState.ERASED)
_ORPHANS = (
    select(Recording)
    .where(
        Recording.call_sid == bindparam("call_sid"),
        Recording.conversation_id.is_(None),
        Recording.state.in_(_THERE),
    )
    .order_by(Recording.id)
)


def adopt_recordings(session: Session, call_sid: str, *, now: datetime) -> None:
    """Find out whose the recordings of a finished call are that only their files told us about.

    The call knows: a message to staff, or what was being said when it ended. No words are lost.
    While a call goes on nothing is done, because the end of the recording is still to be told.
    """
    if not call_is_over(session, call_sid):
        return
    for recording in session.scalars(_ORPHANS, {"call_sid": call_sid}).all():
        _adopt(session, recording, call_sid, now=now)


def _adopt(session: Session, recording: Recording, call_sid: str, *, now: datetime) -> None:
    """Give it to staff where they were asked for: what may be said to them goes to nobody else.

    It stays without a conversation, as it is not known to be more than that.
    """
    conversation = conversation_of_call(session, call_sid)
    task = newest_call_back(session, call_sid)
    if task is not None:
        recording.from_person_id = task.person_id
        if not _is_message_told(session, task):
            task.recording_id = max(task.recording_id or 0, recording.id)
    elif conversation is None:
        # It goes on in another call by now, and asks again.
        _, person = caller_of(session, call_sid)
        recording.from_person_id = person.id if person else None
    else:
        hung_up_while_speaking(
            session,
            conversation,
            recording_sid=recording.recording_sid or "",
            call_sid=call_sid,
            seconds=recording.seconds,
            now=now,
        )


def _is_message_told(session: Session, task: StaffTask) -> bool:
    """Tell whether what a task holds was told of as the message; else it is the newest file."""
    held = session.get(Recording, task.recording_id) if task.recording_id else None
    return held is not None and held.conversation_id is not None


def hung_up_while_speaking(
    session: Session,
    conversation: Conversation,
    *,
    recording_sid: str,
    call_sid: str,
    seconds: int | None,
    now: datetime,
) -> None:
    """The caller ended the call inside a recording, so they have said it all, as with pound.

    A note is sent, and an answer counts. More of an answer that is kept already has a row, and no
    more than that.
    """
    recording = keep_answer_recording(
        session,
        conversation,
        recording_sid=recording_sid,
        call_sid=call_sid,
        seconds=seconds,
        now=now,
    )
    if conversation.flow == "leave_note":
        send_unfinished_note(session, conversation, now=now)
    elif _awaits_words(session, conversation):
        given = Recorded(str(recording.id), seconds or 0, "#")
        take(session, conversation, given, proof=call_sid, now=now)


def _awaits_words(session: Session, conversation: Conversation) -> bool:
    """Tell whether the open question is one that is answered by speaking after the tone.

    What lives for one call is left when that ends, which may have been told before.
    """
    left = conversation.status is ConversationStatus.LEFT
    if conversation.status is ConversationStatus.FINISHED or (left and conversation.lasting):
        return False
    ask = FLOWS[conversation.flow].ask(state_of(session, conversation).step)
    return ask is not None and ask.kind is Kind.OPEN


def send_unfinished_note(session: Session, conversation: Conversation, *, now: datetime) -> None:
    """Send a voice note whose speaker hung up after speaking, as on any answering machine.

    A note that was spoken over again has been replaced by then, so only the newest one goes out.
    Whoever asked for a person instead of sending it has not sent it.
    """
    unfinished = (
        conversation.flow == "leave_note"
        and conversation.status is not ConversationStatus.FINISHED
        and conversation.recording_id is not None
        and effect_from_text(conversation.effect) != ToPerson()
    )
    if not unfinished:
        return
    note = session.get_one(Recording, conversation.recording_id)
    route = route_in_match(session, conversation.match_id, conversation.person_id)
    is_there = note.state is not RecordingState.LOST and (note.seconds or 0) > 0
    if route is not None and note.sent_at is None and is_there:
        send_note(session, note, route, now=now)
