"""Somebody's time zone is written down: what waited for it goes on, or is at night now."""

from datetime import datetime

from mentoring.calendar.changed_talks import TALKING, have_both_told, talks_to_come
from mentoring.calendar.pauses import matches_of
from mentoring.calendar.talk_times import suits_both
from mentoring.calendar.talks import call_off_talks, plan_next_talk
from mentoring.db import Session
from mentoring.models import Match, Person


def write_zone(session: Session, person: Person, zone: str, *, now: datetime) -> None:
    """Write down where somebody lives.

    Questions, texts and calls look for it by themselves; the talks of their plans could not be
    planned without it, and one that is planned may be at night there.
    """
    person.zone = zone
    for match in matches_of(session, person, TALKING):
        _look_at_talks(session, match, person, now=now)
        plan_next_talk(session, match, now=now)


def _look_at_talks(session: Session, match: Match, moved: Person, *, now: datetime) -> None:
    """Let no talk stand at night: one of their plan is called off; staff tell whoever knows of it.

    One that somebody has asked for is left to the two and to staff: no plan would bring it back.
    """
    people = [side.person for side in match.sides]
    waiting = talks_to_come(session, match.id, now=now)
    at_night = [talk for talk in waiting if not suits_both(talk.at, people, session.programme)]
    for talk in at_night:
        if talk.is_known:
            ends = "Find another time with them" if talk.is_expected else "It is called off"
            have_both_told(
                session,
                talk,
                moved,
                why="lives in another time zone now, so",
                then=f" is at night for one of them. {ends}.",
                now=now,
            )
    call_off_talks(session, [talk for talk in at_night if not talk.is_expected], now=now)
