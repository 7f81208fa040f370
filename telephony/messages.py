"""A message to staff, when none of them is free, and the last words of a call.

Nothing here ends a call at a key: only true silence, pound, or something said leads to goodbye.
"""

from dataclasses import dataclass
from typing import Literal

from twilio.twiml.voice_response import VoiceResponse

from mentoring.flows.catalog import Catalog
from mentoring.flows.inputs import Control, Input, Keys, Unclear, Value, read_answer
from mentoring.flows.readings import Wish
from mentoring.flows.render import SPEECH_END, SPEECH_END_SLOW, WAIT, WAIT_SLOW, Listen
from mentoring.flows.steps import Ask, Kind, Option
from mentoring.languages import language_named
from mentoring.models import Conversation, StaffTask
from mentoring.service_calls.gate import PAGE
from mentoring.spoken_answers import keep_message
from telephony import twiml
from telephony.requests import RecordingIn
from telephony.speaking import Speaker
from telephony.twiml import Answers

# Sentences with which a call may end, each of which can be asked for again by its own address.
LAST_WORDS = ("V-SAVE", "V-MSG-OK", "V-MSG-OKH", "V-OPVM2", "V-OPVM2H")
# What is said instead to whoever hides their number: that they are called back is no promise then.
_TO_HIDDEN = {"V-OPVM": "V-OPVMH", "V-OPVM2": "V-OPVM2H", "V-MSG-OK": "V-MSG-OKH"}
# How long the line waits after its last words for a key, before it says goodbye.
LAST_SECONDS = 5
# After this much silence at a second tone nobody is there, or nothing is to be said.
_SECOND_SILENCE = 20
_MOST_SILENCES = 2
_TOLD = Ask("", "V-TOLD", Kind.CHOICE, (Option("on"), Option("more")))


@dataclass(frozen=True)
class Heard:
    """What came of a step of the message: a key, a recording, words, or nothing.

    `tries` counts silences at the tone, or answers to "is that all?" that were not understood.
    """

    key: str = ""
    recording: RecordingIn | None = None
    asked: Literal["tone", "told"] = "tone"
    meant: str = ""
    wish: Wish | None = None
    tries: int = 0

    @property
    def has_spoken(self) -> bool:
        """Whether this very step brought some words."""
        return self.recording is not None and self.recording.seconds != 0


def answer_to_told(given: Input | None, tries: int, *, language: str) -> Heard:
    """Return what an answer to "is that all?" means, in that language; silence means yes."""
    if given is None:
        return Heard(asked="told", meant="on")
    key = given.digits if isinstance(given, Keys) else ""
    wording = Catalog.load().wording(_TOLD.prompt, language)
    match read_answer(_TOLD, wording, given):
        case Value(value):
            return Heard(asked="told", key=key, meant=value)
        case Control(name):
            return Heard(asked="told", key=key, wish=name, tries=tries)
        case Unclear():
            return Heard(asked="told", key=key, tries=tries + 1)


def take_message(
    speaker: Speaker,
    response: VoiceResponse,
    conversation: Conversation | None,
    *,
    visit: int,
    lead: tuple[str, ...] = ("V-OPVM",),
    silences: int = 0,
) -> None:
    """Record a message. Silence is fine; the task is open already.

    The prompt is spoken where a key is heard, for a bare Say would not hear 0 or `*` (A1, A2).
    """
    programme, addresses = speaker.session.programme, speaker.addresses
    fitting = [_fitting(conversation, prompt) for prompt in lead]
    words = [piece for prompt in fitting for piece in speaker.words(prompt, conversation)]
    voice = speaker.voice_of(conversation)
    key_pressed = addresses.message(visit, pressed=1, n=silences)
    twiml.say_and_hear_a_key(response, words, voice, action=key_pressed, seconds=1)
    twiml.record(
        response,
        action=addresses.message(visit, n=silences),
        file=addresses.recording(),
        silence=_SECOND_SILENCE if silences else programme.message_seconds,
        longest=programme.message_seconds,
    )
    response.redirect(addresses.message(visit, no_input=1, n=silences + 1))


def _fitting(conversation: Conversation | None, prompt: str) -> str:
    return _TO_HIDDEN.get(prompt, prompt) if hides_number(conversation) else prompt


def hides_number(conversation: Conversation | None) -> bool:
    """Tell whether somebody has no number that we know, so that nobody can call them back."""
    return conversation is not None and conversation.phone is None


def keep(
    speaker: Speaker, task: StaffTask, conversation: Conversation | None, heard: Heard
) -> bool:
    """Keep what was recorded, however it ended; tell whether the caller has hung up."""
    told = heard.recording
    if told is not None and heard.has_spoken:
        keep_message(
            speaker.session,
            task,
            conversation,
            recording_sid=told.recording_sid,
            call_sid=told.call_sid,
            seconds=told.seconds,
            now=speaker.now,
        )
    return told is not None and told.hung_up


