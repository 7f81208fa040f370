"""One leg of a call: the carrier on one side, a party on the other, and what passes between."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Literal, Protocol

from telephony.emulator.dates import rfc2822
from telephony.emulator.debugger import Debugger, Pairs
from telephony.emulator.engine import Engine
from telephony.emulator.faults import Faults
from telephony.emulator.script import HungUp, Key, Process, Words
from telephony.emulator.store import CallbackPlan, CallRecord, Store, geography
from telephony.emulator.transport import Hook
from telephony.emulator.webhooks import Webhooks

Voice = Literal["line", "other"]

# What a caller hears while another phone rings.
RINGING = "[ringing]"

# A caller's attestation as it arrives from a carrier that vouches for number and caller.
_ATTESTATION = "TN-Validation-Passed-A"
_NO_ATTESTATION = "No-TN-Validation"


@dataclass(frozen=True)
class Options:
    """Settings of the emulator, among them the points on which the real carrier is not certain.

    `recording_delay` is in seconds. The others are to be tried both ways: whether the action
    of a Dial is requested when the caller leaves while it rings, and after the talk, and which
    final status an inbound call has that was given up before it was answered.
    """

    recording_delay: float = 3.0
    action_if_caller_leaves_ringing: bool = False
    action_if_caller_leaves_talk: bool = True
    status_if_given_up: Literal["no-answer", "canceled", "completed"] = "no-answer"


class Party(Protocol):
    """Whoever is at the far end of a leg: a phone, or another number of the account."""

    def ring(self, leg: "Leg", /) -> None:
        """Begin to ring; then or later the leg is picked up or ended."""

    def hear(self, leg: "Leg", voice: Voice, text: str, language: str = "", /) -> None:
        """Something is heard on the line; `language` tells, such as es-US, in what it is spoken."""

    def hear_key(self, leg: "Leg", digit: str, /) -> None:
        """The tone of a key pressed by the other party is heard."""

    def listening(self, leg: "Leg", /) -> None:
        """The line has gone quiet and waits for the party."""

    @property
    def machine(self) -> bool:
        """Whether an answering machine picks up, and not a person."""

    def ended(self, leg: "Leg", /) -> None:
        """The line went dead."""


@dataclass
class Hub:
    """What every part of the emulator shares."""

    engine: Engine
    store: Store
    debugger: Debugger
    faults: Faults
    hooks: Webhooks
    options: Options
    fictional_only: bool
    party_for: Callable[[str], Party]
    legs: dict[str, "Leg"] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: count(1))


class Leg:
    """A live call leg. Its record outlives it.

    `on_pick_up`, `on_leave` (another document was given to a dialled leg) and `on_end` are set
    by whoever started the leg and waits for it.
    """

    def __init__(self, hub: Hub, record: CallRecord, party: Party) -> None:
        self.hub = hub
        self.record = record
        self.party = party
        self.process: Process | None = None
        self.peer: Leg | None = None
        self.plan: CallbackPlan | None = None
        self.on_pick_up: Callable[[], None] = lambda: None
        self.on_leave: Callable[[], None] = lambda: None
        self.on_end: Callable[[], None] = lambda: None
        self.recording = False
        self.gathering = False
        # How many seconds of silence the recogniser wants before it takes speech as complete.
        self.recogniser_pause = 0.0
        self._utterance: tuple[Words, datetime] | None = None
        hub.legs[record.sid] = self

    @property
    def sid(self) -> str:
        return self.record.sid

    @property
    def over(self) -> bool:
        return self.record.over

    # -- what the carrier does --------------------------------------------------------------

    def begin(self) -> None:
        """Set up an outgoing leg: announce it, then let the party ring."""
        self.record.status = "initiated"
        self.record.started = self.hub.engine.now()
        self.report("initiated")
        self.party.ring(self)

    def rings(self) -> None:
        """The far end confirms that it is ringing."""
        if self.over:
            return
        self.record.status = "ringing"
        self.report("ringing")

    def pick_up(self) -> None:
        """The party of an outgoing leg answers."""
        if self.over or self.record.answered is not None:
            return
        self.mark_answered()
        self.report("answered")
        self.on_pick_up()

    def mark_answered(self) -> None:
        """The leg is connected: from now on it is billed, and its seconds count."""
        if self.record.answered is None and not self.over:
            self.record.answered = self.hub.engine.now()
            self.record.status = "in-progress"
            self.touch()
            if self.record.direction == "inbound":
                self.on_pick_up()

    def say(self, text: str, language: str = "") -> None:
        """Let the party hear something from the line, spoken in a language if it is words."""
        self.party.hear(self, "line", text, language)

    def bridge(self, other: "Leg") -> None:
        """Connect two legs so that their parties hear each other."""
        self.peer, other.peer = other, self
        self.party.listening(self)
        other.party.listening(other)

    def part(self) -> None:
        """Disconnect the leg from the one it is bridged with; both stay alive."""
        if self.peer is not None:
            self.peer.peer = None
            self.peer = None

    def end(self, status: str) -> None:
        """Finish the leg with that final status, unless it is already over."""
        if self.over:
            return
        self.record.status = status
        self.record.ended = self.hub.engine.now()
        self.touch()
        self.recording = self.gathering = False
        self.part()
        if self.process is not None:
            self.process.interrupt(HungUp())
        self.report("completed")
        self.on_end()
        self.party.ended(self)
        self.hub.legs.pop(self.sid, None)

    # -- what the party does ----------------------------------------------------------------

    def press(self, digit: str) -> None:
        """The party presses a key: the script hears it, and so does a bridged party."""
        if self.process is not None:
            self.process.deliver(Key(digit))
        if self.peer is not None:
            self.peer.party.hear_key(self.peer, digit)

    def speak(self, words: Words) -> None:
        """The party speaks: to the other one when bridged, else to the line."""
        if self.peer is not None:
            self.peer.party.hear(self.peer, "other", words.text)
        else:
            self._utterance = (words, self.hub.engine.now())
            if self.process is not None:
                self.process.deliver(words)

    def still_saying(self) -> Words | None:
        """Return what is left of an utterance that began before the line listened, if any."""
        if self._utterance is None:
            return None
        words, began = self._utterance
        left = words.seconds - (self.hub.engine.now() - began).total_seconds()
        if left <= 0:
            return None
        every = words.text.split()
        unsaid = every[round(len(every) * (1 - left / words.seconds)) :]
        return Words(" ".join(unsaid), left, words.confidence) if unsaid else None

    def fall_silent(self) -> None:
        """The party stops speaking before all is said: the next verb hears nothing of it."""
        self._utterance = None

    def hang_up(self) -> None:
        """The party puts the receiver down; an outgoing leg that only rings is refused."""
        if self.record.answered is not None:
            self.end("completed")
        elif self.record.direction == "inbound":
            self.end(self.hub.options.status_if_given_up)
        else:
            self.end("busy")

    # -- telling the application ------------------------------------------------------------

    def touch(self) -> None:
        self.record.updated = self.hub.engine.now()

    def report(self, event: str) -> None:
        """Send the status callback of this event if the leg's plan asks for it."""
        plan = self.plan
        if plan is None or not plan.url or event not in plan.events:
            return
        extra = self._progress(event, plan.sent)
        plan.sent += 1
        self.hub.hooks.send(
            Hook(
                url=plan.url,
                params=self.params() + extra,
                medium="voice",
                sid=self.sid,
                method=plan.method,
                awaited=False,
                conversation=self.record.parent_sid or self.sid,
            )
        )

    def _progress(self, event: str, sequence: int) -> Pairs:
        seconds = self.record.seconds
        extra: Pairs = (
            ("Timestamp", rfc2822(self.hub.engine.now())),
            ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", str(sequence)),
        )
        if event == "completed" and self.record.answered is not None:
            extra += (("CallDuration", str(seconds)),)
            if self.record.direction != "outbound-dial":
                extra += (("Duration", str(-(-seconds // 60))),)
        if self.record.answered_by is not None:
            extra += (("AnsweredBy", self.record.answered_by),)
        return extra

    def params(self) -> Pairs:
        """Return the parameters that come with every request about this leg."""
        record = self.record
        pairs: Pairs = (
            ("AccountSid", self.hub.store.account_sid),
            ("ApiVersion", "2010-04-01"),
            ("CallSid", record.sid),
            ("CallStatus", record.status),
            ("Direction", record.direction),
            ("From", record.caller),
            ("To", record.called),
            ("Caller", record.caller),
            ("Called", record.called),
            *geography("From", record.caller),
            *geography("To", record.called),
            *geography("Caller", record.caller),
            *geography("Called", record.called),
        )
        if record.parent_sid is not None:
            pairs += (("ParentCallSid", record.parent_sid),)
        if record.direction == "inbound":
            pairs += (
                ("CallToken", f"token-{record.sid}"),
                ("StirVerstat", _NO_ATTESTATION if record.withheld else _ATTESTATION),
            )
        return pairs
