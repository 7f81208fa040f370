"""A call that reached our line while we could not answer it: it enters the log when we can again.

Its caller heard an apology that was made without a database, and nothing else is known of the call.
So nobody is told that they were called; staff are asked to call back, and to hear the message that
the caller may have left with the carrier.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from mentoring.contacts import caller_of, log_between, log_menu_call, log_refusal, settle
from mentoring.conversation_queries import conversation_of_call
from mentoring.db import Session
from mentoring.models import (
    CallLeg,
    Contact,
    ContactKind,
    Outcome,
    Person,
    Phone,
    Purpose,
    Recording,
    StaffTask,
)
from mentoring.notes import file_is_ready, keep_spoken
from mentoring.people import add_phone
from mentoring.routing import Reached, Refusal, Route, find_reached
from mentoring.tasks import open_task

_REASON = "a fault of ours"
_RULE = "lost call"
_WORKING_DAYS = 1


@dataclass(frozen=True)
class LostCall:
    """One call as the carrier has it. `number` is E.164, or None when it is withheld."""

    sid: str
    number: str | None
    line_number: str
    at: datetime


@dataclass(frozen=True)
class LeftMessage:
    """What a caller has recorded, as the carrier has it."""

    sid: str
    call_sid: str
    seconds: int | None
    at: datetime


_LOGGED = select(Contact.source_sid).where(
    Contact.source_sid.in_(bindparam("sids", expanding=True))
)


def never_logged(session: Session, sids: Collection[str]) -> set[str]:
    """Return those of the calls that the log knows nothing of."""
    if not sids:
        return set()
    return set(sids) - set(session.columns(_LOGGED, {"sids": list(sids)}).scalars())


_KEPT = select(Recording.recording_sid).where(
    Recording.recording_sid.in_(bindparam("sids", expanding=True))
)


def never_kept(session: Session, sids: Collection[str]) -> set[str]:
    """Return those of the recordings that we know nothing of."""
    if not sids:
        return set()
    return set(sids) - set(session.columns(_KEPT, {"sids": list(sids)}).scalars())


def log_lost_call(session: Session, call: LostCall, *, now: datetime) -> None:
    """Write down a call that nobody answered, and ask staff to call back whoever it was."""
    reached = find_reached(session, number=call.number, line_number=call.line_number)
    if reached.is_loop or reached.line is None:
        return
    _log(session, call, reached)
    if call.number is not None:
        _ask_to_call_back(session, call, reached, now=now)


def _log(session: Session, call: LostCall, reached: Reached) -> None:
    if isinstance(reached.way, Route):
        log_between(
            session,
            reached.way,
            ContactKind.CALL,
            source_sid=call.sid,
            outcome=Outcome.NOT_RUNG,
            reason=_REASON,
            ended=True,
            now=call.at,
        )
        return
    person = reached.phone.only_person if reached.phone else None
    person_id = person.id if person else None
    line_id = reached.line.id if reached.line else None
    if isinstance(reached.way, Refusal):
        log_refusal(
            session,
            reached.way,
            ContactKind.CALL,
            number=call.number,
            line_id=line_id,
            person_id=person_id,
            source_sid=call.sid,
            now=call.at,
        )
        return
    contact = log_menu_call(
        session,
        number=call.number,
        line_id=line_id,
        person_id=person_id,
        call_sid=call.sid,
        now=call.at,
    )
    settle(contact, Outcome.FAILED, now=call.at, reason=_REASON)


def _ask_to_call_back(session: Session, call: LostCall, reached: Reached, *, now: datetime) -> None:
    """One task for each phone and day, however often they tried."""
    phone = reached.phone or add_phone(session, call.number or "", now=now)
    person = phone.only_person
    who = person.code if person else "Somebody"
    open_task(
        session,
        rule=_RULE,
        words=f"{who} called while our line had a fault, and could not be served. Call them back.",
        key=_key_of_day(phone, call.at),
        person=person,
        phone=phone,
        match_id=reached.way.match.id if isinstance(reached.way, Route) else None,
        working_days=_WORKING_DAYS,
        now=now,
    )


def _key_of_day(phone: Phone, at: datetime) -> str:
    return f"{_RULE}:{phone.id}:{at:%Y-%m-%d}"


def keep_left_message(
    session: Session, message: LeftMessage, call: LostCall | None, *, now: datetime
) -> bool:
    """Keep what a caller said where only the carrier could hear it, and ask staff to listen.

    `call` is the call to our line that it was left in; without it we may have rung that person
    ourselves. A call that goes on may still tell us, and one that is none of ours is left alone:
    then nothing is kept.
    """
    leg = session.scalar(select(CallLeg).where(CallLeg.call_sid == message.call_sid))
    if leg is not None and leg.ended_at is None:
        return False
    speaker = _speaker(session, message, call, now=now)
    if speaker is None:
        return False
    recording = _keep(session, message, speaker, now=now)
    _ask_to_listen(session, recording, speaker, now=now)
    return True


@dataclass(frozen=True)
class _Speaker:
    """Who left a message; a withheld number has no phone."""

    phone: Phone | None
    person: Person | None
    match_id: int | None = None


def _speaker(
    session: Session, message: LeftMessage, call: LostCall | None, *, now: datetime
) -> _Speaker | None:
    if call is None:
        phone, person = caller_of(session, message.call_sid)
        return _Speaker(phone, person) if phone is not None else None
    reached = find_reached(session, number=call.number, line_number=call.line_number)
    if reached.is_loop or reached.line is None:
        return None
    phone = reached.phone
    if phone is None and call.number is not None:
        phone = add_phone(session, call.number, now=now)
    match_id = reached.way.match.id if isinstance(reached.way, Route) else None
    return _Speaker(phone, phone.only_person if phone else None, match_id)


def _keep(session: Session, message: LeftMessage, speaker: _Speaker, *, now: datetime) -> Recording:
    """Keep it as a message to staff, whatever the call was about when we failed.

    It was asked for as one, so it must not become the voice note that was being left.
    """
    conversation = conversation_of_call(session, message.call_sid)
    keep_spoken(
        session,
        purpose=Purpose.MESSAGE,
        recording_sid=message.sid,
        call_sid=message.call_sid,
        seconds=message.seconds,
        conversation_id=conversation.id if conversation else None,
        from_person_id=speaker.person.id if speaker.person else None,
        now=message.at,
    )
    return file_is_ready(
        session,
        recording_sid=message.sid,
        call_sid=message.call_sid,
        status="completed",
        seconds=message.seconds,
        now=now,
    )


def _ask_to_listen(
    session: Session, recording: Recording, speaker: _Speaker, *, now: datetime
) -> None:
    """Let the task of that day's call hold the message; a further one has a task of its own."""
    words = _words_about(speaker)
    task = _open_task_of_day(session, speaker.phone, recording.made_at)
    if task is not None:
        task.recording_id = recording.id
        task.words = words
        return
    open_task(
        session,
        rule=_RULE,
        words=words,
        key=f"{_RULE}:{recording.recording_sid}",
        person=speaker.person,
        phone=speaker.phone,
        match_id=speaker.match_id,
        recording_id=recording.id,
        working_days=_WORKING_DAYS,
        now=now,
    )


def _words_about(speaker: _Speaker) -> str:
    left = "left a message while our line had a fault. Listen"
    if speaker.phone is None:
        return f"Somebody with a withheld number {left}: they may have said how to reach them."
    who = speaker.person.code if speaker.person else "Somebody"
    return f"{who} {left}, and call them back."


def _open_task_of_day(session: Session, phone: Phone | None, at: datetime) -> StaffTask | None:
    if phone is None:
        return None
    return session.scalar(
        select(StaffTask).where(
            StaffTask.dedupe_key == _key_of_day(phone, at),
            StaffTask.done_at.is_(None),
            StaffTask.recording_id.is_(None),
        )
    )
