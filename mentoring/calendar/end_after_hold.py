"""A hold is lifted while the match is to end: the two still have time for their last talk.

A hold takes none of the days of an end, and the last talk stays as it is: no plan would bring it
back. So that they know where they stand, both are told.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from mentoring.calendar.closing import GOODBYE, tell_of_last_talk
from mentoring.calendar.dues import hasten, put_off, waiting_due
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.lookups import close_due, closing_day, is_waived
from mentoring.calendar.meetings import how_they_met
from mentoring.calendar.pairs import is_by_text
from mentoring.calendar.settling import OPEN
from mentoring.calendar.talks import REMIND_BEFORE, cancel_last_talk
from mentoring.calendar.talks_in_pauses import call_off_while_away
from mentoring.db import Session
from mentoring.models import Due, DueKind, Invitation, Match, Talk, TalkState

_LAST = (
    select(Talk)
    .where(
        Talk.match_id == bindparam("match_id"),
        Talk.is_last.is_(True),
        # One of their plan that became the last one was there before; one of an end that was taken
        # back is over by now.
        Talk.at >= bindparam("since"),
    )
    .order_by(Talk.id.desc())
    .limit(1)
)
_ARE_ASKED = (
    select(Invitation.id)
    .where(
        Invitation.match_id == bindparam("match_id"),
        Invitation.flow == "last_talk",
        Invitation.state.in_(OPEN),
    )
    .limit(1)
)


def go_on_ending(session: Session, match: Match, *, now: datetime) -> None:
    """Let a match that is to end have the days of the hold on top, and its last talk."""
    session.flush()
    due, ends_at = close_due(session, match.id), closing_day(session, match.id)
    if due is None or ends_at is None:
        return
    if is_waived(session, match.id):
        put_off(due, max(due.due_at, now + GOODBYE))
        return
    put_off(due, ends_at)
    if call_off_while_away(session, match, now=now):
        return
    last = session.scalar(_LAST, {"match_id": match.id, "since": due.created_at})
    if last is None:
        return
    if last.is_open and last.at > now:
        _say_that_it_stays(session, match, last, now=now)
        return
    if last.is_open and how_they_met(session, last, by_text=is_by_text(match)) is None:
        # Its time passed on hold. So nobody is told that they missed it.
        cancel_last_talk(session, match.id, now=now)
    if last.state is TalkState.CANCELLED and not _are_asked(session, match):
        _ask_for_another(session, match, now=now)


def _say_that_it_stays(session: Session, match: Match, last: Talk, *, now: datetime) -> None:
    """The reminder says so where it waits for this very moment; else both are told."""
    reminder: Due | None = waiting_due(session, f"{DueKind.TALK_REMINDER}:{last.id}")
    waits = reminder is not None and reminder.done_at is None
    if reminder is not None and waits and last.at - REMIND_BEFORE <= now:
        hasten(session, reminder.dedupe_key, at=now)
    else:
        tell_of_last_talk(session, match, what="last-talk-stays", now=now)


def _are_asked(session: Session, match: Match) -> bool:
    return session.columns(_ARE_ASKED, {"match_id": match.id}).first() is not None


def _ask_for_another(session: Session, match: Match, *, now: datetime) -> None:
    """The time of their last talk passed on hold, so both are asked for one anew."""
    for side in match.sides:
        open_invitation(
            session,
            "last_talk",
            match_id=match.id,
            person=side.person,
            # In minutes, so it is none of the endings, which are counted from 1.
            number=(now - match.opened_at) // timedelta(minutes=1),
            at=now,
            now=now,
        )
