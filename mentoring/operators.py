"""Reaching a person: which member of staff is rung next when a caller presses 0."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, or_, select

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Staff
from mentoring.people import read_number
from mentoring.phone import is_fictional, reason_not_dialable

_LANGUAGES = ("en", "es", "fr")


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


def put_on_call(
    session: Session, *, name: str, typed: str, languages: str = "en", now: datetime
) -> Staff:
    """Add a member of staff as typed, on duty at once, rung after those who are there.

    Raises ProgrammeError for a name or number that is none, is there already, or cannot be rung.
    """
    name, languages = name.strip(), languages.lower()
    if not name or len(name) > 40 or not name.isprintable():
        raise ProgrammeError("A name has 1 to 40 letters on one line.")
    if not set(languages.split("/")) <= set(_LANGUAGES):
        raise ProgrammeError("Languages are en, es and fr, with a slash between them: en/es.")
    number = read_number(typed)
    refusal = reason_not_dialable(number, session.programme.dial_regions)
    if refusal is not None:
        raise ProgrammeError(f"The service can never ring that number: {refusal}.")
    _refuse_double(session, name, number)
    last = session.scalar(select(func.max(Staff.ring_order))) or 0
    return add_staff(
        session, name=name, number=number, languages=languages, ring_order=last + 1, now=now
    )


def _refuse_double(session: Session, name: str, number: str) -> None:
    same = or_(Staff.name == name, Staff.number_index == session.vault.index(number))
    found = session.scalar(select(Staff.name).where(same))
    if found is not None:
        raise ProgrammeError(f"{found} is there already, with that name or that number.")


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
