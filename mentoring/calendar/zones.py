"""The time zone of a person is known again: whatever waited for their clocks goes on."""

from datetime import datetime

from mentoring.calendar.pauses import matches_of
from mentoring.calendar.talks import plan_next_talk
from mentoring.db import Session
from mentoring.models import RUNNING, Person


def write_zone(session: Session, person: Person, zone: str, *, now: datetime) -> None:
    """Write down where somebody lives.

    Questions, texts and calls look for it by themselves; the talks of their plans could not be
    planned without it.
    """
    person.zone = zone
    for match in matches_of(session, person, RUNNING):
        plan_next_talk(session, match, now=now)
