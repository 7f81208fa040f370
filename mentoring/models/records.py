"""What keeps the service honest: receipts of carrier events, state changes, and the audit log."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base


class Receipt(Base):
    """One carrier event that was handled. A second one with the same key changes nothing."""

    __tablename__ = "receipts"

    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Mark(Base):
    """A moment that outlives every process, such as until when nothing is sent."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class ProtegeNumber(Base):
    """A number that was handed out for the code of a protege; the newest row is the newest."""

    __tablename__ = "protege_numbers"

    id: Mapped[int] = mapped_column(primary_key=True)


class MentorNumber(Base):
    """A number that was handed out for the code of a mentor."""

    __tablename__ = "mentor_numbers"

    id: Mapped[int] = mapped_column(primary_key=True)


class MatchNumber(Base):
    """A number that was handed out for the code of a match."""

    __tablename__ = "match_numbers"

    id: Mapped[int] = mapped_column(primary_key=True)


class Transition(Base):
    """One change of state: who changed what, from where to where, why and when."""

    __tablename__ = "transitions"
    __table_args__ = (Index(None, "entity", "entity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity: Mapped[str]
    entity_id: Mapped[int]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    actor: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class AuditEntry(Base):
    """One look at, or change of, something private by a member of staff."""

    __tablename__ = "audit_entries"
    # The page of a person says who looked at what is private about them.
    __table_args__ = (Index(None, "entity", "entity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
