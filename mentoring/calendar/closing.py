"""The end of a match: it closes for two weeks, with a last talk, and then by the clock (2.3, 3.11).

Whatever anybody answers or leaves unanswered, a match that is closing is closed in the end.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, select

from mentoring.calendar.dues import finish, hasten, plan, put_off
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.ladders import UNTIL_CLOSED
from mentoring.calendar.lookups import (
    IS_ENDING,
    close_due,
    close_key,
    closings,
    has_time_for,
    last_talk,
    last_talk_at,
    note_waiver,
    talk_length,
)
from mentoring.calendar.meetings import EARLY
from mentoring.calendar.settling import settle
from mentoring.calendar.talk_times import told_by
from mentoring.calendar.talks import ASKED_BEFORE, book_last_talk, cancel_talks
from mentoring.calendar.talks_in_pauses import call_off_while_away
from mentoring.calendar.telling import ask_staff_to_tell, take_back_words, tell
from mentoring.clock import spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.matches import close_match, move_match
from mentoring.models import (
    ClosureReason,
    Contact,
    ContactKind,
    Due,
    DueKind,
    Invitation,
    InvitationState,
    Match,
    MatchSide,
    MatchState,
    Outcome,
    Person,
    Talk,
    TalkState,
)
from mentoring.spoken_notices import take_back_notice

_TIPS_AFTER = timedelta(days=1)
# So long the line stays open for a goodbye by text when somebody wants no last talk.
GOODBYE = timedelta(days=2)
# What is told with `word_key` while a match closes: once in each closing, and of each last talk.
TOLD = ("tips", "no-last-talk")
TOLD_OF_TALK = ("last-talk", "last-talk-stays")
_ABOUT_TALKS = (*ASKED_BEFORE, "talk_check")
_LOOK_AGAIN = timedelta(minutes=15)
_TOMORROW = timedelta(days=1)


def begin_closing(
    session: Session,
    match: Match,
    *,
    reason: ClosureReason,
    actor: str,
    why: str,
    now: datetime,
) -> bool:
    """Let a match end: both are asked for a last talk. False when it was ending already.

    Raises ProgrammeError on hold: then only staff decide.
    """
    session.refresh(match, ["state"], with_for_update=True)
    if match.state in (MatchState.CLOSING, MatchState.CLOSED):
        return False
    if match.state is MatchState.SAFETY_HOLD:
        raise ProgrammeError(f"{match.code} is on hold. Release it first, or close it for good.")
    move_match(session, match, MatchState.CLOSING, actor=actor, reason=why[:200], now=now)
    match.closure_reason = reason
    _end_questions(session, match, now=now)
    call_off_while_away(session, match, now=now)
    number = closings(session, match.id)
    limit = now + timedelta(days=session.programme.closing_days)
    plan(
        session,
        DueKind.CLOSE,
        at=limit,
        key=close_key(match.id, number),
        match_id=match.id,
        now=now,
    )
    for side in match.sides:
        open_invitation(
            session,
            "last_talk",
            match_id=match.id,
            person=side.person,
            number=number,
            at=now,
            now=now,
        )
        key = word_key("tips", side, number)
        tell(session, side, "T-Z2", key=key, not_before=now + _TIPS_AFTER, now=now)
    return True


def word_key(what: str, side: MatchSide, number: int) -> str:
    """Return the key of what one side is told once, by the closing, from 0, or the talk's id."""
    return f"{what}:{side.id}:{number}"


def _end_questions(session: Session, match: Match, *, now: datetime) -> None:
    """Nobody is asked any more how a match goes that is ending; a talk that waits is kept."""
    about_its_life = [name for name in UNTIL_CLOSED if name not in _ABOUT_TALKS]
    _cancel_questions(session, match, about_its_life, outcome=IS_ENDING, now=now)


def _cancel_questions(
    session: Session, match: Match, flows: Sequence[str], *, outcome: str, now: datetime
) -> None:
    chosen = Invitation.match_id == match.id, Invitation.flow.in_(flows)
    settle(session, *chosen, state=InvitationState.CANCELLED, outcome=outcome, now=now)


def set_last_talk(
    session: Session, match: Match, *, at: datetime, by: Person, now: datetime
) -> bool:
    """Set the last talk and tell the other side; the first time that is named counts.

    Of a second time nobody is told, for both know the first. False when it would come after the
    match is closed.
    """
    session.refresh(match, ["state"], with_for_update=True)
    if last_talk_at(session, match.id) is not None:
        return True
    if not has_time_for(session, match.id, at):
        return False
    book_last_talk(session, match.id, at=at, booked_by=by, now=now)
    _cancel_questions(session, match, ["last_talk"], outcome="the talk is set", now=now)
    tell_of_last_talk(session, match, by=by.id, now=now)
    number = closings(session, match.id) - 1
    for side in match.sides:
        # Whoever names the time in a call hears the tips in it, and whoever reads texts has them.
        if side.person_id != by.id:
            tell(session, side, "T-Z2", key=word_key("tips", side, number), now=now)
    return True


