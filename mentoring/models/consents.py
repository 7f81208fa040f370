"""What people agreed to, and what they refused: the proof behind every automated call and text."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base, asked_in, words


class Channel(StrEnum):
    VOICE = "voice"
    TEXT = "text"
    STAFF = "staff"


class Consent(Base):
    """One part of the consent (C1 to C5), or the promise (AP, AM). The newest answer counts."""

    __tablename__ = "consents"
    __table_args__ = (
        UniqueConstraint("conversation_id", "part", "proof"),
        Index(None, "phone_id", "part"),
        Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phone_id: Mapped[int] = mapped_column(ForeignKey("phones.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    part: Mapped[str]
    agreed: Mapped[bool]
    text_version: Mapped[str]
    # The edition by staff in which it was asked, where it was not asked as shipped.
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("wording_editions.id"))
    language: Mapped[str]
    channel: Mapped[Channel] = mapped_column(words(Channel))
    # The call or message that holds the answer, and how the person was known to be that person.
    proof: Mapped[str]
    known_by: Mapped[str]
    at: Mapped[datetime]

    @property
    def wording(self) -> str:
        """In which wording it was asked."""
        return asked_in(self.text_version, self.edition_id)


class OptOutKind(StrEnum):
    TEXTS = "texts"
    CALLS = "calls"


class OptOutEvent(Base):
    """One opt-out or return in the ledger. It always counts for all our lines."""

    __tablename__ = "opt_out_events"
    __table_args__ = (Index(None, "phone_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phone_id: Mapped[int] = mapped_column(ForeignKey("phones.id"))
    kind: Mapped[OptOutKind] = mapped_column(words(OptOutKind))
    refused: Mapped[bool]
    line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id"))
    # What told us: the word that was texted, the carrier's error 21610, the voice menu, or staff.
    source: Mapped[str]
    at: Mapped[datetime]
