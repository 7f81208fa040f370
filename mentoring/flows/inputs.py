"""What a person did, and what was meant by it: keys, speech and text become one answer (A22)."""

from collections.abc import Sequence
from dataclasses import dataclass

from mentoring.flows.at_length import read_at_length
from mentoring.flows.catalog import Wording
from mentoring.flows.choices import (
    Choice,
    is_option,
    option_named,
    option_numbered,
    read_choice,
    read_picks,
    strange_words,
)
from mentoring.flows.names import read_name, read_story
from mentoring.flows.ratings import rating_pressed, read_rating
from mentoring.flows.readings import Control, Reading, Unclear, Value
from mentoring.flows.slots import read_slot, read_slot_hour, why_not_day
from mentoring.flows.steps import INCOMPLETE, RECORDED, SKIP, Ask, Kind
from mentoring.flows.times import hour_pressed, read_clock, read_hour
from mentoring.flows.vocabulary import SOUNDS_LIKE
from mentoring.flows.words import (
    LONGEST_ANSWER,
    LONGEST_STORY,
    control_said,
    tokens,
    unreadable,
)

__all__ = [
    "Control",
    "Input",
    "Keys",
    "Reading",
    "Recorded",
    "Speech",
    "Text",
    "Unclear",
    "Value",
    "is_sure",
    "key_said",
    "names_number",
    "names_option",
    "read_answer",
    "words_beside",
]

# Below this the recogniser's guess is read back before it counts (A10).
SURE_CONFIDENCE = 0.6
_READ_BACK = frozenset({Kind.NAME, Kind.CLOCK, Kind.HOUR, Kind.SLOT})


@dataclass(frozen=True)
class Keys:
    """Keys pressed, as the carrier sends them: digits, `*` and `#`."""

    digits: str


@dataclass(frozen=True)
class Speech:
    """Words as the recogniser heard them; confidence 0 to 1, or None when it did not say."""

    words: str
    confidence: float | None = None


@dataclass(frozen=True)
class Text:
    """A text message."""

    body: str


@dataclass(frozen=True)
class Recorded:
    """A recording: its reference, its length, and the key that ended it, if any."""

    ref: str
    seconds: float
    key: str = ""


Input = Keys | Speech | Text | Recorded


def read_answer(ask: Ask, wording: Wording, given: Input) -> Reading:
    """Return what was meant. Never raises, whatever was pressed, said or typed."""
    match given:
        case Keys(digits):
            return _read_keys(ask, digits)
        case Recorded():
            return _read_recording(ask, given)
        case Speech(words) | Text(words):
            return _read_words(ask, wording, words, given)


def key_said(given: Input) -> str:
    """Return the digit that is all of what was pressed or said, or the empty string.

    For lists in pages, where a number means a place on the page.
    """
    if isinstance(given, Keys):
        pressed = given.digits.removesuffix("#")
        return pressed if len(pressed) == 1 and pressed in "123456789" else ""
    if not isinstance(given, Speech) or unreadable(given.words):
        return ""
    places = [Choice(str(number), ()) for number in range(1, 10)]
    meant = read_choice(places, _by_sound(tokens(given.words)))
    return "" if isinstance(meant, Unclear) else meant


def is_sure(ask: Ask, given: Input) -> bool:
    """Tell whether an answer may count at once. What is pressed or typed always may (A10)."""
    if not isinstance(given, Speech) or ask.kind is Kind.OPEN:
        return True
    if ask.read_back or ask.kind in _READ_BACK:
        return False
    return given.confidence is not None and given.confidence >= SURE_CONFIDENCE


def names_number(given: Input) -> bool:
    """Tell whether keys were pressed other than `0` and `*`, or a number was said."""
    if isinstance(given, Keys):
        return given.digits not in ("0", "*")
    return isinstance(given, Speech) and any(
        token.isdecimal() for token in tokens(given.words[:LONGEST_ANSWER])
    )


def names_option(ask: Ask, wording: Wording, given: Speech) -> bool:
    """Tell whether what was said is the name of an option and nothing else."""
    return is_option(tokens(given.words[:LONGEST_ANSWER]), choices_of(ask, wording))


def words_beside(ask: Ask, wording: Wording, given: Input) -> int:
    """Return how many words were said or typed beside the options of a question."""
    if not isinstance(given, Speech | Text):
        return 0
    words = given.words if isinstance(given, Speech) else given.body
    return strange_words(choices_of(ask, wording), tokens(words[:LONGEST_STORY]))


