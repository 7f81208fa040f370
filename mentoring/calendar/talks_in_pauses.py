"""A talk that somebody counts on, when one of the two takes a pause.

Nobody is rung for it then: so it is called off, and the other one hears so. A match that is to end
has no time to lose, so there it is at once. Else it is a day before the talk, for whoever paused
may well be back by then, and finds it as it was.
"""

from datetime import date, datetime

from mentoring.calendar.absences import moment_on
from mentoring.calendar.pairs import other_side
from mentoring.calendar.plan_versions import plan_in_force
from mentoring.calendar.talk_times import told_by
from mentoring.calendar.talks import REMIND_BEFORE, call_off_talks, known_talks
from mentoring.calendar.telling import ask_staff_to_tell, tell
from mentoring.clock import spoken_date, spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.models import Match, MatchState, Person, Talk
from mentoring.people import AWAY, away_until
from mentoring.tasks import open_task


def call_off_in_pause(
    session: Session, match: Match, away: Person, *, until: date, now: datetime
) -> bool:
    """Call off what the two count on before one of them is back, if it is time to say so.

    Returns whether there is anything, also where it is called off later. Whoever is away hears of
    it in the answer to their wish.
    """
    back_at = moment_on(session, away, until)
    known = known_talks(session, match.id, before=back_at, now=now)
    at_once = match.state is MatchState.CLOSING
    off = [talk for talk in known if at_once or talk.at - REMIND_BEFORE <= now]
    call_off_talks(session, off, now=now)
    for talk in off:
        # No plan would bring back a last talk, or one of two who have no plan yet.
        is_sought = at_once or plan_in_force(session, match.id) is None
        if is_sought:
            _ask_for_another_time(session, match, talk, away, now=now)
        _tell_other(session, talk, away, until=until, is_sought=is_sought, now=now)
    return bool(known)


def is_off_in_pause(session: Session, talk: Talk, *, now: datetime) -> bool:
    """Call off a talk of which both should be reminded now, if a pause of one lasts beyond it."""
    call_off_while_away(session, talk.match, now=now)
    return not talk.is_open


def call_off_while_away(session: Session, match: Match, *, now: datetime) -> bool:
    """Call off the talks of a match at which one is away, as `call_off_in_pause` does."""
    away = [(side.person, away_until(side.person)) for side in match.sides]
    known = [
        call_off_in_pause(session, match, person, until=until, now=now)
        for person, until in away
        if person.state in AWAY and until is not None
    ]
    return any(known)


def _ask_for_another_time(
    session: Session, match: Match, talk: Talk, away: Person, *, now: datetime
) -> None:
    ends = ", which is to end," if match.state is MatchState.CLOSING else ""
    open_task(
        session,
        rule="last talk" if ends else "plan",
        words=f"A talk of {match.code}{ends} was called off: {away.code} was on a pause at its"
        " time. Find another time with both.",
        key=f"talk-off:{talk.id}",
        match_id=match.id,
        now=now,
    )


def _tell_other(
    session: Session, talk: Talk, away: Person, *, until: date, is_sought: bool, now: datetime
) -> None:
    other = other_side(talk.match, away.id)
    if other.person.state in AWAY:
        # Of their own pause they know.
        return
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
        "T-TALKOFF" if is_sought else "T-TALKOFFP",
        key=key,
        by_phone=f"their talk on {day} at {time} is off for a pause of {away.code}.",
        no_later_than=latest,
        known={"date": spoken_date(until), "day": day, "time": time},
        now=now,
    )
