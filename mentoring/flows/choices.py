"""Finding the option that was meant in what somebody said or typed (A22).

Rather ask again than take a wrong answer: two options named, a condition, an amount, or a number
inside a longer sentence is unclear.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mentoring.flows.readings import Unclear
from mentoring.flows.vocabulary import (
    FILLERS,
    HEDGES,
    NEGATIONS,
    NO,
    NOT,
    UNSURE,
    YES,
    YES_ALONE,
)
from mentoring.flows.words import phrase, take_phrases, without_politeness

# More words than this that we do not know: they told a story, they did not choose.
_STRANGE_WORDS = 3
_UNSURE = "?unsure"
_TAKEN = ""

# Picks typed as one word that is an English word as well: "bad" is a complaint, "BAD" three picks.
_ENGLISH = frozenset(
    {"a", "ace", "ache", "add", "age", "ah", "bad", "bag", "be", "beach", "bead", "bed", "beg"}
    | {"cab", "cafe", "cage", "chef", "dad", "dead", "deaf", "each", "egg", "face", "fade", "fed"}
    | {"feed", "ha", "had", "he", "head"}
)


@dataclass(frozen=True)
class Choice:
    """An option with everything that names it; `key` is its number when that is not its place."""

    value: str
    words: tuple[str, ...]
    key: str = ""
    alone: bool = False


def is_option(heard: Sequence[str], choices: Sequence[Choice]) -> bool:
    """Tell whether the whole utterance is the name of an option, politeness aside."""
    return bool(option_named(heard, choices))


def option_named(heard: Sequence[str], choices: Sequence[Choice]) -> str:
    """Return the option of which the whole utterance is the name, or the empty string."""
    said = {tuple(heard), without_politeness(heard)}
    named = (c.value for c in choices for words in c.words if phrase(words) in said)
    return next(named, "")


def option_numbered(heard: Sequence[str], choices: Sequence[Choice]) -> str:
    """Return the option of which the whole utterance is the number, or the empty string."""
    return _by_number(choices).get(" ".join(without_politeness(heard)), "")


def _by_number(choices: Sequence[Choice]) -> dict[str, str]:
    """Return the value of each option by the number that stands for it."""
    return {choice.key or str(place): choice.value for place, choice in enumerate(choices, 1)}


def read_choice(choices: Sequence[Choice], heard: Sequence[str]) -> str | Unclear:
    """Return the value of the one option that was meant."""
    found, rest = take_phrases(heard, _lexicon(tuple(choices)))
    if not found and _says_yes_alone(choices, heard):
        return "yes"
    if _UNSURE in found or any(token in HEDGES for token in rest):
        return Unclear("not a clear choice")
    numbers = _numbers(rest)
    if isinstance(numbers, Unclear):
        return numbers
    numbered = _by_number(choices)
    if any(str(number) not in numbered for number in numbers):
        return Unclear("a number that is no option")
    found |= {numbered[str(number)] for number in numbers}
    if len(found) > 1:
        return Unclear("more than one answer")
    if not found or any(token in NEGATIONS for token in rest):
        return Unclear("no option named")
    if len(_strange(rest)) > _STRANGE_WORDS:
        return Unclear("too many other words")
    return found.pop()


def strange_words(choices: Sequence[Choice], heard: Sequence[str]) -> int:
    """Return how many words an answer holds that we do not know."""
    _, rest = take_phrases(heard, _lexicon(tuple(choices)))
    return len(_strange(rest))


def read_picks(
    choices: Sequence[Choice], heard: Sequence[str], body: str, max_picks: int
) -> str | Unclear:
    """Return the values of all options that were meant, in their order, joined by commas."""
    found, rest = take_phrases(heard, _lexicon(tuple(choices)))
    if _UNSURE in found or any(token in NEGATIONS for token in rest):
        return Unclear("not a clear choice")
    letters = _letters(choices, rest, body)
    if letters is None:
        return Unclear("a sign that is no option")
    found |= letters
    if not found or len(_strange(rest, letters)) > _STRANGE_WORDS:
        return Unclear("no option named")
    if len(found) > max_picks:
        return Unclear("too many picks")
    if len(found) > 1 and any(choice.alone and choice.value in found for choice in choices):
        return Unclear("none together with something")
    return ",".join(choice.value for choice in choices if choice.value in found)


@lru_cache(maxsize=512)
def _lexicon(choices: tuple[Choice, ...]) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return every phrase with its meaning, longest first. Remembered: menus are few."""
    return tuple(sorted(_phrases(choices), key=lambda pair: -len(pair[0])))


