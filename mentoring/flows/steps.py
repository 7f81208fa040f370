"""What a conversation is made of: questions, sentences, forks and ends, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

# An option that leads here asks for a person; the conversation stays at the question.
TO_PERSON = "@person"

# The fact that holds from when until when anybody may be rung, as `HH:MM` by their own clock.
CALLING_HOURS = "calling_hours"

# The option of an HOUR question that stands for every hour without "am" or "pm".
HALF_DAY = "half-day"

# The option of a SLOT question that leads to the same question in menus, for the keys alone.
BY_KEYS = "keys"

# The option of a SLOT question that stands for an answer of which a piece is missing.
INCOMPLETE = "incomplete"

# What is stored where somebody left out a question in own words that may be left out.
SKIP = "skip"

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
    RATING = "rating"
    SLOT = "slot"


@dataclass(frozen=True)
class Option:
    """One answer of a menu: the value that is stored, and where it leads if not to the usual.

    `key` is the key that chooses it when that is not its place. `alone` is for lists of which
    several may be picked: nothing else can be true beside it.
    """

    value: str
    goto: str | None = None
    key: str = ""
    alone: bool = False


def options_of(*values: str) -> tuple[Option, ...]:
    """Return options with these values, each of which leads to the usual next question."""
    return tuple(Option(value) for value in values)


@dataclass(frozen=True)
class Reworded:
    """Another wording of the same question, where a fact has that value."""

    fact: str
    value: str
    prompt: str


@dataclass(frozen=True)
class Ask:
    """A question. `key` names it for ever, with its answers; `prompt` is its catalog key.

    A question of kind OPEN may hold one option with the value "": where it leads to say nothing;
    or one with the value SKIP: then it may be left out, by 0 in a text and by key 1 on the phone.
    One of kind HOUR may hold the option HALF_DAY: where it leads when morning or not is still open.
    One of kind SLOT holds BY_KEYS, other answers if any, and INCOMPLETE as the last.
    `low` and `high` are the ends of a RATING. `one_off` is for a SLOT that happens once: then
    "today" and "tomorrow" are days too. `of_slot` is for the day and the HOUR of such a SLOT: they
    are told by their own clock, and without a date.
    `options_from` names the fact that holds the options as [value, label] pairs at run time.
    `settles` names an earlier question whose answer becomes `HH:MM` through this one.
    `may_add` is for own words: a recording that ended without a key may have been cut off, so the
    person is asked whether that was all.
    `own_words` names the question in own words for which a text is taken that chooses nothing here.
    `at_length` is for a yes or a no that people give with a story: a yes counts however long it is,
    a no only where nothing else is said, and the story is kept as the answer to `own_words`.
    `unanswered` is for a call of ours that a machine may have answered: where three silences or
    misses lead instead of to a person.
    `aside` is for a question beside the way: whoever comes back another day is not asked it again,
    but what `next` leads to.
    `silent` is where the first silence on the phone leads: for a question that may be waited out.
    `in_each_language` is for the question in which language to go on: each language of the fact
    `languages` says its own sentence.
    `lesson` is the catalog key of what is taught before the question, whenever it is put in full,
    asked for again, or taken up again another day.
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
    low: int = 1
    high: int = 5
    one_off: bool = False
    of_slot: bool = False
    reworded: Reworded | None = None
    unanswered: str = ""
    own_words: str = ""
    at_length: bool = False
    lesson: str = ""
    silent: str = ""
    aside: bool = False
    in_each_language: bool = False

    @property
    def may_skip(self) -> bool:
        """Whether this question in own words may be left out."""
        return self.kind is Kind.OPEN and any(option.value == SKIP for option in self.options)

    @property
    def is_two_digits(self) -> bool:
        """Whether the answer may take two keys, with `0#` for zero (G3)."""
        return self.kind is Kind.RATING and self.high > 9


@dataclass(frozen=True)
class Say:
    """A sentence that wants no answer. A prompt `AUDIO:<name>` is a sound that the caller plays."""

    key: str
    prompt: str
    next: str


@dataclass(frozen=True)
class Branch:
    """A fork on a fact, or on an earlier answer when the fact is written `answer:<KEY>`.

    `rings:<KEY>` asks whether anybody may be rung at the hour of the slot told there: `yes`, `no`.
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


def worded_for(ask: Ask, facts: Mapping[str, object]) -> Ask:
    """Return the question with the wording that suits whoever is asked."""
    other = ask.reworded
    if other is None or facts.get(other.fact) != other.value:
        return ask
    return replace(ask, prompt=other.prompt)


def case_of(branch: Branch, facts: Mapping[str, object], answers: Mapping[str, str]) -> str:
    """Return the key of the step to which the fork leads."""
    kind, _, question = branch.fact.partition(":")
    if kind == "answer":
        fact: object = answers.get(question)
    elif kind == "rings":
        fact = _may_ring(answers.get(question, ""), facts.get(CALLING_HOURS))
    else:
        fact = facts.get(branch.fact)
    if isinstance(fact, bool):
        fact = "yes" if fact else "no"
    elif isinstance(fact, list | tuple):
        fact = len(fact)
    return branch.cases.get("" if fact is None else str(fact), branch.otherwise)


def _may_ring(slot: str, hours: object) -> bool:
    """Tell whether the hour of a slot lies in the hours, told as from when and until when."""
    clock = slot.rpartition(" ")[2]
    if ":" not in clock or not isinstance(hours, list):
        return True
    start, end = map(str, hours)
    return start <= clock < end if start < end else clock >= start or clock < end


def target_of(ask: Ask, value: str) -> str:
    """Return the key of the step to which this answer leads."""
    if ask.kind is Kind.HOUR and ":" not in value:
        value = HALF_DAY
    if ask.kind is Kind.SLOT and not any(option.value == value for option in ask.options):
        value = value if " " in value and ":" in value else INCOMPLETE
    gotos = (option.goto for option in ask.options if option.value == value and option.goto)
    return next(gotos, ask.next)
