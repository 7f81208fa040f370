"""Words that staff must see: found in what people write, and in what a recogniser or staff heard.

Whole words and phrases only (data: words.toml), after case, accents, apostrophes and spacing are
evened out. Nothing here decides anything about a person: it makes somebody look.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mentoring.flows.words import flat
from mentoring.plain import bare

# What a phone can send. Whatever is longer did not come from one, and is read up to here.
_LONGEST = 1600
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?;¡¿]+")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_TIERS = ("crisis", "harm", "money")


@dataclass(frozen=True)
class Flags:
    """What a text holds: words of a crisis (O11), words that hurt (O12), talk of money (O13).

    `language` is that of the words of a crisis, where they are words of one language alone.
    """

    crisis: bool = False
    harm: bool = False
    money: bool = False
    language: str = ""

    def __bool__(self) -> bool:
        return self.crisis or self.harm or self.money


class WordLists:
    """The phrases of one file. Raises ValueError for a list that it does not know."""

    def __init__(self, data: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        unknown = {name for lists in data.values() for name in lists} - {*_TIERS, "harmless"}
        if unknown:
            raise ValueError(f"There is no list called {', '.join(sorted(unknown))}.")
        self.languages = tuple(data)
        of_all = {
            name: [phrase for lists in data.values() for phrase in lists.get(name, ())]
            for name in (*_TIERS, "harmless")
        }
        self._tiers = {name: _any(of_all[name]) for name in _TIERS}
        self._harmless = _any(of_all["harmless"])
        told_in = Counter(phrase for lists in data.values() for phrase in lists.get("crisis", ()))
        # "suicid*" stands in every list, and tells nothing about the language.
        own = {
            language: [each for each in lists.get("crisis", ()) if told_in[each] == 1]
            for language, lists in data.items()
        }
        self._crisis_in = {language: _any(phrases) for language, phrases in own.items() if phrases}

    def find(self, body: str) -> Flags:
        """Return what a text holds. A crisis is looked for in drawn-out words both ways."""
        ways = {body, _DRAWN_OUT.sub(r"\1\1", body)}
        found = [self._found(way) for way in ways]
        languages = {flags.language for flags in found} - {""}
        return Flags(
            crisis=any(flags.crisis for flags in found),
            harm=any(flags.harm for flags in found),
            money=any(flags.money for flags in found),
            language=languages.pop() if len(languages) == 1 else "",
        )

    def _found(self, body: str) -> Flags:
        sentences = [_words(sentence) for sentence in _SENTENCE_END.split(body)]
        # A full stop may fall into a phrase by mistake, but never into what makes it harmless.
        innocent = "".join(self._harmless.sub("", sentence) for sentence in sentences)
        whole = "".join(sentences)
        crisis = self._tiers["crisis"].search(innocent) is not None
        return Flags(
            crisis=crisis,
            harm=self._tiers["harm"].search(whole) is not None,
            money=self._tiers["money"].search(whole) is not None,
            language=self._language_of(innocent) if crisis else "",
        )

    def _language_of(self, words: str) -> str:
        """Return the one language of which the words of a crisis are, or the empty string."""
        found = [name for name, phrases in self._crisis_in.items() if phrases.search(words)]
        return found[0] if len(found) == 1 else ""


def _words(sentence: str) -> str:
    """Return the words of a sentence, each followed by one space."""
    words = " ".join(_WORD.findall(flat(sentence)))
    return f"{words} " if words else ""


def _any(phrases: Iterable[str]) -> re.Pattern[str]:
    ways = "|".join("".join(map(_item, phrase.split())) for phrase in phrases)
    return re.compile(rf"(?<!\S)(?:{ways})")


def _item(item: str) -> str:
    choices = [
        rf"{re.escape(word.removesuffix('*'))}\S* " if word.endswith("*") else f"{re.escape(word)} "
        for word in item.removesuffix("?").split("|")
    ]
    optional = "?" if item.endswith("?") else ""
    return f"(?:{'|'.join(choices)}){optional}"


def _read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


@cache
def lists() -> WordLists:
    """Return the lists of this process, made when they are first asked."""
    return WordLists(_read(Path(__file__).parent / "words.toml"))


def read_flags(body: str) -> Flags:
    """Return what a text holds that staff must see."""
    return lists().find(bare(body[:_LONGEST]))
