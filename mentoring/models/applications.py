"""What staff write down while somebody applies: checks, references, and what was decided."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base, SealedRow, words


class How(StrEnum):
    """How a talk was held. Who reads texts is screened by text."""

    CALL = "call"
    TEXT = "text"
    IN_PERSON = "in_person"


class ScreeningCheck(SealedRow, Base):
    """One thing on somebody's checklist that is done: a talk that was held, a check that is in."""

    __tablename__ = "screening_checks"
    __table_args__ = (UniqueConstraint("person_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    item: Mapped[str]
    held_on: Mapped[date]
    how: Mapped[How] = mapped_column(words(How))
    # How long it took, where staff noted that: a talk is a part of the training of a mentor.
    minutes: Mapped[int | None]
    actor: Mapped[str]
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class TrainingTalk(Base):
    """A talk with a mentor after the orientation that was training: staff gave them tips."""

    __tablename__ = "training_talks"
    # A talk that is sent twice is one: there is one of each kind on a day.
    __table_args__ = (UniqueConstraint("person_id", "held_on", "how"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    held_on: Mapped[date]
    how: Mapped[How] = mapped_column(words(How))
    minutes: Mapped[int]
    actor: Mapped[str]
    at: Mapped[datetime]


class Verdict(StrEnum):
    """What somebody who knows a mentor told staff about them."""

    GOOD = "good"
    DOUBTS = "doubts"
    NO = "no"


class Reference(SealedRow, Base):
    """Somebody who knows a mentor. Name, number and words go 30 days after the decision (S13)."""

    __tablename__ = "person_references"
    __table_args__ = (Index(None, "person_id"), Index(None, "phone_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # How they agreed to be asked, in the words of staff: nobody is rung who did not (S1).
    agreed: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    # Where and since when they are asked by text, by whose clock; only who agreed to texts has one.
    phone_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))
    zone: Mapped[str | None]
    texted_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
    verdict: Mapped[Verdict | None] = mapped_column(words(Verdict))
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class DecisionOutcome(StrEnum):
    ELIGIBLE = "eligible"
    REFERRED = "referred"
    DECLINED = "declined"


class DecisionReason(StrEnum):
    """Why it was decided so. The list is closed, so that reasons can be counted."""

    FITS = "fits"
    OTHER_SERVICE = "other_service"
    NOT_YET = "not_yet"
    OUTSIDE = "outside"
    REFERENCES = "references"
    CHECKS = "checks"
    CONDUCT = "conduct"
    OTHER = "other"


class Decision(SealedRow, Base):
    """What was decided about an application. The newest one of a person counts."""

    __tablename__ = "decisions"
    __table_args__ = (Index(None, "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[DecisionOutcome] = mapped_column(words(DecisionOutcome))
    reason: Mapped[DecisionReason] = mapped_column(words(DecisionReason))
    actor: Mapped[str]
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime]
