"""A carrier in memory, with the same contract as the real one: it remembers and obeys a script."""

from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mentoring.clock import Clock, ManualClock
from telephony.carrier import (
    CallFacts,
    CallRequest,
    CarrierError,
    CarrierNumber,
    LineType,
    MadeRecording,
    MessageFacts,
    NumberHooks,
    PlacedCall,
    ReceivedCall,
    ReceivedText,
    SentText,
    TextRequest,
)
from telephony.reactions import reaction_in
from tests import leaks

_ENDED = {"completed", "busy", "no-answer", "failed", "canceled"}


@dataclass(frozen=True)
class KeptText:
    """One text that the carrier has accepted, and how far it has come."""

    sid: str
    request: TextRequest
    created: datetime
    status: str = "queued"
    error_code: int | None = None


class RecordingCarrier:
    """The Carrier protocol without a wire.

    Reads back: `texts` and `calls` (requests in order), `hung_up`, `deleted`. Set-up: `own_number`,
    `opt_out`, `received`, `rung`, `made`, `line_types`, `recordings` (None: not stored yet).
    Script: `fail` and `settle_*`.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or ManualClock(datetime(2026, 3, 3, 17, tzinfo=UTC))
        self.texts: list[TextRequest] = []
        self.calls: list[CallRequest] = []
        self.received: list[ReceivedText] = []
        self.rung: list[ReceivedCall] = []
        self.made: list[MadeRecording] = []
        self.hung_up: list[str] = []
        self.deleted: list[str] = []
        self.line_types: dict[str, LineType] = {}
        self.recordings: dict[str, bytes | None] = {}
        self._kept: dict[str, KeptText] = {}
        self._calls: dict[str, CallFacts] = {}
        self._placed: list[tuple[str, CallRequest, datetime]] = []
        self._numbers: dict[str, CarrierNumber] = {}
        self._stopped: set[tuple[str, str]] = set()
        self._script: dict[str, deque[tuple[CarrierError, bool]]] = defaultdict(deque)
        self._made = 0

    def fail(self, method: str, *errors: CarrierError, processed: bool = False) -> None:
        """Let the next calls of a method raise these errors; `processed`: only the answer is lost.

        Raises AttributeError when there is no such method, so that no script is silently unused.
        """
        getattr(self, method)
        self._script[method].extend((error, processed) for error in errors)

    def own_number(self, number: str, *, voice: bool = True, sms: bool = True) -> str:
        """Add a number to the account. With none added, any line may call and text."""
        sid = self._next("PN")
        self._numbers[sid] = CarrierNumber(sid, number, voice, sms, NumberHooks(), None)
        return sid

    def opt_out(self, *, person: str, line: str) -> None:
        """Stop texts from one line to one person, as after the word STOP."""
        self._stopped.add((person, line))

    def settle_text(self, sid: str, status: str, error_code: int | None = None) -> None:
        """Move a text to a status, as the network would."""
        self._kept[sid] = replace(self._kept[sid], status=status, error_code=error_code)

    def settle_call(self, sid: str, status: str, seconds: int | None = None) -> None:
        """Move a call to a status, as the network would."""
        self._calls[sid] = CallFacts(status, seconds)

    def send_text(self, request: TextRequest) -> SentText:
        lost = self._scripted("send_text")
        self._check_ends(request.to, request.from_line, 21211, 21606)
        if (request.to, request.from_line) in self._stopped:
            raise CarrierError("The person stopped texts from this line.", code=21610)
        if self.line_types.get(request.to) == "landline":
            raise CarrierError("This phone cannot get texts.", code=21614)
        self.texts.append(request)
        leaks.saw("text", request.body, allowed=frozenset({request.to}))
        leaks.saw("url", request.status_callback)
        kept = KeptText(self._next("SM"), request, self._clock.now())
        self._kept[kept.sid] = kept
        if lost:
            raise lost
        return _sent(kept)

    def place_call(self, request: CallRequest) -> PlacedCall:
        lost = self._scripted("place_call")
        self._check_ends(request.to, request.from_line, 21217, 21210)
        self.calls.append(request)
        sid = self._next("CA")
        self._calls[sid] = CallFacts("queued", None)
        self._placed.append((sid, request, self._clock.now()))
        if lost:
            raise lost
        return PlacedCall(sid, "queued")

    def hang_up(self, call_sid: str) -> None:
        self._scripted("hang_up")
        self.hung_up.append(call_sid)
        facts = self._calls.get(call_sid)
        if facts and facts.status not in _ENDED:
            self._calls[call_sid] = CallFacts("completed", 0)

    def find_message(
        self,
        *,
        to: str,
        from_line: str,
        body: str,
        since: datetime,
        known: Collection[str] = (),
    ) -> SentText | None:
        self._scripted("find_message")
        for kept in reversed(self._kept.values()):
            request = kept.request
            if kept.created < since.replace(microsecond=0):
                return None
            same = (request.to, request.from_line, request.body) == (to, from_line, body)
            if same and _sent(kept).sid not in known:
                return _sent(kept)
        return None

    def message_status(self, sid: str) -> MessageFacts | None:
        self._scripted("message_status")
        kept = self._kept.get(sid)
        return None if kept is None else MessageFacts(kept.status, kept.error_code)

    def texts_received_since(self, since: datetime) -> Sequence[ReceivedText]:
        self._scripted("texts_received_since")
        earliest = since.replace(microsecond=0)
        return [text for text in self.received if text.received_at >= earliest]

    def calls_received_since(self, since: datetime) -> Sequence[ReceivedCall]:
        self._scripted("calls_received_since")
        earliest = since.replace(microsecond=0)
        return [call for call in self.rung if call.received_at >= earliest]

    def recordings_made_since(self, since: datetime) -> Sequence[MadeRecording]:
        self._scripted("recordings_made_since")
        earliest = since.replace(microsecond=0)
        return [one for one in self.made if one.made_at >= earliest]

    def call_status(self, sid: str) -> CallFacts | None:
        self._scripted("call_status")
        return self._calls.get(sid)

    def find_call(self, *, to: str, from_line: str, since: datetime) -> PlacedCall | None:
        self._scripted("find_call")
        earliest = since.replace(microsecond=0)
        for sid, request, placed_at in reversed(self._placed):
            if (request.to, request.from_line) == (to, from_line) and placed_at >= earliest:
                return PlacedCall(sid, self._calls[sid].status)
        return None

    def fetch_recording(self, sid: str) -> bytes:
        self._scripted("fetch_recording")
        wav = self.recordings.get(sid)
        if wav is None:
            raise CarrierError(
                "The recording is not stored yet.", reaction=reaction_in("not_ready")
            )
        return wav

    def delete_recording(self, sid: str) -> None:
        self._scripted("delete_recording")
        self.recordings.pop(sid, None)
        self.made = [one for one in self.made if one.sid != sid]
        self.deleted.append(sid)

    def line_type(self, number: str) -> LineType:
        self._scripted("line_type")
        if not number.startswith("+") or not number[1:].isdigit():
            return "invalid"
        return self.line_types.get(number, "mobile")

    def numbers(self) -> Sequence[CarrierNumber]:
        self._scripted("numbers")
        return list(self._numbers.values())

    def point_number(self, sid: str, hooks: NumberHooks) -> None:
        self._scripted("point_number")
        if sid not in self._numbers:
            raise CarrierError("There is no such number.", code=20404)
        self._numbers[sid] = replace(self._numbers[sid], hooks=hooks)

    def _scripted(self, method: str) -> CarrierError | None:
        """Raise the next scripted error, or return it when the request is to be carried out."""
        if not self._script[method]:
            return None
        error, processed = self._script[method].popleft()
        if processed:
            return error
        raise error

    def _check_ends(self, to: str, from_line: str, bad_to: int, bad_from: int) -> None:
        if self._numbers and from_line not in {n.number for n in self._numbers.values()}:
            raise CarrierError("The line is not ours.", code=bad_from)
        if self.line_types.get(to) == "invalid" or not to.startswith("+"):
            raise CarrierError("The number is not valid.", code=bad_to)

    def _next(self, kind: str) -> str:
        self._made += 1
        return f"{kind}{self._made:032x}"


def _sent(kept: KeptText) -> SentText:
    return SentText(kept.sid, kept.status, 1)
