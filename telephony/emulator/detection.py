"""Answering machine detection: a verdict some seconds after the answer."""

from telephony.emulator.debugger import Pairs
from telephony.emulator.leg import Leg
from telephony.emulator.line import Line
from telephony.emulator.twiml import Document, Verb

# People say "hello" and wait; machines are known by talking on.
_HUMAN_SECONDS = 2.5
_MACHINE_SECONDS = 4.0
_END_OF_GREETING_SECONDS = 15.0


def verdict(leg: Leg, mode: str) -> tuple[str, float]:
    """Return who answered in the carrier's words, and after how many seconds it is known."""
    if not leg.party.machine:
        return "human", _HUMAN_SECONDS
    if mode == "DetectMessageEnd":
        return "machine_end_beep", _END_OF_GREETING_SECONDS
    return "machine_start", _MACHINE_SECONDS


def asynchronous_params(leg: Leg, seconds: float) -> Pairs:
    """Return the parameters of the callback that brings a verdict while the call goes on."""
    return (
        ("CallSid", leg.sid),
        ("AccountSid", leg.hub.store.account_sid),
        ("AnsweredBy", leg.record.answered_by or "unknown"),
        ("MachineDetectionDuration", str(round(seconds * 1000))),
    )


def detect_for_noun(line: Line, document: Document, noun: Verb, child: Leg) -> None:
    """Let a dialled leg be judged beside its whisper, if its Number asks for that."""
    mode = noun.get("machineDetection")
    url = line.callback_url(document, noun.get("amdStatusCallback"))
    if mode not in ("Enable", "DetectMessageEnd") or not url:
        return
    answered_by, seconds = verdict(child, mode)

    def tell() -> None:
        if not child.over:
            child.record.answered_by = answered_by
            method = noun.method("amdStatusCallbackMethod")
            line.post(url, method, asynchronous_params(child, seconds))

    line.hub.engine.after(seconds, tell)
