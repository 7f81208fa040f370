"""Gather: prompts that a key or a word interrupts, then keys or speech until they are complete."""

import math
from dataclasses import dataclass

from telephony.emulator.debugger import Pairs
from telephony.emulator.line import Line, Next
from telephony.emulator.script import Key, Script, Signal, Words, wait_for
from telephony.emulator.speaking import speak
from telephony.emulator.twiml import Document, Verb

_LONGEST_SPEECH = 60.0
# With `auto` the recogniser stops at the first pause in the speech.
_AUTO_PAUSE = 1.0


@dataclass(frozen=True)
class Plan:
    """The settings of one Gather; times in seconds, `num_digits` infinite when not given."""

    wants: tuple[type[Signal], ...]
    timeout: int
    speech_timeout: float
    num_digits: float
    finish_key: str
    action: str
    method: str
    empty_result: bool
    barge_in: bool

    @classmethod
    def of(cls, verb: Verb) -> "Plan":
        """Read the settings, with the carrier's defaults for all that is absent or not allowed."""
        inputs = verb.get("input", "dtmf").split()
        kinds: list[type[Signal]] = []
        if "dtmf" in inputs or "speech" not in inputs:
            kinds.append(Key)
        if "speech" in inputs:
            kinds.append(Words)
        timeout = verb.whole("timeout", 5)
        speech = verb.get("speechTimeout")
        return cls(
            wants=tuple(kinds),
            timeout=timeout,
            speech_timeout=_AUTO_PAUSE
            if speech == "auto"
            else verb.whole("speechTimeout", timeout),
            num_digits=verb.whole("numDigits", 0) or math.inf,
            finish_key=verb.get("finishOnKey", "#"),
            action=verb.get("action"),
            method=verb.method(),
            empty_result=verb.flag("actionOnEmptyResult"),
            barge_in=verb.flag("bargeIn", default=True),
        )


def gather(line: Line, verb: Verb, document: Document) -> Script[Next]:
    """Run a Gather.

    Any input leads to the action, and the verbs after the Gather never run. Silence, or the
    finish key alone, falls through to the next verb without a request, unless empty results
    are asked for.
    """
    line.answer()
    plan = Plan.of(verb)
    _check_speech(line, verb)
    line.leg.gathering = True
    try:
        signal = yield from _prompts(line, verb, document, plan)
        if signal is None:
            line.leg.party.listening(line.leg)
            signal = yield from wait_for(plan.timeout, *plan.wants)
        found = yield from _input(line, verb, document, plan, signal)
    finally:
        line.leg.gathering = False
        line.leg.recogniser_pause = 0.0
    if not found and not plan.empty_result:
        return None
    extra = found or (("Digits", ""), ("msg", "Gather End"))
    return line.transfer(document, plan.action, plan.method, extra)


def _check_speech(line: Line, verb: Verb) -> None:
    if verb.get("speechModel") and verb.get("speechTimeout") == "auto":
        line.hub.debugger.warning(
            13335, "<Gather> with a speechModel needs a number as speechTimeout.", line.leg.sid
        )


def _prompts(line: Line, verb: Verb, document: Document, plan: Plan) -> Script[Signal | None]:
    # Words that began before the prompt are an answer only where words may interrupt it.
    if Words in plan.wants and plan.barge_in and (speaking := line.leg.still_saying()) is not None:
        return speaking
    wants = plan.wants if plan.barge_in else (Key,) if Key in plan.wants else ()
    for prompt in verb.children:
        if prompt.name in ("Say", "Play", "Pause"):
            signal = yield from speak(line, prompt, document, *wants)
            if signal is not None:
                return signal
    return None


def _input(line: Line, verb: Verb, document: Document, plan: Plan, first: Signal) -> Script[Pairs]:
    if isinstance(first, Key):
        digits, finish = yield from _digits(plan, first)
        extra = (("FinishedOnKey", finish),) if finish else ()
        return (("Digits", digits), *extra, ("msg", "Gather End")) if digits else ()
    if isinstance(first, Words):
        return (yield from _speech(line, verb, document, plan, first))
    return ()


def _digits(plan: Plan, first: Key) -> Script[tuple[str, str]]:
    """Collect keys; the time-out starts anew with each. Returns the digits and the finish key."""
    digits, signal = "", first
    while True:
        if plan.finish_key and signal.digit == plan.finish_key:
            return digits, signal.digit
        digits += signal.digit
        if len(digits) >= plan.num_digits:
            return digits, ""
        following = yield from wait_for(plan.timeout, Key)
        if not isinstance(following, Key):
            return digits, ""
        signal = following


def _speech(line: Line, verb: Verb, document: Document, plan: Plan, first: Words) -> Script[Pairs]:
    """Collect what is said until a pause of the speech time-out, for a minute at most."""
    heard = [first]
    engine = line.hub.engine
    began = engine.now()
    line.leg.recogniser_pause = plan.speech_timeout
    while True:
        _partial(line, verb, document, heard)
        left = _LONGEST_SPEECH - (engine.now() - began).total_seconds()
        following = yield from wait_for(min(heard[-1].seconds + plan.speech_timeout, left), Words)
        if not isinstance(following, Words):
            break
        heard.append(following)
    extra: Pairs = (("SpeechResult", " ".join(w.text for w in heard)),)
    known = [words.confidence for words in heard if words.confidence is not None]
    if len(known) == len(heard):
        extra += (("Confidence", str(min(known))),)
    return (*extra, ("Language", verb.get("language", "en-US")))


def _partial(line: Line, verb: Verb, document: Document, heard: list[Words]) -> None:
    """Report what has been recognised so far, if the document asks for it."""
    url = line.callback_url(document, verb.get("partialResultCallback"))
    if not url:
        return
    *stable, unstable = [words.text for words in heard]
    params = (
        ("StableSpeechResult", " ".join(stable)),
        ("UnstableSpeechResult", unstable),
        ("Stability", "0.9"),
        ("SequenceNumber", str(len(heard) - 1)),
    )
    method = verb.method("partialResultCallbackMethod")
    line.post(url, method, line.leg.params() + params)
