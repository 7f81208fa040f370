"""One text that has come in, as a value: from its webhook, or from the carrier's own list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mentoring.db import Session
from mentoring.models import Line, Person, Phone
from mentoring.routing import Reached, find_reached_once
from mentoring.safety.words import Flags, read_flags
from sms.keywords import CarrierWord, Reading
from telephony.requests import parse_text

_TOLD: dict[str, CarrierWord] = {"STOP": "stop", "START": "start", "HELP": "help"}


@dataclass(frozen=True)
class Letter:
    """One inbound text. `number` is E.164, or None when there is none that we could answer.

    `written_at` is when the carrier got it: an answer within minutes of it is free of the calling
    hours, an answer to a text that was found hours later is not.
    `reading` is what the words mean by themselves, `flags` what staff must see in them. Both are
    found out as the letter is made, before
    any transaction is open, for it takes longer than all the rest and needs no database. `told` is
    what the carrier says that it has taken the text for, and has answered.
    """

    message_sid: str
    number: str | None
    line_number: str
    body: str
    media: int
    now: datetime
    written_at: datetime
    told: CarrierWord | None = None
    reading: Reading = field(init=False)
    flags: Flags = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reading", Reading.of(self.body, self.line_number, self.told))
        object.__setattr__(self, "flags", read_flags(self.body))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it that anybody could see: no picture, and no sign."""
        seen = (sign.isprintable() and not sign.isspace() for sign in self.body)
        return not self.media and not any(seen)


@dataclass(frozen=True)
class Writer:
    """Who has written, as far as that is certain, and from which phone on which line."""

    phone: Phone
    person: Person | None
    line: Line
    match_id: int | None


def read_letter(
    form: Mapping[str, str], *, now: datetime, written_at: datetime | None = None
) -> Letter:
    """Read an inbound text from its webhook; raises PlainRefusal when it is none."""
    told = parse_text(form)
    return Letter(
        message_sid=told.message_sid,
        number=told.sender.e164 if told.sender.kind == "number" else None,
        line_number=told.line or "",
        body=told.body,
        media=told.media,
        now=now,
        written_at=written_at or now,
        told=_TOLD.get(told.opt_out or ""),
    )


def load_words() -> None:
    """Make the tables of words now, for which the first text of a process would wait otherwise."""
    Reading.of("", "")
    read_flags("")


def receipt_of(message_sid: str) -> str:
    """Return the key of the receipt that says that a text was handled."""
    return f"text:{message_sid}"


def reached_by(session: Session, letter: Letter) -> Reached | None:
    """Look up who is behind a text; None when it was handled before: its receipt is taken here."""
    return find_reached_once(
        session,
        receipt=receipt_of(letter.message_sid),
        number=letter.number,
        line_number=letter.line_number,
        now=letter.now,
    )
