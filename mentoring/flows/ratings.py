"""Reading a number on a scale: `5`, "five", "4 out of 5", "cinco"; never a guess between two."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mentoring.flows.catalog import OptionWording
from mentoring.flows.choices import Choice, option_named, read_choice
from mentoring.flows.readings import Unclear
from mentoring.flows.vocabulary import NUMBERS, SOUNDS_LIKE
from mentoring.flows.words import flat, tokens

_WORDS = {
    **{word: str(number) for word, number in NUMBERS.items()},
    **{"zero": "0", "cero": "0", "nueve": "9", "diez": "10", "neuf": "9", "dix": "10"},
}
# What is counted on a scale: "5 stars" is the number five, while "5 dogs" is a story.
_UNITS = frozenset({"star", "stars", "point", "points", "punto", "puntos", "estrellas", "etoiles"})
_OUT_OF = re.compile(r"\b(\d+) ?(?:/|out of|of|de|sur|over) ?(\d+)\b")
_BETWEEN_TWO = re.compile(r"\b(?:half|medio|media|demie?)\b")
# "Un cinco" is one number and not two.
_ARTICLE = re.compile(rf"\bun (?=\d|(?:{'|'.join(_WORDS)})\b)")
_BELOW_ZERO = re.compile(r"(?:^-|\b(?:minus|menos|moins)) ?\d")
_NO_NUMBER = "99"


def read_rating(
    body: str, low: int, high: int, ends: Sequence[OptionWording], *, spoken: bool
) -> str | Unclear:
    """Return the number that was meant, as digits.

    `ends` are the wordings of the two ends of the scale ("bad", "great"), if they may be said.
    """
    plain = _ARTICLE.sub("", flat(body))
    text = " ".join(_WORDS.get(word, word) for word in re.findall(r"[^\s\w]+|\w+", plain))
    text = re.sub(r" ?/ ?", "/", text)
    if any(match[2] != str(high) for match in _OUT_OF.finditer(text)):
        return Unclear("out of another scale")
    if _BETWEEN_TWO.search(text):
        return Unclear("between two numbers")
    if _BELOW_ZERO.search(text):
        return Unclear("a number below zero")
    heard = [token for token in tokens(_OUT_OF.sub(r"\1", text)) if token not in _UNITS]
    if spoken and len(heard) == 1:
        heard = [SOUNDS_LIKE.get(heard[0], heard[0])]
    places = [_place(token, low, high) for token in heard]
    scale = _scale(low, high, ends)
    # A bare "no" may be the name of an end; inside a sentence, as in "not really", it is none.
    return option_named(places, scale) or read_choice(_without_yes_and_no(scale), places)


def rating_pressed(pressed: str, low: int, high: int) -> str | Unclear:
    """Return the number of the keys pressed; whoever calls it has dealt with a lone `0`."""
    number = int(pressed)
    if str(number) != pressed or not low <= number <= high:
        return Unclear("no number on the scale")
    return pressed


def _place(token: str, low: int, high: int) -> str:
    """Return a number as its place on the scale, and every other word as it is."""
    if not token.isdecimal():
        return token
    number = int(token) if len(token) <= 3 else -1
    return str(number - low + 1) if low <= number <= high else _NO_NUMBER


def _without_yes_and_no(scale: Sequence[Choice]) -> list[Choice]:
    kept = {choice: tuple(w for w in choice.words if w not in ("yes", "no")) for choice in scale}
    return [replace(choice, words=words) for choice, words in kept.items()]


def _scale(low: int, high: int, ends: Sequence[OptionWording]) -> list[Choice]:
    words = {low: ends[0].words, high: ends[-1].words} if ends else {}
    return [Choice(str(number), words.get(number, ())) for number in range(low, high + 1)]
