"""Guessing takes time: after a few wrong tries, the next one has to wait.

Failures are counted for an account from one place, for an account from anywhere, and for a place.
The first limit is low, so that somebody else's guessing does not lock a person out of their own
account from their own desk.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from mentoring.db import Session
from mentoring.models import SignInFailure

WITHIN = timedelta(minutes=15)
_LIMITS = {"both": 5, "account": 50, "place": 50}


def is_throttled(session: Session, email: str, place: str, *, now: datetime) -> bool:
    """Tell whether a try has to wait, whatever it brings. `place` is the address of the network."""
    subjects = _subjects(session, email, place)
    counted = dict(
        session.execute(
            select(SignInFailure.subject, func.count(SignInFailure.id))
            .where(SignInFailure.subject.in_(subjects.values()), SignInFailure.at > now - WITHIN)
            .group_by(SignInFailure.subject)
        ).all()
    )
    return any(counted.get(subjects[kind], 0) >= limit for kind, limit in _LIMITS.items())


def note_failure(session: Session, email: str, place: str, *, now: datetime) -> None:
    """Count a wrong try, and forget those that count no longer."""
    session.execute(delete(SignInFailure).where(SignInFailure.at <= now - WITHIN))
    session.add_all(
        SignInFailure(subject=subject, at=now)
        for subject in _subjects(session, email, place).values()
    )


def forget_failures(session: Session, email: str, place: str) -> None:
    """Start counting anew for an account from a place: its owner is in."""
    both = _subjects(session, email, place)["both"]
    session.execute(delete(SignInFailure).where(SignInFailure.subject == both))


def _subjects(session: Session, email: str, place: str) -> Mapping[str, str]:
    """Return under which names a try is counted; none of them tells who it was."""
    account = email.strip().lower()[:200]
    named = {"both": f"{account}\n{place}", "account": account, "place": place}
    return {
        kind: f"{kind}:{session.vault.index(f'sign-in:{kind}:{words}').hex()}"
        for kind, words in named.items()
    }