def go_on(
    speaker: Speaker,
    response: VoiceResponse,
    conversation: Conversation | None,
    heard: Heard,
    *,
    visit: int,
    kept: bool,
) -> None:
    """Say what follows a step of the message, other than a wish for a person.

    `kept` tells whether any words were kept in this call, now or before.
    """
    if heard.asked == "told":
        _after_told(speaker, response, conversation, heard, visit=visit)
    elif heard.key == "*":
        take_message(speaker, response, conversation, visit=visit)
    elif heard.has_spoken and not heard.key:
        # It ended at a pause, or because its time was up (A6).
        _ask_is_that_all(speaker, response, conversation, visit=visit, tries=0)
    elif heard.has_spoken or heard.key == "#" or heard.tries >= _MOST_SILENCES:
        last = "V-MSG-OK" if kept else "V-OPVM2"
        say_last(speaker, response, conversation, last, visit=visit)
    else:
        # A key at the tone, and no words, looks like silence to us: either way once more.
        lead = ("V-OPVM3",) if heard.key else ("V-NI1", "V-OPVM3")
        take_message(speaker, response, conversation, visit=visit, lead=lead, silences=heard.tries)


def _after_told(
    speaker: Speaker,
    response: VoiceResponse,
    conversation: Conversation | None,
    heard: Heard,
    *,
    visit: int,
) -> None:
    if heard.meant == "more":
        lead = ("V-OPVM3",)
        take_message(speaker, response, conversation, visit=visit, lead=lead, silences=1)
    elif heard.meant == "on" or heard.key == "#" or heard.tries >= 3:
        say_last(speaker, response, conversation, "V-MSG-OK", visit=visit)
    else:
        _ask_is_that_all(speaker, response, conversation, visit=visit, tries=heard.tries)


def _ask_is_that_all(
    speaker: Speaker,
    response: VoiceResponse,
    conversation: Conversation | None,
    *,
    visit: int,
    tries: int,
) -> None:
    """The message is kept. Ask whether more is to be said; silence goes on to goodbye."""
    voice, here = speaker.voice_of(conversation), speaker.addresses
    options = Catalog.load().wording(_TOLD.prompt, voice.language).options
    listen = Listen(
        mode="choice",
        num_digits=1,
        timeout=WAIT_SLOW if voice.slow else WAIT,
        speech_timeout=SPEECH_END_SLOW if voice.slow else SPEECH_END,
        speech=True,
        hints=(*(o.words[0] for o in options), *language_named(voice.language).heard[:2]),
        max_seconds=0,
    )
    answers = Answers(
        answer=here.message(visit, told=1, n=tries),
        recorded="",
        silence=here.message(visit, told=1, no_input=1),
        file="",
    )
    twiml.ask(response, speaker.words("V-TOLD", conversation), listen, answers, voice)


def say_last(
    speaker: Speaker,
    response: VoiceResponse,
    conversation: Conversation | None,
    prompt: str,
    *,
    visit: int,
) -> None:
    """Say the last words of a call, which can be heard again, and then goodbye."""
    prompt = _fitting(conversation, prompt)
    words = speaker.words(prompt, conversation)
    action = speaker.addresses.last_words(prompt, visit)
    say_goodbye(speaker, response, conversation, words, action=action)


def say_goodbye(
    speaker: Speaker,
    response: VoiceResponse,
    conversation: Conversation | None,
    words: tuple[str, ...],
    *,
    action: str,
) -> None:
    """End a call: the words that matter where a key is heard, then goodbye (A1, A2).

    A date may be in them that was said nowhere else. Silence goes on to the goodbye by itself.
    """
    voice = speaker.voice_of(conversation)
    if words and _may_stop_calls(speaker, conversation):
        words = (*words, *speaker.words("V-STOP9", conversation))
    if words:
        twiml.say_and_hear_a_key(response, words, voice, action=action, seconds=LAST_SECONDS)
    twiml.say(response, speaker.words(speaker.goodbye, conversation), voice)
    response.hangup()


def _may_stop_calls(speaker: Speaker, conversation: Conversation | None) -> bool:
    """Tell whether these last words end a call of ours, in which 9 stops all such calls (3.3)."""
    phone = conversation.phone if conversation is not None else None
    if conversation is not None and conversation.flow == PAGE:
        # A member of staff on call is no participant whom we ask anything.
        return False
    return speaker.rung_by_us and phone is not None and phone.calls_refused_at is None
