"""What the words of a text mean: commands, and wishes to get no more texts (data: keywords.toml).

Three questions, from the strictest to the kindest. What does the carrier do by itself? Is the whole
text a command of ours? Does it ask, in whatever words, to be left alone (S2)? A wrong yes to the
last one silences a line that somebody needs, a wrong no annoys them, so there is a third answer:
block first, and have staff ask.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

from mentoring.phone import is_toll_free
from mentoring.plain import bare

# No command is nearly as long; the rest is room for exclamation marks.
_LONGEST_COMMAND = 100
# What a phone can send. Whatever is longer did not come from one, and is read up to here.
_LONGEST_BODY = 1600

# All that the network of toll-free lines reads by itself (contract 4.3).
_TOLL_FREE = ("STOP", "START", "UNSTOP")
_WORD = re.compile(r"[^\W_]+")
_SHORT_FORM = re.compile(r"(?<=\w)'(?=(?:t|m|d|s|ll|re|ve)\b)")
# The group of phrases that mean this, and what an opt-out may lead with: "wrong number, stop".
_WRONG_NUMBER = "wrong_number"
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_SENTENCE_END = re.compile(r"[.!?;¡¿\r\n]+")
_CLAUSE_END = re.compile(r"[,()–—]+|\s-+\s")


class Word(StrEnum):
    """The commands that a whole text can be, in any of the three languages (G9, 3.12)."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    PERSON = "person"
    WORRY = "worry"
    AGAIN = "again"
    MENU = "menu"
    LATER = "later"
    PLAN = "plan"
    SLOW = "slow"
    TERMS = "terms"
    PAUSE = "pause"
    FINISH = "finish"
    CALL = "call"
    TOUCH = "touch"
    ENGLISH = "english"
    SPANISH = "spanish"
    FRENCH = "french"


CarrierWord = Literal["stop", "start", "help"]


@dataclass(frozen=True)
class Stop:
    """A wish to get no more texts. Either way all lines are blocked; if not sure, staff ask.

    With `wrong_number` its writer says that this phone is not that of whom we look for.
    """

    sure: bool
    wrong_number: bool = False


@dataclass(frozen=True)
class _Group:
    sure: bool
    silent_when_limited: bool


