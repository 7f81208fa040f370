"""What is due around a talk: the reminder, the ring, the look back, and the thanks after it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from mentoring.calendar.dues import finish, plan, put_off
from mentoring.calendar.first_talks import forget_proposed_time
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.invitees import reach_now
from mentoring.calendar.meetings import (
    how_they_met,
    is_together,
    waits_until,
    was_reached,
    were_told_to_write,
)
from mentoring.calendar.new_times import have_new_time_told
from mentoring.calendar.pairs import WITH_SIDES, is_by_text, matches_with_sides
from mentoring.calendar.talk_words import talk_words
from mentoring.calendar.talks import end_reminders, plan_next_talk, reminder_for
from mentoring.calendar.talks_in_pauses import call_off_if_away
from mentoring.calendar.telling import tell
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.effects import Connect, effect_to_text
from mentoring.models import (
    RESTING,
    Contact,
    ContactKind,
    DeliveryKind,
    Due,
    DueKind,
    InvitationState,
    Line,
    Match,
    MatchState,
    Person,
    PersonState,
    Talk,
    TalkState,
)
from mentoring.notices import queue_prompt
from mentoring.people import reads_alone
from mentoring.queueing import queue_call

_OFF = (*RESTING, MatchState.CLOSED)
_AWAY = (
    PersonState.ON_BREAK,
    PersonState.PAUSED,
    PersonState.SUSPENDED,
    PersonState.EXITED,
)
# A worker that comes so late does not ring any more, and later still it tells nobody anything.
_RING_UNTIL = timedelta(minutes=15)
_TELL_UNTIL = timedelta(hours=12)
_ASK_UNTIL = timedelta(days=2)
# Whoever asked to be rung is tried again after a quarter of an hour, where they are in a call.
_KEEP_CALL_FOR = timedelta(minutes=20)
# So long after the first one was rung it is known whether they are there.
_NEXT_AFTER = timedelta(minutes=4)
# So often it is looked whether a hold is lifted, or whoever is away is back, in time to remind.
_LOOK_AGAIN = timedelta(minutes=15)
# T-CL4 comes after these, and then after every fourth. T-T1 and T-T2 thank after these.
_FIRST_CHECKS, _CHECK_EVERY = 3, 4
_THANKS = {1: "T-T1", 5: "T-T2"}


def remind_of_talks(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Remind both sides of a batch of talks: the deed of DueKind.TALK_REMINDER."""
    talks = _talks(session, dues)
    for due in dues:
        talk = talks[due.talk_id or 0]
        off = _why_off(talk) or ("too late" if talk.at <= now else "")
        if off and talk.is_open and talk.at > now and not call_off_if_away(session, talk, now=now):
            put_off(due, now + _LOOK_AGAIN)
        elif off:
            finish(due, off, now=now)
        else:
            finish(due, _ask_both(session, talk, now=now), now=now)


