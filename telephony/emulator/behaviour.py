"""How a phone takes calls and texts when nobody is there to decide."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["manual", "answers", "busy", "rejects", "no_answer", "out_of_reach", "voicemail"]

GREETING = "You have reached my voicemail. Please leave a message after the tone."


@dataclass(frozen=True)
class WhenRung:
    """What happens when the phone is rung; `after` is in seconds of ringing."""

    kind: Kind
    after: float = 0.0
    greeting: str = ""


@dataclass(frozen=True)
class WhenTexted:
    """What becomes of a text: its final status, and the carrier's code when it fails."""

    status: Literal["delivered", "undelivered", "sent", "failed"]
    code: int | None = None


def manual() -> WhenRung:
    """It rings until somebody answers, rejects, or the caller gives up."""
    return WhenRung("manual")


def answers(after: float = 2.0) -> WhenRung:
    return WhenRung("answers", after)


def busy() -> WhenRung:
    return WhenRung("busy")


def rejects(after: float = 2.0) -> WhenRung:
    return WhenRung("rejects", after)


def no_answer() -> WhenRung:
    return WhenRung("no_answer")


def out_of_reach() -> WhenRung:
    """The network does not find it: the call fails without a ring."""
    return WhenRung("out_of_reach")


def voicemail(after: float = 20.0, greeting: str = GREETING) -> WhenRung:
    """A machine answers, talks and beeps; it presses no key."""
    return WhenRung("voicemail", after, greeting)


def delivered() -> WhenTexted:
    return WhenTexted("delivered")


def undelivered(code: int = 30003) -> WhenTexted:
    return WhenTexted("undelivered", code)


def fails(code: int = 30002) -> WhenTexted:
    """The text never leaves the carrier: it is taken, and then it fails."""
    return WhenTexted("failed", code)


def sent_only() -> WhenTexted:
    """The carrier never hears whether the text arrived."""
    return WhenTexted("sent")


# Numbers of the carrier's magic block that always behave in one way.
RING_BY_NUMBER = {
    "+15005551021": busy(),
    "+15005551022": no_answer(),
    "+15005551023": voicemail(),
    "+15005551024": out_of_reach(),
}
TEXT_BY_NUMBER = {f"+1500555100{digit}": undelivered(30000 + digit) for digit in (3, 5, 6, 7, 8)}
