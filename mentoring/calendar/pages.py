"""The calendar of a match: what is asked on which day, and when a member of staff calls (2.5).

One due row per match stands for its next day. Its deed opens what that day brings and plans the
next one, so the chain is as long as the match lives, and a day that a worker missed is caught up.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from mentoring.calendar.days import (
    CHECK_INS,
    FIRST_DAYS,
    PLAN_AFTER,
    day_after,
    day_instead_of,
    flow_on,
    has_support_call,
)
from mentoring.calendar.dues import finish, put_off
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.lookups import HAS_ENDED
from mentoring.calendar.milestones import open_milestone
from mentoring.calendar.pairs import matches_with_sides, why_it_rests
from mentoring.calendar.plan_versions import plan_in_force
from mentoring.calendar.plans import ask_for_plan, propose_anyway
from mentoring.calendar.rhythms import ANYWAY
from mentoring.calendar.settling import settle
from mentoring.calendar.terms import is_asked_by_term
from mentoring.db import Session
from mentoring.matches import move_match, plan_day, plan_term
from mentoring.models import Due, Invitation, InvitationState, Match, MatchSide, MatchState
from mentoring.oversight.left_to_staff import left_to_staff
from mentoring.oversight.rules import Pauses
from mentoring.tasks import open_task

_SUPPORT_WORKING_DAYS = 5
_TOMORROW = timedelta(days=1)


def start_calendar(session: Session, match: Match, *, now: datetime) -> None:
    """Plan the next day of a match that is running already; days that are over are left out."""
    programme, age = session.programme, (now - match.opened_at).days
    plan_day(session, match, day_after(age), now=now)
    plan_term(session, match, 1 + (age + programme.closing_days) // programme.term_days, now=now)


def turn_page(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Open what the days of a batch of matches bring: the deed of DueKind.CALENDAR."""
    matches = matches_with_sides(session, {due.match_id for due in dues})
    people = [side.person_id for match in matches.values() for side in match.sides]
    left = left_to_staff(session, people, Pauses.CHECK_INS)
    for due in dues:
        match = matches[due.match_id]
        if match.state is MatchState.CLOSED:
            finish(due, HAS_ENDED, now=now)
            continue
        day, rest = due.round, why_it_rests(match)
        if rest and has_support_call(day):
            # Neither staff nor the questions of a quarter forget the two over a pause or a hold.
            put_off(due, now + _TOMORROW)
        elif rest or match.state is MatchState.CLOSING:
            finish(due, f"nothing asked: {rest or match.state}", now=now)
        elif match.opened_at + timedelta(days=day_instead_of(day)) <= now:
            # Nobody was at work for long: of all the days that were missed only the newest counts.
            finish(due, "missed", now=now)
        else:
            _open_day(session, match, day, left, now=now)
            finish(due, flow_on(day), now=now)
        # Planned once, however often the day before it is put off.
        plan_day(session, match, day_after(day), now=now)


def _open_day(session: Session, match: Match, day: int, left: set[int], *, now: datetime) -> None:
    """Open what a day brings; whoever is `left` to staff is asked for no check-in (O6, O9)."""
    _let_go_of_older(session, match, now=now)
    if flow_on(day) == "milestone":
        # The day of a match that rested comes late, and the end of its term may be near by then.
        days = (day, (now - match.opened_at).days)
        if not any(is_asked_by_term(session.programme, each) for each in days):
            open_milestone(session, match, day, now=now)
    else:
        asked = [side for side in match.sides if side.person_id not in left]
        _invite(session, asked, day, now=now)
    for side in match.sides:
        if has_support_call(day):
            _ask_staff_to_call(session, side, day, now=now)
    settle_in(session, match, now=now)


def _let_go_of_older(session: Session, match: Match, *, now: datetime) -> None:
    """End a check-in that has waited unasked till now: what comes today stands in for it."""
    settle(
        session,
        Invitation.match_id == match.id,
        Invitation.flow.in_(CHECK_INS),
        Invitation.state == InvitationState.WAITING,
        state=InvitationState.CANCELLED,
        outcome="a newer one has come",
        now=now,
    )


def _invite(session: Session, sides: Sequence[MatchSide], day: int, *, now: datetime) -> None:
    for side in sides:
        open_invitation(
            session,
            flow_on(day),
            match_id=side.match_id,
            person=side.person,
            number=day,
            at=now,
            now=now,
        )


def _ask_staff_to_call(session: Session, side: MatchSide, day: int, *, now: datetime) -> None:
    open_task(
        session,
        rule="support call",
        words=f"Call {side.person.code} about their match: it is {day} days old.",
        key=f"support:{side.id}:{day}",
        person=side.person,
        match_id=side.match_id,
        working_days=_SUPPORT_WORKING_DAYS,
        now=now,
    )


def settle_in(session: Session, match: Match, *, now: datetime) -> None:
    """From day 30 on, a match with a plan that both agreed to is ACTIVE (2.3)."""
    old_enough = now - match.opened_at >= timedelta(days=FIRST_DAYS[-1])
    if match.state is MatchState.EARLY and old_enough and plan_in_force(session, match.id):
        reason = "30 days and a plan"
        move_match(session, match, MatchState.ACTIVE, actor="system", reason=reason, now=now)


def ask_for_plans(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Ask both sides of a batch of matches for their plan, or propose it: DueKind.PLAN."""
    matches = matches_with_sides(session, {due.match_id for due in dues})
    for due in dues:
        match = matches[due.match_id]
        if match.state is MatchState.CLOSED:
            finish(due, HAS_ENDED, now=now)
        elif why_it_rests(match) or match.state is MatchState.CLOSING:
            # Nobody is asked how it is to go on: it rests, or it is ending.
            put_off(due, now + PLAN_AFTER)
        elif due.round != ANYWAY:
            ask_for_plan(session, match, now=now)
            finish(due, "both asked", now=now)
        elif propose_anyway(session, match, now=now):
            finish(due, "proposed", now=now)
        else:
            put_off(due, now + PLAN_AFTER)
