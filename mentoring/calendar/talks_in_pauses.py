"""A talk that somebody counts on, in a match that is to end, when the other one takes a pause.

Nobody is rung for it then, and no plan would bring it back: so it is called off, and they hear so.
"""

from datetime import date, datetime

from mentoring.calendar.pairs import other_side
from mentoring.calendar.talk_times import told_by
from mentoring.calendar.talks import call_off_wanted
from mentoring.calendar.telling import tell
from mentoring.clock import spoken_date, spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.models import Match, Person
from mentoring.tasks import open_task


def call_off_in_pause(
    session: Session, match: Match, away: Person, *, until: date, back_at: datetime, now: datetime
) -> None:
    """Call off what was asked for at a time before they are back; staff find another one."""
    other = other_side(match, away.id)
    zone = zone_named(other.person.zone) or session.programme.office
    for talk in call_off_wanted(session, match.id, before=back_at, now=now):
        day, time = spoken_day(talk.at, zone), spoken_time(talk.at, zone)
        tell(
            session,
            other,
            "T-TALKOFF",
            key=f"talk-off:{talk.id}:{other.person_id}",
            by_phone=f"their talk on {day} at {time} is off; {away.code} is on a pause.",
            no_later_than=told_by(talk.at),
            known={"date": spoken_date(until), "day": day, "time": time},
            now=now,
        )
        open_task(
            session,
            rule="last talk",
            words=f"{away.code} is on a pause at the talk of {match.code}, which is to end."
            " Find another time with both.",
            key=f"talk-off:{talk.id}",
            match_id=match.id,
            now=now,
        )
