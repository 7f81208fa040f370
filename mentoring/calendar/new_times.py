"""Telling the other side of a new time: by text, by a call that asks, or by staff.

A call may come too late, or reach nobody. So staff tell whoever cannot be called in time, and
whoever has not heard it some time after the call.
"""

from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import and_, bindparam, exists, func, or_, select

from mentoring.calendar.dues import finish, plan, put_off, waiting_due
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.invitees import reach_now
from mentoring.calendar.pairs import other_side, why_it_rests
from mentoring.calendar.settling import OPEN, settle
from mentoring.calendar.talk_times import told_by
from mentoring.calendar.talk_words import talk_words
from mentoring.calendar.talks import ASKED_BEFORE, NEW_TIMES, new_time_for
from mentoring.calendar.telling import take_back_words
from mentoring.clock import spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.hours import hard_hours, next_opening
from mentoring.lines import main_line
from mentoring.models import (
    Channel,
    Contact,
    Conversation,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Due,
    DueKind,
    Invitation,
    InvitationState,
    MatchSide,
    Outcome,
    Person,
    StaffTask,
    Talk,
)
from mentoring.notices import queue_prompt
from mentoring.oversight.left_to_staff import left_to_staff
from mentoring.oversight.rules import Pauses
from mentoring.people import reads_alone
from mentoring.service_calls.gate import next_turn
from mentoring.tasks import end_open_task, open_task

# So long after the call staff take over, or sooner where the talk is near, but never before the
# call can have been heard.
_HEARD_WITHIN, _HEARD_AT_SOONEST = timedelta(hours=1), timedelta(minutes=10)
# So often it is looked whether they have heard it by themselves before staff have told it.
_LOOK_AGAIN = timedelta(hours=1)


def tell_other(
    session: Session, talk: Talk, other: MatchSide, *, is_first: bool, now: datetime
) -> None:
    """Tell the other side of the new time: by text, else by a call that asks, else by staff."""
    person = other.person
    reach = reach_now(session, person)
    if zone_named(person.zone) is not None and reach.texts:
        prompt = "T-MP3M" if is_first else "T-CLNEW"
        _text_new_time(session, prompt, talk, person, now=now)
        return
    call_at = _call_in_time(session, talk, person, now=now) if reach.calls else None
    if call_at is not None:
        _call_about_new_time(session, talk, person, now=now)
    plan(
        session,
        DueKind.TALK_TOLD,
        at=now if call_at is None else _staff_take_over_at(talk, call_at),
        key=_key_of_look(talk),
        match_id=talk.match_id,
        talk_id=talk.id,
        now=now,
    )


def _staff_take_over_at(talk: Talk, call_at: datetime) -> datetime:
    latest = min(call_at + _HEARD_WITHIN, told_by(talk.at))
    return max(call_at + _HEARD_AT_SOONEST, latest)


def _call_in_time(
    session: Session, talk: Talk, person: Person, *, now: datetime
) -> datetime | None:
    """Return when somebody can be called about a talk; None where that is too late, or never.

    The first hour of the day is early enough, for nobody else would tell them before. What comes
    too late is a call of the next day, where the phone has had its one call of this day.
    """
    zone, hours = zone_named(person.zone), hard_hours(session.programme)
    if zone is None:
        return None
    turn = next_turn(session, person.phone_id, hours, zone, now=now)
    if turn is None or turn <= told_by(talk.at) or turn == next_opening(now, zone, hours):
        return turn
    return None


def _call_about_new_time(session: Session, talk: Talk, person: Person, *, now: datetime) -> None:
    open_invitation(
        session,
        new_time_for(talk.match),
        match_id=talk.match_id,
        person=person,
        number=talk.id,
        at=now,
        now=now,
    )


def have_new_time_told(session: Session, due: Due, talk: Talk, *, now: datetime) -> None:
    """Let staff tell a new time that no call has told, and look again until somebody has.

    Like any question before a talk it waits while the match rests.
    """
    person = _who_is_told(talk)
    if person is None or not talk.is_open or talk.at <= now:
        take_back_new_time(session, talk, now=now)
        finish(due, _why_untrue(talk), now=now)
    elif why_it_rests(talk.match):
        put_off(due, now + _LOOK_AGAIN)
    else:
        _have_told(session, due, talk, person, now=now)


