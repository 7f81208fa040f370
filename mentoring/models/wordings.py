"""The wording as staff have edited it: every version stays, and one of them is live."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base, words


class EditionState(StrEnum):
    """What became of an edition. A later draft, or a later live one, replaces the one before."""

    DRAFT = "draft"
    LIVE = "live"
    REPLACED = "replaced"
    ROLLED_BACK = "rolled_back"


class WordingEdition(Base):
    """One version of one prompt in one language, for one community or (empty) for all.

    The words never change: an edit is a new version. They hold placeholders and no personal facts.
    """

    __tablename__ = "wording_editions"
    __table_args__ = (
        UniqueConstraint("prompt", "language", "community", "version"),
        Index(
            "uq_wording_editions_live",
            *("prompt", "language", "community"),
            unique=True,
            postgresql_where=sql("state = 'live'"),
            sqlite_where=sql("state = 'live'"),
        ),
        Index(
            "uq_wording_editions_draft",
            *("prompt", "language", "community"),
            unique=True,
            postgresql_where=sql("state = 'draft'"),
            sqlite_where=sql("state = 'draft'"),
        ),
        Index("ix_wording_editions_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    prompt: Mapped[str]
    language: Mapped[str]
    community: Mapped[str]
    # Counts from 1 within prompt, language and community; what was shipped is version 0.
    version: Mapped[int]
    voice: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    short: Mapped[str] = mapped_column(Text)
    keys: Mapped[str] = mapped_column(Text)
    retry: Mapped[str] = mapped_column(Text)
    labels: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[EditionState] = mapped_column(words(EditionState))
    note: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
    # When it was first put live; never, for a draft that another one has replaced.
    live_at: Mapped[datetime | None]


class WordingReview(Base):
    """Somebody who knows the language has signed these very words; other words are not signed."""

    __tablename__ = "wording_reviews"
    __table_args__ = (UniqueConstraint("prompt", "language", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    prompt: Mapped[str]
    language: Mapped[str]
    fingerprint: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]


class WordingStamp(Base):
    """The one row that changes whenever staff change the wording, by which processes notice.

    The stamp is random, so that a change that was rolled back is never taken for a later one.
    """

    __tablename__ = "wording_stamps"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[str]
