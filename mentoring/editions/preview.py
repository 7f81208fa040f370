"""A wording as people get it: the text with its length, and what is said, with its pauses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mentoring.editions.forms import Forms, reword
from mentoring.editions.measures import filled, longest_sentence, syllables_a_word
from mentoring.flows import FLOWS
from mentoring.flows.catalog import FALLBACK, Catalog, Wording
from mentoring.flows.menus import PER_PAGE, TURN_KEY, WHOLE, is_paged
from mentoring.flows.render import AUDIO, PAUSE, fill, say
from mentoring.flows.steps import Ask
from mentoring.programme import Programme
from mentoring.segments import Segments, segments_of

# What stands in the places of a preview. Nobody is called so, and nothing is looked up.
_EXAMPLES = {
    **{"name": "Rosa", "mentor": "Luis", "protege": "Rosa", "num": "515 555 0100"},
    **{"line": "515 555 0101", "date": "Tue, Mar 3", "day": "Tuesday", "time": "6 pm"},
    **{"n": "3", "topic": "selling online", "q": "Reply 1 yes, 2 no.", "value": "Tuesday"},
    **{"question": "How did you find your first buyer?", "picked": "money and rules"},
    **{
        "label": "Luis",
        "key": "1",
        "minutes": "60",
        "freq": "each week",
        "mine": "each week",
        "theirs": "each month",
        "reply": "2 days",
    },
    **{"choices": "1 Luis, 2 Grace"},
    **{"hours": "12", "people": "2", "weeks": "6", "from": "8 am", "until": "9 pm"},
    **{"years": "6 to 10", "field": "food", "stage": "getting ready", "mode": "to text"},
    **{"topics": "money and rules", "when": "on evenings", "more": "Helps with money and rules."},
    "ownline": "In their own words: I began at a kitchen table.",
    "news": "Luis left you a voice note.",
    **dict.fromkeys(
        ("annual", "annual1", "annual2", "annual3"), "We set out to make 40 matches, and made 44."
    ),
    **dict.fromkeys(
        ("blurb1", "blurb2", "blurb3"), "Luis, 6 to 10 years in food, helps with money and rules"
    ),
}
SOUND = "(the recording is played)"


@dataclass(frozen=True)
class Preview:
    """How one wording is got. `heard` is what is said from one pause to the next.

    `segments` counts the text with every placeholder at its widest. `choices_in_pages` tells that
    the choices are spoken in pages, of which `heard` holds the first.
    """

    text: str
    segments: Segments | None
    heard: tuple[str, ...]
    longest_sentence: int
    syllables_a_word: float | None
    choices_in_pages: bool


def preview_of(
    catalog: Catalog, prompt: str, language: str, forms: Forms, *, programme: Programme
) -> Preview:
    """Return how a prompt would be got with these sentences, among all others as they are now.

    The sentences must fit the prompt (`rules.misfits_of`).
    """
    wording = reword(catalog.wording(prompt, language), forms, edition=None)
    own = programme.crisis_numbers_for("")
    params = {
        **_EXAMPLES,
        **{"org": programme.org_name, "staff": programme.staff_name},
        **{"emergency": own.emergency, "crisis": own.crisis_line},
    }
    paged = _is_paged(wording)
    spoken = [*forms.by_name().values(), *forms.labels]
    return Preview(
        text=fill(forms.text, params, language=language),
        segments=segments_of(filled(forms.text)) if forms.text else None,
        heard=_heard(catalog, language, wording, params, paged=paged),
        longest_sentence=max(map(longest_sentence, spoken)),
        syllables_a_word=syllables_a_word(" ".join(spoken)) if language == FALLBACK else None,
        choices_in_pages=paged,
    )


def _is_paged(wording: Wording) -> bool:
    """Tell whether a flow speaks the options of this prompt in pages."""
    count = len(wording.options)
    asks = (step for flow in FLOWS.values() for step in flow.steps if isinstance(step, Ask))
    return count > WHOLE and any(
        is_paged(ask, count) for ask in asks if wording.key in (ask.prompt, _other_prompt(ask))
    )


def _other_prompt(ask: Ask) -> str:
    return ask.reworded.prompt if ask.reworded else ""


def _heard(
    catalog: Catalog,
    language: str,
    wording: Wording,
    params: Mapping[str, str],
    *,
    paged: bool,
) -> tuple[str, ...]:
    if not wording.is_spoken:
        return ()
    own = {**catalog.by_language[language], wording.key: _first_page(wording, paged=paged)}
    with_this = Catalog({**catalog.by_language, language: own})
    pieces = list(say(wording.key, catalog=with_this, language=language, params=params))
    if paged:
        more = fill(catalog.wording("V-MORE", language).voice, params)
        press = catalog.wording("V-PRESS", language).voice
        pieces.append(fill(press, {"label": more, "key": str(TURN_KEY)}))
    said = (SOUND if piece.startswith(AUDIO) else piece for piece in pieces)
    parts = (part.strip() for part in f" {PAUSE} ".join(said).split(PAUSE))
    return tuple(part for part in parts if part)


def _first_page(wording: Wording, *, paged: bool) -> Wording:
    return replace(wording, options=wording.options[:PER_PAGE]) if paged else wording
