"""Sessions of staff: rows that are found by the hash of a cookie, so any of them can be ended.

A session is renewed by every page that somebody opens, and ends 30 minutes after the last one or
12 hours after it began. These are hours of the person at the screen, never of the demo's clock.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from mentoring.db import Session
from mentoring.models import SessionStage, StaffAccount, StaffSession
from mentoring.programme_editions import NEWEST, heed

IDLE = timedelta(minutes=30)
# The warning comes so long before the end (WCAG 2.2.1 asks for 20 seconds; people get more).
WARNED_BEFORE = timedelta(minutes=5)
AT_MOST = timedelta(hours=12)
# Who has given the password has so long for the code.
_FOR_CODE = timedelta(minutes=20)
# A page that is asked for every few seconds does not write a row each time.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Opened:
    """A session that was just opened. `token` goes into the cookie and nowhere else."""

    row: StaffSession
    token: str


def open_session(
    session: Session, account: StaffAccount, stage: SessionStage, *, now: datetime
) -> Opened:
    """Open a session at a stage. Each stage has a token of its own."""
    token = secrets.token_urlsafe(32)
    row = StaffSession(
        token_hash=_hash(session, token), account=account, stage=stage, began_at=now, seen_at=now
    )
    session.add(row)
    session.flush()
    return Opened(row, token)


def find_session(
    session: Session, token: str, *, now: datetime, by_hand: bool = True
) -> StaffSession | None:
    """Return the session of a cookie unless it is over; what was opened `by_hand` renews it."""
    if not token:
        return None
    found = session.execute(
        select(StaffSession, NEWEST).where(StaffSession.token_hash == _hash(session, token))
    ).first()
    if found is None:
        return None
    row: StaffSession = found[0]
    heed(session, found[1])
    if row.account.disabled_at is not None or now >= ends_at(row):
        return None
    if by_hand and now - row.seen_at >= _NOTED_EVERY:
        row.seen_at = now
    return row


def owner_of(session: Session, token: str) -> StaffAccount | None:
    """Return who is or was signed in by a cookie, also after that has ended by time."""
    row = session.scalar(
        select(StaffSession).where(
            StaffSession.token_hash == _hash(session, token),
            StaffSession.stage == SessionStage.SIGNED_IN,
        )
    )
    return row.account if row is not None and row.account.disabled_at is None else None


def ends_at(row: StaffSession) -> datetime:
    """Return when a session ends if nothing more happens in it."""
    if row.stage is not SessionStage.SIGNED_IN:
        return row.began_at + _FOR_CODE
    return min(row.seen_at + IDLE, row.began_at + AT_MOST)


def end_session(session: Session, row: StaffSession) -> None:
    """End one session: its cookie opens nothing any more."""
    session.delete(row)


def end_sessions(
    session: Session, account: StaffAccount, *, but: StaffSession | None = None
) -> None:
    """End all sessions of an account, but the one in which that is asked for."""
    ended = delete(StaffSession).where(StaffSession.account_id == account.id)
    if but is not None:
        ended = ended.where(StaffSession.id != but.id)
    session.execute(ended)


def drop_old_sessions(session: Session, *, now: datetime) -> None:
    """Remove what has long been over."""
    session.execute(delete(StaffSession).where(StaffSession.began_at < now - AT_MOST))


def _hash(session: Session, token: str) -> bytes:
    return session.vault.index(f"session:{token}")