def _phrases(choices: Sequence[Choice]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give every phrase with its meaning. Among equally long ones the first here goes first."""
    for choice in choices:
        yield from ((phrase(words), choice.value) for words in choice.words)
    yield from ((phrase(words), _UNSURE) for words in UNSURE)
    for choice in choices:
        if "yes" in choice.words:
            yield from ((phrase(words), choice.value) for words in YES)
        if "no" in choice.words:
            yield from ((phrase(words), choice.value) for words in NO)
            yield from ((phrase(f"{no} {words}"), choice.value) for no in NOT for words in YES)


def _says_yes_alone(choices: Sequence[Choice], heard: Sequence[str]) -> bool:
    """Tell whether the whole utterance is a yes that means nothing inside a longer sentence."""
    if not any(choice.value == "yes" and "yes" in choice.words for choice in choices):
        return False
    core = tuple(token for token in heard if token not in {"please", "thanks", "thank", "you"})
    return any(core == phrase(words) or tuple(heard) == phrase(words) for words in YES_ALONE)


def _numbers(rest: Sequence[str]) -> set[int] | Unclear:
    """Return the numbers among the other words, unless one counts something ("2 dogs")."""
    numbers = set()
    for place, token in enumerate(rest):
        if token.isdecimal():
            following = rest[place + 1] if place + 1 < len(rest) else _TAKEN
            if _is_strange(following):
                return Unclear("a number that counts something")
            numbers.add(int(token))
    return numbers


def _letters(choices: Sequence[Choice], rest: Sequence[str], body: str) -> set[str] | None:
    """Return the picks given as single signs or as one run ("ACF", "13"); None if one is no option.

    A single letter counts only where nothing else is said, for "a" is also an English word.
    """
    values = [choice.value.casefold() for choice in choices]
    strange = [token for token in rest if token and token not in FILLERS]
    signs = [token for token in rest if len(token) == 1 and token.isalnum()]
    runs = [token for token in strange if len(token) > 1]
    picked: set[int] = set()
    if len(runs) == 1 and len(strange) == len(runs) and _is_run(runs[0], values, body):
        signs, runs = [*runs[0]], []
    for sign in signs:
        if sign in values and not runs:
            picked.add(values.index(sign))
        elif sign.isdecimal():
            if not 1 <= int(sign) <= len(choices) or runs:
                return None
            picked.add(int(sign) - 1)
        elif sign not in FILLERS and not runs:
            return None
    return {choices[place].value for place in picked}


def _is_run(word: str, values: Sequence[str], body: str) -> bool:
    """Tell whether one word is a run of picks without a gap."""
    if len(set(word)) != len(word):
        return False
    if word.isdecimal():
        return all(1 <= int(sign) <= len(values) for sign in word)
    if word in _ENGLISH and not re.search(rf"\b{re.escape(word.upper())}\b", body):
        return False
    return all(sign in values for sign in word)


def _is_strange(token: str) -> bool:
    return bool(token) and token not in FILLERS and not token.isdecimal()


def _strange(rest: Sequence[str], picked: set[str] | None = None) -> list[str]:
    """Return the words that we do not know, leaving out single signs where picks were found."""
    return [token for token in rest if _is_strange(token) and not (picked and len(token) == 1)]
