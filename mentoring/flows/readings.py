"""What may come of reading an answer: a value, a wish about the conversation, or neither."""

from dataclasses import dataclass
from typing import Literal

Wish = Literal["person", "again", "more", "slow", "no calls"]


@dataclass(frozen=True)
class Value:
    """An answer. `sure` is false when it should be read back before it counts."""

    value: str
    sure: bool


@dataclass(frozen=True)
class Control:
    """Not an answer but a wish about the conversation itself."""

    name: Wish


@dataclass(frozen=True)
class Unclear:
    """Not understood, and why in a few words; never the person's own words.

    `lead` names what is said before the question is put again, where we can say what is missing:
    the end of a key such as `T-NODAY` and `V-NODAY`.
    """

    reason: str
    lead: str = ""


Reading = Value | Control | Unclear
