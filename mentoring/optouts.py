"""The opt-out ledger. The carrier blocks one line only; our word blocks every line at once (S3)."""

from datetime import datetime

from sqlalchemy import bindparam, select

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
    fresh = _refused_at(phone, kind) is None
    if not fresh and not _is_another_block(session, phone, source, line):
        return False
    event = OptOutEvent(phone_id=phone.id, kind=kind, refused=True, source=source, at=now)
    event.line_id = line.id if line else None
    session.add(event)
    if fresh:
        _set(phone, kind, now)
    return fresh


def _is_another_block(session: Session, phone: Phone, source: str, line: Line | None) -> bool:
    """Tell whether an opt-out in force is now the carrier's on one more line."""
    if line is None or source not in _CARRIER_BLOCKS:
        return False
    return line.id not in [known.id for known in lines_blocked_by_carrier(session, phone)]


def restore(
    session: Session,
    phone: Phone,
    kind: OptOutKind,
    *,
    source: str,
    now: datetime,
    line: Line | None = None,
) -> bool:
    """Record a return after an opt-out; False when there was nothing to lift.

    With texts back on already, START on one more line still ends the carrier's block there.
    """
    was_refused = _refused_at(phone, kind) is not None
    blocked = [known.id for known in lines_blocked_by_carrier(session, phone)] if line else []
    if not was_refused and (line is None or line.id not in blocked):
        return False
    _set(phone, kind, None)
    event = OptOutEvent(phone_id=phone.id, kind=kind, refused=False, source=source, at=now)
    event.line_id = line.id if line else None
    session.add(event)
    return True


_OF_LINES = (
    select(OptOutEvent.line_id, OptOutEvent.refused, OptOutEvent.source)
    .where(
        OptOutEvent.phone_id == bindparam("phone_id"),
        OptOutEvent.kind == OptOutKind.TEXTS,
        OptOutEvent.line_id.is_not(None),
    )
    .order_by(OptOutEvent.id)
)


def lines_blocked_by_carrier(session: Session, phone: Phone) -> list[Line]:
    """Return the lines on which the carrier itself blocks texts to a phone, oldest block first.

    Its block begins with its own word on one line, or is told by its refusal (21610), and ends only
    with START on that very line.
    """
    blocked: dict[int, None] = {}
    for line_id, refused, source in session.columns(_OF_LINES, {"phone_id": phone.id}):
        if refused and source in _CARRIER_BLOCKS:
            blocked[line_id or 0] = None
        elif not refused:
            blocked.pop(line_id or 0, None)
    return [session.get_one(Line, line_id) for line_id in blocked]


def _refused_at(phone: Phone, kind: OptOutKind) -> datetime | None:
    return phone.texts_refused_at if kind is OptOutKind.TEXTS else phone.calls_refused_at


def _set(phone: Phone, kind: OptOutKind, at: datetime | None) -> None:
    if kind is OptOutKind.TEXTS:
        phone.texts_refused_at = at
    else:
        phone.calls_refused_at = at


def confirms_opt_out(prompt: str | None) -> bool:
    """Tell whether a text is the one confirmation that an opt-out, or a return, still gets.

    So does whoever has told us that theirs is a wrong number.
    """
    return prompt in ("T-STOP", "T-START", "T-WRONG")
