"""Which values the attributes of TwiML may have."""

import re
from collections.abc import Callable

Check = Callable[[str], bool]

_LEG_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
_RECORDING_EVENTS = frozenset({"in-progress", "completed", "absent"})
_RING_TONES = frozenset(
    {
        *("at", "au", "bg", "br", "be", "ch", "cl", "cn", "cz", "de", "dk", "ee", "es", "fi"),
        *("fr", "gr", "hu", "il", "in", "it", "lt", "jp", "mx", "my", "nl", "no", "nz", "ph"),
        *("pl", "pt", "ru", "se", "sg", "th", "uk", "us", "us-old", "tw", "ve", "za"),
    }
)


# Between which numbers the carrier holds a number: it takes the nearest one for what lies beyond.
_RANGES = {
    ("Dial", "timeout"): (5, 600),
    ("Dial", "timeLimit"): (1, 14400),
    ("Record", "maxLength"): (1, 14400),
}


def held_in_range(verb: str, attribute: str, number: int) -> int:
    """Return the number that counts for an attribute."""
    if (verb, attribute) not in _RANGES:
        return number
    low, high = _RANGES[verb, attribute]
    return min(max(number, low), high)


def _in_range(verb: str, attribute: str) -> Check:
    return _whole(*_RANGES[verb, attribute])


def _whole(low: int, high: int = 10**6) -> Check:
    return lambda text: re.fullmatch(r"\d{1,7}", text) is not None and low <= int(text) <= high


def _one_of(*allowed: str) -> Check:
    return lambda text: text in allowed


def _some_of(allowed: frozenset[str]) -> Check:
    return lambda text: bool(text.split()) and set(text.split()) <= allowed


def _shape(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _input(text: str) -> bool:
    return bool(text.split()) and set(text.split()) <= {"dtmf", "speech"}


def _hints(text: str) -> bool:
    hints = text.split(",")
    return len(hints) <= 500 and all(len(hint.strip()) <= 100 for hint in hints)


_METHOD = _one_of("GET", "POST")
_FLAG = _one_of("true", "false")
_URL = _shape(r"\S+")
_LANGUAGE = _shape(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RECORD = _one_of(
    "true",
    "false",
    "do-not-record",
    "record-from-answer",
    "record-from-ringing",
    "record-from-answer-dual",
    "record-from-ringing-dual",
)
_TRACK = _one_of("both", "inbound", "outbound")
_TRIM = _one_of("trim-silence", "do-not-trim")

# The codes differ from the general schema warning where the carrier has a code of its own.
_CHECKS: dict[tuple[str, str], tuple[int, Check]] = {
    ("Say", "loop"): (12200, _whole(0)),
    ("Say", "language"): (12200, _LANGUAGE),
    ("Play", "loop"): (12200, _whole(0)),
    ("Play", "digits"): (12200, _shape(r"[0-9*#wW]+")),
    ("Pause", "length"): (12200, _whole(1)),
    ("Gather", "input"): (12200, _input),
    ("Gather", "timeout"): (12200, _whole(1)),
    ("Gather", "numDigits"): (12200, _whole(1)),
    ("Gather", "finishOnKey"): (12200, _shape(r"[0-9*#]?")),
    ("Gather", "speechTimeout"): (13335, _shape(r"auto|[1-9]\d{0,2}")),
    ("Gather", "hints"): (13330, _hints),
    ("Gather", "language"): (13331, _LANGUAGE),
    ("Gather", "profanityFilter"): (13332, _FLAG),
    ("Gather", "actionOnEmptyResult"): (12200, _FLAG),
    ("Gather", "bargeIn"): (12200, _FLAG),
    ("Dial", "timeout"): (12200, _in_range("Dial", "timeout")),
    ("Dial", "timeLimit"): (12200, _in_range("Dial", "timeLimit")),
    ("Dial", "answerOnBridge"): (12200, _FLAG),
    ("Dial", "hangupOnStar"): (12200, _FLAG),
    ("Dial", "sequential"): (12200, _FLAG),
    ("Dial", "ringTone"): (12200, _some_of(_RING_TONES)),
    ("Dial", "record"): (12200, _RECORD),
    ("Dial", "recordingStatusCallbackEvent"): (12200, _some_of(_RECORDING_EVENTS)),
    ("Dial", "recordingTrack"): (12200, _TRACK),
    ("Dial", "trim"): (12200, _TRIM),
    ("Number", "sendDigits"): (12200, _shape(r"[0-9*#wW]+")),
    ("Number", "statusCallbackEvent"): (12200, _some_of(_LEG_EVENTS)),
    ("Number", "machineDetection"): (12200, _one_of("Enable", "DetectMessageEnd")),
    ("Number", "machineDetectionTimeout"): (12200, _whole(3, 60)),
    ("Number", "machineDetectionSpeechThreshold"): (12200, _whole(1000, 6000)),
    ("Number", "machineDetectionSpeechEndThreshold"): (12200, _whole(500, 5000)),
    ("Number", "machineDetectionSilenceTimeout"): (12200, _whole(2000, 10000)),
    ("Record", "timeout"): (13611, _whole(0)),
    ("Record", "maxLength"): (13612, _in_range("Record", "maxLength")),
    ("Record", "finishOnKey"): (13613, _shape(r"[0-9*#]*")),
    ("Record", "transcribe"): (13614, _FLAG),
    ("Record", "playBeep"): (12200, _FLAG),
    ("Record", "trim"): (12200, _TRIM),
    ("Record", "recordingStatusCallbackEvent"): (12200, _some_of(_RECORDING_EVENTS)),
    ("Reject", "reason"): (12200, _one_of("rejected", "busy")),
}


def complaint_about(verb: str, attribute: str, value: str) -> tuple[int, str] | None:
    """Return the warning code and a sentence for a value that is not allowed, else None."""
    code, check = _CHECKS.get((verb, attribute)) or _by_name(attribute)
    if check(value):
        return None
    shown = value if len(value) <= 60 else value[:57] + "..."
    return code, f"<{verb}> does not take {attribute}={shown!r}."


def _by_name(attribute: str) -> tuple[int, Check]:
    lowered = attribute.lower()
    if lowered.endswith("method"):
        return 12200, _METHOD
    if attribute in ("action", "url") or lowered.endswith(("callback", "url")):
        return 12200, _URL
    return 12200, lambda _: True
