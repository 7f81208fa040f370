"""WORRY by text: staff know at once, and a few questions follow on the main line (3.10, O10).

They are asked from the main line wherever the word was sent: what is texted to a pair line goes to
the other side, and no answer about a worry may ever go there (S22).
"""

from datetime import timedelta

from mentoring.conversation_queries import leave, waiting_conversation
from mentoring.conversations import ask_again, begin, take_up
from mentoring.db import Session
from mentoring.lines import main_line
from mentoring.models import Channel, Conversation
from mentoring.put_aside import set_aside
from mentoring.safety.worry import FLOW, open_worry, tell_numbers, worry_told_by
from sms.letters import Letter, Writer
from sms.replies import Replies

# A worry that was left half told for longer is another one when the word comes again.
_SAME_WORRY = timedelta(days=1)


def take_worry(session: Session, letter: Letter, writer: Writer) -> None:
    """Open the alert, and ask what it is about. Whoever takes no texts gets the numbers alone.

    So does whoever was answered too often of late to be asked anything now.
    """
    now, phone, person, match_id = letter.now, writer.phone, writer.person, writer.match_id
    replies = Replies(session, letter, phone=phone, line=main_line(session))
    if phone.texts_refused_at is not None or replies.are_too_many:
        sid = letter.message_sid
        open_worry(session, key=sid, person=person, phone=phone, match_id=match_id, now=now)
        tell_numbers(session, phone, person, key=f"worry:{sid}", now=now)
        return
    waiting = waiting_conversation(session, phone, now=now)
    # Nobody goes on with the worry of somebody else who uses the phone.
    told_by = person.id if person is not None else None
    same = waiting is not None and (waiting.flow, waiting.person_id) == (FLOW, told_by)
    if waiting is not None and same and now - waiting.touched_at < _SAME_WORRY:
        _go_on(session, letter, waiting, replies)
        return
    if waiting is not None and same:
        leave(waiting, now=now)
        session.flush()
    elif waiting is not None:
        set_aside(session, waiting, now=now)
    exchange = begin(
        session,
        FLOW,
        channel=Channel.TEXT,
        phone=phone,
        person=person,
        call_sid=None,
        match_id=match_id,
        now=now,
    )
    worry_told_by(session, exchange.conversation, now=now)
    replies.exchange(exchange)


def _go_on(session: Session, letter: Letter, waiting: Conversation, replies: Replies) -> None:
    """The same worry: ask once more what was asked last."""
    if waiting.channel is Channel.TEXT and waiting.effect is None:
        replies.exchange(ask_again(session, waiting))
        return
    exchange = take_up(session, waiting, channel=Channel.TEXT, call_sid=None, now=letter.now)
    replies.exchange(exchange)
