"""From the events of a turn to words: what is spoken, and what is texted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mentoring.flows.catalog import Catalog, OptionWording, Wording
from mentoring.flows.events import Prompted, Said
from mentoring.flows.menus import (
    MENUS,
    TURN_KEY,
    is_paged,
    offer_about,
    on_page,
    page_count,
    with_facts,
)
from mentoring.flows.slots import spoken_slot
from mentoring.flows.state import Facts, State, Turn
from mentoring.flows.steps import Ask, Flow, Kind
from mentoring.languages import ENGLISH, Language, in_language, language_named, listed, spoken_clock

Params = Mapping[str, str]

AUDIO = "AUDIO:"
PAUSE = "[p]"

# A4 and A6, in seconds.
WAIT, WAIT_SLOW, WAIT_LONGER = 10, 20, 30
# The pause that ends a number of up to two digits without pound.
AFTER_A_DIGIT = 4
SPEECH_END, SPEECH_END_SLOW = 3, 5
LONGEST_RECORDING = 120

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# What an empty value takes along from the words before it.
_BEFORE_EMPTY = {
    "name": re.compile(r",? ?\{name\}"),
    "ownline": re.compile(r" ?\{ownline\}"),
}
_SOUND = re.compile(rf"({AUDIO}[\w-]+)")
_FRAME_MENUS = {
    "confirming": "V-CONF",
    "picking": "V-PICKED",
    "told": "V-TOLD",
}
# The phases in which the question itself is open, and no small menu about it.
_ASKING = ("asking", "extended", "adding")


class InLanguage(str):
    """A piece to say in a language of its own, whatever the others are said in."""

    language: str

    @staticmethod
    def of(language: str, words: str) -> "InLanguage":
        """Return words as a piece in that language."""
        piece = InLanguage(words)
        piece.language = language
        return piece


@dataclass(frozen=True)
class Listen:
    """How to wait for the answer. All times in seconds.

    mode: `choice` one key or words, `open` words (a name), `digits` keys ended by pound, or words,
    `record` a recording; until its tone one key may be pressed, or a word be said, instead.
    timeout: until the first key or word; in a recording, the silence that ends it.
    speech_timeout: the silence that ends what is said. max_seconds: of a recording, else 0.
    waits: how often to wait that long before it is silence, where a pause ends what is pressed.
    """

    mode: Literal["choice", "open", "digits", "record"]
    num_digits: int | None
    timeout: int
    speech_timeout: int
    speech: bool
    hints: tuple[str, ...]
    max_seconds: int
    waits: int = 1


@dataclass(frozen=True)
class Spoken:
    """What to say, in pieces, and how to listen then; None where no answer is awaited.

    `[p]` inside a piece is a pause of 700 ms; a piece `AUDIO:<name>` is a sound to play.
    """

    pieces: tuple[str, ...]
    listen: Listen | None


@dataclass(frozen=True)
class _Voice:
    """All that is needed to turn a key into words."""

    catalog: Catalog
    language: str
    params: Params
    extra: Mapping[str, str]

    def wording(self, key: str) -> Wording:
        return self.catalog.wording(key, self.language)

    def fill(self, template: str, **more: str) -> str:
        return fill(template, self.params, {**self.extra, **more}, language=self.language)

    def pieces(self, template: str, **more: str) -> list[str]:
        """Return the filled sentences, with each sound as a piece of its own."""
        parts = (part.strip() for part in _SOUND.split(template))
        return [p if p.startswith(AUDIO) else self.fill(p, **more) for p in parts if p]


def spoken(
    flow: Flow,
    turn: Turn,
    *,
    catalog: Catalog,
    language: str = "en",
    params: Params,
    facts: Facts,
    first: bool = False,
) -> Spoken:
    """Return what to say and how to listen. `first`: the first question of a call, with V-KEYS.

    Raises KeyError for a placeholder that has no value.
    """
    voice = _Voice(catalog, language, params, _own_params(turn.state))
    pieces: list[str] = []
    listen = None
    for event in turn.events:
        if isinstance(event, Said):
            pieces += _said(voice, event.prompt)
        elif isinstance(event, Prompted) and (ask := flow.ask(event.step)):
            open_ask, wording = with_facts(ask, voice.wording(event.prompt), facts)
            if open_ask.in_each_language:
                pieces += _in_each_language(voice, event, facts)
            else:
                pieces += _prompt(voice, open_ask, wording, event, turn.state)
            listen = _listen(voice, open_ask, wording, turn.state)
    if first and listen:
        pieces += voice.pieces(voice.wording("V-KEYS").voice)
    return Spoken(tuple(pieces), listen)


def written(
    flow: Flow,
    turn: Turn,
    *,
    catalog: Catalog,
    language: str = "en",
    params: Params,
    facts: Facts,
) -> tuple[str, ...]:
    """Return the texts to send, in order: one question per text.

    Raises KeyError for a placeholder that has no value.
    """
    voice = _Voice(catalog, language, params, _own_params(turn.state))
    texts: list[str] = []
    for event in turn.events:
        if isinstance(event, Said) and not event.prompt.startswith(AUDIO):
            texts.append(voice.fill(voice.wording(event.prompt).text))
        elif isinstance(event, Prompted) and (ask := flow.ask(event.step)):
            open_ask, wording = with_facts(ask, voice.wording(event.prompt), facts)
            texts += _question_text(voice, open_ask, wording, event)
    return tuple(text for text in texts if text)


def say(key: str, *, catalog: Catalog, language: str = "en", params: Params) -> tuple[str, ...]:
    """Return the pieces of one prompt outside any flow, with its options if it has any."""
    voice = _Voice(catalog, language, params, {})
    wording = voice.wording(key)
    return (*voice.pieces(wording.voice), *_options(voice, enumerate(wording.options, 1)))


def write(key: str, *, catalog: Catalog, language: str = "en", params: Params) -> str:
    """Return the text of one prompt outside any flow."""
    return _Voice(catalog, language, params, {}).fill(catalog.wording(key, language).text)


def fill(
    template: str,
    params: Params,
    extra: Mapping[str, str] | None = None,
    *,
    language: str = ENGLISH,
) -> str:
    """Put the values in their places, in one pass, so that no value can bring in a placeholder.

    Days, times and lists are put in the language of the template. An empty name takes its comma
    along, an empty line its space. Raises KeyError for a placeholder without a value.
    """
    own = extra or {}

    def value(name: str) -> str:
        words = own[name] if name in own else params[name]
        return in_language(words, language).replace(PAUSE, "")

    for name, with_it in _BEFORE_EMPTY.items():
        if f"{{{name}}}" in template and not value(name):
            template = with_it.sub("", template)
    return _PLACEHOLDER.sub(lambda match: value(match[1]), template)


def _own_params(state: State) -> dict[str, str]:
    """Return the values that the conversation itself knows: a name that was just told."""
    return {"name": state.answers["PA2"]} if state.answers.get("PA2") else {}


def _said(voice: _Voice, prompt: str) -> list[str]:
    return [prompt] if prompt.startswith(AUDIO) else voice.pieces(voice.wording(prompt).voice)


def _in_each_language(voice: _Voice, event: Prompted, facts: Facts) -> list[str]:
    """Return the question in each language that is offered, the present one last."""
    offered = [str(code) for code in _listed_in(facts.get("languages"))]
    others = [code for code in offered if code != voice.language]
    lead = [piece for key in event.lead for piece in voice.pieces(voice.wording(key).voice)]
    return [
        *lead,
        *(
            InLanguage.of(code, voice.fill(voice.catalog.wording(event.prompt, code).voice))
            for code in (*others, voice.language)
        ),
    ]


def _listed_in(fact: object) -> Sequence[object]:
    return fact if isinstance(fact, list | tuple) else ()


def _prompt(voice: _Voice, ask: Ask, wording: Wording, event: Prompted, state: State) -> list[str]:
    """Return what goes before the question, and the question in the form that is wanted."""
    lead = [piece for key in event.lead for piece in voice.pieces(voice.wording(key).voice)]
    if event.form == "warn":
        return [*lead, *voice.pieces(voice.wording("V-WARN").voice)]
    if state.phase == "offered":
        return [*lead, *voice.pieces(wording.keys)]
    if state.phase in _FRAME_MENUS:
        return [*lead, *_frame_menu(voice, ask, wording, state)]
    if event.form in ("silence2", "keys", "more"):
        own = wording.keys if event.form == "keys" else ""
        question = voice.pieces(own or wording.short)
    else:
        question = voice.pieces(wording.voice) if event.page == 0 else []
    return [*lead, *question, *_menu(voice, ask, wording, event.page)]


def _frame_menu(voice: _Voice, ask: Ask, wording: Wording, state: State) -> list[str]:
    """Return the read-back, or what was picked so far, with its two options."""
    menu = voice.wording(_FRAME_MENUS[state.phase])
    value = state.pending if state.phase == "confirming" else ",".join(state.picks)
    words = shown(ask, wording, value)
    head = voice.pieces(menu.voice, value=words, picked=words)
    return [*head, *_options(voice, enumerate(menu.options, 1))]


def shown(ask: Ask, wording: Wording, value: str) -> str:
    """Return a stored value in words, for reading it back."""
    words = {
        option.value: worded.words[0]
        for option, worded in zip(ask.options, wording.options, strict=False)
    }
    if ask.kind is Kind.PICKS:
        return listed([words.get(pick, pick) for pick in value.split(",")])
    if ask.kind in (Kind.CLOCK, Kind.HOUR):
        return words.get(value) or spoken_clock(value)
    if ask.kind is Kind.SLOT:
        return words.get(value) or spoken_slot(value)
    return words.get(value, value)


def _menu(voice: _Voice, ask: Ask, wording: Wording, page: int) -> list[str]:
    """Return the options of the question, or of this page of it, each before its key (G4)."""
    count = len(wording.options)
    if ask.kind not in MENUS or not is_paged(ask, count):
        return _options(voice, enumerate(wording.options, 1))
    shown_here = [wording.options[place] for place in on_page(count, page)]
    turn = "V-FIRST" if page % page_count(count) == page_count(count) - 1 else "V-MORE"
    pages = [*enumerate(shown_here, 1), (TURN_KEY, OptionWording(voice.wording(turn).voice, ()))]
    return _options(voice, pages)


def _options(voice: _Voice, numbered: Iterable[tuple[int, OptionWording]]) -> list[str]:
    press = voice.wording("V-PRESS").voice
    return [
        voice.fill(press, label=voice.fill(option.label), key=str(number))
        for number, option in numbered
        if option.label
    ]


def _listen(voice: _Voice, ask: Ask, wording: Wording, state: State) -> Listen:
    """Return how to wait: A4's times, twice as long for who wants it slow, longer when wished."""
    timeout = WAIT_SLOW if state.slow else WAIT
    if state.phase in ("extended", "adding"):
        timeout = WAIT_LONGER
    offered = offer_about(ask).prompt
    frame_menu = offered if state.phase == "offered" else _FRAME_MENUS.get(state.phase)
    options = voice.wording(frame_menu).options if frame_menu else wording.options
    asks_itself = state.phase in _ASKING
    records = ask.kind is Kind.OPEN and asks_itself
    mode = _MODES.get(ask.kind, "choice") if asks_itself else "choice"
    if records:
        # Until the tone somebody without keys may say "person", "again", or that staff should ask.
        options = voice.wording(offered).options
    two_digits = ask.is_two_digits and asks_itself
    own_language = language_named(voice.language)
    hints = _hints(options, own_language, ask if asks_itself else None)
    return Listen(
        mode="digits" if two_digits else mode,
        num_digits=2 if two_digits else None if mode == "digits" else 1,
        timeout=AFTER_A_DIGIT if two_digits else timeout,
        speech_timeout=SPEECH_END_SLOW if state.slow else SPEECH_END,
        speech=True,
        hints=hints,
        max_seconds=LONGEST_RECORDING if records else 0,
        waits=-(-timeout // AFTER_A_DIGIT) if two_digits else 1,
    )


_MODES: Mapping[Kind, Literal["choice", "open", "digits", "record"]] = {
    Kind.NAME: "open",
    Kind.HOUR: "digits",
    Kind.OPEN: "record",
    Kind.SLOT: "open",
}


def _hints(
    options: Sequence[OptionWording], language: Language, ask: Ask | None
) -> tuple[str, ...]:
    """Return words that the recogniser should expect."""
    own: Iterable[str] = ()
    if ask and ask.kind is Kind.RATING:
        own = map(str, range(ask.low, ask.high + 1))
    elif ask and ask.kind is Kind.SLOT:
        own = language.weekdays
    return tuple(dict.fromkeys([*(w for o in options for w in o.words), *own, *language.heard]))


def _question_text(voice: _Voice, ask: Ask, wording: Wording, event: Prompted) -> list[str]:
    if event.form in ("unclear1", "keys"):
        again = voice.fill(wording.retry)
        return [voice.fill(voice.wording(key).text, q=again) for key in event.lead]
    lead = [voice.fill(voice.wording(key).text) for key in event.lead]
    question = voice.fill(wording.text)
    if ask.options_from:
        numbered = (f"{n} {option.words[0]}" for n, option in enumerate(wording.options, 1))
        choices = voice.fill(voice.wording("T-CHOICES").text, choices=", ".join(numbered))
        question = f"{question} {choices}"
    return [*lead, question]
