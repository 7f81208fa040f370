"""What waits to be said to somebody who takes no texts, when they call the next time."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base, SealedRow


class SpokenNotice(SealedRow, Base):
    """One notice in its spoken form. The words go once it was said; the row tells that it was."""

    __tablename__ = "spoken_notices"
    __table_args__ = (
        # Each call asks whether something waits, however much was said before.
        Index(
            "ix_spoken_notices_waiting",
            "person_id",
            postgresql_where=text("said_at IS NULL"),
            sqlite_where=text("said_at IS NULL"),
        ),
        Index(None, "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    match_id: Mapped[int | None] = mapped_column(ForeignKey("matches.id"))
    prompt: Mapped[str]
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    said_at: Mapped[datetime | None]
