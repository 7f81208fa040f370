"""What somebody told at the end of a match, and what follows from it (3.11)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from mentoring.calendar.dues import plan
from mentoring.calendar.pauses import come_back, pause_person
from mentoring.effects import Ended
from mentoring.flows.steps import SKIP
from mentoring.matches import has_other_match
from mentoring.models import (
    OUT,
    DueKind,
    Invitation,
    InvitationState,
    Match,
    MatchSide,
    Mode,
    PersonState,
)
from mentoring.people import move_person
from mentoring.tasks import open_task

_FEEDBACK_DAYS = 5
_REFERRAL_DAYS = 5
_REFERRALS = {
    "group": "would like to join group calls",
    "classes": "would like classes or help with funds",
    "be_mentor": "would like to be a mentor one day",
}
_BUSINESS = {"yes": "open", "not_yet": "not open yet", "closed": "closed", "other": "other plans"}
_NEXT_MATCH = "next match"
_MAY_BE_OFFERED = (PersonState.AVAILABLE, PersonState.OFFERED, PersonState.ACTIVE)
_Said = tuple[str, ...]


def ask_staff(
    ended: Ended,
    rule: str,
    words: str,
    *,
    working_days: int | None = None,
    no_later_than: datetime | None = None,
) -> None:
    """Open one task about what somebody told, once for each set of questions."""
    open_task(
        ended.session,
        rule=rule,
        words=f"{ended.person.code} {words}"[:200],
        key=f"{rule}:{ended.conversation.invitation_id}",
        person=ended.person,
        match_id=ended.conversation.match_id,
        working_days=working_days,
        no_later_than=no_later_than,
        now=ended.now,
    )


def note_feedback(ended: Ended, question: str) -> None:
    """Own words stay sealed in their answer; staff are told that there are some to read."""
    if ended.answers.get(question, SKIP) in ("", SKIP):
        return
    ask_staff(ended, "feedback", feedback_words(question), working_days=_FEEDBACK_DAYS)


def feedback_words(question: str) -> str:
    """Return what staff are told of somebody's own words, behind the code of whose they are."""
    return f"told us something in their own words ({question}). Read what they told us."


_SIDE = select(MatchSide).where(
    MatchSide.match_id == bindparam("match_id"), MatchSide.person_id == bindparam("person_id")
)


def side_of(ended: Ended) -> MatchSide | None:
    """Return the side of whoever answered in the match that the questions are about."""
    wanted = {"match_id": ended.conversation.match_id, "person_id": ended.person.id}
    return ended.session.scalar(_SIDE, wanted)


def after_second_part(ended: Ended) -> _Said:
    """Feedback, a debrief, and what is next."""
    note_feedback(ended, "CS9")
    debrief = ended.answers.get("DEB")
    if debrief == "yes":
        ask_staff(ended, "debrief", "may be called for 10 minutes about their story.")
    elif debrief == "text":
        ask_staff(ended, "debrief", "would tell their story by text.")
    side = side_of(ended)
    follow = _NEXT.get(ended.answers.get("NX1") or ended.answers.get("CM7") or "")
    if side is not None and follow is not None and ended.person.state not in OUT:
        follow(ended, side)
    return ()


def _new_mentor(ended: Ended, side: MatchSide) -> None:
    """A protege waits for a new mentor once they have rested since the match was closed.

    Whoever is on a pause by then waits after it.
    """
    if has_other_match(ended.session, side):
        ask_staff(ended, _NEXT_MATCH, "would like a new mentor. Others go on.")
        return
    match = ended.session.get_one(Match, side.match_id)
    rested = (match.closed_at or ended.now) + timedelta(days=ended.session.programme.rest_days)
    plan(
        ended.session,
        DueKind.REST,
        at=max(rested, ended.now),
        key=f"rest:{side.id}",
        match_id=match.id,
        person_id=ended.person.id,
        now=ended.now,
    )