def _have_told(session: Session, due: Due, talk: Talk, person: Person, *, now: datetime) -> None:
    """Once staff tell somebody no call does: they would hear it twice."""
    tried = _what_came_of_it(session, talk, person)
    if tried is _Tried.RINGS:
        put_off(due, now + _HEARD_AT_SOONEST)
    elif tried is _Tried.HEARD:
        end_open_task(session, _key_of_telling(talk), outcome="heard", now=now)
        _end_call(session, talk, outcome="heard", now=now)
        finish(due, "heard", now=now)
    elif (call_at := _call_to_come(session, talk, person, now=now)) is not None:
        put_off(due, _staff_take_over_at(talk, call_at))
    elif _ask_staff_to_tell(session, talk, person, now=now).done_at is not None:
        finish(due, "told by staff", now=now)
    else:
        _end_call(session, talk, outcome="left to staff", now=now)
        put_off(due, now + _LOOK_AGAIN)


_WAITING_CALL = (
    select(func.coalesce(Due.due_at, Delivery.not_before))
    .select_from(Invitation)
    .outerjoin(Due, and_(Due.invitation_id == Invitation.id, Due.done_at.is_(None)))
    .outerjoin(
        Delivery,
        and_(
            Delivery.invitation_id == Invitation.id,
            Delivery.status == DeliveryStatus.QUEUED,
        ),
    )
    .where(
        Invitation.flow.in_(NEW_TIMES),
        Invitation.number == bindparam("talk_id"),
        Invitation.person_id == bindparam("person_id"),
        Invitation.state.in_(OPEN),
    )
)


def _call_to_come(
    session: Session, talk: Talk, person: Person, *, now: datetime
) -> datetime | None:
    """Return when a call that could not be made yet, as in a rest, still tells of a new time.

    None where none does in time, or where staff are to see to somebody before we call them.
    """
    wanted = {"talk_id": talk.id, "person_id": person.id}
    waits_until: datetime | None = session.columns(_WAITING_CALL, wanted).scalar()
    if waits_until is None or left_to_staff(session, {person.id}, Pauses.AUTOMATED):
        return None
    turn = _call_in_time(session, talk, person, now=now)
    if turn is None or max(turn, waits_until) > told_by(talk.at):
        return None
    return max(turn, waits_until)


def _end_call(session: Session, talk: Talk, *, outcome: str, now: datetime) -> None:
    """Let no call tell of it any more, and other questions come; a late answer counts as any."""
    of_news = Invitation.flow.in_(NEW_TIMES), Invitation.number == talk.id
    settle(session, *of_news, state=InvitationState.LAPSED, outcome=outcome, now=now)


def _who_is_told(talk: Talk) -> Person | None:
    """Return whoever did not set the time of a talk themselves; None for one of the plan."""
    if talk.booked_by_id is None:
        return None
    return other_side(talk.match, talk.booked_by_id).person


# Nothing was said of a talk where the call ended before its question, as at "Is this Luis?".
_WAS_PUT = exists().where(
    Conversation.invitation_id == Invitation.id,
    or_(Conversation.channel == Channel.TEXT, Conversation.call_sid.is_not(None)),
)
_TRIES = (
    select(
        *(Invitation.state, Delivery.kind, Delivery.status, Contact.outcome),
        _WAS_PUT.label("was_put"),
    )
    .outerjoin(Delivery, Delivery.invitation_id == Invitation.id)
    .outerjoin(Contact, Contact.id == Delivery.contact_id)
    .where(
        Invitation.flow.in_(ASKED_BEFORE),
        Invitation.number == bindparam("talk_id"),
        Invitation.person_id == bindparam("person_id"),
    )
)
_TAKEN = (Outcome.ACCEPTED, Outcome.SERVED)
_WITH_CARRIER = (
    *(DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN),
    *(DeliveryStatus.ACCEPTED, DeliveryStatus.SENT),
)
_ARRIVED = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED)


class _Tried(Enum):
    """What came of asking somebody about a talk at its new time."""

    HEARD, RINGS, IN_VAIN = range(3)


def _what_came_of_it(session: Session, talk: Talk, person: Person) -> _Tried:
    """Tell whether somebody knows the time of a talk: by an answer, a call or a reminder."""
    rings = False
    wanted = {"talk_id": talk.id, "person_id": person.id}
    for state, kind, status, outcome, was_put in session.columns(_TRIES, wanted):
        is_call = kind is DeliveryKind.CALL
        arrived = was_put and outcome in _TAKEN if is_call else status in _ARRIVED
        if arrived or state is InvitationState.ANSWERED:
            return _Tried.HEARD
        rings = rings or (is_call and status in _WITH_CARRIER)
    return _Tried.RINGS if rings else _Tried.IN_VAIN


