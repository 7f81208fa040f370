"""A talk that somebody counts on, in a match that is to end, when the other one takes a pause.

Nobody is rung for it then, and no plan would bring it back: so it is called off, and they hear so.
"""

from datetime import date, datetime

from mentoring.calendar.pairs import other_side
from mentoring.calendar.talk_times import told_by
from mentoring.calendar.talks import call_off_known
from mentoring.calendar.telling import ask_staff_to_tell, tell
from mentoring.clock import spoken_date, spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.models import Match, MatchSide, Person, Talk
from mentoring.tasks import open_task


def call_off_in_pause(
    session: Session, match: Match, away: Person, *, until: date, back_at: datetime, now: datetime
) -> bool:
    """Call off what one of the two counts on before they are back; staff find another time.

    Returns whether there was anything. Whoever is away hears of it in the answer to their wish.
    """
    off = call_off_known(session, match.id, before=back_at, now=now)
    for talk in off:
        _tell_other(session, talk, other_side(match, away.id), away, until=until, now=now)
        open_task(
            session,
            rule="last talk",
            words=f"A talk of {match.code}, which is to end, was called off: {away.code} was on a"
            " pause at its time. Find another time with both.",
            key=f"talk-off:{talk.id}",
            match_id=match.id,
            now=now,
        )
    return bool(off)


def _tell_other(
    session: Session, talk: Talk, other: MatchSide, away: Person, *, until: date, now: datetime
) -> None:
    key, latest = f"talk-off:{talk.id}:{other.person_id}", told_by(talk.at)
    zone, office = zone_named(other.person.zone), session.programme.office
    day, time = spoken_day(talk.at, zone or office), spoken_time(talk.at, zone or office)
    if zone is None:
        words = (
            f"their talk on {day} at {time} by our clocks is off for a pause of {away.code}."
            " Their zone is not known."
        )
        ask_staff_to_tell(session, other, words, key=key, no_later_than=latest, now=now)
        return
    tell(
        session,
        other,
        "T-TALKOFF",
        key=key,
        by_phone=f"their talk on {day} at {time} is off for a pause of {away.code}.",
        no_later_than=latest,
        known={"date": spoken_date(until), "day": day, "time": time},
        now=now,
    )
