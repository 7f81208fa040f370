"""What follows when somebody has answered the questions that they were invited to."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from mentoring.calendar.invitations import settle_invitation
from mentoring.calendar.pages import settle_in
from mentoring.calendar.plans import agree, ask_for_plan, end_proposal, propose_if_both_answered
from mentoring.calendar.talks import cancel_talks, plan_next_talk
from mentoring.effects import Ended, Goodbye, Sequel
from mentoring.flows import FLOWS
from mentoring.models import Channel, InvitationState, Match, MatchSide
from mentoring.reminders import ask_again_in
from mentoring.tasks import open_task


def after_questions(ended: Ended) -> Sequel:
    """A set of questions was answered to its end, or put off. What was answered is kept anyway."""
    if ended.outcome == "later":
        return _put_off(ended)
    invitation_id = ended.conversation.invitation_id
    if invitation_id is not None:
        settle_invitation(
            ended.session,
            invitation_id,
            InvitationState.ANSWERED,
            outcome="answered",
            now=ended.now,
        )
    follow = _FOLLOWING.get(ended.conversation.flow)
    said = follow(ended) if follow is not None else ()
    return Sequel(said, effect=Goodbye())


def _put_off(ended: Ended) -> Sequel:
    """They will answer later: the question waits, and the ladder comes back to it."""
    flow = FLOWS[ended.conversation.flow]
    if flow.name == "plan":
        by_text = ended.conversation.channel is Channel.TEXT
        reminded = by_text and ask_again_in(
            ended.session, ended.conversation, timedelta(days=1), now=ended.now
        )
        said = "T-TOMORROW" if reminded else "T-PA6L"
        return Sequel((said,), effect=Goodbye(), resume_at="GP3", as_if={"GPN": "now"})
    return Sequel(("T-LATER0",), effect=Goodbye(), resume_at=flow.first)


def _match_of(ended: Ended) -> Match | None:
    return ended.session.scalar(
        select(Match)
        .where(Match.id == ended.conversation.match_id)
        .options(selectinload(Match.sides).joinedload(MatchSide.person))
    )


def _after_plan(ended: Ended) -> tuple[str, ...]:
    match = _match_of(ended)
    if match is not None:
        propose_if_both_answered(ended.session, match, now=ended.now)
    return ()


def _after_confirming(ended: Ended) -> tuple[str, ...]:
    """One side said whether the proposal is right. A wish to change it asks both anew."""
    match = _match_of(ended)
    if match is None:
        return ()
    if ended.outcome == "change":
        end_proposal(ended.session, match, now=ended.now)
        ask_for_plan(ended.session, match, now=ended.now)
    elif agree(ended.session, match, ended.person.role, now=ended.now) is not None:
        settle_in(ended.session, match, now=ended.now)
        # What the plan before this one brought is off, but for what somebody has asked for.
        cancel_talks(ended.session, match.id, keep_wanted=True, now=ended.now)
        plan_next_talk(ended.session, match, now=ended.now)
    return ()


def _after_check_in(ended: Ended) -> tuple[str, ...]:
    """Whoever wishes for a call by staff gets one within a working day (O8)."""
    if ended.answers.get("CK4") != "yes":
        return ()
    open_task(
        ended.session,
        rule="O8",
        words=f"{ended.person.code} would like a call (check-in).",
        key=f"O8:check-in:{ended.conversation.invitation_id}",
        person=ended.person,
        match_id=ended.conversation.match_id,
        now=ended.now,
    )
    return ("T-PERS",)


def _after_silence(ended: Ended) -> tuple[str, ...]:
    """Two who have not talked for long: keep going, or staff arrange a pause or a good end (O4)."""
    choice = ended.answers.get("QP", "")
    if choice == "keep":
        return ("T-QPKEEP",)
    open_task(
        ended.session,
        rule="O8",
        words=f"{ended.person.code} would like to {choice} the match. Please arrange it.",
        key=f"quiet:{ended.conversation.invitation_id}",
        person=ended.person,
        match_id=ended.conversation.match_id,
        now=ended.now,
    )
    return ("T-PERS",)


def _after_talk_check(_ended: Ended) -> tuple[str, ...]:
    return ("T-CL4T",)


_FOLLOWING: Mapping[str, Callable[[Ended], tuple[str, ...]]] = {
    "plan": _after_plan,
    "plan_confirm": _after_confirming,
    "checkin": _after_check_in,
    "quiet_pair": _after_silence,
    "talk_check": _after_talk_check,
}
