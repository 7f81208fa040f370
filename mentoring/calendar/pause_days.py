"""What waits during a pause: the question before its end, a cover, and the return."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from mentoring.calendar.covers import COVER
from mentoring.calendar.dues import finish, put_off
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.pauses import come_back, matches_of, wake
from mentoring.db import Session
from mentoring.models import Due, Match, MatchState, Person, Role
from mentoring.people import AWAY
from mentoring.tasks import open_task

_TOMORROW = timedelta(days=1)
_STAFF_DAYS = 2


def end_pauses(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Bring back whose day has come: the deed of DueKind.RETURN."""
    for due in dues:
        if due.match_id is not None:
            _wake_after_hold(session, due, now)
            continue
        person = session.get_one(Person, due.person_id)
        rested = now - person.state_since
        if person.state in AWAY:
            come_back(session, person, actor="system", reason="the pause is over", now=now)
            _tell_staff_of_long_pause(session, person, rested, now=now)
        finish(due, "back", now=now)


def _wake_after_hold(session: Session, due: Due, now: datetime) -> None:
    match = session.get_one(Match, due.match_id)
    if match.state is MatchState.SAFETY_HOLD:
        put_off(due, now + _TOMORROW)
        return
    wake(session, match, actor="system", reason="the pause is over", now=now)
    finish(due, match.state.value, now=now)


def _tell_staff_of_long_pause(
    session: Session, person: Person, rested: timedelta, *, now: datetime
) -> None:
    """After the longest pause a person is called: it may be a good moment to finish well."""
    if rested < timedelta(days=session.programme.pause_days_at_most) - _TOMORROW:
        return
    open_task(
        session,
        rule="pause",
        words=f"{person.code} is back after {rested.days} days. Please call and ask how to go on.",
        key=f"long-pause:{person.id}:{now.date()}",
        person=person,
        working_days=_STAFF_DAYS,
        now=now,
    )


def ask_before_return(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Ask whether the day of the return still suits: the deed of DueKind.PAUSE_CHECK."""
    for due in dues:
        person = session.get_one(Person, due.person_id)
        if person.state not in AWAY:
            finish(due, "back before", now=now)
            continue
        # Whoever waits for a match rests without one.
        matches = matches_of(session, person, (MatchState.PAUSED,))
        open_invitation(
            session,
            "pause_check",
            match_id=matches[0].id if matches else None,
            person=person,
            # It tells this pause from those before.
            number=(now - (matches[0].opened_at if matches else person.created_at)).days,
            at=now,
            now=now,
        )
        finish(due, "asked", now=now)


def offer_cover(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """A mentor is away for long, so staff offer a cover: the deed of DueKind.COVER."""
    for due in dues:
        person = session.get_one(Person, due.person_id)
        matches = matches_of(session, person, (MatchState.PAUSED,))
        for match in matches if person.state in AWAY else ():
            ask_staff_for_cover(session, match, wanted=False, now=now)
        finish(due, "staff asked" if matches else "no match rests", now=now)


def ask_staff_for_cover(session: Session, match: Match, *, wanted: bool, now: datetime) -> None:
    """Ask staff once for each pause to find somebody who covers for a mentor."""
    protege = next(side.person for side in match.sides if side.role is Role.PROTEGE)
    mentor = next(side.person for side in match.sides if side.role is Role.MENTOR)
    words = (
        f"{protege.code} would like somebody to cover for {mentor.code}."
        if wanted
        else f"{mentor.code} is on a break for over 3 weeks: offer {protege.code} a cover."
    )
    open_task(
        session,
        rule=COVER,
        words=words,
        key=f"cover:{match.id}:{mentor.state_since.date()}",
        person=protege,
        match_id=match.id,
        working_days=_STAFF_DAYS,
        now=now,
    )
