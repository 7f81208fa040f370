"""Doing what is due: each kind of thing that waits has one deed, which does a whole batch of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from mentoring.applications.waiting_list import update_the_waiting
from mentoring.calendar.afterwards import appreciate, follow_up, rest_is_over, survey
from mentoring.calendar.closing import after_last_talk, close_by_clock
from mentoring.calendar.dues import claim, claim_one
from mentoring.calendar.invitations import invite
from mentoring.calendar.milestones import decide
from mentoring.calendar.pages import ask_for_plans, turn_page
from mentoring.calendar.pause_days import ask_before_return, end_pauses, offer_cover
from mentoring.calendar.talk_deeds import (
    follow_up_talks,
    have_new_times_told,
    look_back_on_talks,
    remind_of_talks,
    ring_for_talks,
)
from mentoring.calendar.terms import ask_before_term_ends, end_term
from mentoring.db import Session
from mentoring.matching.planning import work_out
from mentoring.models import Due, DueKind
from mentoring.oversight.silence_told import tell_of_silence
from mentoring.proposals.lapsing import run_out
from mentoring.reports.runs import work_out_reports
from mentoring.safety.paging import page

# Large enough for speed, small enough that no transaction lasts.
BATCH = 500

# A deed settles each of its rows: done, or put off to a later moment.
Deed = Callable[[Session, Sequence[Due], datetime], None]

DEEDS: Mapping[DueKind, Deed] = {
    DueKind.INVITE: invite,
    DueKind.CALENDAR: turn_page,
    DueKind.PLAN: ask_for_plans,
    DueKind.TALK_REMINDER: remind_of_talks,
    DueKind.TALK_TOLD: have_new_times_told,
    DueKind.TALK_RING: ring_for_talks,
    DueKind.TALK_OVER: look_back_on_talks,
    DueKind.TALKED: follow_up_talks,
    DueKind.PAGE: page,
    DueKind.SILENCE: tell_of_silence,
    DueKind.MILESTONE: decide,
    DueKind.TERM: ask_before_term_ends,
    DueKind.TERM_END: end_term,
    DueKind.PAUSE_CHECK: ask_before_return,
    DueKind.COVER: offer_cover,
    DueKind.RETURN: end_pauses,
    DueKind.LAST_TALK: after_last_talk,
    DueKind.CLOSE: close_by_clock,
    DueKind.SURVEY: survey,
    DueKind.REST: rest_is_over,
    DueKind.APPRECIATE: appreciate,
    DueKind.FOLLOW_UP: follow_up,
    DueKind.WAITING: update_the_waiting,
    DueKind.REPORT: work_out_reports,
    DueKind.PROPOSAL: run_out,
    DueKind.MATCH_PLAN: work_out,
}

_SLOW = (DueKind.REPORT, DueKind.MATCH_PLAN)


def do_due(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Do one batch of what is due; returns how many things were done.

    A report and the plan of matching take seconds, so they wait until all else is committed.
    """
    due = claim(session, now=now, limit=limit)
    quick = [row for row in due if row.kind not in _SLOW]
    _do(session, quick or due, now)
    return len(quick or due)


def do_one(session: Session, *, due_id: int, now: datetime) -> None:
    """Do one thing by itself, if nobody else has it."""
    due = claim_one(session, due_id)
    if due is not None and due.due_at <= now:
        _do(session, [due], now)


def _do(session: Session, due: Sequence[Due], now: datetime) -> None:
    for kind, rows in groupby(sorted(due, key=lambda row: row.kind), key=lambda row: row.kind):
        DEEDS[kind](session, list(rows), now)
    left = [row.id for row in due if row.done_at is None and row.due_at <= now]
    if left:
        raise AssertionError(f"Neither done nor put off: {left}.")
