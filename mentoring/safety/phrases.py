"""Finding rows of words in a text, fast however many rows there are.

How a phrase is written is told in words.toml. A text holds words with one space after each. At
each of its words only those phrases are tried that may begin with it: a text has some hundred
words, and nearly all of them begin none.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

# What stands for words that are not written down; `.` stands for none at all.
_OPEN = {"~": r"(?:\S+ ){0,2}", "#": r"\d\S* ", "##": r"\d\d+ ", ".": r"\Z"}
_ANY_WORD = ""
_WORD_START = re.compile(r"\S+")


class Phrases:
    """The phrases of one list."""

    def __init__(self, phrases: Iterable[str]) -> None:
        starts = defaultdict[str, list[str]](list)
        for phrase in phrases:
            for word in _first_words(phrase):
                starts[word].append(phrase)
        anywhere = starts.pop(_ANY_WORD, [])
        # Many words begin the very same phrases, such as all who may hit: those share one pattern.
        shared: dict[tuple[str, ...], _Ways] = {}
        self._by_word = {
            word: shared.setdefault((*those, *anywhere), _Ways((*those, *anywhere)))
            for word, those in starts.items()
        }
        self._anywhere = _Ways(tuple(anywhere)) if anywhere else None

    def are_in(self, words: str) -> bool:
        """Tell whether any of the phrases is there."""
        return next(self._found(words), None) is not None

    def taken_out_of(self, words: str) -> str:
        """Return the words without the phrases."""
        left, end = [], 0
        for start, stop in self._found(words):
            left.append(words[end:start])
            end = stop
        return "".join(left) + words[end:]

    def _found(self, words: str) -> Iterator[tuple[int, int]]:
        """Give from where until where each phrase stands; none lies over another."""
        end = 0
        for word in _WORD_START.finditer(words):
            ways = self._by_word.get(word[0], self._anywhere)
            if ways is None or word.start() < end:
                continue
            found = ways.pattern.match(words, word.start())
            if found is not None:
                end = found.end()
                yield found.span()


class _Ways:
    """Phrases that begin with the same word. Made into a pattern when that word first comes."""

    def __init__(self, phrases: tuple[str, ...]) -> None:
        self._phrases = phrases

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        rows = ("".join(map(_item, phrase.split())) for phrase in self._phrases)
        return re.compile("|".join(rows))


def _first_words(phrase: str) -> set[str]:
    """Return the words with which a phrase may begin; the empty one where it may be any."""
    first: set[str] = set()
    for item in phrase.split():
        first |= set(item.removesuffix("?").split("|"))
        if not item.endswith("?"):
            break
    return {_ANY_WORD if word in _OPEN or word.endswith("*") else word for word in first}


def _item(item: str) -> str:
    words = item.removesuffix("?").split("|")
    optional = "?" if item.endswith("?") else ""
    return f"(?:{'|'.join(map(_word, words))}){optional}"


def _word(word: str) -> str:
    if word in _OPEN:
        return _OPEN[word]
    return rf"{re.escape(word[:-1])}\S* " if word.endswith("*") else f"{re.escape(word)} "
