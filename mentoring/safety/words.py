"""Words that staff must see: found in what people write, and in what a recogniser or staff heard.

Whole words and phrases only (data: words.toml), after case, accents, apostrophes and spacing are
evened out. Nothing here decides anything about a person: it makes somebody look.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mentoring.flows.words import flat
from mentoring.plain import bare
from mentoring.safety.phrases import Phrases

# What a phone can send. Whatever is longer did not come from one, and is read up to here.
_LONGEST = 1600
_WORD = re.compile(r"[^\W_]+")
_CLAUSE_END = re.compile(r"[.!?;:,¡¿…\n]+")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_TIERS = ("crisis", "harm", "money")
_LISTS = {*_TIERS, "harmless"}
_GROUP = re.compile(r"<(\w+)>")


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

    def __init__(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        unknown = {name for lists in data.values() for name in lists} - _LISTS - {"groups"}
        if unknown:
            raise ValueError(f"There is no list called {', '.join(sorted(unknown))}.")
        self.languages = tuple(data)
        of = {language: _written_out(lists) for language, lists in data.items()}
        of_all = {
            name: [phrase for lists in of.values() for phrase in lists.get(name, ())]
            for name in _LISTS
        }
        self._tiers = {name: Phrases(of_all[name]) for name in _TIERS}
        self._harmless = Phrases(of_all["harmless"])
        told_in = Counter(phrase for lists in of.values() for phrase in lists.get("crisis", ()))
        # "suicid*" stands in every list, and tells nothing about the language.
        own = {
            language: [each for each in lists.get("crisis", ()) if told_in[each] == 1]
            for language, lists in of.items()
        }
        self._crisis_in = {
            language: Phrases(phrases) for language, phrases in own.items() if phrases
        }

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
        clauses = [_words(clause) for clause in _CLAUSE_END.split(body)]
        # A sign may fall into a phrase by mistake, but never into what makes it harmless.
        innocent = "".join(self._harmless.taken_out_of(clause) for clause in clauses)
        whole = "".join(clauses)
        crisis = self._tiers["crisis"].are_in(innocent)
        return Flags(
            crisis=crisis,
            harm=self._tiers["harm"].are_in(whole),
            money=self._tiers["money"].are_in(whole),
            language=self._language_of(innocent) if crisis else "",
        )

    def _language_of(self, words: str) -> str:
        """Return the one language of which the words of a crisis are, or the empty string."""
        found = [name for name, phrases in self._crisis_in.items() if phrases.are_in(words)]
        return found[0] if len(found) == 1 else ""


def _written_out(lists: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """Return the phrases of one language with the words of a group in place of its name."""
    groups: Mapping[str, str] = lists.get("groups", {})
    return {
        name: [_GROUP.sub(lambda named: groups[named[1]], phrase) for phrase in phrases]
        for name, phrases in lists.items()
        if name != "groups"
    }


def _words(clause: str) -> str:
    """Return the words of a part of a sentence, each followed by one space."""
    words = " ".join(_WORD.findall(flat(clause)))
    return f"{words} " if words else ""


def _read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


@cache
def lists() -> WordLists:
    """Return the lists of this process, made when they are first asked."""
    return WordLists(_read(Path(__file__).parent / "words.toml"))


def read_flags(body: str) -> Flags:
    """Return what a text holds that staff must see."""
    return lists().find(bare(body[:_LONGEST]))
