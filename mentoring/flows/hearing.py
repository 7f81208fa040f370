"""Reading an answer at the question that is open, or at one of the small menus about it."""

from mentoring.flows.frame import Here
from mentoring.flows.inputs import (
    Control,
    Input,
    Reading,
    Unclear,
    Value,
    is_sure,
    key_said,
    names_number,
    read_answer,
)
from mentoring.flows.menus import TURN_KEY, is_paged, on_page
from mentoring.flows.state import State
from mentoring.flows.steps import TEXT, Ask


def read_menu(here: Here, ask: Ask, given: Input) -> Reading:
    """Read an answer to a small menu of the frame."""
    return read_answer(ask, here.catalog.wording(ask.prompt, here.language), given)


def read_here(here: Here, state: State, given: Input) -> Reading:
    """Read an answer; on the phone a number in a long list means a place on the page."""
    if state.channel == TEXT or not is_paged(here.ask, len(here.ask.options)):
        return read_answer(here.ask, here.wording, given)
    key = key_said(given)
    if not key:
        wrong = names_number(given)
        return Unclear("no such key") if wrong else read_answer(here.ask, here.wording, given)
    places = on_page(len(here.ask.options), state.page)
    if int(key) == TURN_KEY:
        return Control("more")
    if int(key) > len(places):
        return Unclear("no such key")
    return Value(here.ask.options[places[int(key) - 1]].value, is_sure(here.ask, given))
