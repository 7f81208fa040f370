"""What the end of a flow leads to: the next flow, a call, a person, or goodbye."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mentoring.db import Session
from mentoring.models import Conversation, Person

# Why somebody is brought to a person, as they asked or unasked. Staff read it after who it was.
ASKED, GAVE_UP = "asked for a person", "got no further in three tries"


@dataclass(frozen=True)
class ToPerson:
    """Bring the person to staff: by transfer, else by message, else by a call-back task."""

    reason: str = ASKED


@dataclass(frozen=True)
class Connect:
    """Ring the other side of the match in which this person has that side."""

    side_id: int


@dataclass(frozen=True)
class Goodbye:
    """Nothing more to do: thank and end the call."""


Effect = ToPerson | Connect | Goodbye


# What a conversation keeps of a flow that the person put off: its next question is not asked yet.
PUT_OFF = "goodbye:"
# How an effect begins that rings a partner; also the `flow` of a call of ours that does so.
CONNECT = "connect:"


def effect_to_text(effect: Effect | None) -> str | None:
    """Return an effect as the words that a conversation keeps of it."""
    match effect:
        case ToPerson(reason):
            return f"person:{reason}"
        case Connect(side_id):
            return f"{CONNECT}{side_id}"
        case Goodbye():
            return PUT_OFF
    return None


def effect_from_text(text: str | None) -> Effect | None:
    """Return the effect that effect_to_text gave."""
    kind, _, rest = (text or "").partition(":")
    if kind == "person":
        return ToPerson(rest)
    if kind == "connect":
        return Connect(int(rest))
    return Goodbye() if kind == "goodbye" else None


@dataclass(frozen=True)
class Sequel:
    """What comes next: sentences, then a flow or an effect. `known` fills their placeholders."""

    prompts: tuple[str, ...] = ()
    flow: str | None = None
    effect: Effect | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    # The question at which a flow that was put off goes on later.
    resume_at: str | None = None
    # Answers that the flow then takes for given, so that it does not end at the same fork again.
    as_if: Mapping[str, str] = field(default_factory=dict)
    # The next flow lives for this call only, because the phone has another question open.
    brief: bool = False
    # In which language the next flow is held, where it was just chosen.
    language: str = ""
    # Another open conversation that goes on in place of this one.
    switch_to: Conversation | None = None


@dataclass(frozen=True)
class Ended:
    """A flow that has ended, with everything that decides what follows."""

    session: Session
    conversation: Conversation
    outcome: str
    answers: Mapping[str, str]
    proof: str
    now: datetime

    @property
    def person(self) -> Person:
        """The person, where a flow cannot end so without one."""
        if self.conversation.person is None:
            raise ValueError(f"{self.conversation.flow} ended {self.outcome} with nobody.")
        return self.conversation.person

    @property
    def actor(self) -> str:
        """Who did it, for the log of state changes."""
        person = self.conversation.person
        return person.code if person else "caller"
