"""How somebody likes to talk is written down: where one reads texts only, nobody is rung."""

from datetime import datetime

from mentoring.calendar.changed_talks import TALKING, have_both_told, talks_to_come
from mentoring.calendar.pauses import matches_of
from mentoring.db import Session
from mentoring.models import Mode, Person


def write_mode(session: Session, person: Person, mode: Mode, *, now: datetime) -> None:
    """Write it down; of a call that one of the two was promised, staff tell both."""
    person.mode = mode
    if mode is not Mode.TEXT:
        return
    for match in matches_of(session, person, TALKING):
        for talk in talks_to_come(session, match.id, now=now):
            if talk.rings:
                talk.ring_first_id = talk.ring_next_id = None
                have_both_told(
                    session,
                    talk,
                    person,
                    why="reads texts only now, so nobody is rung for",
                    then=". They can text on their line then.",
                    now=now,
                )
