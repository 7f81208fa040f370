"""Moments that outlive every process, such as until when nothing is sent."""

from datetime import datetime
from enum import StrEnum

from mentoring.db import Session
from mentoring.models import Mark
from mentoring.rows import insert_row


class MarkName(StrEnum):
    """Every mark that is kept."""

    SENDING_PAUSES = "sending pauses until"
    TEXTS_COLLECTED = "texts collected"
    # Set by each sweep, which only beat asks for: so it tells whether both are at work.
    SWEPT = "swept"
    # When the plan of matching was worked out.
    MATCHES_PLANNED = "matches planned"


def mark_of(session: Session, name: MarkName) -> datetime | None:
    """Return the moment under that name, or None when it was never set."""
    mark = session.get(Mark, name)
    return mark.at if mark is not None else None


def set_mark(session: Session, name: MarkName, at: datetime) -> None:
    """Keep a moment under that name, in place of the one before."""
    if insert_row(session, Mark, {"name": name, "at": at}, "name") is None:
        session.get_one(Mark, name).at = at
