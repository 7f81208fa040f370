"""The talks of a pair: when they plan to talk, whom the service is to ring, and what came of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentoring.models.base import Base, words
from mentoring.models.matches import Match


class TalkState(StrEnum):
    """How far a talk has come. `missed` blames nobody: the two did not come together then."""

    # A time of ours to which nobody has said yes yet.
    PROPOSED = "proposed"
    PLANNED = "planned"
    REMINDED = "reminded"
    RINGING = "ringing"
    HELD = "held"
    MISSED = "missed"
    MOVED = "moved"
    CANCELLED = "cancelled"


OPEN_TALKS = (TalkState.PLANNED, TalkState.REMINDED, TalkState.RINGING)
# In these states a talk is none: another one may take its place.
VOID_TALKS = (TalkState.PROPOSED, TalkState.MOVED, TalkState.CANCELLED, TalkState.MISSED)


class Talk(Base):
    """One talk that a pair has planned. Without `booked_by_id` it comes from their plan."""

    __tablename__ = "talks"
    __table_args__ = (
        Index(None, "match_id"),
        # One talk at one moment; what was moved away or called off may be planned there again.
        Index(
            "uq_talks_match_id_at_counting",
            "match_id",
            "at",
            unique=True,
            postgresql_where=text("state NOT IN ('moved', 'cancelled')"),
            sqlite_where=text("state NOT IN ('moved', 'cancelled')"),
        ),
        # Two may name a time for the last talk at once: the first one counts.
        Index(
            "uq_talks_match_id_last",
            "match_id",
            unique=True,
            postgresql_where=text("is_last AND state NOT IN ('moved', 'cancelled', 'missed')"),
            sqlite_where=text("is_last AND state NOT IN ('moved', 'cancelled', 'missed')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"))
    at: Mapped[datetime]
    state: Mapped[TalkState] = mapped_column(words(TalkState), default=TalkState.PLANNED)
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # Who has set the time or asked to be rung, and who asked as well: that one is rung if the
    # first is not there.
    ring_first_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ring_next_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # The call in which they came together.
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    # A match that is closing ends with this one.
    is_last: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    match: Mapped[Match] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether the talk is still to come, or goes on."""
        return self.state in OPEN_TALKS

    @property
    def rings(self) -> bool:
        """Whether the service itself places this talk."""
        return self.ring_first_id is not None

    @property
    def is_expected(self) -> bool:
        """Whether somebody has said that they want this talk: by a new time, or to be rung."""
        return self.rings or self.booked_by_id is not None

    @property
    def is_known(self) -> bool:
        """Whether the two count on this talk: it was asked for, or both were reminded of it."""
        return self.is_expected or self.state is TalkState.REMINDED
