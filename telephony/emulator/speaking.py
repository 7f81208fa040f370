"""Say, Play and Pause: what the party hears, and how long it takes on the clock."""

import math
import re

from telephony.emulator.audio import AudioError, Sound, read_sound
from telephony.emulator.line import Line
from telephony.emulator.playing import fetch_sound
from telephony.emulator.script import Script, Signal, TimeUp, wait_for
from telephony.emulator.twiml import Document, Element, Verb

_WORDS_PER_SECOND = 150 / 60
_BREAKS = {
    "none": 0.0,
    "x-weak": 0.25,
    "weak": 0.5,
    "medium": 0.75,
    "strong": 1.0,
    "x-strong": 1.25,
}
_PAUSE_AFTER = {"p": 0.75, "s": 0.4}
_UNREADABLE_SECONDS = 3.0
_TONE_SECONDS = 0.25
_LIMITS = (("Polly.", 3000), ("Google.", 5000))
_BASIC_LIMIT = 4096


def speaking_seconds(text: str) -> float:
    """Return how long these words take at about 150 a minute."""
    return len(text.split()) / _WORDS_PER_SECOND


def speak(
    line: Line, verb: Verb, document: Document, *wants: type[Signal]
) -> Script[Signal | None]:
    """Run a Say, Play or Pause; return the signal that cut it short, or None at its end."""
    if verb.name == "Pause":
        signal = yield from wait_for(verb.whole("length", 1), *wants)
        return None if isinstance(signal, TimeUp) else signal
    line.answer()
    language = ""
    if verb.name == "Play":
        caption, seconds = yield from _sound_of(line, verb, document)
    else:
        _check_voice(line, verb)
        caption, seconds, language = verb.text, _say_seconds(verb), verb.get("language")
    if not caption and seconds <= 0:
        return None
    loops = verb.whole("loop", 1)
    # Zero loops means until the call ends: a day is longer than any call may last.
    for _ in range(loops or math.ceil(86400 / max(seconds, 1.0))):
        line.leg.say(caption, language)
        signal = yield from wait_for(seconds, *wants)
        if not isinstance(signal, TimeUp):
            return signal
    return None


def _check_voice(line: Line, verb: Verb) -> None:
    voice = verb.get("voice", "man")
    limit = next((top for prefix, top in _LIMITS if voice.startswith(prefix)), _BASIC_LIMIT)
    if len(verb.text) > limit:
        line.hub.debugger.warning(
            13521, f"<Say> holds {len(verb.text)} characters; {limit} are allowed.", line.leg.sid
        )
    if not verb.text and not verb.children:
        line.hub.debugger.warning(13520, "<Say> has nothing to say.", line.leg.sid)
    if verb.children and limit == _BASIC_LIMIT:
        line.hub.debugger.warning(
            13520, f"<Say> holds SSML, which the voice {voice!r} cannot speak.", line.leg.sid
        )


def _say_seconds(verb: Verb) -> float:
    pauses = 0.0 if verb.element is None else _pauses(verb.element)
    return speaking_seconds(verb.text) + pauses


def _pauses(element: Element) -> float:
    total = 0.0
    for child in element.iter():
        if child.tag == "break":
            total += _break_seconds(child)
        total += _PAUSE_AFTER.get(child.tag, 0.0)
    return total


def _break_seconds(element: Element) -> float:
    given = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", element.get("time", ""))
    if given is None:
        return _BREAKS.get(element.get("strength", "medium"), 0.75)
    return float(given[1]) * (0.001 if given[2] == "ms" else 1.0)


def _sound_of(line: Line, verb: Verb, document: Document) -> Script[tuple[str, float]]:
    """Return caption and seconds of what a Play plays; nothing when it cannot be had."""
    if digits := verb.get("digits"):
        return f"[tones {digits}]", _TONE_SECONDS * len(digits)
    content = verb.sound or (yield from fetch_sound(line, verb, document))
    if content is None:
        return "", 0.0
    try:
        sound = read_sound(content)
    except AudioError:
        sound = Sound("", _UNREADABLE_SECONDS)
    return (f"[{sound.words}]" if sound.words else "[audio]"), sound.seconds
