"""PAUSE and FINISH by text. Answers come from the main line: a pair line is for the partner."""

from collections.abc import Sequence

from mentoring.calendar.pauses import pause_person
from mentoring.conversation_queries import leave, waiting_conversation
from mentoring.conversations import begin
from mentoring.db import Session
from mentoring.lines import main_line
from mentoring.models import Channel, Person
from mentoring.partners import Partner
from mentoring.put_aside import make_room
from mentoring.stopping import pause_words
from sms.keywords import Word
from sms.letters import Letter
from sms.replies import Replies


def part_by_text(
    session: Session, letter: Letter, person: Person | None, partners: Sequence[Partner]
) -> bool:
    """Do what the word of a text asks for; False when that is for staff to arrange."""
    if person is None:
        return False
    if letter.reading.word is Word.PAUSE:
        return _pause(session, letter, person)
    return bool(partners) and _ask_about_finish(session, letter, person, partners)


def _pause(session: Session, letter: Letter, person: Person) -> bool:
    """Let somebody pause, and tell them until when."""
    pause = pause_person(session, person, actor=person.code, reason="asked by text", now=letter.now)
    if pause is None:
        return False
    prompt, known = pause_words(session, person, pause)
    _from_main_line(session, letter, person).prompt(prompt, person=person, **known)
    return True


def _ask_about_finish(
    session: Session, letter: Letter, person: Person, partners: Sequence[Partner]
) -> bool:
    """Ask somebody whether they are sure."""
    waiting = waiting_conversation(session, person.phone, now=letter.now)
    if waiting is not None and waiting.person_id != person.id:
        make_room(session, waiting, now=letter.now)
    elif waiting is not None:
        leave(waiting, now=letter.now)
        session.flush()
    exchange = begin(
        session,
        "finish",
        channel=Channel.TEXT,
        phone=person.phone,
        person=person,
        call_sid=None,
        match_id=partners[0].match_id if len(partners) == 1 else None,
        lasting=True,
        now=letter.now,
    )
    _from_main_line(session, letter, person).exchange(exchange)
    return True


def _from_main_line(session: Session, letter: Letter, person: Person) -> Replies:
    return Replies(session, letter, phone=person.phone, line=main_line(session))
