"""What somebody says to the line is heeded: a cry for help is answered before all else (S17)."""

from datetime import datetime

from mentoring.db import Session
from mentoring.flows.inputs import Input, Speech
from mentoring.models import Conversation
from mentoring.safety.crisis import raise_crisis
from mentoring.safety.words import read_flags


def heed_speech(
    session: Session, conversation: Conversation, given: Input, *, now: datetime
) -> tuple[str, ...]:
    """Return what is to be said before whatever comes next; mostly nothing."""
    if not isinstance(given, Speech) or not read_flags(given.words).crisis:
        return ()
    raise_crisis(
        session,
        words="said words on the phone that may be a cry for help.",
        person=conversation.person,
        phone=conversation.phone,
        told=given.words,
        now=now,
    )
    return ("T-X1",)
