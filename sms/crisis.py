"""A text with words of a crisis: answered at once and at any hour, whatever becomes of it (S17)."""

from mentoring.conversations import take
from mentoring.db import Session
from mentoring.editions.current import catalog_in
from mentoring.effects import PUT_OFF
from mentoring.facts import facts_for, language_of, state_of
from mentoring.flows import FLOWS, engine
from mentoring.flows.events import Answered
from mentoring.flows.inputs import Text
from mentoring.flows.steps import Kind
from mentoring.models import (
    Channel,
    Conversation,
    ConversationStatus,
    DeliveryKind,
)
from mentoring.notices import queue_prompt
from mentoring.safety.crisis import raise_crisis
from mentoring.safety.worry import FLOW as CONCERN
from sms.letters import Letter, Writer
from sms.replies import Replies


def answer_crisis(session: Session, letter: Letter, writer: Writer, *, language: str) -> None:
    """Tell the writer whom to call, and staff that somebody may be in danger.

    The answer has a key of its own, so that the same text told twice is answered once.
    """
    queue_prompt(
        session,
        "T-X1",
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
    flow, state = FLOWS[waiting.flow], state_of(session, waiting)
    asked = flow.ask(state.step)
    if asked is None or asked.kind is Kind.NAME:
        return False
    turn = engine.answer(
        flow,
        state,
        Text(body),
        facts=facts_for(session, waiting),
        catalog=catalog_in(session, waiting),
        language=language_of(waiting),
    )
    return any(isinstance(event, Answered) for event in turn.events)
