"""What a phone shows of its calls and texts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from telephony.emulator.leg import Leg

State = Literal["ringing-in", "ringing-out", "in-call", "ended"]


class PhoneError(ValueError):
    """A phone was asked for something that it cannot do now; the message is for people."""


@dataclass(frozen=True)
class Caption:
    """Something heard or said in a call: by the line, by the other person, or by this phone.

    Of what the line speaks the language is known, such as es-US; of people it is not.
    """

    id: int
    who: Literal["line", "other", "me"]
    text: str
    at: datetime
    call_sid: str
    language: str = ""


@dataclass
class Text:
    """One text on the phone's screen; `carrier` marks those the carrier wrote by itself."""

    id: int
    direction: Literal["in", "out"]
    peer: str
    body: str
    at: datetime
    status: str
    carrier: bool = False


@dataclass
class PhoneCall:
    """A call as its phone shows it."""

    leg: Leg
    direction: Literal["in", "out"]
    shown: str
    captions: list[Caption] = field(default_factory=list)

    @property
    def sid(self) -> str:
        return self.leg.sid

    @property
    def answered(self) -> bool:
        return self.leg.record.answered is not None

    @property
    def state(self) -> State:
        """Return whether it rings here, rings elsewhere, is answered or is over."""
        if self.leg.over:
            return "ended"
        if self.answered:
            return "in-call"
        return "ringing-in" if self.direction == "in" else "ringing-out"
