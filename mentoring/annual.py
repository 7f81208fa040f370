"""The annual message: what came of our goals, read aloud in three minutes at most, and texted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mentoring.flows.annual import TEXTS

# About 150 words are spoken in a minute.
MOST_WORDS, MOST_SPOKEN = 450, 3500
# What one segment holds, with room for what a network adds.
A_TEXT = 150
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class AnnualMessage:
    """The message in one language: as it is spoken, and the short form that is texted."""

    spoken: str
    texted: str

    @property
    def texts(self) -> tuple[str, ...]:
        """The short form as texts: whole sentences, as many as go into each."""
        return _in_texts(self.texted)


# By the code of the language; whoever speaks another one is not offered any.
Messages = Mapping[str, AnnualMessage]


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


def fault_of_texted(texted: str) -> str | None:
    """Say what keeps a short form from being texted, or None."""
    texts = _in_texts(texted)
    long = next((each for each in texts if len(each) > A_TEXT), None)
    if long is not None:
        return (
            f"A sentence has {len(long)} characters, and a text holds {A_TEXT}."
            f" Make it shorter: {long[:40]}..."
        )
    if len(texts) > TEXTS:
        return f"That takes {len(texts)} texts. Use {TEXTS} or fewer."
    return None