def tell_of_last_talk(
    session: Session,
    match: Match,
    *,
    by: int | None = None,
    what: str = "last-talk",
    now: datetime,
) -> None:
    """Tell both but who has just set the last talk when it is, by the clock at their place."""
    talk = last_talk(session, match.id)
    for side in match.sides:
        if talk is None or side.person_id == by:
            continue
        at, zone, key = talk.at, zone_named(side.person.zone), word_key(what, side, talk.id)
        if zone is None:
            office = session.programme.office
            when = f"{spoken_day(at, office)} at {spoken_time(at, office)} by our clocks"
            words = f"the last talk in {match.code} is on {when}; their zone is not known."
            ask_staff_to_tell(session, side, words, key=key, no_later_than=told_by(at), now=now)
            continue
        day, time = spoken_day(at, zone), spoken_time(at, zone)
        tell(
            session,
            side,
            "T-ZSET",
            key=key,
            by_phone=f"the last talk in {match.code} is on {day} at {time} their time.",
            no_later_than=told_by(at),
            known={"day": day, "time": time},
            now=now,
        )


def tips_are_heard(session: Session, match: Match, *, by: int, now: datetime) -> None:
    """Somebody hears the tips in this call, so they are not told them once more at the next."""
    number = closings(session, match.id) - 1
    for side in match.sides:
        if side.person_id == by:
            take_back_notice(session, word_key("tips", side, number), now=now)


def waive_last_talk(session: Session, match: Match, *, by: Person, now: datetime) -> None:
    """One of the two wants no last talk: the other is told, and has time for a goodbye by text.

    A talk of their plan that waits is called off as well, for nobody would expect it any more.
    """
    note_waiver(session, match.id, by=by, now=now)
    cancel_talks(session, match.id, now=now)
    _cancel_questions(session, match, ["last_talk"], outcome="no last talk", now=now)
    number = closings(session, match.id) - 1
    take_back_words(session, [word_key("tips", side, number) for side in match.sides], now=now)
    _close_sooner(session, match, at=now + GOODBYE)
    due = close_due(session, match.id)
    closes_at = due.due_at if due is not None else now + GOODBYE
    for side in match.sides:
        if side.person_id == by.id:
            continue
        zone = zone_named(side.person.zone) or session.programme.office
        tell(
            session,
            side,
            "T-ZTOLD",
            key=word_key("no-last-talk", side, number),
            by_phone=f"there is no last talk in {match.code}.",
            known={"date": spoken_day(closes_at, zone)},
            now=now,
        )


def _close_sooner(session: Session, match: Match, *, at: datetime) -> None:
    due = close_due(session, match.id)
    if due is not None:
        hasten(session, due.dedupe_key, at=at)


def after_last_talk(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """The last talk is over, or was not held: the deed of DueKind.LAST_TALK.

    When they have talked there is nothing left to wait for; else the line stays open.
    """
    for due in dues:
        match = session.get_one(Match, due.match_id)
        talk = session.get(Talk, due.talk_id) if due.talk_id is not None else None
        if match.state is not MatchState.CLOSING:
            finish(due, f"the match is {match.state}", now=now)
        elif talk is not None and talk.state is TalkState.MOVED:
            finish(due, "the talk was moved", now=now)
        elif _are_talking(session, match):
            put_off(due, now + _LOOK_AGAIN)
        elif _have_talked(session, match, talk.at if talk else due.due_at - talk_length(session)):
            _close_sooner(session, match, at=now)
            finish(due, "they have talked", now=now)
        else:
            finish(due, "they have not talked", now=now)


_ARE_TALKING = select(
    exists().where(
        Contact.match_id == bindparam("match_id"),
        Contact.outcome == Outcome.ACCEPTED,
        Contact.ended_at.is_(None),
    )
)
# A call that ended too soon may only have set another time, and a close cannot be undone.
_HAVE_TALKED = select(
    exists().where(
        Contact.match_id == bindparam("match_id"),
        Contact.started_at >= bindparam("since"),
        Contact.kind == ContactKind.CALL,
        Contact.two_way.is_(True),
    )
)


def _are_talking(session: Session, match: Match) -> bool:
    return bool(session.columns(_ARE_TALKING, {"match_id": match.id}).scalar())


def _have_talked(session: Session, match: Match, at: datetime) -> bool:
    """Tell whether the talk of that time was held, in a call.

    Texts may have moved it, and nobody knows which of them was the last, so they end nothing.
    """
    wanted = {"match_id": match.id, "since": at - EARLY}
    return bool(session.columns(_HAVE_TALKED, wanted).scalar())


def close_by_clock(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Close what has been closing for long enough: the deed of DueKind.CLOSE."""
    for due in dues:
        match = session.get_one(Match, due.match_id)
        session.refresh(match, ["state"], with_for_update=True)
        if match.state is MatchState.SAFETY_HOLD:
            put_off(due, now + _TOMORROW)
        elif match.state is not MatchState.CLOSING:
            finish(due, f"the match is {match.state}", now=now)
        elif _are_talking(session, match):
            put_off(due, now + _LOOK_AGAIN)
        else:
            reason = match.closure_reason or ClosureReason.OTHER
            close_match(session, match, reason=reason, actor="system", now=now)
            finish(due, "closed", now=now)
