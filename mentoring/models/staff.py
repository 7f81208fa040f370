"""Staff: whom a caller reaches with 0, and the tasks that wait for them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base, SealedRow, words


class Staff(SealedRow, Base):
    """A member of staff with a phone. Those on duty are rung in the order of `ring_order`."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    number_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    number_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    languages: Mapped[str] = mapped_column(default="en")
    ring_order: Mapped[int] = mapped_column(default=1)
    on_duty: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Severity(StrEnum):
    """How soon an alert wants somebody's eye."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class StaffTask(Base):
    """Something that only a person can do now. One thing makes one task, told once or ten times.

    A task that an oversight rule opened is an alert: it has a severity, and closes only with an
    outcome code. `open_key` names what it is about while it is open, so there is one at a time.
    """

    __tablename__ = "staff_tasks"
    __table_args__ = (
        # Most pages ask for what is open, and nearly everything is done.
        Index(
            "ix_staff_tasks_open",
            "rule",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
        Index(None, "person_id"),
        Index(None, "match_id"),
        # What came up in the last days is counted on the page of reports.
        Index(None, "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The oversight rule or the reason it stands for: O8, O14, O16, `landline`, `name`, `zone` ...
    rule: Mapped[str]
    severity: Mapped[Severity | None] = mapped_column(words(Severity))
    words: Mapped[str] = mapped_column()
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    phone_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))
    match_id: Mapped[int | None] = mapped_column(ForeignKey("matches.id"))
    recording_id: Mapped[int | None] = mapped_column(ForeignKey("recordings.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    open_key: Mapped[str | None] = mapped_column(unique=True)
    opened_at: Mapped[datetime]
    # By when: of a rule with steps, the one that is due now, counted from 0.
    due_at: Mapped[datetime]
    step: Mapped[int] = mapped_column(default=0)
    # When somebody on call said that they see to it: until then they are paged (S17).
    accepted_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
