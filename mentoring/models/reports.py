"""Reports that were asked for, and their figures once they are worked out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base


class ReportRun(Base):
    """The report about one period, of the whole programme or of one community.

    There is one of each. Asked for again it keeps its figures until the new ones are there.
    """

    __tablename__ = "report_runs"
    __table_args__ = (UniqueConstraint("since", "until", "community"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Days at the office; the last one is not included.
    since: Mapped[date]
    until: Mapped[date]
    # Empty for the whole programme.
    community: Mapped[str] = mapped_column(default="")
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    # The moment at which the log was read.
    done_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # The rows of the file for business counselling, read by that file alone. They are
    # about single people, so they are forgotten after a month (mentoring/retention.py).
    clients: Mapped[list[list[str]] | None] = mapped_column(JSON(none_as_null=True), deferred=True)

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be worked out, for the first time or again."""
        return self.done_at is None or self.asked_at > self.done_at
