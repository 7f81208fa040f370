"""What the programme has set out to do: who answers for it, until when, and what came of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentoring.models.base import Base
from mentoring.models.base import words as one_of
from mentoring.models.staff import Staff


class GoalOutcome(StrEnum):
    """What came of a goal."""

    REACHED = "reached"
    PARTLY = "partly reached"
    MISSED = "not reached"
    DROPPED = "dropped"


class Goal(Base):
    """One goal, in a sentence that people outside read, with its target, its owner and its day."""

    __tablename__ = "goals"
    __table_args__ = (
        Index(None, "due_on"),
        # The same is not set twice for one day.
        UniqueConstraint("words", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]
    # Such as `40 matches`, and the figure of the reports to read beside it, if one tells.
    target: Mapped[str]
    measure: Mapped[str | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    due_on: Mapped[date]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
    outcome: Mapped[GoalOutcome | None] = mapped_column(one_of(GoalOutcome))
    result: Mapped[str | None]
    done_at: Mapped[datetime | None]

    owner: Mapped[Staff | None] = relationship()
