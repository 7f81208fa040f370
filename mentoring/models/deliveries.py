"""The outbox: every text and automated call that leaves the service."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, and_, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from mentoring.models.base import Base, SealedRow, words
from mentoring.models.lines import Line
from mentoring.models.people import Phone


class DeliveryKind(StrEnum):
    """Why it is sent: this decides consent, hours, and what happens after a crash."""

    RELAY = "relay"
    REPLY = "reply"
    NOTICE = "notice"
    CALL = "call"


class DeliveryStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    EXPIRED = "expired"
    BLOCKED = "blocked"


UNSETTLED = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN)


class Delivery(SealedRow, Base):
    """One text or call on its way. `dedupe_key` makes a second one of the same thing impossible."""

    __tablename__ = "deliveries"
    __table_args__ = (
        # The dispatcher asks every few seconds for what is due, so only waiting rows are indexed.
        Index(
            "ix_deliveries_due",
            "not_before",
            "id",
            postgresql_where=text("status IN ('queued', 'sending', 'uncertain')"),
            sqlite_where=text("status IN ('queued', 'sending', 'uncertain')"),
        ),
        # Calls are few among them, and are asked for by themselves.
        Index(
            "ix_deliveries_calls_due",
            "not_before",
            postgresql_where=text("kind = 'call' AND status IN ('queued', 'sending', 'uncertain')"),
            sqlite_where=text("kind = 'call' AND status IN ('queued', 'sending', 'uncertain')"),
        ),
        # What waits in one thread is asked for with each text, however many have left before.
        Index(
            "ix_deliveries_thread_due",
            "to_phone_id",
            "from_line_id",
            "id",
            postgresql_where=text("status IN ('queued', 'sending', 'uncertain')"),
            sqlite_where=text("status IN ('queued', 'sending', 'uncertain')"),
        ),
        # What the carrier is to be asked about: few rows, and none that is settled.
        Index(
            "ix_deliveries_to_ask",
            "ask_at",
            postgresql_where=text("ask_at IS NOT NULL"),
            sqlite_where=text("ask_at IS NOT NULL"),
        ),
        Index(None, "contact_id"),
        # Before each call about a question it is asked what was sent about it already.
        Index(
            "ix_deliveries_invited",
            "invitation_id",
            postgresql_where=text("invitation_id IS NOT NULL"),
            sqlite_where=text("invitation_id IS NOT NULL"),
        ),
        # The page about the lines counts what was written in the last days.
        Index(None, "created_at"),
        Index(None, "to_phone_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DeliveryKind] = mapped_column(words(DeliveryKind))
    status: Mapped[DeliveryStatus] = mapped_column(
        words(DeliveryStatus), default=DeliveryStatus.QUEUED
    )
    to_phone_id: Mapped[int] = mapped_column(ForeignKey("phones.id"))
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # No foreign key: every text would lock the row of its line, and all of them share a few lines.
    from_line_id: Mapped[int]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    prompt: Mapped[str | None]
    # What an automated call is about: the conversation that it opens, for which invitation, and
    # in which match. A text has none of these.
    flow: Mapped[str | None]
    match_id: Mapped[int | None] = mapped_column(ForeignKey("matches.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    # The person's own message at that time makes a reply within minutes free of calling hours.
    reply_to_at: Mapped[datetime | None]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    # When to ask the carrier what became of a text that it has, or what kind of line refused it.
    ask_at: Mapped[datetime | None]
    carrier_sid: Mapped[str | None] = mapped_column(unique=True)
    error_code: Mapped[int | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    to_phone: Mapped[Phone] = relationship()
    from_line: Mapped[Line] = relationship(
        primaryjoin=lambda: foreign(Delivery.from_line_id) == Line.id
    )


def is_unsettled(row: type[Delivery]) -> ColumnElement[bool]:
    """Return the condition that a row still waits, in the very words of the index of such rows.

    The words stand in the statement as they are: behind a parameter neither database could tell
    that the index holds every row that is asked for, and would look through all texts ever sent.
    """
    return row.status.in_(UNSETTLED)


def is_unsettled_call(row: type[Delivery]) -> ColumnElement[bool]:
    """Return the condition that a row is a call that still waits; see `is_unsettled`."""
    return and_(row.kind == DeliveryKind.CALL, is_unsettled(row))
