"""Planning the talks of a pair, moving them, and calling them off. One talk waits at a time."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from mentoring.calendar.dues import plan
from mentoring.calendar.lookups import last_talk_at, talk_length
from mentoring.calendar.pairs import is_by_text
from mentoring.calendar.plan_versions import plan_in_force
from mentoring.calendar.settling import ANSWERING, settle
from mentoring.calendar.talk_times import is_taken, suits_both, talks_of_plan, times_taken
from mentoring.clock import spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.models import (
    OPEN_TALKS,
    RUNNING,
    Conversation,
    ConversationStatus,
    DueKind,
    Invitation,
    InvitationState,
    Match,
    Person,
    Plan,
    Role,
    Talk,
    TalkState,
)
from mentoring.rows import insert_row
from mentoring.tasks import ask_for_zone, open_task

# The question before a talk. Its invitations carry the number of the talk.
REMINDER_FLOW = "talk_reminder"
# For two of whom one reads texts only.
TEXT_REMINDER_FLOW = "text_reminder"
REMINDERS = (REMINDER_FLOW, TEXT_REMINDER_FLOW)
# The same questions in the call that tells of a new time; the reminder comes all the same.
NEW_TIMES = ("new_time", "text_new_time")
ASKED_BEFORE = (*REMINDERS, *NEW_TIMES)
REMIND_BEFORE = timedelta(hours=24)
# Whoever plans a talk for the same day is reminded shortly before it, or not at all.
_REMIND_LATE = timedelta(hours=2)
# So long after its time it is clear whether the two have come together.
OVER_AFTER = timedelta(minutes=30)


def plan_next_talk(session: Session, match: Match, *, now: datetime) -> Talk | None:
    """Plan the next talk by the plan in force, if no other one waits; None when there is none."""
    agreed = plan_in_force(session, match.id)
    if agreed is None or match.state not in RUNNING or has_open_talk(session, match.id):
        return None
    protege = next(side.person for side in match.sides if side.role is Role.PROTEGE)
    zone = zone_named(agreed.zone) or zone_named(protege.zone)
    if zone is None:
        # The plan is by the protege's clocks, so a guess could be hours off.
        ask_for_zone(session, protege, now=now)
        return None
    people = [side.person for side in match.sides]
    moved, taken = _moved_away(session, match.id, now), times_taken(session, match)
    why = "at night"
    for moment in talks_of_plan(agreed, zone, after=now):
        if moment in moved or not suits_both(moment, people, session.programme):
            continue
        if not is_taken(moment, taken):
            return book_talk(session, match.id, at=moment, booked_by=None, now=now)
        why = "taken or at night"
        _say_that_it_is_taken(session, match, moment, now=now)
    _ask_for_another_time(session, match, agreed, why, now=now)
    return None


_MOVED_AWAY = select(Talk.at).where(
    Talk.match_id == bindparam("match_id"),
    Talk.state == TalkState.MOVED,
    Talk.at > bindparam("now"),
)


def _moved_away(session: Session, match_id: int, now: datetime) -> Collection[datetime]:
    """Return the moments to come from which a talk was moved: they do not suit somebody."""
    return set(session.columns(_MOVED_AWAY, {"match_id": match_id, "now": now}).scalars())


def _ask_for_another_time(
    session: Session, match: Match, agreed: Plan, why: str, *, now: datetime
) -> None:
    open_task(
        session,
        rule="plan",
        words=f"The time in the plan of {match.code} is {why} for one of them. Find another.",
        key=f"talk-hours:{agreed.id}:{why}",
        match_id=match.id,
        now=now,
    )


def _say_that_it_is_taken(
    session: Session, match: Match, moment: datetime, *, now: datetime
) -> None:
    office = session.programme.office
    when = f"{spoken_day(moment, office)} at {spoken_time(moment, office)} by our clocks"
    open_task(
        session,
        rule="plan",
        words=f"{match.code} has no talk on {when}: one of them talks with another partner then,"
        " or was asked to. Find a time with both.",
        key=f"talk-taken:{match.id}:{moment.isoformat()}",
        match_id=match.id,
        now=now,
    )


_OPEN = Talk.match_id == bindparam("match_id"), Talk.state.in_(OPEN_TALKS)
_AN_OPEN_ONE = select(Talk.id).where(*_OPEN).limit(1)
_OPEN_ALONE = select(Talk).where(*_OPEN).with_for_update()
_OPEN_AT = _OPEN_ALONE.where(Talk.at == bindparam("at"))
_OPEN_INSTEAD = _OPEN_ALONE.where(Talk.is_last == bindparam("is_last"))


def has_open_talk(session: Session, match_id: int) -> bool:
    """Tell whether a talk of a match still is to come, or goes on."""
    return session.columns(_AN_OPEN_ONE, {"match_id": match_id}).first() is not None


def talk_instead(session: Session, moved: Talk) -> Talk | None:
    """Return the talk that stands in for one that was moved, locked; None when it is over."""
    wanted = {"match_id": moved.match_id, "is_last": moved.is_last}
    return session.scalar(_OPEN_INSTEAD, wanted)


def book_talk(
    session: Session,
    match_id: int,
    *,
    at: datetime,
    booked_by: Person | None,
    now: datetime,
    is_last: bool = False,
) -> Talk | None:
    """Write down one talk with all that is due for it; None when that moment is taken already.

    There is one last talk of a match: None as well when another one counts.
    """
    # A time of ours that nobody has said yes to stands in nobody's way.
    proposed = Talk.match_id == match_id, Talk.at == at, Talk.state == TalkState.PROPOSED
    session.execute(update(Talk).where(*proposed).values(state=TalkState.CANCELLED))
    row = {
        "match_id": match_id,
        "at": at,
        "state": TalkState.PLANNED,
        "booked_by_id": booked_by.id if booked_by is not None else None,
        "is_last": is_last,
        "created_at": now,
    }
    made = insert_row(session, Talk, row)
    if made is None:
        return None
    talk = session.get_one(Talk, made)
    if is_last:
        _plan_end(session, talk, now=now)
    _plan_dues(session, talk, now=now)
    return talk


def keep_proposed(session: Session, talk: Talk, *, by: Person, now: datetime) -> None:
    """Let a talk whose time was ours be one, for somebody has said yes to it."""
    talk.state, talk.booked_by_id = TalkState.PLANNED, by.id
    _plan_dues(session, talk, now=now)


def _plan_dues(session: Session, talk: Talk, *, now: datetime) -> None:
    for kind, moment in _dues_of(talk.at, now).items():
        plan(
            session,
            kind,
            at=moment,
            key=f"{kind}:{talk.id}",
            match_id=talk.match_id,
            talk_id=talk.id,
            now=now,
        )


def _dues_of(at: datetime, now: datetime) -> dict[DueKind, datetime]:
    dues = {DueKind.TALK_RING: at, DueKind.TALK_OVER: at + OVER_AFTER}
    early, late = at - REMIND_BEFORE, at - _REMIND_LATE
    if late > now:
        dues[DueKind.TALK_REMINDER] = early if early > now else late
    return dues


def book_last_talk(
    session: Session, match_id: int, *, at: datetime, booked_by: Person, now: datetime
) -> Talk | None:
    """Write down the last talk of a match; None when another one counts already.

    A talk that their plan has at the very same moment becomes the last one.
    """
    booked = book_talk(session, match_id, at=at, booked_by=booked_by, is_last=True, now=now)
    if booked is not None or last_talk_at(session, match_id) is not None:
        return booked
    planned = session.scalar(_OPEN_AT, {"match_id": match_id, "at": at})
    if planned is not None:
        planned.is_last, planned.booked_by_id = True, booked_by.id
        session.flush()
        _plan_end(session, planned, now=now)
    return planned


def _plan_end(session: Session, last: Talk, *, now: datetime) -> None:
    """Let the match be closed after its last talk: mentoring/calendar/closing.py."""
    plan(
        session,
        DueKind.LAST_TALK,
        at=last.at + talk_length(session),
        key=f"{DueKind.LAST_TALK}:{last.id}",
        match_id=last.match_id,
        talk_id=last.id,
        now=now,
    )


def move_talk(
    session: Session, talk: Talk, *, at: datetime, by: Person, now: datetime
) -> Talk | None:
    """Let a talk be at another moment; returns the new one, or None when that moment is taken.

    Whoever has asked to be rung is rung at the new time.
    """
    talk.state = TalkState.MOVED
    session.flush()
    end_reminders(session, [talk.id], InvitationState.CANCELLED, outcome="talk moved", now=now)
    book = book_last_talk if talk.is_last else book_talk
    moved = book(session, talk.match_id, at=at, booked_by=by, now=now)
    if moved is not None:
        moved.ring_first_id, moved.ring_next_id = talk.ring_first_id, talk.ring_next_id
    return moved


def reminder_for(match: Match) -> str:
    """Return what both are asked a day before a talk."""
    return TEXT_REMINDER_FLOW if is_by_text(match) else REMINDER_FLOW


def new_time_for(match: Match) -> str:
    """Return what whoever is called about a new time is asked."""
    return NEW_TIMES[REMINDERS.index(reminder_for(match))]


def cancel_talks(
    session: Session,
    match_id: int,
    *,
    now: datetime,
    keep_wanted: bool = False,
    keep_known: bool = False,
) -> None:
    """Call off what waits, for the match rests or has ended. Its dues then find nothing to do.

    With `keep_wanted` a talk stays that somebody has asked for, though the plan is another now;
    with `keep_known` any that the two count on, which a rest leaves as it is until its time.
    """
    off = [
        talk
        for talk in session.scalars(_OPEN_ALONE, {"match_id": match_id})
        if not (keep_wanted and talk.is_expected) and not (keep_known and talk.is_known)
    ]
    call_off_talks(session, off, now=now)


def known_talks(
    session: Session, match_id: int, *, before: datetime, now: datetime
) -> Sequence[Talk]:
    """Return, locked, what is to come before a moment and at least one of them counts on."""
    waiting = session.scalars(_OPEN_ALONE, {"match_id": match_id})
    return [talk for talk in waiting if talk.is_known and now < talk.at < before]


def cancel_last_talk(session: Session, match_id: int, *, now: datetime) -> None:
    """Call off the last talk alone, for the match goes on after all."""
    waiting = Talk.match_id == match_id, Talk.state.in_(OPEN_TALKS), Talk.is_last.is_(True)
    last = session.scalars(select(Talk).where(*waiting).with_for_update()).all()
    call_off_talks(session, last, now=now)


def call_off_talks(session: Session, off: Sequence[Talk], *, now: datetime) -> None:
    """Call off certain talks, and end what is asked before them."""
    for talk in off:
        talk.state = TalkState.CANCELLED
    session.flush()
    ids = [talk.id for talk in off]
    end_reminders(session, ids, InvitationState.CANCELLED, outcome="talk called off", now=now)


_FORGET = (
    update(Conversation)
    .where(
        Conversation.invitation_id.in_(
            select(Invitation.id).where(
                Invitation.flow.in_(ASKED_BEFORE),
                Invitation.number.in_(bindparam("talk_ids", expanding=True)),
            )
        ),
        Conversation.status == ConversationStatus.OPEN,
        Conversation.touched_at < bindparam("answering"),
    )
    .values(status=ConversationStatus.LEFT)
)


def end_reminders(
    session: Session,
    talk_ids: Collection[int],
    state: InvitationState,
    *,
    outcome: str,
    now: datetime,
) -> None:
    """End what is asked before talks, so that nobody answers it too late and others may ask."""
    if not talk_ids:
        return
    asked = Invitation.flow.in_(ASKED_BEFORE), Invitation.number.in_(talk_ids)
    settle(session, *asked, state=state, outcome=outcome, now=now)
    session.execute(
        _FORGET,
        {"talk_ids": list(talk_ids), "answering": now - ANSWERING},
        execution_options={"synchronize_session": False},
    )