def choices_of(ask: Ask, wording: Wording) -> list[Choice]:
    """Return the options of a question together with their words."""
    pairs = zip(ask.options, wording.options, strict=False)
    return [Choice(o.value, worded.words, o.key, o.alone) for o, worded in pairs]


def _read_keys(ask: Ask, digits: str) -> Reading:
    if digits in ("0", "*"):
        return Control("person" if digits == "0" else "again")
    pressed = digits.removesuffix("#")
    if not (pressed.isascii() and pressed.isdecimal()) or len(pressed) > 4:
        return Unclear("keys that mean nothing here")
    match ask.kind:
        case Kind.HOUR:
            meant = hour_pressed(pressed)
        case Kind.RATING:
            meant = rating_pressed(pressed, ask.low, ask.high)
        case Kind.NAME | Kind.OPEN:
            beside = SKIP if ask.may_skip else ""
            meant = beside if pressed == "1" else Unclear("no such key")
        case _:
            meant = _option_of_key(ask, pressed)
    return meant if isinstance(meant, Unclear) else Value(meant, sure=True)


def _option_of_key(ask: Ask, pressed: str) -> str | Unclear:
    for place, option in enumerate(ask.options, 1):
        if pressed == (option.key or str(place)) and option.value != INCOMPLETE:
            return option.value
    return Unclear("no such key")


def _read_recording(ask: Ask, given: Recorded) -> Reading:
    if given.key in ("0", "*"):
        return Control("person" if given.key == "0" else "again")
    if ask.kind is not Kind.OPEN or given.seconds <= 0:
        return Unclear("a recording where none was asked for")
    return Value(RECORDED, sure=True)


def _read_words(ask: Ask, wording: Wording, words: str, given: Speech | Text) -> Reading:
    longest = LONGEST_STORY if ask.at_length else LONGEST_ANSWER
    reason = unreadable(words, longest)
    if reason and ask.kind is not Kind.OPEN:
        return Unclear(reason)
    heard = tokens(words) if not reason else ()
    choices = choices_of(ask, wording)
    control = control_said(heard)
    if control and not is_option(heard, choices) and not _is_cry(ask, choices, words, heard):
        return Control(control)
    if isinstance(given, Speech):
        heard = _by_sound(heard)
    value = _meant(ask, wording, heard, given)
    if isinstance(value, Unclear):
        return value
    return Value(value, sure=is_sure(ask, given) or (ask.at_length and value == "yes"))


def _is_cry(ask: Ask, choices: Sequence[Choice], words: str, heard: Sequence[str]) -> bool:
    """Tell whether what asks for a person elsewhere is a yes here: "help" in danger."""
    return ask.at_length and _chosen(ask, choices, words, heard) == "yes"


def _chosen(ask: Ask, choices: Sequence[Choice], words: str, heard: Sequence[str]) -> str | Unclear:
    if ask.at_length:
        return read_at_length(choices, words, heard)
    refused = why_not_day(words) if ask.of_slot else None
    return refused or read_choice(choices, heard)


def _meant(ask: Ask, wording: Wording, heard: Sequence[str], given: Speech | Text) -> str | Unclear:
    choices = choices_of(ask, wording)
    words = given.words if isinstance(given, Speech) else given.body
    match ask.kind:
        case Kind.OPEN:
            return option_named(heard, choices) or read_story(words)
        case Kind.RATING:
            ends, spoken = wording.options, isinstance(given, Speech)
            return read_rating(words, ask.low, ask.high, ends, spoken=spoken)
        case Kind.SLOT:
            named = option_named(heard, choices) or option_numbered(heard, choices)
            return named or read_slot(words, one_off=ask.one_off)
        case Kind.NAME:
            return read_name(words, spoken=isinstance(given, Speech))
        case Kind.HOUR:
            return read_slot_hour(words) if ask.of_slot else read_hour(words)
        case Kind.PICKS:
            return read_picks(choices, heard, words, ask.max_picks)
        case Kind.CLOCK:
            told = read_clock(words)
            return told if isinstance(told, str) else read_choice(choices, heard)
        case Kind.CHOICE:
            return _chosen(ask, choices, words, heard)


def _by_sound(heard: tuple[str, ...]) -> tuple[str, ...]:
    """Return a lone "to" or "for" as the number that it sounds like."""
    return (SOUNDS_LIKE.get(heard[0], heard[0]),) if len(heard) == 1 else heard
