"""What people asked us to change, and their own words that may be quoted with permission."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentoring.models.applications import How
from mentoring.models.base import Base, SealedRow, words
from mentoring.models.people import Person
from mentoring.models.staff import StaffTask


class HeardIn(StrEnum):
    """Where somebody asked us to change something."""

    SURVEY = "survey"
    DEBRIEF = "debrief"
    TALK = "talk"
    OTHER = "other"


class Feedback(SealedRow, Base):
    """Something that we were asked to change, what staff do about it, and what has changed.

    Its task says by when and whose it is. An answer to the survey keeps its own words.
    """

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "person_id"), Index(None, "done_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    # Whose words they are; nobody's where it came from outside, such as from a partner.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"), unique=True)
    heard_in: Mapped[HeardIn] = mapped_column(words(HeardIn))
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Of the words and whose they are, so that the same is not written down twice.
    words_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    action: Mapped[str]
    task_id: Mapped[int] = mapped_column(ForeignKey("staff_tasks.id"), unique=True)
    written_by: Mapped[str]
    written_at: Mapped[datetime]
    # One sentence for people outside, and when it was so.
    changed: Mapped[str | None]
    done_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    task: Mapped[StaffTask] = relationship()


class Quote(SealedRow, Base):
    """Somebody's own words that may be shown to funders until they take that back."""

    __tablename__ = "quotes"
    __table_args__ = (Index(None, "person_id"), Index(None, "permitted_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    # Gone, with its index, once the permission is withdrawn.
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    words_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    # How the person is named beside it, such as `A protege, 2026`.
    named_as: Mapped[str]
    # When and how they said yes, and to whom of the staff.
    permitted_on: Mapped[date]
    how: Mapped[How] = mapped_column(words(How))
    taken_by: Mapped[str]
    written_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
