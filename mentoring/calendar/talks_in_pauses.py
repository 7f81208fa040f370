"""A talk that somebody counts on, when one of the two takes a pause.

Nobody is rung for it then: so it is called off, and the other one hears so. A match that is to end
has no time to lose, so there it is at once. Else it is a day before the talk, or soon where that
has passed: whoever paused may well be back by then, and finds it as it was.
"""

from datetime import date, datetime, timedelta

from mentoring.calendar.absences import moment_on, one_is_away
from mentoring.calendar.dues import plan
from mentoring.calendar.pairs import other_side
from mentoring.calendar.plan_versions import plan_in_force
from mentoring.calendar.talk_times import told_by
from mentoring.calendar.talks import (
    REMIND_BEFORE,
    call_off_talks,
    end_reminders,
    known_talks,
)
from mentoring.calendar.telling import ask_staff_to_tell, tell
from mentoring.clock import spoken_date, spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.models import DueKind, InvitationState, Match, MatchState, Person, Talk
from mentoring.people import AWAY, away_until
from mentoring.tasks import open_task

# So long after its beginning a pause may still turn out to be a slip.
_SLIP = timedelta(minutes=30)


def call_off_in_pause(
    session: Session,
    match: Match,
    away: Person,
    *,
    until: date,
    now: datetime,
    may_be_slip: bool = False,
) -> bool:
    """Call off what is to come within a day and before one of them is back; of an end all of it.

    With `may_be_slip` it waits a little, in which they may still come back. Returns whether the two
    count on any talk of that time, also where it is called off later.
    """
    back_at = moment_on(session, away, until)
    known = known_talks(session, match.id, before=back_at, now=now)
    if match.state is not MatchState.CLOSING:
        near = [talk for talk in known if talk.at - REMIND_BEFORE <= now]
        off = [talk for talk in near if not (may_be_slip and _waits_a_little(session, talk, now))]
    else:
        off = list(known)
    call_off_talks(session, off, now=now)
    for talk in off:
        # No plan would bring back a last talk, or one of two who have no plan yet.
        is_sought = match.state is MatchState.CLOSING or plan_in_force(session, match.id) is None
        if is_sought:
            _ask_for_another_time(session, match, talk, away, now=now)
        _tell_other(session, talk, away, until=until, is_sought=is_sought, now=now)
    return bool(known)


def _waits_a_little(session: Session, talk: Talk, now: datetime) -> bool:
    """Have it looked at once more soon, where the other one still hears of it in time.

    What was asked before it ends at once, for MENU is to bring whoever paused back.
    """
    at = min(now + _SLIP, told_by(talk.at))
    if at <= now:
        return False
    end_reminders(session, [talk.id], InvitationState.CANCELLED, outcome="a pause", now=now)
    key = f"{DueKind.TALK_REMINDER}:{talk.id}:{now.isoformat()}"
    plan(
        session,
        DueKind.TALK_REMINDER,
        at=at,
        key=key,
        match_id=talk.match_id,
        talk_id=talk.id,
        now=now,
    )
    return True


def call_off_if_away(session: Session, talk: Talk, *, now: datetime) -> bool:
    """Call off a talk that comes near and at which one is on a pause; tell whether it is off.

    On hold nobody is told anything: what becomes of it is seen when the hold is lifted.
    """
    if talk.match.state is not MatchState.SAFETY_HOLD:
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
    if one_is_away(session, [other.person], talk.at):
        # Of a pause of their own that lasts as long they know.
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
