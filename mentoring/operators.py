"""Reaching a person: which member of staff is rung next when a caller presses 0."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import Staff
from mentoring.phone import is_fictional


def add_staff(
    session: Session,
    *,
    name: str,
    number: str,
    languages: str = "en",
    ring_order: int = 1,
    now: datetime,
) -> Staff:
    """Add a member of staff with the phone on which callers reach them."""
    member = Staff(
        key=uuid4(),
        name=name,
        number_index=session.vault.index(number),
        languages=languages,
        ring_order=ring_order,
        on_duty=True,
        created_at=now,
    )
    member.number_sealed = session.vault.seal(number, place=member.place("number_sealed"))
    session.add(member)
    session.flush()
    return member


def first_on_duty(session: Session) -> int | None:
    """Return who owns an alert until it is given to somebody else; None when nobody is on duty."""
    return session.scalar(
        select(Staff.id)
        .where(Staff.on_duty.is_(True))
        .order_by(Staff.ring_order, Staff.id)
        .limit(1)
    )


def staff_to_ring(session: Session, *, after: int, language: str) -> tuple[int, str] | None:
    """Return (position, number) of the next member of staff on duty, or None when all were tried.

    Those who speak the caller's language come first. `after` is how many were rung in this call.
    """
    on_duty = session.scalars(
        select(Staff).where(Staff.on_duty.is_(True)).order_by(Staff.ring_order, Staff.id)
    ).all()
    ranked = sorted(on_duty, key=lambda s: language not in s.languages.split("/"))
    for position, member in enumerate(ranked[after:], after + 1):
        number = session.vault.open(member.number_sealed, place=member.place("number_sealed"))
        if is_fictional(number) or not session.programme.fictional_numbers_only:
            return position, number
    return None
