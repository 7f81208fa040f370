"""The annual message: what came of our goals, read aloud in three minutes at most, and texted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mentoring.flows.annual import TEXTS
from mentoring.flows.catalog import FALLBACK
from mentoring.segments import beyond_gsm7, segments_of

# About 150 words are spoken in a minute.
MOST_WORDS, MOST_SPOKEN = 450, 3500
# As many characters as one segment holds, with some room. The letters of other languages take more
# segments for as many, three at most, as everywhere (mentoring/editions/rules.py).
A_TEXT = 150
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class AnnualMessage:
    """The message in one language: as it is spoken, and the short form that is texted."""

    spoken: str
    texted: str

    @property
    def heard(self) -> str:
        """The spoken form as one line, where each paragraph ends with a full stop."""
        paragraphs = (" ".join(each.split()) for each in self.spoken.splitlines())
        return " ".join(as_sentence(each) for each in paragraphs if each)

    @property
    def texts(self) -> tuple[str, ...]:
        """The short form as texts: whole sentences, as many as go into each."""
        return _in_texts(self.texted)


# By the code of the language; whoever speaks another one is not offered any.
Messages = Mapping[str, AnnualMessage]


def as_sentence(words: str) -> str:
    """Return words with a full stop, unless they end with a sign of their own."""
    return words if words.endswith((".", "!", "?", ":")) else f"{words}."


def _in_texts(texted: str) -> tuple[str, ...]:
    texts: list[str] = []
    for sentence in _BETWEEN_SENTENCES.split(" ".join(texted.split())):
        if texts and len(texts[-1]) + 1 + len(sentence) <= A_TEXT:
            texts[-1] += f" {sentence}"
        elif sentence:
            texts.append(sentence)
    return tuple(texts)


def fault_of_spoken(spoken: str) -> str | None:
    """Say what keeps a message from being read aloud in three minutes, or None."""
    count = len(spoken.split())
    if count > MOST_WORDS:
        return f"{count} words take longer than 3 minutes. Use {MOST_WORDS} or fewer."
    if len(spoken) > MOST_SPOKEN:
        return f"Use {MOST_SPOKEN} characters or fewer. You have used {len(spoken)}."
    return None


def fault_of_texted(texted: str, language: str) -> str | None:
    """Say what keeps a short form from being texted, or None.

    English needs no letter that makes a text longer than it looks.
    """
    texts = _in_texts(texted)
    long = next((each for each in texts if len(each) > A_TEXT), None)
    if long is not None:
        return (
            f"A sentence has {len(long)} characters, and a text holds {A_TEXT}."
            f" Make it shorter: {long[:40]}..."
        )
    if len(texts) > TEXTS:
        return f"That takes {len(texts)} texts. Use {TEXTS} or fewer."
    odd = sorted(beyond_gsm7(texted))
    if language == FALLBACK and odd:
        return f"Write it without {' '.join(odd)}: with them a text holds less than half as much."
    if language == FALLBACK and any(segments_of(each).count > 1 for each in texts):
        return "Write it without brackets and the like: each counts twice."
    return None
