"""What the carrier tells us, as values. Everything from the wire is doubted here, once.

Ids must have the carrier's shape, else the request is refused with a sentence (400). Everything
else is read as well as it can be: an unknown word stays a word, a number that makes no sense is
None, NUL characters are taken out, and of a repeated parameter the first value counts.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from werkzeug.exceptions import HTTPException

from mentoring.phone import parse_number

CallerKind = Literal["number", "withheld", "sip", "short_code", "unparsable"]

# What networks put in place of a withheld number: words, and the same words typed on a keypad.
# Nobody may be matched to, created from, or texted at any of these.
_WITHHELD_WORDS = {"", "anonymous", "restricted", "unknown", "unavailable", "blocked", "private"}
_WITHHELD_KEYS = {"266696687", "7378742833", "2562533", "8656696", "86282452253"}

_DIALLED = re.compile(r"\+?[\d\s().-]{7,25}")
_SHORT_CODE = re.compile(r"\+?\d{3,6}")
_SID = {kind: re.compile(f"(?:{kind})[0-9a-fA-F]{{32}}") for kind in ("CA", "SM|MM", "RE")}
_SID_IN_URL = re.compile(r"/(RE[0-9a-fA-F]{32})(?:\.\w+)?/?(?:\?|$)")
_MOST_MEDIA = 10


class PlainRefusal(HTTPException):
    """A webhook that is refused: a status of 400 or more, and one plain sentence for the log."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    def get_body(self, *_: object) -> str:
        """Return the sentence alone: nobody looks at this in a browser."""
        return f"{self.sentence}\n"

    def get_headers(self, *_: object) -> list[tuple[str, str]]:
        """Return the headers of a plain text."""
        return [("Content-Type", "text/plain; charset=utf-8")]


class UnusableRequest(PlainRefusal):
    """A webhook whose parameters make no sense: status 400."""

    def __init__(self, sentence: str) -> None:
        super().__init__(400, sentence)


@dataclass(frozen=True)
class Caller:
    """Who an address belongs to, as far as the wire says; `e164` is set for kind "number" only.

    A caller's number proves nothing by itself: it can be forged, and phones are shared.
    """

    kind: CallerKind
    e164: str | None = None


@dataclass(frozen=True)
class CallRequestIn:
    """A request for what to say in a call: its first one, or what became of the last prompt.

    `digits` and `speech` are None when the request holds none, which differs from an empty
    answer. `confidence` is 0 to 1. `no_input` is set when nothing was pressed or said in time.
    `answered_by` is the carrier's guess at who picked up a call that we placed, or empty.
    """

    call_sid: str
    parent_sid: str | None
    status: str
    direction: str
    sender: Caller
    receiver: Caller
    digits: str | None
    speech: str | None
    confidence: float | None
    no_input: bool
    answered_by: str = ""

    @property
    def placed_by_us(self) -> bool:
        """Whether we rang the person, by a request or by a Dial, rather than they us."""
        return self.direction.startswith("outbound")

    @property
    def person(self) -> Caller:
        """The human end: on calls that we placed it is the number called, not the caller."""
        return self.receiver if self.placed_by_us else self.sender

    @property
    def line(self) -> str | None:
        """Our own number on this call, in E.164."""
        return (self.sender if self.placed_by_us else self.receiver).e164


@dataclass(frozen=True)
class TextIn:
    """A text that came in. `opt_out` is the carrier's own verdict (STOP, START, HELP) if any."""

    message_sid: str
    sender: Caller
    line: str | None
    body: str
    media: int
    opt_out: str | None


@dataclass(frozen=True)
class StatusIn:
    """How far a text of ours has come, in the carrier's word, and why it failed."""

    message_sid: str
    status: str
    error_code: int | None


@dataclass(frozen=True)
class LegIn:
    """How far one leg of a call has come. `sequence` counts the leg's callbacks from 0."""

    call_sid: str
    parent_sid: str | None
    status: str
    seconds: int | None
    sequence: int | None


@dataclass(frozen=True)
class RecordingIn:
    """A recording, from the request after `Record` (status None) or from its own callback.

    Only the id is kept: the address is built anew when it is fetched, so that no request can make
    us fetch from elsewhere. `hung_up` tells that the caller ended the call while it ran.
    """

    recording_sid: str
    call_sid: str
    status: str | None
    seconds: int | None
    hung_up: bool


@dataclass(frozen=True)
class DialEndIn:
    """How a dialled leg ended. `bridged` is None when the carrier does not say."""

    call_sid: str
    child_sid: str | None
    status: str
    seconds: int | None
    bridged: bool | None


