"""From what somebody said or typed to plain words, and from words to a phrase that was meant."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from mentoring.flows.readings import Wish
from mentoring.flows.vocabulary import CONTROL_FILLERS, CONTROLS, COURTESY, NUMBERS

LONGEST_ANSWER = 300
LONGEST_STORY = 1600

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)\b")
_THAT_ONE = re.compile(r"\b(first|second|third|fourth|last|that|this|which) one\b")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
# Short forms that people type without their apostrophe as well, and those that have one for sure.
_TYPED_BARE = (
    (re.compile(r"\bcan'?t\b|\bcannot\b"), "can not"),
    (re.compile(r"\bwon'?t\b"), "will not"),
    (re.compile(r"\b(do|does|did|is|are|would|should|could)n'?t\b"), r"\1 not"),
    (re.compile(r"\b(i)'?m\b"), "i am"),
    (re.compile(r"\b(he|she)'?s\b"), r"\1 is"),
    (re.compile(r"\b(they|you)'?re\b"), r"\1 are"),
)
_WITH_APOSTROPHE = (
    (re.compile(r"\b(that|it|what|there|name)'s\b"), r"\1 is"),
    (re.compile(r"\b(i|you|he|she|we|they)'d\b"), r"\1 would"),
    (re.compile(r"\b(i|you|he|she|we|they)'ll\b"), r"\1 will"),
    (re.compile(r"\b(we)'re\b"), r"\1 are"),
    (re.compile(r"\b(i|you|we|they)'ve\b"), r"\1 have"),
    (re.compile(r"\bd'accord\b"), "daccord"),
)


def unreadable(body: str, longest: int = LONGEST_ANSWER) -> str:
    """Return why a body cannot be an answer to a menu, or the empty string when it may be one."""
    if len(body) > longest:
        return "too long"
    for letter in body:
        if unicodedata.bidirectional(letter) in {"R", "AL", "AN", "RLE", "RLO", "RLI", "LRO"}:
            return "right-to-left writing"
        if unicodedata.category(letter) == "Cc" and letter not in "\t\r\n":
            return "control characters"
    return ""


def flat(body: str) -> str:
    """Return the body in lower case, without accents and short forms, `yesss` as `yes`."""
    text = _DRAWN_OUT.sub(r"\1", unaccented(body))
    for short, long in (*_TYPED_BARE, *_WITH_APOSTROPHE) if "'" in text else _TYPED_BARE:
        text = short.sub(long, text)
    return _ORDINAL.sub(r"\1", _THAT_ONE.sub(r"\1", text)).replace("'", "")


def unaccented(body: str) -> str:
    """Return the body in lower case and without accents."""
    # Without its accent "very" in French would be the number three in Spanish.
    small = body.replace("’", "'").casefold().replace("très", "trs")
    if small.isascii():
        return small
    decomposed = unicodedata.normalize("NFKD", small)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def tokens(body: str) -> tuple[str, ...]:
    """Return the words and numbers of a body; numbers in digits, signs and emoji left out."""
    found = _TOKEN.findall(flat(body))
    return tuple(str(NUMBERS[word]) if word in NUMBERS else word for word in found)


@lru_cache(maxsize=4096)
def phrase(words: str) -> tuple[str, ...]:
    """Return the tokens of a phrase of ours. Remembered, for the phrases are few and fixed."""
    return tokens(words)


def take_phrases(
    heard: Sequence[str], phrases: Iterable[tuple[tuple[str, ...], str]]
) -> tuple[set[str], list[str]]:
    """Take the known phrases out of what was heard, in the order in which they are given.

    Returns the meanings that were found, and the other tokens with "" where a phrase stood.
    """
    rest = list(heard)
    found: set[str] = set()
    said = set(heard)
    for wanted, meaning in phrases:
        size = len(wanted)
        if not said.issuperset(wanted):
            continue
        for start in range(len(rest) - size + 1 if size else 0):
            if tuple(rest[start : start + size]) == wanted:
                found.add(meaning)
                rest[start : start + size] = [""] * size
    return found, rest


@lru_cache(maxsize=1)
def _wishes() -> Mapping[tuple[str, ...], Wish]:
    """Return every wish by its phrase, made once."""
    return {phrase(words): name for name, known in CONTROLS.items() for words in known}


def control_said(heard: Sequence[str]) -> Wish | None:
    """Return the wish that the whole utterance is ("person", "again", ...), or None."""
    shorter = tuple(token for token in heard if token not in COURTESY)
    ways = (tuple(heard), without_politeness(heard), shorter)
    return next((_wishes()[way] for way in ways if way in _wishes()), None)


def without_politeness(heard: Sequence[str]) -> tuple[str, ...]:
    """Return the words that matter: "can I talk to a person please" is "person"."""
    return tuple(token for token in heard if token not in CONTROL_FILLERS)
