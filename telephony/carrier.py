"""The carrier as the rest of the service sees it: what can be asked of it, and how it can fail.

Numbers are E.164, times aware UTC, durations whole seconds. Nothing here retries by itself: the
outbox decides, by the reaction that each error carries.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from telephony.reactions import Reaction, reaction_for

# Whether a failed request may have been carried out all the same. After "maybe" nothing may be
# sent again before the carrier has been asked what it has.
Processed = Literal["no", "maybe"]

LineType = Literal["mobile", "landline", "voip", "toll_free", "premium", "unknown", "invalid"]

# What the carrier is to find out before it asks us what to say: nothing; whether a machine has
# answered, as soon as it can tell; or that as well, and then to wait for the end of its greeting.
Detection = Literal["none", "machine", "end of greeting"]

# Larger recordings are refused while they stream in. Two minutes of speech are about 2 MB.
RECORDING_LIMIT_BYTES = 20_000_000


class CarrierError(Exception):
    """The carrier refused, failed or could not be reached.

    `code` is the carrier's own error code, or None. `detail` is a sentence for the log; it never
    holds a phone number or the words of a text. `reaction` says what to do about it.
    """

    def __init__(
        self,
        detail: str,
        *,
        code: int | None = None,
        reaction: Reaction | None = None,
        processed: Processed = "no",
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.reaction = reaction or reaction_for(code)
        self.processed = processed

    @property
    def permanent(self) -> bool:
        """Whether asking again can never help."""
        return self.reaction.permanent


@dataclass(frozen=True)
class TextRequest:
    """A text to be sent. `status_callback` is an absolute address that carries our delivery id."""

    to: str
    from_line: str
    body: str
    status_callback: str


@dataclass(frozen=True)
class CallRequest:
    """A call to be placed: `url` is asked for what to say once somebody answers.

    With `detection` the request says who answered as far as the carrier can tell, some seconds
    later. It is wrong in one of ten calls, so nothing may depend on it alone.
    """

    to: str
    from_line: str
    url: str
    status_callback: str
    fallback_url: str
    ring_seconds: int
    time_limit_seconds: int
    detection: Detection = "none"


@dataclass(frozen=True)
class SentText:
    """A text that the carrier has. `segments` is 0 while the carrier has not counted them."""

    sid: str
    status: str
    segments: int


@dataclass(frozen=True)
class ReceivedText:
    """A text that somebody sent to a number of the account, its ends as the wire shows them."""

    sid: str
    sender: str
    line: str
    body: str
    media: int
    received_at: datetime


@dataclass(frozen=True)
class ReceivedCall:
    """A call to one of our numbers, as the carrier has it; `caller` is as the network told it."""

    sid: str
    caller: str
    line: str
    received_at: datetime


@dataclass(frozen=True)
class MadeRecording:
    """Something a caller has said after a tone, which the carrier has as a file by now."""

    sid: str
    call_sid: str
    seconds: int | None
    made_at: datetime


@dataclass(frozen=True)
class PlacedCall:
    """A call that the carrier has queued; nothing has rung yet."""

    sid: str
    status: str


@dataclass(frozen=True)
class MessageFacts:
    """How far a text has come, and why it failed if it did."""

    status: str
    error_code: int | None


@dataclass(frozen=True)
class CallFacts:
    """How far a call has come. `seconds` is None until it has ended."""

    status: str
    seconds: int | None


@dataclass(frozen=True)
class NumberHooks:
    """The addresses that the carrier asks when a number is called or texted; empty when unset."""

    voice_url: str = ""
    voice_fallback_url: str = ""
    status_callback: str = ""
    sms_url: str = ""
    sms_fallback_url: str = ""
    # A static host, which may stand in for us there, answers GET only.
    voice_fallback_method: str = "POST"
    sms_fallback_method: str = "POST"


@dataclass(frozen=True)
class CarrierNumber:
    """A number of our account. `problem` says why its hooks would have no effect, or is None."""

    sid: str
    number: str
    voice: bool
    sms: bool
    hooks: NumberHooks
    problem: str | None


class Carrier(Protocol):
    """All that the service asks of a phone company. Every method may raise CarrierError."""

    def send_text(self, request: TextRequest) -> SentText:
        """Hand one text to the carrier. It cannot be taken back and has no idempotency key."""

    def place_call(self, request: CallRequest) -> PlacedCall:
        """Queue one outgoing call, with status callbacks for each of its steps."""

    def hang_up(self, call_sid: str) -> None:
        """End a call, ringing or answered. A call that is over or forgotten is fine.

        Its status may follow a moment later: what ended is told by the status callback.
        """

    def find_message(
        self,
        *,
        to: str,
        from_line: str,
        body: str,
        since: datetime,
        known: Collection[str] = (),
    ) -> SentText | None:
        """Return the newest text of that pair and body made at or after `since`, or None.

        Those whose ids are `known` to be other texts are left out.

        The carrier stores whole seconds and keeps its own clock: the caller sets `since` early
        enough for both.
        """

    def message_status(self, sid: str) -> MessageFacts | None:
        """Return how far a text has come, or None when the carrier does not know it."""

    def texts_received_since(self, since: datetime) -> Sequence[ReceivedText]:
        """Return what was sent to numbers of the account at or after a moment, oldest first."""

    def calls_received_since(self, since: datetime) -> Sequence[ReceivedCall]:
        """Return who called numbers of the account at or after a moment, oldest first."""

    def recordings_made_since(self, since: datetime) -> Sequence[MadeRecording]:
        """Return what callers recorded at or after a moment and is ready, oldest first.

        Those that have been deleted are none of these, and no talk of two people ever is.
        """

    def call_status(self, sid: str) -> CallFacts | None:
        """Return how far a call has come, or None when the carrier does not know it."""

    def find_call(self, *, to: str, from_line: str, since: datetime) -> PlacedCall | None:
        """Return the newest call that was placed for that pair at or after `since`, or None.

        Legs that one of our documents has dialled are none of these. See find_message on `since`.
        """

    def fetch_recording(self, sid: str) -> bytes:
        """Return a recording as WAV. One that is not stored yet raises a temporary error."""

    def delete_recording(self, sid: str) -> None:
        """Delete a recording at the carrier. One that is already gone is fine."""

    def line_type(self, number: str) -> LineType:
        """Return what kind of line a number is; `invalid` when there can be no such number."""

    def numbers(self) -> Sequence[CarrierNumber]:
        """Return every number of the account, with what it is able to do and its hooks."""

    def point_number(self, sid: str, hooks: NumberHooks) -> None:
        """Set all hooks of a number, to be asked by POST."""
