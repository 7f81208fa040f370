"""Voice notes, spoken answers and messages to staff: fetched, sealed, erased at the carrier."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base, SealedRow, words


class Purpose(StrEnum):
    NOTE = "note"
    ANSWER = "answer"
    MESSAGE = "message"


class RecordingState(StrEnum):
    """Where the audio is. `written` notes are texts that are read aloud and have no audio."""

    SPOKEN = "spoken"
    READY = "ready"
    STORED = "stored"
    ERASED = "erased"
    WRITTEN = "written"
    LOST = "lost"


class Recording(SealedRow, Base):
    """One recording made by a caller, or one text that waits to be read aloud to a caller."""

    __tablename__ = "recordings"
    __table_args__ = (
        Index(None, "to_person_id", "heard_at"),
        Index(None, "state", "not_before"),
        Index(None, "call_sid"),
        Index(None, "match_id"),
        Index(
            "ix_recordings_unannounced",
            "sent_at",
            postgresql_where=text("announced_at IS NULL AND sent_at IS NOT NULL"),
            sqlite_where=text("announced_at IS NULL AND sent_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    state: Mapped[RecordingState] = mapped_column(words(RecordingState))
    recording_sid: Mapped[str | None] = mapped_column(unique=True)
    call_sid: Mapped[str | None]
    match_id: Mapped[int | None] = mapped_column(ForeignKey("matches.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    question: Mapped[str | None]
    from_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    seconds: Mapped[int | None]
    # Up to a megabyte, and rarely wanted: read from the database only when it is asked for.
    audio_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    made_at: Mapped[datetime]
    # A note is sent only when its speaker says so; until then nobody else can hear it.
    sent_at: Mapped[datetime | None]
    # The person it was left for was told, which happens once it can be heard.
    announced_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