def _referral(ended: Ended, _side: MatchSide) -> None:
    wish = _REFERRALS[ended.answers["NX1"]]
    ask_staff(ended, "referral", f"{wish}.", working_days=_REFERRAL_DAYS)


def _mentor_goes_on(ended: Ended, _side: MatchSide) -> None:
    """A mentor wants a new match now, and may be offered one already: else staff ask."""
    if ended.person.state not in _MAY_BE_OFFERED:
        _ask_staff_how_to_go_on(ended, "would like a new match now")


def _mentor_rests(ended: Ended, side: MatchSide) -> None:
    """A mentor wants a break before the next match; one who has others goes on with those."""
    wish = "wants a break before a new match"
    if has_other_match(ended.session, side):
        ask_staff(ended, _NEXT_MATCH, f"{wish}. Others go on.")
        return
    pause = pause_person(
        ended.session,
        ended.person,
        actor=ended.actor,
        reason="a break before the next match",
        now=ended.now,
    )
    if pause is None:
        _ask_staff_how_to_go_on(ended, wish)


def _mentor_stops(ended: Ended, side: MatchSide) -> None:
    """A mentor wants no new match, so a break of theirs has nothing left to come back to."""
    session, mentor, wish = ended.session, ended.person, "wants no new match"
    if has_other_match(session, side):
        ask_staff(ended, _NEXT_MATCH, f"{wish}. Others go on.")
        return
    come_back(session, mentor, actor=ended.actor, reason=wish, now=ended.now)
    if mentor.state is PersonState.AVAILABLE:
        move_person(
            session, mentor, PersonState.ALUM, actor=ended.actor, reason=wish, now=ended.now
        )
    elif mentor.state is not PersonState.ALUM:
        _ask_staff_how_to_go_on(ended, wish)


def _ask_staff_how_to_go_on(ended: Ended, wish: str) -> None:
    """No rule of ours follows from a wish in the state of whoever has it: it is not lost."""
    state = ended.person.state.value.replace("_", " ")
    ask_staff(ended, _NEXT_MATCH, f"{wish}, and is {state}.")


_NEXT: Mapping[str, Callable[[Ended, MatchSide], None]] = {
    "mentor": _new_mentor,
    **dict.fromkeys(_REFERRALS, _referral),
    "now": _mentor_goes_on,
    "later": _mentor_rests,
    "no": _mentor_stops,
}


def after_follow_up(ended: Ended) -> _Said:
    """How the business goes is told to staff alone."""
    told = _BUSINESS.get(ended.answers.get("FU6") or ended.answers.get("FU12") or "", "")
    ask_staff(ended, "follow-up", f"told how the business goes: {told}.")
    return ()


def after_thanks(ended: Ended) -> _Said:
    """Whether a mentor may be thanked by name."""
    person = ended.person
    person.profile = {**person.profile, "thanks_by_name": ended.answers.get("T3", "no")}
    return ()


def after_peer_guide(ended: Ended) -> _Said:
    """A mentor would help new ones."""
    if ended.answers.get("T5") == "yes":
        reads_texts = ended.person.mode is Mode.TEXT
        how = "in a few texts: no call" if reads_texts else "on one short call"
        ask_staff(ended, "peer guide", f"would tell new mentors what helped, {how}.")
    return ()


_OTHER_WAITS = (
    select(Invitation.id)
    .where(
        Invitation.match_id == bindparam("match_id"),
        Invitation.flow == bindparam("flow"),
        Invitation.number == bindparam("number"),
        Invitation.id != bindparam("mine"),
        Invitation.state.in_((InvitationState.WAITING, InvitationState.ASKED)),
    )
    .limit(1)
)


def other_has_answered(ended: Ended, flow: str) -> bool:
    """Tell whether the other side's invitation to the same questions has ended."""
    mine = ended.session.get(Invitation, ended.conversation.invitation_id or 0)
    if mine is None:
        return True
    wanted = {
        "match_id": mine.match_id,
        "flow": flow,
        "number": mine.number,
        "mine": mine.id,
    }
    return ended.session.columns(_OTHER_WAITS, wanted).first() is None
