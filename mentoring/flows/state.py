"""Where a conversation stands between two turns, and what one turn brings about."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from mentoring.flows.events import Answered, Event, Finished, Rejected
from mentoring.flows.steps import VOICE

Facts = Mapping[str, object]


@dataclass(frozen=True)
class State:
    """Where a conversation stands. Small, and kept as JSON between two turns.

    phase: `asking` the question is open; `extended` the same with more time; `warned` more time
    was offered; `offered` speak or leave it to staff; `confirming` `pending` was read back;
    `picking` another pick or not; `told` a recording is kept: is that all? `adding` more is being
    said to it; `done` the flow is over.
    turn: rises whenever something else is asked, so a request with an older turn is a repeat.
    """

    flow: str
    version: int
    step: str
    turn: int = 0
    channel: str = VOICE
    phase: str = "asking"
    misses: int = 0
    silences: int = 0
    pending: str = ""
    page: int = 0
    picks: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False
    # What was chosen before it could be kept with a person.
    language: str = ""
    # The edition by staff in which the open question was put; empty where that is not known.
    asked_in: tuple[int | None, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the state as plain JSON values."""
        return {
            **vars(self),
            "picks": list(self.picks),
            "answers": dict(self.answers),
            "asked_in": list(self.asked_in),
        }

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "State":
        """Return the state that `to_json` gave. What this version does not know is left out."""
        known = {item.name: stored[item.name] for item in fields(State) if item.name in stored}
        known["picks"] = tuple(known.get("picks", ()))
        known["answers"] = dict(known.get("answers", {}))
        known["asked_in"] = tuple(known.get("asked_in", ()))
        return State(**known)


@dataclass(frozen=True)
class Turn:
    """The new state and what happened, in order."""

    state: State
    events: tuple[Event, ...]

    @property
    def is_missed(self) -> bool:
        """Whether an answer was not understood, or not as it was meant."""
        return any(isinstance(event, Rejected) for event in self.events)


def cut_short(turn: Turn, outcome: str) -> Turn:
    """End a turn with the answer that it holds. What ends anyway, or holds none, stays as it is."""
    answers = tuple(event for event in turn.events if isinstance(event, Answered))
    if not answers or any(isinstance(event, Finished) for event in turn.events):
        return turn
    return Turn(replace(turn.state, phase="done"), (*answers, Finished(outcome)))
