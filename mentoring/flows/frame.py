"""The frame around every question: silence, misunderstanding, read-back, more time.

A5 and A11: three silences or three misses lead to a person, never to a hang-up and never to a
longer menu. A6: what is timed warns first. A13: the second silence asks for a slower profile.
"""

from dataclasses import dataclass, replace

from mentoring.flows.catalog import Catalog, Wording
from mentoring.flows.events import Event, Form, GaveUp, Prompted, Rejected, WantsSlow
from mentoring.flows.state import Facts, State, Turn
from mentoring.flows.steps import TEXT, Ask, Flow, Kind

LIMIT = 3


@dataclass(frozen=True)
class Here:
    """The question that is open, with all that is needed to judge an answer to it."""

    flow: Flow
    ask: Ask
    wording: Wording
    facts: Facts
    catalog: Catalog
    language: str


def put(ask: Ask, state: State, form: Form, lead: tuple[str, ...] = ()) -> Prompted:
    """Return the event that puts the open question in that form."""
    return Prompted(ask.key, ask.prompt, form, lead, state.page)


def standing_form(state: State) -> Form:
    """Return the form in which the question stands when nothing new was heard."""
    forms: dict[str, Form] = {
        "confirming": "confirm",
        "picking": "picked",
        "warned": "warn",
        "extended": "more",
        "offered": "keys",
        "told": "told",
        "adding": "more",
    }
    return forms.get(state.phase, "again")


def unheard(ask: Ask, state: State) -> Turn:
    """Go on after silence on the phone."""
    if _is_timed(ask) and state.silences == 0 and state.phase in ("asking", "extended"):
        warned = replace(state, phase="warned", turn=state.turn + 1)
        return Turn(warned, (put(ask, warned, "warn"),))
    silences = state.silences + 1
    if silences >= LIMIT:
        return Turn(state, (GaveUp(state.step),))
    after = replace(_settle(ask, state), silences=silences)
    if silences == 1:
        return Turn(after, (put(ask, after, _form(after, "silence1"), ("V-NI1",)),))
    after = replace(after, slow=True)
    # Where a machine may be listening, silence is no wish to be remembered.
    wish: tuple[Event, ...] = () if ask.unanswered else (WantsSlow(),)
    return Turn(after, (*wish, put(ask, after, _form(after, "silence2"), ("V-NI2",))))


def missed(ask: Ask, state: State, reason: str, lead: str = "") -> Turn:
    """Go on after an answer that was not understood; `lead` says what was missing in it."""
    rejected: Event = Rejected(ask.key, reason)
    misses = state.misses + 1
    if misses >= LIMIT:
        return Turn(state, (rejected, GaveUp(state.step)))
    after = replace(_settle(ask, state), misses=misses)
    if state.channel == TEXT:
        return Turn(after, (rejected, put(ask, after, "unclear1", (f"T-{lead or 'ERR1'}",))))
    if misses == 1:
        return Turn(
            after, (rejected, put(ask, after, _form(after, "unclear1"), (f"V-{lead or 'NM1'}",)))
        )
    return Turn(after, (rejected, put(ask, after, _form(after, "keys"), ("V-NM2",))))


def read_back(ask: Ask, state: State, value: str) -> Turn:
    """Ask whether this value is what was meant (A10)."""
    after = replace(state, phase="confirming", pending=value, turn=state.turn + 1)
    return Turn(after, (put(ask, after, "confirm"),))


def with_more_time(ask: Ask, state: State) -> Turn:
    """Put the question shortly and wait longer, as often as it is wished (A6)."""
    after = replace(state, phase="extended", pending="", turn=state.turn + 1)
    return Turn(after, (put(ask, after, "more"),))


def too_early(ask: Ask, state: State) -> Turn:
    """Words came before the tone, so they are in no recording: ask for them after it."""
    misses = state.misses + 1
    if misses >= LIMIT:
        return Turn(state, (GaveUp(state.step),))
    after = replace(state, phase=_RECORDING[state.phase], misses=misses, turn=state.turn + 1)
    return Turn(after, (put(ask, after, "more", ("V-EARLY",)),))


# Whoever is late to speak gets the longer wait from then on.
_RECORDING = {"asking": "extended", "extended": "extended", "adding": "adding"}


def _is_timed(ask: Ask) -> bool:
    return ask.timed or ask.kind is Kind.OPEN


def _settle(ask: Ask, state: State) -> State:
    """Return the state for asking once more: the small menus about an answer stay open.

    Who did not speak into a recording is asked by a menu next, where keys help.
    """
    if state.phase in _STAYING:
        return replace(state, turn=state.turn + 1)
    spoken = ask.kind is Kind.OPEN and state.channel != TEXT
    return replace(state, phase="offered" if spoken else "asking", turn=state.turn + 1)


def _form(state: State, usual: Form) -> Form:
    """Return the form after a silence or a miss; a read-back stays a read-back."""
    return standing_form(state) if state.phase in _STAYING else usual


# What was answered so far is kept in these phases, whatever is heard.
_STAYING = ("confirming", "picking", "told", "adding")