def have_new_times_told(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Let staff tell what no call has told: the deed of DueKind.TALK_TOLD."""
    talks = _talks(session, dues)
    for due in dues:
        have_new_time_told(session, due, talks[due.talk_id or 0], now=now)


_TALKS = (
    select(Talk)
    .where(Talk.id.in_(bindparam("talk_ids", expanding=True)))
    .order_by(Talk.id)
    .options(joinedload(Talk.match).options(WITH_SIDES, joinedload(Match.line)))
    .with_for_update(of=Talk)
)


def _talks(session: Session, dues: Sequence[Due]) -> dict[int, Talk]:
    """Return the talks of a batch with both sides, locked: somebody may be moving one."""
    talk_ids = {due.talk_id for due in dues}
    found = session.scalars(_TALKS, {"talk_ids": list(talk_ids)})
    return {talk.id: talk for talk in found}


def _why_off(talk: Talk) -> str:
    """Say why a talk does not come about as planned; empty when it does."""
    if not talk.is_open:
        return f"talk {talk.state}"
    if talk.match.state in _OFF:
        if not _outlasts_rest(talk):
            talk.state = TalkState.CANCELLED
        return f"match {talk.match.state}"
    is_away = any(side.person.state in _AWAY for side in talk.match.sides)
    return "one of them is away" if is_away else ""


def _call_off(talk: Talk) -> None:
    if talk.is_open:
        talk.state = TalkState.CANCELLED


def _outlasts_rest(talk: Talk) -> bool:
    """Tell whether a rest leaves a talk as it is until its time: one that the two count on."""
    return talk.is_known and talk.match.state in RESTING


def _ask_both(session: Session, talk: Talk, *, now: datetime) -> str:
    talk.state = TalkState.REMINDED
    for side in talk.match.sides:
        open_invitation(
            session,
            reminder_for(talk.match),
            match_id=talk.match_id,
            person=side.person,
            number=talk.id,
            at=now,
            now=now,
        )
    return "both reminded"


def _text(
    session: Session, prompt: str, talk: Talk, person: Person, *, line: Line, now: datetime
) -> None:
    """Text somebody about a talk, where a text may be sent; without a name where others read it."""
    if person.safe_contact == 3 or not person.phone.takes_texts:
        return
    queue_prompt(
        session,
        prompt if reads_alone(person, person.phone) else f"{prompt}N",
        to=person.phone,
        line=line,
        kind=DeliveryKind.NOTICE,
        dedupe_key=f"{prompt}:{talk.id}:{person.id}",
        person=person,
        known=talk_words(session, talk, person),
        now=now,
    )


def ring_for_talks(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Ring whoever asked for it, at the time of a batch of talks: the deed of DueKind.TALK_RING."""
    talks = _talks(session, dues)
    for due in dues:
        talk = talks[due.talk_id or 0]
        lapsed = InvitationState.LAPSED
        end_reminders(session, [talk.id], lapsed, outcome="the talk begins", now=now)
        off = _why_off(talk)
        if off and due.round == 1:
            # Whoever is back minutes later has missed nothing.
            _call_off(talk)
        why_not = off or _why_not_rung(session, talk, due, now)
        first_rings_at = None if why_not else _when_first_rings(session, talk, due, now=now)
        if first_rings_at is not None:
            put_off(due, first_rings_at + _NEXT_AFTER)
        elif why_not:
            finish(due, why_not, now=now)
        else:
            _ring(session, talk, due, now=now)


def _when_first_rings(session: Session, talk: Talk, due: Due, *, now: datetime) -> datetime | None:
    """Return when the first one is rung whose turn is still to come; None when it has come.

    Who is in another call then is rung a while later, and the second one as long after that.
    """
    if due.round == 1:
        return None
    return waits_until(session, _call_key(talk, due.round - 1), now=now)


def _why_not_rung(session: Session, talk: Talk, due: Due, now: datetime) -> str:
    if _whom(talk, due.round) is None:
        return "nobody asked to be rung"
    if now > due.due_at + _RING_UNTIL:
        return "too late to ring"
    if is_together(session, talk, now=now):
        return "they are talking"
    if due.round > 1 and was_reached(session, _call_key(talk, due.round - 1)):
        return "the first one is there"
    return ""


def _whom(talk: Talk, round_: int) -> int | None:
    return talk.ring_first_id if round_ == 1 else talk.ring_next_id


def _call_key(talk: Talk, round_: int) -> str:
    return f"talk:{talk.id}:{round_}"


def _ring(session: Session, talk: Talk, due: Due, *, now: datetime) -> None:
    """Queue the call. Once they say that they are there, it goes on to the other, masked."""
    wanted = _whom(talk, due.round)
    side = next(side for side in talk.match.sides if side.person_id == wanted)
    talk.state = TalkState.RINGING
    queue_call(
        session,
        flow=effect_to_text(Connect(side.id)) or "",
        person=side.person,
        # From the line that they know as the other's: whoever missed it may just call back.
        line=talk.match.line,
        dedupe_key=_call_key(talk, due.round),
        match_id=talk.match_id,
        keep_for=_KEEP_CALL_FOR,
        now=now,
    )
    finish(due, f"{side.person.code} is rung", now=now)
    if due.round == 1 and talk.ring_next_id is not None:
        plan(
            session,
            DueKind.TALK_RING,
            at=now + _NEXT_AFTER,
            key=f"{DueKind.TALK_RING}:{talk.id}:2",
            match_id=talk.match_id,
            talk_id=talk.id,
            round_=2,
            now=now,
        )


def look_back_on_talks(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Say what came of a batch of talks, and plan the next: the deed of DueKind.TALK_OVER."""
    talks = _talks(session, dues)
    for due in dues:
        talk = talks[due.talk_id or 0]
        off = _why_off(talk)
        if off:
            _call_off(talk)
        else:
            _look_back(session, talk, due, now=now)
        session.flush()
        # Even where nothing came of this one: whoever was away comes back.
        plan_next_talk(session, talk.match, now=now)
        finish(due, off or talk.state, now=now)


def _look_back(session: Session, talk: Talk, due: Due, *, now: datetime) -> None:
    by_text = is_by_text(talk.match) or were_told_to_write(session, talk)
    contact_id = how_they_met(session, talk, by_text=by_text)
    talk.contact_id = contact_id
    talk.state = TalkState.HELD if contact_id is not None else TalkState.MISSED
    is_told = talk.is_expected and not by_text and now <= due.due_at + _TELL_UNTIL
    if contact_id is not None or not is_told:
        return
    for side in talk.match.sides:
        _tell_missed(session, talk, side.person, now=now)


def _tell_missed(session: Session, talk: Talk, person: Person, *, now: datetime) -> None:
    """Text it; whoever gets no texts is called, if they agreed, or hears it when they call."""
    if reach_now(session, person).texts and zone_named(person.zone) is not None:
        # From their own line: to call or text there is the shortest way to another time.
        _text(session, "T-MISSED-YOU", talk, person, line=talk.match.line, now=now)
        return
    open_invitation(
        session,
        "talk_missed",
        match_id=talk.match_id,
        person=person,
        number=talk.id,
        at=now,
        now=now,
    )


def follow_up_talks(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Ask how it went, and thank, some hours after a talk: the deed of DueKind.TALKED."""
    matches = matches_with_sides(session, {due.match_id for due in dues})
    for due in dues:
        match = matches[due.match_id]
        if match.state in _OFF:
            finish(due, f"match {match.state}", now=now)
        elif now > due.due_at + _ASK_UNTIL:
            finish(due, "too late", now=now)
        else:
            forget_proposed_time(session, match.id, now=now)
            talked = _talks_until(session, match.id, due.created_at)
            _follow_up(session, match, talked, now=now)
            finish(due, f"talk {talked}", now=now)


_TALKS_UNTIL = select(func.count(Contact.id)).where(
    Contact.match_id == bindparam("match_id"),
    Contact.kind == ContactKind.CALL,
    Contact.two_way.is_(True),
    Contact.ended_at <= bindparam("until"),
)


def _talks_until(session: Session, match_id: int, moment: datetime) -> int:
    """Count the two-way calls of a match up to the one in question."""
    wanted = {"match_id": match_id, "until": moment}
    return session.columns(_TALKS_UNTIL, wanted).scalar() or 0


def is_asked_after(talked: int) -> bool:
    """Tell whether both are asked how it went after so many talks."""
    return talked <= _FIRST_CHECKS or (talked - _FIRST_CHECKS) % _CHECK_EVERY == 0


def _follow_up(session: Session, match: Match, talked: int, *, now: datetime) -> None:
    for side in match.sides:
        if is_asked_after(talked):
            open_invitation(
                session,
                "talk_check",
                match_id=match.id,
                person=side.person,
                number=talked,
                at=now,
                now=now,
            )
        if talked in _THANKS:
            # Where others would read the names, or no text may go, it is said at their next call.
            prompt = _THANKS[talked]
            key = f"{prompt}:{match.id}:{side.person_id}"
            tell(session, side, prompt, key=key, now=now)
