"""The contact log: who was in contact with whom, when, how long, how it ended. No content."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base, words


class ContactKind(StrEnum):
    CALL = "call"
    TEXT = "text"
    NOTE = "voice note"
    MENU = "menu call"
    # Somebody wrote to the service itself.
    MENU_TEXT = "menu text"
    STAFF = "staff call"
    # The service itself rang somebody and opened a conversation.
    SERVICE = "service call"


class Outcome(StrEnum):
    """How an attempt ended. `attempted` is written before the first ring."""

    ATTEMPTED = "attempted"
    ACCEPTED = "accepted"
    TALKED = "talked"
    DECLINED = "declined"
    NO_ANSWER = "no answer"
    BUSY = "busy"
    FAILED = "failed"
    GAVE_UP = "caller hung up"
    NOT_RUNG = "not rung"
    NOTE_LEFT = "note left"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    BLOCKED = "blocked"
    REFUSED = "refused"
    SERVED = "served"
    MACHINE = "answering machine"


class Contact(Base):
    """One attempt or contact. Strangers appear by the blind index of their number only."""

    __tablename__ = "contacts"
    __table_args__ = (
        # One carrier event makes one entry, however often the carrier tells us about it.
        UniqueConstraint("source_sid", "attempt"),
        Index(None, "match_id", "started_at"),
        Index(None, "started_at"),
        # Whoever opens somebody's page wants the newest of both directions, out of millions.
        Index(None, "from_person_id", "started_at"),
        Index(None, "to_person_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ContactKind] = mapped_column(words(ContactKind))
    match_id: Mapped[int | None] = mapped_column(ForeignKey("matches.id"))
    # No foreign key: every entry would lock the row of its line, and all of them share a few lines.
    line_id: Mapped[int | None]
    from_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    caller_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    outcome: Mapped[Outcome] = mapped_column(words(Outcome))
    # A short word for staff on why it ended so: `late there`, `unknown caller`, `on another call`.
    reason: Mapped[str | None]
    two_way: Mapped[bool] = mapped_column(default=False)
    seconds: Mapped[int | None]
    source_sid: Mapped[str]
    attempt: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class LegSide(StrEnum):
    """Whose leg it is. Whom the service itself has rung counts as the caller of that call."""

    CALLER = "caller"
    CALLEE = "callee"
    STAFF = "staff"


class CallLeg(Base):
    """One leg of a call at the carrier. Its status only rises, in whatever order callbacks come."""

    __tablename__ = "call_legs"
    __table_args__ = (
        Index(None, "contact_id"),
        Index(None, "phone_id", "ended_at"),
        Index(None, "parent_sid"),
        # Few calls are going on at any time, and only those are looked after.
        Index(
            "ix_call_legs_open",
            "started_at",
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_sid: Mapped[str] = mapped_column(unique=True)
    parent_sid: Mapped[str | None]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    phone_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))
    side: Mapped[LegSide] = mapped_column(words(LegSide))
    status: Mapped[str]
    seconds: Mapped[int | None]
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # When the carrier was last asked whether the call is over, its end not being told.
    asked_at: Mapped[datetime | None]
