"""The opt-out ledger. The carrier blocks one line only; our word blocks every line at once (S3)."""

from datetime import datetime

from mentoring.db import Session
from mentoring.models import OptOutEvent, OptOutKind, Phone


def refuse(session: Session, phone: Phone, kind: OptOutKind, *, source: str, now: datetime) -> bool:
    """Record an opt-out of texts or of automated calls; False when it was in force already."""
    if _refused_at(phone, kind) is not None:
        return False
    _set(phone, kind, now)
    session.add(OptOutEvent(phone_id=phone.id, kind=kind, refused=True, source=source, at=now))
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
