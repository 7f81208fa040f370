"""What a turn of a conversation brings about. The engine only tells; others speak, text and store.

`form` of a prompt is the way in which the question is put:
  full      the question as written                 again    the same, because it was asked for
  silence1  nothing was heard                       silence2 nothing again: a short form
  unclear1  not understood                          keys     again: a form for the keys alone
  confirm   a read-back of what was heard           warn     the offer of more time
  more      a short form with a longer wait         picked   what was picked so far, and: another?
  told      something was recorded: is that all?
  resume    a question taken up again after a break
`lead` names the sentences that go before it.
"""

from dataclasses import dataclass
from typing import Literal

Form = Literal[
    "full",
    "silence1",
    "silence2",
    "unclear1",
    "keys",
    "confirm",
    "warn",
    "again",
    "resume",
    "more",
    "picked",
    "told",
]
How = Literal["keys", "speech", "text", "recording"]


@dataclass(frozen=True)
class Said:
    """A sentence that wants no answer, or a sound (`AUDIO:<name>`)."""

    prompt: str


@dataclass(frozen=True)
class Prompted:
    """A question put to the person."""

    step: str
    prompt: str
    form: Form
    lead: tuple[str, ...] = ()
    page: int = 0


@dataclass(frozen=True)
class Answered:
    """An answer to keep. An empty value means: our staff will ask, or it is in the recording."""

    key: str
    prompt: str
    version: int
    value: str
    recording: str | None = None
    how: How = "keys"
    # The edition by staff in which it was asked; None as it was shipped.
    edition: int | None = None


@dataclass(frozen=True)
class Rejected:
    """An answer that could not be understood, and in a few words why."""

    key: str
    reason: str


@dataclass(frozen=True)
class WantsPerson:
    """The person asked for a human being. The conversation waits at this step."""

    step: str


@dataclass(frozen=True)
class GaveUp:
    """Three silences or three misses (A5, A11): time for a person. The conversation waits here."""

    step: str


@dataclass(frozen=True)
class WantsSlow:
    """The number should be remembered as one that wants more time (A13)."""


@dataclass(frozen=True)
class RefusesCalls:
    """The person wants no more automated calls: they said "stop calling me" (3.3)."""


@dataclass(frozen=True)
class Finished:
    """The conversation is over."""

    outcome: str


Event = (
    Said
    | Prompted
    | Answered
    | Rejected
    | WantsPerson
    | GaveUp
    | WantsSlow
    | RefusesCalls
    | Finished
)
