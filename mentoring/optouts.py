"""The opt-out ledger. The carrier blocks one line only; our word blocks every line at once (S3)."""

from datetime import datetime

from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import Line, OptOutEvent, OptOutKind, Phone

# These opt-outs are the carrier's as well: its own words, and its refusal of a text (21610).
_CARRIER_BLOCKS = ("text", "carrier")


def refuse(
    session: Session,
    phone: Phone,
    kind: OptOutKind,
    *,
    source: str,
    now: datetime,
    line: Line | None = None,
) -> bool:
    """Record an opt-out of texts or of automated calls; False when it was in force already.

    `line` is where it was said: the carrier's own block lies there and nowhere else.
    """
    if _refused_at(phone, kind) is not None:
        return False
    _set(phone, kind, now)
    event = OptOutEvent(phone_id=phone.id, kind=kind, refused=True, source=source, at=now)
    event.line_id = line.id if line else None
    session.add(event)
    return True


def restore(
    session: Session, phone: Phone, kind: OptOutKind, *, source: str, now: datetime
) -> bool:
    """Record a return after an opt-out; False when there was none in force."""
    if _refused_at(phone, kind) is None:
        return False
    _set(phone, kind, None)
    session.add(OptOutEvent(phone_id=phone.id, kind=kind, refused=False, source=source, at=now))
    return True


def line_of_carrier_block(session: Session, phone: Phone) -> Line | None:
    """Return the line on which the carrier blocks texts to a phone; None when only we do."""
    newest = session.scalar(
        select(OptOutEvent)
        .where(OptOutEvent.phone_id == phone.id, OptOutEvent.kind == OptOutKind.TEXTS)
        .order_by(OptOutEvent.id.desc())
        .limit(1)
    )
    if newest is None or not newest.refused or newest.source not in _CARRIER_BLOCKS:
        return None
    return session.get(Line, newest.line_id) if newest.line_id is not None else None


def _refused_at(phone: Phone, kind: OptOutKind) -> datetime | None:
    return phone.texts_refused_at if kind is OptOutKind.TEXTS else phone.calls_refused_at


def _set(phone: Phone, kind: OptOutKind, at: datetime | None) -> None:
    if kind is OptOutKind.TEXTS:
        phone.texts_refused_at = at
    else:
        phone.calls_refused_at = at


def confirms_opt_out(prompt: str | None) -> bool:
    """Tell whether a text is the one confirmation that an opt-out, or a return, still gets."""
    return prompt in ("T-STOP", "T-START")
