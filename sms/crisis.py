"""A text with words of a crisis: answered at once and at any hour, whatever becomes of it (S17)."""

from datetime import timedelta

from sqlalchemy import bindparam, func, select

from mentoring.conversations import take
from mentoring.db import Session
from mentoring.effects import PUT_OFF
from mentoring.flows.inputs import Text
from mentoring.models import (
    Channel,
    Conversation,
    ConversationStatus,
    Delivery,
    DeliveryKind,
)
from mentoring.notices import queue_prompt
from mentoring.safety.crisis import raise_crisis
from mentoring.safety.worry import FLOW as CONCERN
from sms.answering import answers, asks_for_name
from sms.letters import Letter, Writer
from sms.replies import Replies

_ANSWER = "T-X1"
# A machine that answers by itself with such words would be answered for ever.
_OFTEN_ENOUGH, _WITHIN = 5, timedelta(minutes=10)
_TOLD_OF_LATE = select(func.count(Delivery.id)).where(
    Delivery.to_phone_id == bindparam("phone_id"),
    Delivery.kind == DeliveryKind.REPLY,
    Delivery.prompt == _ANSWER,
    Delivery.created_at > bindparam("since"),
)


def answer_crisis(session: Session, letter: Letter, writer: Writer, *, language: str) -> None:
    """Tell the writer whom to call, and staff that somebody may be in danger.

    The answer has a key of its own, so that the same text told twice is answered once. Whoever got
    it five times within ten minutes has it; staff hear of each text all the same.
    """
    of_late = {"phone_id": writer.phone.id, "since": letter.now - _WITHIN}
    if session.columns(_TOLD_OF_LATE, of_late).scalar_one() < _OFTEN_ENOUGH:
        queue_prompt(
            session,
            _ANSWER,
            to=writer.phone,
            line=writer.line,
            kind=DeliveryKind.REPLY,
            dedupe_key=f"crisis:{letter.message_sid}",
            person=writer.person,
            reply_to_at=letter.written_at,
            language="" if writer.person else language,
            now=letter.now,
        )
    raise_crisis(
        session,
        words="wrote words that may be a cry for help.",
        person=writer.person,
        phone=writer.phone,
        match_id=writer.match_id,
        told=letter.body,
        now=letter.now,
    )


def take_in_crisis(
    session: Session, letter: Letter, waiting: Conversation | None, replies: Replies
) -> None:
    """Let such a text answer the open question, if it can; ask nothing more in the same breath.

    The next question comes with their next text. Only in a worry the questions go on, for they are
    about this very thing.
    """
    if waiting is None or not _answers(session, waiting, letter.body):
        return
    exchange = take(session, waiting, Text(letter.body), proof=letter.message_sid, now=letter.now)
    if waiting.flow == CONCERN:
        replies.exchange(exchange)
    elif waiting.status is ConversationStatus.OPEN:
        waiting.effect = PUT_OFF


def _answers(session: Session, waiting: Conversation, body: str) -> bool:
    """Tell whether a text is an answer to a question that was asked by text: never a name."""
    if waiting.channel is not Channel.TEXT or waiting.effect is not None:
        return False
    return not asks_for_name(session, waiting) and answers(session, waiting, body)
