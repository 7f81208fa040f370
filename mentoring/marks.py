"""Moments that outlive every process, such as until when nothing is sent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select, update

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


_AT = select(Mark.at).where(Mark.name == bindparam("mark"))


def mark_of(session: Session, name: MarkName) -> datetime | None:
    """Return the moment under that name, or None when it was never set."""
    return session.columns(_AT, {"mark": name}).scalar()


_MOVE = update(Mark).where(Mark.name == bindparam("mark")).values(at=bindparam("moment"))


def set_mark(session: Session, name: MarkName, at: datetime) -> None:
    """Keep a moment under that name, in place of the one before."""
    if insert_row(session, Mark, {"name": name, "at": at}, "name") is None:
        session.wire.execute(_MOVE, {"mark": name, "moment": at})
