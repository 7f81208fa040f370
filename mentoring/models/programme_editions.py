"""What staff have set about the programme on the page: one row for each change, never altered."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base


class ProgrammeEdition(Base):
    """Everything that staff had set by then; the newest row counts, older ones are its history.

    `follows` is the row that was shown to whoever changed it, 0 for the first. Being unique, it
    lets only one of two people who change the same edition have their way.
    """

    __tablename__ = "programme_editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    follows: Mapped[int] = mapped_column(unique=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Whether callers are let in; before that they hear that the service has not started yet.
    live: Mapped[bool]
    what: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
