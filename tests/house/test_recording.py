"""A bridged call is never recorded and never written down by a machine (S7)."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.tree import PACKAGES, files, name_of, parsed

# Whatever joins two people.
_JOINING = {"dial", "number", "conference", "client", "sip"}
_LISTENING = {"start", "transcription", "recording", "stream", "siprec", "connect", "conference"}
_DOCUMENT = re.compile(r"<(?:Dial|Number|Conference)\b[^>]*\b(?:record|transcri)", re.IGNORECASE)


def recorders(tree: ast.Module) -> Iterator[int]:
    """Return the lines that could let a carrier record or transcribe two people."""
    for node in ast.walk(tree):
        if (
            (isinstance(node, ast.Call) and _records(node))
            or (isinstance(node, ast.Constant) and _DOCUMENT.search(str(node.value)))
            or (isinstance(node, ast.ImportFrom) and _listens(node))
        ):
            yield node.lineno


def _listens(node: ast.ImportFrom) -> bool:
    """Tell whether an import brings in TwiML that listens in on a running call."""
    if not (node.module or "").startswith("twilio.twiml"):
        return False
    return any(name.name.lower() in _LISTENING for name in node.names)


def _records(call: ast.Call) -> bool:
    """Tell whether a call makes a joining verb that records, or asks REST for a recording."""
    owner, _, name = ast.unparse(call.func).rpartition(".")
    words = [keyword.arg or "" for keyword in call.keywords]
    if name.lower() in _JOINING:
        return any(word.startswith(("record", "transcri", "trim")) for word in words)
    if name == "create":
        return "record" in words or "recordings" in owner or "transcription" in owner
    return False


PLANTED = [
    "response.dial(record='record-from-answer')",
    "Dial(caller_id=line, recording_status_callback=url)",
    "dial.number(to, recordingTrack='both')",
    "document = '<Response><Dial record=\"record-from-ringing\">'",
    "from twilio.twiml.voice_response import Start",
    "client.calls.create(to=to, record=True)",
    "client.calls(sid).recordings.create()",
]
HARMLESS = [
    "response.record(recording_status_callback=url)",
    "response.dial(caller_id=line, answer_on_bridge=True)",
    "client.recordings(sid).delete()",
    "from twilio.twiml.voice_response import Dial, Gather, VoiceResponse",
]


@pytest.mark.parametrize("source", PLANTED)
def test_a_recorded_call_would_be_found(source: str) -> None:
    assert list(recorders(ast.parse(source))) == [1]


@pytest.mark.parametrize("source", HARMLESS)
def test_what_records_no_talk_is_let_pass(source: str) -> None:
    assert list(recorders(ast.parse(source))) == []


def test_nothing_of_ours_can_record_a_bridged_call() -> None:
    # The emulator stands on the other side of the wire: it must understand what we must not say.
    found = [
        f"{name_of(path)}:{line}"
        for package in PACKAGES
        for path in files(".py", under=package)
        if "emulator" not in path.parts
        for line in recorders(parsed(path))
    ]

    assert found == []
