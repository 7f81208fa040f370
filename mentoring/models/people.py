"""Phones and the people behind them. A phone can be shared; a person has one phone."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentoring.models.base import Base, SealedRow, words


class Role(StrEnum):
    PROTEGE = "protege"
    MENTOR = "mentor"


class Mode(StrEnum):
    """How a person likes to talk."""

    VOICE = "voice"
    TEXT = "text"
    BOTH = "both"


class PersonState(StrEnum):
    LEAD = "lead"
    CONSENTING = "consenting"
    INTAKE = "intake"
    SCREENING = "screening"
    ORIENTATION = "orientation"
    WAITING = "waiting"
    AVAILABLE = "available"
    OFFERED = "offered"
    MATCHED = "matched"
    ACTIVE = "active"
    PAUSED = "paused"
    ON_BREAK = "on_break"
    ALUM = "alum"
    SUSPENDED = "suspended"
    EXITED = "exited"


# In these states a person is not with us: nothing passes to or from them.
OUT = (PersonState.SUSPENDED, PersonState.EXITED)


class LineType(StrEnum):
    """What kind of phone it is, as far as we know: from look-up or from a failed text."""

    UNKNOWN = "unknown"
    MOBILE = "mobile"
    LANDLINE = "landline"


class Phone(SealedRow, Base):
    """One phone number of a participant: sealed, found by its blind index, with its opt-outs."""

    __tablename__ = "phones"
    __table_args__ = (Index(None, "ending_index"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    number_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    # The last four digits alone, for staff who look for somebody; many phones may share them.
    ending_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    line_type: Mapped[LineType] = mapped_column(words(LineType), default=LineType.UNKNOWN)
    # Several people answer this phone, so nothing private is said before the name is confirmed.
    shared: Mapped[bool] = mapped_column(default=False)
    # What people dial before the number to ring it by text relay, such as 18002. We never do.
    relay_prefix: Mapped[str] = mapped_column(default="", server_default="")
    # Slower speech and longer waits, by choice or after a silence.
    slow: Mapped[bool] = mapped_column(default=False)
    texts_refused_at: Mapped[datetime | None]
    calls_refused_at: Mapped[datetime | None]
    unusable_at: Mapped[datetime | None]
    # It is out of use because whoever answers it says that it is a wrong number.
    disowned: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    # In a fixed order, for they are offered by number: 1 must still be the same when it is pressed.
    people: Mapped[list["Person"]] = relationship(back_populates="phone", order_by="Person.id")

    @property
    def takes_texts(self) -> bool:
        """Whether a text may be tried at all: a landline or an opted-out phone gets none."""
        return (
            self.texts_refused_at is None
            and self.unusable_at is None
            and self.line_type is not LineType.LANDLINE
        )

    @property
    def here(self) -> "Sequence[Person]":
        """Its people who are with us; once all have gone, all, for each of them may come back."""
        return still_here(self.people)

    @property
    def only_person(self) -> "Person | None":
        """The one person whom it can be that uses this phone, if there is just one."""
        return only_one(self.people)

    @property
    def asks_who(self) -> bool:
        """Whether it is asked who is there: several use it, and we know one of them by name."""
        named = [person for person in self.here if person.first_name]
        return len(named) > 1 or bool(named and self.shared)

    @property
    def has_one_name(self) -> bool:
        """Whether all who use it have one name, as somebody has who is a protege and a mentor."""
        return not self.shared and len({each.first_name.casefold() for each in self.here}) == 1


class Person(Base):
    """A protege or a mentor."""

    __tablename__ = "people"
    __table_args__ = (Index(None, "phone_id"), Index(None, "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role] = mapped_column(words(Role))
    first_name: Mapped[str] = mapped_column(default="")
    phone_id: Mapped[int] = mapped_column(ForeignKey("phones.id"))
    state: Mapped[PersonState] = mapped_column(words(PersonState), default=PersonState.LEAD)
    state_since: Mapped[datetime]
    language: Mapped[str] = mapped_column(default="en")
    mode: Mapped[Mode | None] = mapped_column(words(Mode))
    zone: Mapped[str | None]
    # 1: a message may show our name; 2: the number only; 3: leave no message. Unasked means 2.
    safe_contact: Mapped[int] = mapped_column(default=2)
    # The coded answers of the intake: stage, topics, hours, access choices, capacity and so on.
    profile: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # The local community that looks after them; nothing until staff have said which.
    community: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime]

    phone: Mapped[Phone] = relationship(back_populates="people", lazy="joined")

    @property
    def shown_name(self) -> str:
        """The first name, or the code until staff have written the name down."""
        return self.first_name or self.code


def still_here(people: Sequence[Person]) -> Sequence[Person]:
    """Leave out who of the people of a phone has gone, unless all of them have.

    Somebody who chose the wrong thing at first, left it and joined as something else is one person
    on one phone. Whoever staff have suspended is still one of them: staff decide what comes next.
    """
    return [each for each in people if each.state is not PersonState.EXITED] or people


def only_one(people: Sequence[Person]) -> Person | None:
    """Return who it is that uses a phone with these people, if it can be one of them only."""
    here = still_here(people)
    return here[0] if len(here) == 1 else None
