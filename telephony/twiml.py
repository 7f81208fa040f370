"""From what is to be said to TwiML: sentences, the wait for an answer, and the masked Dial.

`[p]` in a sentence is a pause of 700 ms (A3). After every wait comes a Redirect with `no_input=1`,
so that silence reaches us as a fact of its own and never ends the call (A5).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from mentoring.flows.render import InLanguage, Listen

# The computer voice per language; these read `break` and `prosody`, which the basic ones do not.
_VOICES = {
    "en": ("en-US", "Polly.Joanna"),
    "es": ("es-US", "Polly.Lupe"),
    "fr": ("fr-CA", "Polly.Chantal"),
}
_PAUSE = "[p]"
# The carrier speaks 3,000 characters of one Say by these voices, and warns of more (13521).
_LONGEST_SAY, _LONGEST_PIECE = 2900, 2800
_SENTENCE_ENDS = (". ", "! ", "? ", "\n")
# Characters that XML cannot hold, however they came into somebody's words.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Sound(str):
    """The address of something to play, where everything else is words to say.

    A type of its own, so that no words of a participant can ever be taken for an address.
    """

    __slots__ = ()


@dataclass(frozen=True)
class Voice:
    """How to speak: in which language, and whether slowly (85 %, by the person's own choice)."""

    language: str = "en"
    slow: bool = False

    @property
    def locale(self) -> str:
        """The language for speech and for speech recognition, such as en-US."""
        return _VOICES.get(self.language, _VOICES["en"])[0]

    @property
    def name(self) -> str:
        """The computer voice."""
        return _VOICES.get(self.language, _VOICES["en"])[1]


def say(parent: VoiceResponse | Gather, pieces: Sequence[str], voice: Voice) -> None:
    """Speak the pieces in order, and play those that are sounds."""
    spoken: list[str] = []
    for piece in pieces:
        if isinstance(piece, Sound | InLanguage):
            _say_words(parent, spoken, voice)
            spoken = []
        if isinstance(piece, Sound):
            parent.play(str(piece))
        elif isinstance(piece, InLanguage):
            own = _NOT_XML.sub("", piece)
            _say_words(parent, [own], replace(voice, language=piece.language))
        elif piece:
            spoken.append(_NOT_XML.sub("", piece))
    _say_words(parent, spoken, voice)


def _say_words(parent: VoiceResponse | Gather, pieces: list[str], voice: Voice) -> None:
    if not pieces:
        return
    parts = (part.strip() for part in f" {_PAUSE} ".join(pieces).split(_PAUSE))
    for together in _in_verbs(part for part in parts if part):
        _say_parts(parent, together, voice)


def _say_parts(parent: VoiceResponse | Gather, parts: list[str], voice: Voice) -> None:
    verb: TwiML = parent.say(voice=voice.name, language=voice.locale)
    if voice.slow:
        verb = verb.add_child("prosody", rate="85%")
    for position, part in enumerate(parts):
        if position:
            verb.add_child("break", time="700ms")
        verb.append(part if position == 0 else f" {part}")


def _in_verbs(parts: Iterable[str]) -> list[list[str]]:
    """Divide what is said among as few Says as hold it: a longer one the carrier would not speak.

    Between two Says it goes on at once, so what is too long is cut where a sentence ends.
    """
    verbs: list[list[str]] = [[]]
    room = _LONGEST_SAY
    for part in (piece for long in parts for piece in _cut(long)):
        if len(part) >= room:
            verbs.append([])
            room = _LONGEST_SAY
        verbs[-1].append(part)
        room -= len(part) + 1
    return [verb for verb in verbs if verb]


def _cut(text: str) -> Iterator[str]:
    """Yield a text in pieces that one Say holds: to the end of a sentence, else of a word."""
    while len(text) > _LONGEST_PIECE:
        start = text[:_LONGEST_PIECE]
        end = max(start.rfind(sign) for sign in _SENTENCE_ENDS) + 1 or start.rfind(" ") + 1
        end = end or _LONGEST_PIECE
        yield text[:end].strip()
        text = text[end:].strip()
    yield text


@dataclass(frozen=True)
class Answers:
    """The addresses of one question: for an answer, for a recording, for silence, for its file."""

    answer: str
    recorded: str
    silence: str
    file: str


def ask(
    response: VoiceResponse, pieces: Sequence[str], listen: Listen, to: Answers, voice: Voice
) -> None:
    """Put a question and wait: any key or word interrupts; silence goes on to its own address.

    A recording is asked for in a wait of its own, which ends at the tone: a bare Say would not hear
    0 or `*`, and the recorder would take the word "person" for an answer (A1, A2).
    """
    gather = _gather(listen, to.answer, voice)
    say(gather, pieces, voice)
    response.append(gather)
    # The first key has longer than the pause after a key, for which a wait has no time of its own:
    # 4 s after a digit end a number, and 10 s are due before it (A4).
    for _ in range(listen.waits - 1):
        response.append(_gather(listen, to.answer, voice))
    if listen.mode == "record":
        record(
            response,
            action=to.recorded,
            file=to.file,
            silence=listen.timeout,
            longest=listen.max_seconds,
        )
    response.redirect(to.silence)


def _gather(listen: Listen, action: str, voice: Voice) -> Gather:
    """Return one wait for keys or words, without anything to say in it."""
    before_the_tone = _BEFORE_THE_TONE_SLOW if voice.slow else _BEFORE_THE_TONE
    gather = Gather(
        input="dtmf speech" if listen.speech else "dtmf",
        action=action,
        timeout=before_the_tone if listen.mode == "record" else listen.timeout,
        language=voice.locale,
    )
    if listen.num_digits is not None:
        # Without a finish key `*` and `#` reach us as they are (G3).
        gather.attrs |= {"numDigits": listen.num_digits, "finishOnKey": ""}
    if listen.speech:
        gather.attrs |= {"speechTimeout": listen.speech_timeout, "profanityFilter": "false"}
        protect_from_sounds(gather, voice)
        if listen.hints:
            gather.attrs["hints"] = ",".join(listen.hints)
    return gather


# How long somebody without keys has to say "person" or "again" before the tone.
_BEFORE_THE_TONE, _BEFORE_THE_TONE_SLOW = 2, 4


def protect_from_sounds(gather: Gather, voice: Voice) -> None:
    """Keep a prompt from being cut off by sounds, for whoever wants it slow (A9).

    A key still interrupts. Everybody else may speak into a prompt, which is the carrier's default.
    """
    if voice.slow:
        gather.attrs["bargeIn"] = "false"


def say_and_hear_a_key(
    response: VoiceResponse, pieces: Sequence[str], voice: Voice, *, action: str, seconds: int
) -> None:
    """Speak where one key is heard, meanwhile and for some seconds after; silence goes on."""
    gather = Gather(input="dtmf", action=action, timeout=seconds, num_digits=1, finish_on_key="")
    say(gather, pieces, voice)
    response.append(gather)


def record(
    response: VoiceResponse,
    *,
    action: str,
    silence: int,
    longest: int,
    file: str | None = None,
    method: str | None = None,
) -> None:
    """Record after a tone until a key, some seconds of silence, or the longest time.

    Without an address for its `file` nobody is told when that is there.
    """
    response.record(
        action=action,
        method=method,
        timeout=silence,
        max_length=longest,
        finish_on_key="1234567890*#",
        play_beep=True,
        recording_status_callback=file,
        recording_status_callback_event="completed absent" if file else None,
    )


def bridge(
    response: VoiceResponse,
    *,
    to_number: str,
    line_number: str,
    whisper: str,
    leg: str,
    ended: str,
    ring_seconds: int,
    limit_seconds: int,
) -> None:
    """Ring one number from one of our lines, behind a whisper that must be accepted.

    The caller ID is always our line: its default would show the caller's own number (S5). Nothing
    here can record the talk (S7).
    """
    dial = Dial(
        action=ended,
        caller_id=line_number,
        timeout=ring_seconds,
        time_limit=limit_seconds,
        answer_on_bridge=True,
    )
    dial.number(
        to_number,
        url=whisper,
        status_callback=leg,
        status_callback_event="initiated ringing answered completed",
    )
    response.append(dial)