def take_back_new_time(session: Session, talk: Talk, *, now: datetime) -> None:
    """A talk is moved once more, called off or over: what was to tell of it is true no more."""
    person = _who_is_told(talk)
    if person is not None:
        take_back_words(session, [_key_of_new_time(talk, person)], now=now)
        end_open_task(session, _key_of_telling(talk), outcome=_why_untrue(talk), now=now)


def _why_untrue(talk: Talk) -> str:
    return "too late" if talk.is_open else f"talk {talk.state}"


def let_hour_there_be_told(session: Session, talk: Talk, moved: Person, *, now: datetime) -> bool:
    """They live elsewhere now: let what tells them of a new time say the hour there.

    False where nothing does any more: they have heard of it, or have set the time themselves.
    """
    person = _who_is_told(talk)
    if person is None or person.id != moved.id:
        return False
    return _text_anew(session, talk, person, now=now) or _tell_anew(session, talk, person)


_UNSENT = (
    select(Delivery)
    .where(
        Delivery.dedupe_key == bindparam("key"),
        Delivery.status == DeliveryStatus.QUEUED,
    )
    .with_for_update()
)


def _text_anew(session: Session, talk: Talk, person: Person, *, now: datetime) -> bool:
    """Put another text in the place of one that has not left; False when there is none."""
    unsent = session.scalar(_UNSENT, {"key": _key_of_new_time(talk, person)})
    if unsent is None or unsent.prompt is None:
        return False
    unsent.status, unsent.settled_at = DeliveryStatus.EXPIRED, now
    # Its key is free for the text in its place, which is taken back by it as well.
    unsent.dedupe_key += f"@{unsent.id}"
    session.flush()
    _text_new_time(session, unsent.prompt, talk, person, now=now)
    return True


_TASK = select(StaffTask).where(StaffTask.dedupe_key == bindparam("key")).with_for_update()


def _tell_anew(session: Session, talk: Talk, person: Person) -> bool:
    """Let staff tell the hour there, if nobody has told the time yet; a call does so by itself."""
    due: Due | None = waiting_due(session, _key_of_look(talk))
    if due is None or due.done_at is not None:
        return False
    task = session.scalar(_TASK, {"key": _key_of_telling(talk)})
    is_told = task is not None and task.done_at is not None
    if is_told or _what_came_of_it(session, talk, person) is not _Tried.IN_VAIN:
        return False
    if task is not None:
        task.words = _words_to_tell(session, talk, person)
    return True


def _ask_staff_to_tell(session: Session, talk: Talk, person: Person, *, now: datetime) -> StaffTask:
    """Open the task to tell somebody, or return the one that was opened before."""
    return open_task(
        session,
        rule="talk",
        words=_words_to_tell(session, talk, person),
        key=_key_of_telling(talk),
        person=person,
        match_id=talk.match_id,
        no_later_than=told_by(talk.at),
        now=now,
    )


def _words_to_tell(session: Session, talk: Talk, person: Person) -> str:
    zone, where = zone_named(person.zone), "there"
    if zone is None:
        zone, where = session.programme.office, "by our clocks; their zone is not known"
    day, time = spoken_day(talk.at, zone), spoken_time(talk.at, zone)
    return f"Tell {person.code}: their talk is now {day} at {time} {where}."


def _key_of_look(talk: Talk) -> str:
    return f"{DueKind.TALK_TOLD}:{talk.id}"


def _key_of_telling(talk: Talk) -> str:
    return f"talk:{talk.id}"


def _key_of_new_time(talk: Talk, person: Person) -> str:
    return f"talk-new:{talk.id}:{person.id}"


def _text_new_time(
    session: Session, prompt: str, talk: Talk, person: Person, *, now: datetime
) -> None:
    named = reads_alone(person, person.phone)
    queue_prompt(
        session,
        prompt if named else "T-CLNEWN",
        to=person.phone,
        line=main_line(session),
        kind=DeliveryKind.NOTICE,
        dedupe_key=_key_of_new_time(talk, person),
        person=person,
        known=talk_words(session, talk, person),
        now=now,
    )
