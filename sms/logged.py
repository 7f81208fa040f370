"""A text that is passed on to nobody is in the log all the same."""

from mentoring.contacts import log_menu_text, log_refusal
from mentoring.db import Session
from mentoring.models import ContactKind, Line, Person
from mentoring.routing import Reached, Refusal
from sms.letters import Letter


def log_refused_text(session: Session, letter: Letter, reached: Reached) -> None:
    """Log a text that reached nobody, with why."""
    way = reached.way if isinstance(reached.way, Refusal) else Refusal.WITHHELD
    person = None
    if isinstance(reached.way, Refusal) and reached.phone is not None:
        person = reached.phone.only_person
    log_refusal(
        session,
        way,
        ContactKind.TEXT,
        number=letter.number,
        line_id=reached.line.id if reached.line else None,
        person_id=person.id if person else None,
        source_sid=letter.message_sid,
        now=letter.now,
    )


def log_text_to_us(session: Session, letter: Letter, line: Line, person: Person | None) -> None:
    """Log a text that the service itself has answered or kept."""
    log_menu_text(
        session,
        number=letter.number,
        line_id=line.id,
        person_id=person.id if person else None,
        message_sid=letter.message_sid,
        now=letter.now,
    )
