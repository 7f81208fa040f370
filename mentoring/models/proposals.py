"""Proposals: staff have picked two people, and each is asked before they are matched."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentoring.models.base import Base, words
from mentoring.models.people import Person, Role


class ProposalState(StrEnum):
    """How far a proposal has come. The first three are open; the others are its end."""

    DRAFT = "draft"
    ASKING_PROTEGE = "proposed_to_protege"
    ASKING_MENTOR = "proposed_to_mentor"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class Proposal(Base):
    """One pick of staff, from the draft to the two answers. A protege has one open at a time.

    `said` is what each side hears of the other, as it was when staff picked: so nobody is told
    anything else half way through, and a caller does not wait until it is worked out. It is kept
    in every language, for they may choose another one meanwhile.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index(
            "uq_proposals_protege_open",
            "protege_id",
            unique=True,
            postgresql_where=text("settled_at IS NULL"),
            sqlite_where=text("settled_at IS NULL"),
        ),
        Index(None, "protege_id"),
        Index(None, "mentor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protege_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[ProposalState] = mapped_column(words(ProposalState))
    # Who of the staff picked, and why if it was not whom the plan picks.
    actor: Mapped[str]
    override_reason: Mapped[str | None]
    score: Mapped[int]
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    # The invitations by which the two are asked: since when, they know themselves.
    protege_invitation_id: Mapped[int | None] = mapped_column(
        ForeignKey("invitations.id"), unique=True
    )
    mentor_invitation_id: Mapped[int | None] = mapped_column(
        ForeignKey("invitations.id"), unique=True
    )
    protege_said_at: Mapped[datetime | None]
    mentor_said_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    # Who said no, or nothing; and why it ended: a code of theirs, or words of staff.
    ended_by: Mapped[Role | None] = mapped_column(words(Role))
    reason: Mapped[str | None]
    match_id: Mapped[int | None] = mapped_column(ForeignKey("matches.id"), unique=True)

    protege: Mapped[Person] = relationship(foreign_keys=protege_id)
    mentor: Mapped[Person] = relationship(foreign_keys=mentor_id)

    @property
    def has_two_yeses(self) -> bool:
        """Whether the protege and then the mentor said yes themselves."""
        return self.protege_said_at is not None and self.mentor_said_at is not None

    @property
    def is_open(self) -> bool:
        """Whether it has not ended yet; a mentor's place is kept for it until then."""
        return self.settled_at is None
