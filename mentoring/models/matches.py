"""Matches, and the two sides that hold the pair line."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentoring.models.base import Base, words
from mentoring.models.lines import Line
from mentoring.models.people import Person, Phone, Role


class MatchState(StrEnum):
    INTRO = "intro"
    EARLY = "early"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    SAFETY_HOLD = "safety_hold"
    CLOSED = "closed"

    @property
    def connects(self) -> bool:
        """Whether calls and texts pass between the two sides in this state."""
        return self not in (MatchState.SAFETY_HOLD, MatchState.CLOSED)


# A match goes on in these states: the two talk by their plan.
RUNNING = (MatchState.INTRO, MatchState.EARLY, MatchState.ACTIVE)
# Nothing passes between the two in these states, and they are no partners of each other.
NOT_CONNECTING = tuple(state for state in MatchState if not state.connects)
# A match that rests goes on later: nobody is asked about it meanwhile.
RESTING = (MatchState.PAUSED, MatchState.SAFETY_HOLD)


class ClosureReason(StrEnum):
    GOAL_MET = "goal_met"
    TERM_END = "term_end"
    PROTEGE_LIFE_CHANGE = "protege_life_change"
    MENTOR_LIFE_CHANGE = "mentor_life_change"
    POOR_FIT_TOPIC = "poor_fit_topic"
    POOR_FIT_STYLE = "poor_fit_style"
    POOR_FIT_TIME = "poor_fit_time"
    NO_CONTACT = "no_contact"
    MOVED_TO_TRAINING = "moved_to_training"
    SAFETY = "safety"
    PROGRAM_END = "program_end"
    OTHER = "other"


class Match(Base):
    """A protege and a mentor who share one pair line."""

    __tablename__ = "matches"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    state: Mapped[MatchState] = mapped_column(words(MatchState))
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closure_reason: Mapped[ClosureReason | None] = mapped_column(words(ClosureReason))
    # The line stays with a closed match until then, so a late call never reaches the next pair.
    line_free_at: Mapped[datetime | None]

    line: Mapped[Line] = relationship(lazy="joined")
    sides: Mapped[list["MatchSide"]] = relationship(back_populates="match", order_by="MatchSide.id")


class MatchSide(Base):
    """One person's half of a match: the routing key (phone, line) lives here."""

    __tablename__ = "match_sides"
    __table_args__ = (
        UniqueConstraint("match_id", "role"),
        # A call is routed by the phone it comes from and the line it reaches, so the database
        # itself refuses a second match behind the same pair of numbers.
        Index(
            "uq_match_sides_phone_line_held",
            "phone_id",
            "line_id",
            unique=True,
            postgresql_where=text("released_at IS NULL"),
            sqlite_where=text("released_at IS NULL"),
        ),
        Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("matches.id"))
    role: Mapped[Role] = mapped_column(words(Role))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    phone_id: Mapped[int] = mapped_column(ForeignKey("phones.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"))
    released_at: Mapped[datetime | None]
    # The day on which the other side reads the newest text of this one, at their place: the first
    # of a day carries the name.
    last_text_day: Mapped[date | None]

    match: Mapped[Match] = relationship(back_populates="sides")
    person: Mapped[Person] = relationship()
    phone: Mapped[Phone] = relationship()
