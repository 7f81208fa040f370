"""A worry is told: staff know at once, and each answer takes effect as it is given (3.10).

Who breaks off in the middle has lost nothing: the alert stands since the first word, and staff
call. What was answered is read by staff alone and is never shown to the other side (S22).
"""

from datetime import datetime

from mentoring.db import Session
from mentoring.effects import PUT_OFF, Ended, Goodbye, Sequel
from mentoring.errors import ProgrammeError
from mentoring.holds import hold_match
from mentoring.lines import main_line
from mentoring.models import (
    Channel,
    Conversation,
    ConversationStatus,
    DeliveryKind,
    Match,
    Person,
    Phone,
    StaffTask,
)
from mentoring.notices import queue_prompt
from mentoring.partners import partners_of
from mentoring.people import who_it_may_be
from mentoring.put_aside import questions_beside
from mentoring.safety.crisis import raise_crisis
from mentoring.tasks import open_task

FLOW = "concern"


def open_worry(
    session: Session,
    *,
    key: str,
    person: Person | None,
    phone: Phone | None,
    match_id: int | None,
    now: datetime,
) -> StaffTask:
    """Open the alert about a worry (O10): staff make contact by the day that is promised."""
    who = who_it_may_be(person, phone)
    refused = phone is not None and phone.texts_refused_at is not None
    return open_task(
        session,
        rule="O10",
        words=f"{who} has a worry to tell us. Nobody else was told."
        + (" They take no texts, so call." if refused else ""),
        key=f"O10:{key}",
        person=person,
        phone=phone,
        match_id=match_id,
        now=now,
    )


def worry_told_by(session: Session, conversation: Conversation, *, now: datetime) -> StaffTask:
    """Return the alert about the worry that a conversation is about, opening it at the first."""
    return open_worry(
        session,
        key=conversation.key.hex,
        person=conversation.person,
        phone=conversation.phone,
        match_id=_one_match(session, conversation),
        now=now,
    )


def _one_match(session: Session, conversation: Conversation) -> int | None:
    """Return the match that a worry must be about: where it was told, or the only one there is."""
    if conversation.match_id is not None or conversation.person_id is None:
        return conversation.match_id
    partners = partners_of(session, conversation.person_id)
    return partners[0].match_id if len(partners) == 1 else None


def heed_answer(
    session: Session,
    conversation: Conversation,
    question: str,
    value: str,
    *,
    proof: str,
    now: datetime,
) -> None:
    """Let one answer about a worry take effect at once."""
    if question == "WORRY" and conversation.recording_id is not None:
        alert = worry_told_by(session, conversation, now=now)
        alert.recording_id = alert.recording_id or conversation.recording_id
    elif question == "N1" and value == "yes":
        _somebody_is_in_danger(session, conversation, proof=proof, now=now)
    elif question == "N4W":
        alert = worry_told_by(session, conversation, now=now)
        conversation.match_id = int(value) if value != "0" else None
        alert.match_id = conversation.match_id
    elif question == "N4" and value == "yes":
        _pause(session, conversation, now=now)


def _somebody_is_in_danger(
    session: Session, conversation: Conversation, *, proof: str, now: datetime
) -> None:
    phone, person = conversation.phone, conversation.person
    raise_crisis(
        session,
        words="told us a worry and says that somebody is in danger now.",
        person=person,
        phone=phone,
        match_id=_one_match(session, conversation),
        now=now,
    )
    if conversation.channel is Channel.TEXT and phone is not None:
        tell_numbers(session, phone, person, key=f"danger:{proof}", now=now)


def tell_numbers(
    session: Session, phone: Phone, person: Person | None, *, key: str, now: datetime
) -> None:
    """Text whom to call in danger. It is a row of its own kind, so that nothing holds it back."""
    queue_prompt(
        session,
        "T-N2",
        to=phone,
        line=main_line(session),
        kind=DeliveryKind.REPLY,
        dedupe_key=key,
        person=person,
        reply_to_at=now,
        now=now,
    )


def _pause(session: Session, conversation: Conversation, *, now: datetime) -> None:
    """Put the match on hold as they wish. The other side only hears that it is on hold (S20)."""
    match_id = _one_match(session, conversation)
    match = session.get(Match, match_id) if match_id is not None else None
    person = conversation.person
    if match is None or person is None:
        return
    alert = worry_told_by(session, conversation, now=now)
    try:
        hold_match(session, match, actor=person.code, reason="asked for with a worry", now=now)
    except ProgrammeError:
        # It was held or closed a moment ago: nothing passes between the two as it is.
        return
    alert.words = f"{alert.words} {match.code} is on hold, as they wished."[:200]


def after_worry(ended: Ended) -> Sequel:
    """A worry was told to its end. What it had interrupted is asked again the next time."""
    session, conversation = ended.session, ended.conversation
    worry_told_by(session, conversation, now=ended.now)
    if conversation.lasting:
        # Only one question is open at a time, so this one must be over before the other comes back.
        conversation.status = ConversationStatus.FINISHED
        session.flush()
        _bring_back(session, conversation, now=ended.now)
    return Sequel(effect=Goodbye())


def _bring_back(session: Session, conversation: Conversation, *, now: datetime) -> None:
    aside = questions_beside(session, conversation, now=now).aside_of(conversation.person)
    if aside is not None:
        aside.status, aside.effect = ConversationStatus.OPEN, PUT_OFF
        session.flush()
