"""Who is not to be brought together: a tick of staff between a protege and a mentor."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base, words


class BarReason(StrEnum):
    """Why two people are not brought together. The list is closed and holds no story."""

    PROTEGE_REQUEST = "protege_request"
    MENTOR_REQUEST = "mentor_request"
    FAMILY = "family"
    COMPETITOR = "competitor"
    STAFF = "staff"


class MatchBar(Base):
    """One pair that is not to be matched. There is one row of each pair, whoever asked for it."""

    __tablename__ = "match_bars"
    __table_args__ = (UniqueConstraint("protege_id", "mentor_id"), Index(None, "mentor_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    protege_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[BarReason] = mapped_column(words(BarReason))
    actor: Mapped[str]
    at: Mapped[datetime]
