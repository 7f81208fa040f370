"""What follows when somebody has answered the questions that they were invited to."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import bindparam, select

from mentoring.applications.waiting_list import after_long_wait, after_waiting_update
from mentoring.calendar.closing import set_last_talk, tips_are_heard, waive_last_talk
from mentoring.calendar.dues import hasten, waiting_due
from mentoring.calendar.lookups import (
    is_one_expected,
    is_waived,
    last_talk,
    last_talk_at,
)
from mentoring.calendar.milestones import FOR_STAFF, decision_key
from mentoring.calendar.pages import settle_in
from mentoring.calendar.pairs import WITH_SIDES, other_side
from mentoring.calendar.pause_days import ask_staff_for_cover
from mentoring.calendar.pauses import Pause, come_back, longer
from mentoring.calendar.plans import agree, ask_for_plan, end_proposal, propose_if_both_answered
from mentoring.calendar.settling import settle_answered
from mentoring.calendar.talk_answers import ring_booker
from mentoring.calendar.talk_times import told_by, why_not_at
from mentoring.calendar.talks import cancel_talks, plan_next_talk
from mentoring.calendar.told_times import moment_told, weekday_told
from mentoring.calendar.wishes import (
    after_follow_up,
    after_peer_guide,
    after_second_part,
    after_thanks,
    ask_staff,
    note_feedback,
    other_has_answered,
    side_of,
)
from mentoring.clock import zone_named
from mentoring.effects import Connect, Ended, Goodbye, Sequel
from mentoring.flows import FLOWS
from mentoring.flows.slots import spoken_slot
from mentoring.models import OUT, Channel, Invitation, Match, MatchState, Role, Talk
from mentoring.people import AWAY, away_until
from mentoring.reminders import ask_again_in
from mentoring.stopping import after_pause_in_menu, pause_words
from mentoring.tasks import ask_for_zone, open_task
from mentoring.wording import likely_zone


def after_questions(ended: Ended) -> Sequel:
    """A set of questions was answered to its end, or put off. What was answered is kept anyway."""
    if ended.outcome == "later":
        return _put_off(ended)
    invitation_id = ended.conversation.invitation_id
    if invitation_id is not None:
        settle_answered(ended.session, invitation_id, now=ended.now)
    follow = _FOLLOWING.get(ended.conversation.flow)
    said = follow(ended) if follow is not None else ()
    return said if isinstance(said, Sequel) else Sequel(said, effect=Goodbye())


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


_MATCH = (
    select(Match)
    .where(
        Match.id == bindparam("match_id"),
        Match.state.not_in((MatchState.CLOSING, MatchState.CLOSED)),
    )
    .options(WITH_SIDES)
)
_MATCH_ALONE = _MATCH.with_for_update(of=Match, key_share=True)


def _match_of(ended: Ended, *, alone: bool = False) -> Match | None:
    """Return the match, unless it has ended meanwhile: then an answer is kept and changes nothing.

    It is the match as it is now, whatever this transaction has seen of it before. `alone` lets one
    of the two in at a time: of two who answer in the same moment, the second sees what the first
    has said.
    """
    chosen = _MATCH_ALONE if alone else _MATCH
    return ended.session.scalar(chosen, {"match_id": ended.conversation.match_id})


def _after_plan(ended: Ended) -> tuple[str, ...]:
    match = _match_of(ended, alone=True)
    if match is not None:
        propose_if_both_answered(ended.session, match, now=ended.now)
    return ()


def _after_confirming(ended: Ended) -> tuple[str, ...]:
    """One side said whether the proposal is right. A wish to change it asks both anew."""
    match = _match_of(ended, alone=True)
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


def _after_silence(ended: Ended) -> tuple[str, ...] | Sequel:
    """Two who have not talked for long: keep going, pause, or finish well (O4)."""
    choice = ended.answers.get("QP", "")
    if _match_of(ended) is None:
        return ("T-CST",)
    if choice == "pause":
        return after_pause_in_menu(ended)
    return Sequel(flow="finish") if choice == "finish" else ("T-QPKEEP",)


def _after_milestone(ended: Ended) -> tuple[str, ...]:
    """What both want is compared once both are known; a late wish goes to staff."""
    note_feedback(ended, "MS3")
    asked = ended.session.get(Invitation, ended.conversation.invitation_id or 0)
    if asked is None or asked.match_id is None:
        return ()
    key = decision_key(asked.match_id, asked.number)
    due, choice = waiting_due(ended.session, key), ended.answers.get("MS4", "")
    is_ending = _match_of(ended) is None
    is_decided = due is None or due.done_at is not None
    if is_decided or (is_ending and choice in FOR_STAFF):
        ask_staff(ended, "milestone", f"answered late what they want next: {choice}.")
        return ("T-PERS",)
    if is_ending:
        # Nothing is decided by both any more, so nobody is told that we wait for the other one.
        return ("T-CST",)
    if not other_has_answered(ended, "milestone"):
        return ("T-MST",)
    hasten(ended.session, key, at=ended.now)
    return ("T-CST",)


def _last_talk_for_staff(ended: Ended, match: Match | None) -> str:
    """Say for staff what somebody wishes where it can no longer be done; else nothing."""
    is_none = ended.outcome == "none"
    wish = "wants no last talk" if is_none else "would like a last talk"
    if match is None or match.state is MatchState.CLOSED:
        return f"{wish}, but the match is closed."
    if match.state is MatchState.SAFETY_HOLD:
        return f"{wish}, but the match is on hold."
    if match.state is not MatchState.CLOSING:
        return f"{wish}, but the match is no longer closing."
    other = other_side(match, ended.person.id).person
    if other.state in OUT:
        return f"{wish} with {other.code}, who is {other.state}."
    if not is_none and is_waived(ended.session, match.id):
        return f"{wish}, but {other.code} wants none. Settle it with both."
    return ""


def _after_last_talk(ended: Ended) -> tuple[str, ...] | Sequel:
    """A time for the last talk, or none. Of two times the first one counts."""
    session, match = ended.session, ended.session.get(Match, ended.conversation.match_id or 0)
    left_to_staff = _last_talk_for_staff(ended, match)
    if match is None or left_to_staff:
        ask_staff(ended, "last talk", left_to_staff)
        return ("T-PERS",)
    if ended.outcome == "none":
        return _without_last_talk(ended, match)
    zone = zone_named(ended.person.zone)
    if zone is None:
        ask_for_zone(session, ended.person, now=ended.now)
        ask_staff(ended, "last talk", "would like a last talk. Their zone is not known: set it.")
        return ("T-PERS",)
    at = moment_told(ended, "Z1", zone=zone)
    if last_talk_at(session, match.id) is None:
        why_not = why_not_at(session, at, match, by=ended.person, now=ended.now)
        if why_not:
            return Sequel((why_not,), flow="last_talk")
    if not set_last_talk(session, match, at=at, by=ended.person, now=ended.now):
        told = spoken_slot(weekday_told(ended, "Z1", zone=zone))
        ask_staff(ended, "last talk", f"would like a last talk: {told}. It did not fit.")
        return ("T-PERS",)
    said = _said_of_last_talk(ended, last_talk(session, match.id))
    if ended.conversation.channel is Channel.TEXT:
        return (said,)
    tips_are_heard(session, match, by=ended.person.id, now=ended.now)
    return (said, "T-Z2")


def _without_last_talk(ended: Ended, match: Match) -> tuple[str, ...]:
    """There is none. A talk that somebody counts on stays, and staff settle it."""
    talk = last_talk(ended.session, match.id)
    if talk is not None and talk.is_open:
        ask_staff(
            ended,
            "last talk",
            "wants no last talk, but one is set. Settle it with both.",
            no_later_than=told_by(talk.at),
        )
        return (_said_of_last_talk(ended, talk), "T-PERS")
    if is_one_expected(ended.session, match.id, now=ended.now):
        ask_staff(ended, "last talk", "wants no last talk, but a talk waits. Settle it with both.")
        return ("T-PERS",)
    waive_last_talk(ended.session, match, by=ended.person, now=ended.now)
    return ("T-ZNONE",)


def _said_of_last_talk(ended: Ended, talk: Talk | None) -> str:
    """Say when it is: whoever has set it is rung for it, and the other one hears who was first."""
    if talk is not None and talk.booked_by_id != ended.person.id:
        return "T-ZFIRST"
    is_rung = talk is not None and ring_booker(ended.session, talk, by=ended.person)
    return "T-ZSETR" if is_rung else "T-ZSET"


def _after_pause_check(ended: Ended) -> tuple[str, ...] | Sequel:
    """Some days before a pause ends: as planned, longer, or back at once."""
    choice, person = ended.answers.get("PAUC", ""), ended.person
    if choice == "now":
        come_back(ended.session, person, actor=ended.actor, reason="came back", now=ended.now)
        return ("T-BACKOK",)
    if choice == "longer":
        if person.state not in AWAY:
            # They have come back since they were asked: it is a new pause now.
            return after_pause_in_menu(ended)
        pause = longer(ended.session, person, now=ended.now)
        if pause is None:
            ask_staff(ended, "pause", "would like a pause that is longer than we may give.")
            return ("T-PERS",)
    else:
        until = away_until(person)
        if until is None:
            return ("T-BACKOK",)
        pause = Pause(until, 0)
    prompt, known = pause_words(ended.session, person, pause)
    return Sequel((prompt,), effect=Goodbye(), known=known)


def _after_cover(ended: Ended) -> tuple[str, ...]:
    """A protege would like somebody to cover for their mentor, or rather waits."""
    match = _match_of(ended)
    if match is None or ended.answers.get("PAU2") != "yes":
        return ("T-CST",)
    if not any(side.person.state in AWAY for side in match.sides if side.role is Role.MENTOR):
        return ("T-CST",)
    ask_staff_for_cover(ended.session, match, wanted=True, now=ended.now)
    return ("T-PERS",)


def _after_asking_when(ended: Ended) -> tuple[str, ...]:
    """When staff may tell what came of a worry; they know whose clock it is by."""
    phone, person = ended.conversation.phone, ended.conversation.person
    zone = likely_zone(ended.session, phone, person)
    # Staff read it later, so it holds no "tomorrow".
    when = spoken_slot(weekday_told(ended, "N6", zone=zone))
    ask_staff(ended, "outcome", f"would hear what came of their worry on {when}, their time.")
    return ("T-N6T",)


def _call_or_later(ended: Ended) -> tuple[str, ...] | Sequel:
    """They have heard that a talk did not come about, or of a silence, and may talk now."""
    side = side_of(ended)
    if ended.outcome != "call" or side is None:
        return ("T-CL4T",)
    return Sequel(effect=Connect(side.id))


def _after_talk_check(_ended: Ended) -> tuple[str, ...]:
    return ("T-CL4T",)


def _after_idle(ended: Ended) -> tuple[str, ...]:
    """A mentor without a match would join a group call, or not now (O18)."""
    if ended.answers.get("W4") != "yes":
        return ("T-CST",)
    ask_staff(ended, "referral", "has no match and would join a group call.")
    return ("T-PERS",)


_FOLLOWING: Mapping[str, Callable[[Ended], tuple[str, ...] | Sequel]] = {
    "plan": _after_plan,
    "plan_rhythm": _after_plan,
    "plan_confirm": _after_confirming,
    "checkin": _after_check_in,
    "quiet_pair": _after_silence,
    "talk_check": _after_talk_check,
    "talk_missed": _call_or_later,
    "nudge": _call_or_later,
    "milestone": _after_milestone,
    "last_talk": _after_last_talk,
    "concern_outcome": _after_asking_when,
    "pause_check": _after_pause_check,
    "cover": _after_cover,
    "survey_protege_2": after_second_part,
    "survey_mentor_2": after_second_part,
    "follow_up_6": after_follow_up,
    "follow_up_12": after_follow_up,
    "thanks_name": after_thanks,
    "peer_guide": after_peer_guide,
    "mentor_idle": _after_idle,
    "waiting_update": after_waiting_update,
    "waiting_long": after_long_wait,
}