def parse_key(text: str | None) -> UUID | None:
    """Return the random key of one of our rows, as it stands in an address of ours, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def classify(address: str | None) -> Caller:
    """Say what kind of address the wire shows. Never raises; only a whole number gets an E.164."""
    text = (address or "").replace("\0", "").strip()
    if text.lower() in _WITHHELD_WORDS or text.removeprefix("+") in _WITHHELD_KEYS:
        return Caller("withheld")
    if text.lower().startswith(("sip:", "sips:", "client:")):
        return Caller("sip")
    if _SHORT_CODE.fullmatch(text):
        return Caller("short_code")
    e164 = parse_number(text) if text.isascii() and _DIALLED.fullmatch(text) else None
    return Caller("number", e164) if e164 else Caller("unparsable")


def parse_call(form: Mapping[str, str], query: Mapping[str, str]) -> CallRequestIn:
    """Read a voice webhook. `no_input=1` in our own query string marks silence (none was heard)."""
    return CallRequestIn(
        call_sid=_sid(form, "CallSid", "CA"),
        parent_sid=_sid_if_any(form, "ParentCallSid", "CA"),
        status=_word(form, "CallStatus"),
        direction=_word(form, "Direction") or "inbound",
        sender=classify(form.get("From")),
        receiver=classify(form.get("To")),
        digits=_text_if_any(form, "Digits"),
        speech=_text_if_any(form, "SpeechResult"),
        confidence=_confidence(form.get("Confidence")),
        no_input=query.get("no_input") == "1",
        answered_by=_word(form, "AnsweredBy"),
    )


def parse_text(form: Mapping[str, str]) -> TextIn:
    """Read an inbound text. The body is kept as it came, apart from NUL characters."""
    return TextIn(
        message_sid=_sid(form, "MessageSid", "SM|MM"),
        sender=classify(form.get("From")),
        line=classify(form.get("To")).e164,
        body=_text_if_any(form, "Body") or "",
        media=min(_number(form, "NumMedia") or 0, _MOST_MEDIA),
        opt_out=_word(form, "OptOutType").upper() or None,
    )


def parse_status(form: Mapping[str, str]) -> StatusIn:
    """Read a message status callback; one without any status is refused."""
    return StatusIn(
        message_sid=_sid(form, "MessageSid", "SM|MM"),
        status=_status(form, "MessageStatus"),
        error_code=_number(form, "ErrorCode"),
    )


def parse_leg(form: Mapping[str, str]) -> LegIn:
    """Read a call status callback: of a leg that we dialled, or of a call to one of our lines."""
    return LegIn(
        call_sid=_sid(form, "CallSid", "CA"),
        parent_sid=_sid_if_any(form, "ParentCallSid", "CA"),
        status=_status(form, "CallStatus"),
        seconds=_number(form, "CallDuration"),
        sequence=_number(form, "SequenceNumber"),
    )


def parse_recording(form: Mapping[str, str]) -> RecordingIn:
    """Read the request after a recording, or its status callback; both name the same recording."""
    if "RecordingSid" in form:
        recording_sid = _sid(form, "RecordingSid", "RE")
    elif found := _SID_IN_URL.search(form.get("RecordingUrl", "")):
        recording_sid = found[1]
    else:
        raise UnusableRequest("RecordingSid is missing.")
    return RecordingIn(
        recording_sid=recording_sid,
        call_sid=_sid(form, "CallSid", "CA"),
        status=_word(form, "RecordingStatus") or None,
        seconds=_number(form, "RecordingDuration"),
        hung_up=form.get("Digits") == "hangup",
    )


def parse_dial_end(form: Mapping[str, str]) -> DialEndIn:
    """Read the request that follows a Dial. Duration and child are absent if nothing was rung."""
    bridged = {"true": True, "false": False}
    return DialEndIn(
        call_sid=_sid(form, "CallSid", "CA"),
        child_sid=_sid_if_any(form, "DialCallSid", "CA"),
        status=_status(form, "DialCallStatus"),
        seconds=_number(form, "DialCallDuration"),
        bridged=bridged.get(form.get("DialBridged", "").lower()),
    )


def _sid(form: Mapping[str, str], name: str, kind: str) -> str:
    value = form.get(name)
    if not value:
        raise UnusableRequest(f"{name} is missing.")
    if not _SID[kind].fullmatch(value):
        raise UnusableRequest(f"{name} is not an id of the carrier.")
    return value


def _sid_if_any(form: Mapping[str, str], name: str, kind: str) -> str | None:
    return _sid(form, name, kind) if form.get(name) else None


def _status(form: Mapping[str, str], name: str) -> str:
    status = _word(form, name)
    if not status:
        raise UnusableRequest(f"{name} is missing.")
    return status


def _word(form: Mapping[str, str], name: str) -> str:
    """Return one of the carrier's own words (letters, hyphen, underscore), or an empty string."""
    value = form.get(name, "").strip()
    plain = len(value) <= 30 and value.isascii() and value.replace("-", "").replace("_", "")
    return value if plain and plain.isalpha() else ""


def _number(form: Mapping[str, str], name: str) -> int | None:
    value = form.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 9 else None


def _text_if_any(form: Mapping[str, str], name: str) -> str | None:
    value = form.get(name)
    return None if value is None else value.replace("\0", "")


def _confidence(value: str | None) -> float | None:
    """Return 0 to 1. Anything else is None, which is the same as not sure."""
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 <= number <= 1 else None
