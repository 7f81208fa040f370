"""The wording of everything that the service says or texts, by stable key, with versions."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

PROMPTS = Path(__file__).parent / "prompts"
FALLBACK = "en"
# How labels begin in our languages, and nobody's answer does.
_LEADING = re.compile(r"^(?:to|for|para|pour) ")
FIELDS = frozenset({"version", "text", "voice", "short", "keys", "retry", "options", "spoken_as"})


@dataclass(frozen=True)
class OptionWording:
    """One option: what the voice says before "press N", and the words that count as choosing it.

    The first word is also how the choice is read back. An empty label is one that the voice form
    already speaks itself.
    """

    label: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """One prompt in one language. A form that does not exist is the empty string.

    text: the whole text message. voice: the question as spoken, without its options.
    short: the same for somebody who has heard it, and has_short whether it is one of its own, which
    may well hold the same words as the voice. keys: the form for the keys alone, when it is
    more than the short question and the options. retry: what T-ERR1 quotes after a miss.
    spoken_as: the key whose voice this text borrows. edition and spoken_edition: the number of the
    edition by staff that the text and the voice come from; None where they are as shipped.
    """

    key: str
    version: int
    text: str = ""
    voice: str = ""
    short: str = ""
    has_short: bool = False
    keys: str = ""
    retry: str = ""
    options: tuple[OptionWording, ...] = ()
    spoken_as: str = ""
    edition: int | None = None
    spoken_edition: int | None = None

    @property
    def is_spoken(self) -> bool:
        """Whether there is anything to say aloud."""
        return bool(self.voice or self.options)


@dataclass(frozen=True)
class Catalog:
    """All wordings of all languages."""

    by_language: Mapping[str, Mapping[str, Wording]]

    @staticmethod
    def load() -> "Catalog":
        """Return the catalog of the prompt files, read once per process."""
        return _load()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a prompt file."""
        return tuple(sorted(self.by_language))

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of every key in the first language."""
        return {key: wording.version for key, wording in self.by_language[FALLBACK].items()}

    def wording(self, key: str, language: str = FALLBACK) -> Wording:
        """Return the wording of a key, in English where the language or its wording is absent.

        Raises KeyError for an unknown key.
        """
        wordings = self.by_language.get(language, {})
        return wordings[key] if key in wordings else self.by_language[FALLBACK][key]


@cache
def _load() -> Catalog:
    files = sorted(PROMPTS.glob("*.toml"))
    return Catalog({file.stem: parse_prompts(file.read_text("utf-8")) for file in files})


def parse_prompts(source: str) -> Mapping[str, Wording]:
    """Read one prompt file. Raises ValueError for a field that is unknown or a missing version."""
    tables = tomllib.loads(source)
    wordings = {key: _wording(key, table) for key, table in tables.items()}
    for key, table in tables.items():
        if "spoken_as" in table:
            wordings[key] = lend_voice(wordings[key], wordings[table["spoken_as"]])
    return wordings


def _wording(key: str, table: Mapping[str, Any]) -> Wording:
    unknown = set(table) - FIELDS
    if unknown or "version" not in table:
        raise ValueError(f"{key}: unknown fields {sorted(unknown)} or no version")
    options = tuple(labelled(o["label"], o["words"]) for o in table.get("options", ()))
    voice = str(table.get("voice", ""))
    return Wording(
        key=key,
        version=int(table["version"]),
        text=str(table.get("text", "")),
        voice=voice,
        short=str(table.get("short", voice)),
        has_short="short" in table,
        keys=str(table.get("keys", "")),
        retry=str(table.get("retry", "")),
        options=options,
    )


def words_of_label(label: str) -> tuple[str, ...]:
    """Return what somebody says who repeats a label: "To go slower" is "go slower" as well."""
    # The recogniser takes its hints as a list with commas between them.
    whole = label.casefold().replace(",", "")
    return tuple(dict.fromkeys((whole, _LEADING.sub("", whole))))


def labelled(label: str, words: Sequence[str]) -> OptionWording:
    """Return an option under a label, which chooses it too: people say what they hear."""
    own = words_of_label(label) if label and "{" not in label else ()
    return OptionWording(label, tuple(dict.fromkeys((*words, *own))))


def lend_voice(written: Wording, spoken: Wording) -> Wording:
    """Return the written prompt with the voice, the short form and the options of the spoken."""
    return replace(
        written,
        voice=spoken.voice,
        short=spoken.short,
        has_short=spoken.has_short,
        keys=spoken.keys,
        options=spoken.options,
        spoken_as=spoken.key,
        spoken_edition=spoken.spoken_edition,
    )
