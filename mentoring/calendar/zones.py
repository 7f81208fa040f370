"""Somebody's time zone is written down: what waited for it goes on, or is at night now."""

from datetime import datetime
from zoneinfo import ZoneInfo

from mentoring.calendar.absences import one_is_away
from mentoring.calendar.changed_talks import TALKING, have_both_told, talks_to_come
from mentoring.calendar.new_times import let_hour_there_be_told
from mentoring.calendar.pauses import matches_of
from mentoring.calendar.talk_times import suits_both, told_by
from mentoring.calendar.talk_words import talk_words
from mentoring.calendar.talks import call_off_talks, plan_next_talk
from mentoring.calendar.telling import ask_staff_to_tell, tell
from mentoring.clock import spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.models import OUT, Match, MatchState, Person, Talk


def write_zone(session: Session, person: Person, zone: str, *, now: datetime) -> None:
    """Write down where somebody lives.

    Questions, texts and calls look for it by themselves; the talks of their plans could not be
    planned without it, and one that is planned may be at night there.
    """
    before = zone_named(person.zone)
    person.zone = zone
    for match in matches_of(session, person, TALKING):
        _look_at_talks(session, match, person, before=before, now=now)
        plan_next_talk(session, match, now=now)


def _look_at_talks(
    session: Session, match: Match, moved: Person, *, before: ZoneInfo | None, now: datetime
) -> None:
    """Let no talk stand at night: one of their plan is called off; staff tell whoever knows of it.

    One that somebody has asked for is left to the two and to staff: no plan would bring it back.
    Of one that stays whoever moved is told the hour there.
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
    for talk in waiting:
        is_still_told = let_hour_there_be_told(session, talk, moved, now=now)
        if not is_still_told and talk not in at_night:
            _tell_hour_there(session, talk, moved, before=before, now=now)
    call_off_talks(session, [talk for talk in at_night if not talk.is_expected], now=now)


def _tell_hour_there(
    session: Session, talk: Talk, moved: Person, *, before: ZoneInfo | None, now: datetime
) -> None:
    """Tell whoever moved when a talk is that they know of, where another hour was told before.

    Whoever had no zone is told by what has waited for it. On hold staff tell them and no text does,
    for the hold may be lifted in time; of a last talk both are told then.
    """
    known = talk_words(session, talk, moved)
    if before is None or not talk.is_known or _is_in_doubt(session, talk):
        return
    if (spoken_day(talk.at, before), spoken_time(talk.at, before)) == (known["day"], known["time"]):
        return
    side = next(side for side in talk.match.sides if side.person_id == moved.id)
    key, latest = f"talk-there:{talk.id}:{moved.id}:{now.isoformat()}", told_by(talk.at)
    words = (
        f"their talk in {talk.match.code} is on {known['day']} at {known['time']} their time, for"
        " they live in another time zone now."
    )
    if talk.match.state is not MatchState.SAFETY_HOLD:
        tell(
            session,
            side,
            "T-CLTHERE",
            key=key,
            by_phone=words,
            no_later_than=latest,
            known=known,
            now=now,
        )
    elif not talk.is_last:
        words += " Mind the hold."
        ask_staff_to_tell(session, side, words, key=key, no_later_than=latest, now=now)


def _is_in_doubt(session: Session, talk: Talk) -> bool:
    """Tell whether a pause or a suspension stands between the two and their talk.

    If it comes about all the same, both are told of it.
    """
    people = [side.person for side in talk.match.sides]
    return any(p.state in OUT for p in people) or one_is_away(session, people, talk.at)
