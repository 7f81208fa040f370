"""Ending invitations: nobody is asked any more, whatever tries still waited; and taking it back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, case, select, update

from mentoring.calendar.covers import want_cover_again
from mentoring.db import Session
from mentoring.models import Due, Invitation, InvitationState
from mentoring.rows import change_row_of
from mentoring.tasks import end_open_task

OPEN = (InvitationState.WAITING, InvitationState.ASKED)
# Within it somebody may be answering a question that has ended, and would answer the next one.
ANSWERING = timedelta(minutes=10)
_UNSYNCED = {"synchronize_session": False}
_END_TRIES = (
    update(Due)
    .where(Due.invitation_id.in_(bindparam("wanted", expanding=True)), Due.done_at.is_(None))
    .values(done_at=bindparam("now"), outcome=bindparam("said"))
)

_STATE = select(Invitation.state).where(Invitation.id == bindparam("invitation_id"))


def settle(
    session: Session,
    *chosen: ColumnElement[bool],
    state: InvitationState,
    outcome: str,
    now: datetime,
) -> bool:
    """End the chosen invitations, with their tries; False when all of them had ended before.

    `outcome` says in a few words for staff why the tries are made no more.
    """
    still_open = Invitation.state.in_(OPEN)
    ids = select(Invitation.id).where(*chosen, still_open).order_by(Invitation.id)
    wanted = session.columns(ids).scalars().all()
    if not wanted:
        return False
    ended = update(Invitation).where(Invitation.id.in_(wanted), still_open)
    session.execute(ended.values(state=state, settled_at=now))
    tries = {"wanted": wanted, "now": now, "said": outcome}
    session.execute(_END_TRIES, tries, execution_options=_UNSYNCED)
    return True


def settle_answered(session: Session, invitation_id: int, *, now: datetime) -> None:
    """End an invitation that was answered to its end, with all tries that still wait.

    A late answer counts as well, and then staff need not ask any more.
    """
    answered = InvitationState.ANSWERED
    if settle(session, Invitation.id == invitation_id, state=answered, outcome="answered", now=now):
        return
    if session.columns(_STATE, {"invitation_id": invitation_id}).scalar() is InvitationState.LAPSED:
        change_row_of(session, Invitation, invitation_id, state=answered, settled_at=now)
        end_open_task(session, task_when_lapsed(invitation_id), outcome="answered late", now=now)


def task_when_lapsed(invitation_id: int) -> str:
    """Return the key of the task for staff to reach somebody who answered none of our tries."""
    return f"lapsed:{invitation_id}"


def take_back(session: Session, match_id: int, *, outcome: str, since: datetime) -> None:
    """Let everything about a match wait again that ended with an outcome since a moment.

    What has become due meanwhile is due at once.
    """
    undone = (
        Due.match_id == match_id,
        Due.outcome == outcome,
        Due.done_at >= since,
    )
    ids: Sequence[int | None] = session.scalars(select(Due.invitation_id).where(*undone)).all()
    asked = Invitation.asked_at.is_not(None)
    again = case((asked, InvitationState.ASKED.value), else_=InvitationState.WAITING.value)
    session.execute(
        update(Invitation)
        .where(Invitation.id.in_(ids), Invitation.state == InvitationState.CANCELLED)
        .values(state=again, settled_at=None),
        execution_options=_UNSYNCED,
    )
    session.execute(
        update(Due).where(*undone).values(done_at=None, outcome=None), execution_options=_UNSYNCED
    )
    want_cover_again(session, match_id, outcome=outcome, since=since)
    session.expire_all()
