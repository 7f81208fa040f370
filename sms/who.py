"""Who writes from a phone that several people use: told by name, for the talk at hand only (S9)."""

from datetime import datetime, timedelta

from mentoring.db import Session
from mentoring.effects import PUT_OFF
from mentoring.flows.names import read_name
from mentoring.models import Channel, Conversation, Person, Phone
from sms.answering import answers, asks_for_name
from sms.keywords import Word
from sms.letters import Letter

# After so long a silence it may be another one who writes.
_A_TALK = timedelta(minutes=30)
FLOW = "who"
# Whatever is longer is no name, however it is put.
_LONGEST = 80


def may_be_another(session: Session, letter: Letter, waiting: Conversation) -> bool:
    """Tell whether it is to be asked who writes before the open question of a phone goes on.

    It is where somebody else may write now, who begins anew or says a name of their own.
    """
    phone = waiting.phone
    if phone is None or not phone.asks_who or waiting.flow == FLOW:
        return False
    if letter.reading.word is Word.MENU:
        return True
    if phone.has_one_name:
        # The same one, whatever they are here: only the menu depends on that.
        return False
    if waiting.effect == PUT_OFF or not talks_with_us(waiting, now=letter.now):
        return True
    named = named_in(phone, letter.body)
    if named is None or named.id == waiting.person_id:
        return False
    return not (asks_for_name(session, waiting) or answers(session, waiting, letter.body))


def talks_with_us(waiting: Conversation, *, now: datetime) -> bool:
    """Tell whether whoever was asked this by text is still at it."""
    return waiting.channel is Channel.TEXT and now - waiting.touched_at <= _A_TALK


def told_by(waiting: Conversation | None, *, goes_on: bool, now: datetime) -> Person | None:
    """Return who writes by what they were asked in this talk; nobody where that may be another."""
    if waiting is None or not talks_with_us(waiting, now=now):
        return None
    # Whoever was answered in danger is not asked on at once, and is the same one all the same.
    return waiting.person if goes_on or waiting.effect == PUT_OFF else None


def named_in(phone: Phone, body: str) -> Person | None:
    """Return whose name a text says and nothing else, if just one who uses the phone has it."""
    name = read_name(body, spoken=False) if len(body) <= _LONGEST else ""
    if not name or not isinstance(name, str):
        return None
    named = [each for each in phone.here if each.first_name.casefold() == name.casefold()]
    return named[0] if len(named) == 1 else None
