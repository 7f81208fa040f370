"""What a pair has agreed on: how often they talk, when, and how soon a text is answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base


class Plan(Base):
    """One version of a pair's plan. It is in force once both have agreed to it."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("match_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"))
    version: Mapped[int]
    # GP3: `week`, `two_weeks` or `month`. GP4: `tue 18:00` in `zone`. GP5: `day`, `two_days` or
    # `week`.
    rhythm: Mapped[str]
    slot: Mapped[str]
    zone: Mapped[str]
    reply: Mapped[str]
    # The answer to GP1 that holds the goal in the protege's own words, sealed there.
    goal_answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))
    target: Mapped[str | None]
    proposed_at: Mapped[datetime]
    protege_agreed_at: Mapped[datetime | None]
    mentor_agreed_at: Mapped[datetime | None]
    # A newer proposal, or one side's wish to change it, ends a version.
    ended_at: Mapped[datetime | None]

    @property
    def in_force(self) -> bool:
        """Whether both have agreed and nothing newer has taken its place."""
        agreed = self.protege_agreed_at is not None and self.mentor_agreed_at is not None
        return agreed and self.ended_at is None