class WordTable:
    """The rules of one keywords file. Raises ValueError when the file contradicts itself."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.carrier: dict[str, CarrierWord] = _turned(data["carrier"])
        self.words = {word: Word(name) for word, name in _turned(data["words"]).items()}
        rules = data["opt_out"]
        self._lists: Mapping[str, Sequence[str]] = rules["lists"]
        self.touch = self._wish_to_keep_in_touch(data["touch"])
        self.spellings: dict[str, str] = rules["spellings"]
        self.misspelt = re.compile(rf"\b(?:{'|'.join(_longest_first(self.spellings))})\b")
        courtesy = self._any(rules["courtesy"])
        bare = self._any([word for word, meant in self.words.items() if meant is Word.STOP])
        self.bare_stop = re.compile(rf"(?:{courtesy})*{bare}(?:{courtesy}|{bare})*\Z")
        self.limits = self._anywhere(rules["limits"])
        self.doubts = self._anywhere(rules["doubts"])
        self._vetoes = self._anywhere(rules["vetoes"])
        groups = rules["groups"]
        self._groups = {
            name: _Group(group["sure"], group["limited"] == "none")
            for name, group in groups.items()
        }
        self._leading = self._leading_groups(groups, rules["before"], rules["after"])
        self.wrong_number = self._anywhere(groups[_WRONG_NUMBER]["phrases"])
        self._inside = re.compile(rf"(?<!\S)(?:{self._named(groups, 'inside')})")

    def group_of(self, clause: str) -> _Group | None:
        """Return the group that a clause belongs to, or None when it is no wish to be left alone.

        The clause is in the form that the phrases are in, each word followed by a space.
        """
        found = self._leading.match(clause) or self._inside.search(clause)
        if found is None or self._vetoes.search(clause):
            return None
        return self._groups[str(found.lastgroup)]

    def _wish_to_keep_in_touch(self, rules: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
        """Return the pattern of the whole wish; `name` is with whom, where it says so by name."""
        bare = [word for word, meant in self.words.items() if meant is Word.TOUCH]
        before, after = self._any(rules["before"]), self._any(rules["after"])
        wish = self._any([*bare, *rules["phrases"]])
        # As few words as can be: what follows the name may be courtesy.
        whom = rf"{self._any(rules['with'])}(?:{self._any(rules['whom'])}|(?P<name>\S+ (?:\S+ )??))"
        return re.compile(rf"(?:{before})*{wish}(?:{whom})?(?:{after})*\Z")

    def _leading_groups(
        self, groups: Mapping[str, Any], before: Sequence[str], after: Sequence[str]
    ) -> re.Pattern[str]:
        whole, start = self._named(groups, "whole"), self._named(groups, "start")
        ending = rf"(?:{self._any(after)})*\Z"
        # As few words before it as can be: "just stop" is a phrase, though "just" may lead one.
        return re.compile(rf"(?:{self._any(before)})*?(?:(?:{whole}){ending}|{start})")

    def _named(self, groups: Mapping[str, Any], place: str) -> str:
        return "|".join(
            f"(?P<{name}>{self._any(group['phrases'])})"
            for name, group in groups.items()
            if group["place"] == place
        )

    def _anywhere(self, phrases: Iterable[str]) -> re.Pattern[str]:
        return re.compile(rf"(?<!\S){self._any(phrases)}")

    def _any(self, phrases: Iterable[str]) -> str:
        """Return a pattern for any of the phrases; each of their words is followed by a space."""
        return f"(?:{'|'.join(self._phrase(phrase) for phrase in phrases)})"

    def _phrase(self, phrase: str) -> str:
        written = ""
        for item in phrase.split():
            choices = self._any_word(item.removesuffix("?").split("|"))
            written += f"{choices}?" if item.endswith("?") else choices
        return written

    def _any_word(self, words: Sequence[str]) -> str:
        spelt = [
            self._any(self._lists[word[1:-1]]) if word.startswith("{") else f"{re.escape(word)} "
            for word in words
        ]
        return f"(?:{'|'.join(spelt)})"


def _turned(meanings: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    turned: dict[str, str] = {}
    for name, words in meanings.items():
        for word in words:
            if word in turned:
                raise ValueError(f"{word!r} stands under both {turned[word]!r} and {name!r}.")
            turned[word] = name
    return turned


def _longest_first(words: Iterable[str]) -> list[str]:
    return [re.escape(word) for word in sorted(words, key=len, reverse=True)]


@cache
def table() -> WordTable:
    """Return the table of this process, made when it is first asked: that takes half a second."""
    return WordTable(tomllib.loads((Path(__file__).parent / "keywords.toml").read_text("utf-8")))


def carrier_word(body: str) -> CarrierWord | None:
    """Return what the carrier has already done about a text, or None when it did nothing.

    It reads one word, trimmed, in any case, without any sign beside it, and answers by itself: a
    second answer of ours would be refused, so there must be none. Its "yes" is a "start" here;
    whether it also answers a question is for the caller to say.
    """
    word = body.strip()
    # Some foreign letters have an ASCII small letter; the carrier does not know them.
    return table().carrier.get(word.lower()) if word.isascii() else None


def read_word(body: str) -> Word | None:
    """Return the command that the whole text is, or None. A bare yes is an answer, no command.

    Case, accents, punctuation and emoji do not matter, other words do: never a prefix. Only a wish
    to keep in touch may be a sentence.
    """
    body = body.strip()
    if len(body) > _LONGEST_COMMAND:
        return None
    word = table().words.get(" ".join(_WORD.findall(_plain(body))))
    return Word.TOUCH if word is None and _wish_to_keep_in_touch(body) else word


def whom_to_keep(body: str) -> str:
    """Return with whom a text says that its writer would like to keep in touch, if by name.

    The name is in small letters without accents, as `name_as_read` writes others.
    """
    wish = _wish_to_keep_in_touch(body)
    return (wish["name"] or "").strip() if wish else ""


def name_as_read(name: str) -> str:
    """Return a name as `whom_to_keep` returns it."""
    return _words(_plain(name)).strip()


def _wish_to_keep_in_touch(body: str) -> re.Match[str] | None:
    return table().touch.match(_words(_plain(body.strip())))


def asks_to_stop(body: str) -> Stop | None:
    """Tell whether a text asks to get no more texts, by word or by sentence (S2), and how surely.

    None for everything else: a wish about times ("not before 9"), or another thing that stops.
    """
    if read_word(body) is Word.STOP:
        return Stop(sure=True)
    plain = _DRAWN_OUT.sub(r"\1", _plain(body.strip()[:_LONGEST_BODY]))
    if table().bare_stop.match(_words(plain)):
        return Stop(sure=True)
    found = [_read_sentence(sentence) for sentence in _SENTENCE_END.split(plain)]
    return _strongest(found)


@dataclass(frozen=True)
class Reading:
    """What one text means by itself: the answers to all three questions."""

    carrier: CarrierWord | None
    word: Word | None
    wish: Stop | None

    @staticmethod
    def of(body: str, line: str, told: CarrierWord | None = None) -> "Reading":
        """Read the words of a text to a line of ours (E.164).

        The network of toll-free lines answers fewer words than the carrier does on others; the rest
        is ours to answer there. What the carrier has `told` us itself counts before our own
        reading: its list may hold words that are not in ours.
        """
        carrier = told or carrier_word(body)
        answers_few = told is None and is_toll_free(line)
        if answers_few and body.strip().upper() not in _TOLL_FREE:
            carrier = None
        return Reading(carrier, read_word(body), asks_to_stop(body))


def _plain(body: str) -> str:
    """Return a text in small letters, without accents, invisible signs and foreign apostrophes."""
    # Cut because some letters stand for a whole line of others, and accents come off as marks.
    letters = unicodedata.normalize("NFKD", bare(body).casefold())[: 2 * _LONGEST_BODY]
    if letters.isascii():
        return letters
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _words(text: str) -> str:
    """Return the words of a text in our spelling, each followed by one space."""
    words = " ".join(_WORD.findall(_SHORT_FORM.sub("", text)))
    words = table().misspelt.sub(lambda found: table().spellings[found[0]], words)
    return f"{words} " if words else ""


def _read_sentence(sentence: str) -> Stop | None:
    words = _words(sentence)
    clauses = {words, *map(_words, _CLAUSE_END.split(sentence))} if words else ()
    groups = [group for group in map(table().group_of, clauses) if group]
    # Nearly every text ends here; the costly patterns are only for those that look like a wish.
    if not groups:
        return None
    if table().limits.search(words):
        unsilenced = [group for group in groups if not group.silent_when_limited]
        return Stop(sure=False) if unsilenced else None
    sure = any(group.sure for group in groups) and not table().doubts.search(words)
    return Stop(sure, wrong_number=table().wrong_number.search(words) is not None)


def _strongest(found: Iterable[Stop | None]) -> Stop | None:
    wishes = [stop for stop in found if stop]
    if not wishes:
        return None
    wrong_number = any(wish.wrong_number for wish in wishes)
    return Stop(any(wish.sure for wish in wishes), wrong_number=wrong_number)
