"""The plan of matching as it was worked out last, and what was needed against what there was."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base


class PlannedMatch(Base):
    """Whom the plan picks for one protege, and the mentors with the most points.

    The table holds the newest plan and no other; when it was made is a mark (mentoring/marks.py).
    """

    __tablename__ = "planned_matches"
    __table_args__ = (Index(None, "waits_since"),)

    protege_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # [code, points] of the mentors who fit best, whoever else they are picked for.
    top: Mapped[list[Any]] = mapped_column(JSON)
    # The codes of those who came near, the nearest first.
    near: Mapped[list[Any]] = mapped_column(JSON)
    # When this row was worked out: with the plan, or later for this protege alone.
    worked_out_at: Mapped[datetime]
    waits_since: Mapped[datetime]
    # What is missing where nobody fits at all: a language, hours, and a first topic.
    fits_nobody: Mapped[bool]
    language: Mapped[str]
    hours: Mapped[str]
    topic: Mapped[str]


class PlannedNeed(Base):
    """How many wait for one topic, language or part of the day, and how many places serve it."""

    __tablename__ = "planned_needs"

    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    waiting: Mapped[int]
    places: Mapped[int]
