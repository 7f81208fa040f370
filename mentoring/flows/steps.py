"""What a conversation is made of: questions, sentences, forks and ends, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

# An option that leads here asks for a person; the conversation stays at the question.
TO_PERSON = "@person"

# The option of an HOUR question that stands for every hour without "am" or "pm".
HALF_DAY = "half-day"

# The option that ends all automated calls, where a question offers it.
NO_CALLS = "stop"

# What the state keeps for an answer that is in a recording.
RECORDED = "recorded"

VOICE = "voice"
TEXT = "text"


class Kind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    PICKS = "picks"
    NAME = "name"
    CLOCK = "clock"
    HOUR = "hour"
    OPEN = "open"


@dataclass(frozen=True)
class Option:
    """One answer of a menu: the value that is stored, and where it leads if not to the usual.

    `key` chooses it on the phone where that is not its place in the menu.
    """

    value: str
    goto: str | None = None
    key: str = ""


@dataclass(frozen=True)
class Ask:
    """A question. `key` names it for ever, with its answers; `prompt` is its catalog key.

    A question of kind OPEN may hold one option with the value "": where it leads to say nothing.
    One of kind HOUR may hold the option HALF_DAY: where it leads when morning or not is still open.
    `options_from` names the fact that holds the options as [value, label] pairs at run time.
    `settles` names an earlier question whose answer becomes `HH:MM` through this one.
    `may_add` is for own words: a recording that ended without a key may have been cut off, so the
    person is asked whether that was all.
    `unheard` is the step to which three silences lead, where they must not lead to a person.
    """

    key: str
    prompt: str
    kind: Kind
    options: tuple[Option, ...] = ()
    next: str = ""
    max_picks: int = 1
    read_back: bool = False
    timed: bool = False
    options_from: str = ""
    settles: str = ""
    may_add: bool = False
    unheard: str = ""


def key_of(option: Option, place: int) -> str:
    """Return the key that chooses an option of a menu; its place is counted from 1."""
    return option.key or str(place)


@dataclass(frozen=True)
class Say:
    """A sentence that wants no answer. A prompt `AUDIO:<name>` is a sound that the caller plays."""

    key: str
    prompt: str
    next: str


@dataclass(frozen=True)
class Branch:
    """A fork on a fact, or on an earlier answer when the fact is written `answer:<KEY>`.

    A list counts by its length, a truth value as `yes` or `no`, what is absent as "".
    """

    key: str
    fact: str
    cases: Mapping[str, str]
    otherwise: str


@dataclass(frozen=True)
class Finish:
    """The end of a conversation, with a word for what came of it."""

    key: str
    outcome: str


Step = Ask | Say | Branch | Finish


@dataclass(frozen=True)
class Flow:
    """A conversation. Raise `version` when steps are added, removed or change their meaning."""

    name: str
    version: int
    steps: tuple[Step, ...]
    first: str
    channels: tuple[str, ...] = (VOICE, TEXT)

    @cached_property
    def by_key(self) -> Mapping[str, Step]:
        """Every step by its key."""
        return {step.key: step for step in self.steps}

    def ask(self, key: str) -> Ask | None:
        """Return the question of that key, or None when there is none."""
        step = self.by_key.get(key)
        return step if isinstance(step, Ask) else None


def case_of(branch: Branch, facts: Mapping[str, object], answers: Mapping[str, str]) -> str:
    """Return the key of the step to which the fork leads."""
    _, is_answer, question = branch.fact.partition("answer:")
    fact = answers.get(question) if is_answer else facts.get(branch.fact)
    if isinstance(fact, bool):
        fact = "yes" if fact else "no"
    elif isinstance(fact, list | tuple):
        fact = len(fact)
    return branch.cases.get("" if fact is None else str(fact), branch.otherwise)


def target_of(ask: Ask, value: str) -> str:
    """Return the key of the step to which this answer leads."""
    if ask.kind is Kind.HOUR and ":" not in value:
        value = HALF_DAY
    gotos = (option.goto for option in ask.options if option.value == value and option.goto)
    return next(gotos, ask.next)
