"""A match began to close by mistake: staff take it back, and it is again what it was before."""

from datetime import datetime

from sqlalchemy import select

from mentoring.calendar.closing import TOLD, TOLD_OF_TALK, word_key
from mentoring.calendar.dues import call_off
from mentoring.calendar.lookups import IS_ENDING, closings, last_talk
from mentoring.calendar.milestones import end_kept_wishes
from mentoring.calendar.pages import start_calendar
from mentoring.calendar.pauses import state_after_rest, tell_of_new_pause
from mentoring.calendar.settling import settle, take_back
from mentoring.calendar.talks import cancel_last_talk, plan_next_talk
from mentoring.calendar.telling import take_back_words, tell
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.keeping_touch import end_wishes
from mentoring.matches import move_match
from mentoring.models import (
    DueKind,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Transition,
)

# The end of the term would close it once more, by what both said or left unsaid before.
_OF_AN_END = (DueKind.CLOSE, DueKind.LAST_TALK, DueKind.TERM_END)
_REOPENED = "the match goes on"


def reopen_match(
    session: Session, match: Match, *, actor: str, reason: str, now: datetime
) -> MatchState:
    """Take the closing of a match back; returns what it is again. Both are told so in words.

    What the closing had ended waits again, and what belongs to the end waits no more; a term of
    which both were asked already is renewed with it. Raises ProgrammeError when the match is not
    closing; after it is closed nothing brings it back.
    """
    session.refresh(match, ["state"], with_for_update=True)
    if match.state is MatchState.CLOSED:
        raise ProgrammeError(
            f"{match.code} is closed for good. To bring the two together again, run:"
            " bridgeline match open PROTEGE MENTOR"
        )
    if match.state is not MatchState.CLOSING:
        raise ProgrammeError(f"{match.code} is {match.state}, and not closing.")
    began = _beginning(session, match)
    to = state_after_rest(session, match, MatchState(began.from_state or MatchState.INTRO))
    move_match(session, match, to, actor=actor, reason=reason[:200], now=now)
    match.closure_reason = None
    take_back(session, match.id, outcome=IS_ENDING, since=began.at)
    _end_the_end(session, match, now=now)
    start_calendar(session, match, now=now)
    plan_next_talk(session, match, now=now)
    for side in match.sides:
        tell(
            session,
            side,
            "T-REOPEN",
            key=word_key("reopened", side, closings(session, match.id) - 1),
            by_phone=f"{match.code} goes on as before; that it would end was a mistake.",
            now=now,
        )
    if to is MatchState.PAUSED:
        tell_of_new_pause(session, match, now=now)
    return to


def _beginning(session: Session, match: Match) -> Transition:
    """Return the move with which the match began to close; a hold in between does not count."""
    return session.scalars(
        select(Transition)
        .where(
            Transition.entity == "match",
            Transition.entity_id == match.id,
            Transition.to_state == MatchState.CLOSING.value,
            Transition.from_state != MatchState.SAFETY_HOLD.value,
        )
        .order_by(Transition.id.desc())
        .limit(1)
    ).one()


def _end_the_end(session: Session, match: Match, *, now: datetime) -> None:
    """Nothing closes the match, nobody is asked for a last talk, and no word of it leaves.

    What staff were asked because it was to end is past: both are asked anew in the match, or at its
    end.
    """
    end_wishes(session, match, outcome=_REOPENED, now=now)
    end_kept_wishes(session, match, outcome=_REOPENED, now=now)
    call_off(session, match_id=match.id, kinds=_OF_AN_END, outcome=_REOPENED, now=now)
    asked = Invitation.match_id == match.id, Invitation.flow == "last_talk"
    settle(session, *asked, state=InvitationState.CANCELLED, outcome=_REOPENED, now=now)
    number, talk = closings(session, match.id) - 1, last_talk(session, match.id)
    keys = [word_key(what, side, number) for what in TOLD for side in match.sides]
    if talk is not None:
        keys += [word_key(what, side, talk.id) for what in TOLD_OF_TALK for side in match.sides]
    cancel_last_talk(session, match.id, now=now)
    take_back_words(session, keys, now=now)
