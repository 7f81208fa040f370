"""Our own numbers: one main line and a small pool of pair lines."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base, words


class LineKind(StrEnum):
    MAIN = "main"
    PAIR = "pair"


class Line(Base):
    """A number of ours. It is public or handed to pairs, so it is not encrypted."""

    __tablename__ = "lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[LineKind] = mapped_column(words(LineKind))
    carrier_sid: Mapped[str | None]
    retired_at: Mapped[datetime | None]
    # What `numbers sync` last found at the carrier: when, and what is wrong there, if anything.
    checked_at: Mapped[datetime | None]
    fault: Mapped[str | None]
    created_at: Mapped[datetime]
