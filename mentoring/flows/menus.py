"""The options of a question as they stand at this moment, and their pages in the voice form."""

from collections.abc import Mapping
from dataclasses import replace

from mentoring.flows.catalog import OptionWording, Wording
from mentoring.flows.steps import SKIP, Ask, Kind, Option

# A3 allows four options. A longer list shows three, and its fourth key turns the page.
WHOLE = 4
PER_PAGE = 3
TURN_KEY = 4

MENUS = frozenset({Kind.CHOICE, Kind.PICKS, Kind.CLOCK})


# What is offered to who is silent at the tone. Here and in the full question one key means one
# thing (A16).
_OFFER = Ask("", "V-OFFER", Kind.CHOICE, (Option("staff"), Option("speak")))
_SKIP = Ask("", "V-SKIP", Kind.CHOICE, (Option(SKIP), Option("speak")))


def offer_about(ask: Ask) -> Ask:
    """Return the offer beside speaking: that staff will ask, or that it may be left out."""
    return _SKIP if ask.may_skip else _OFFER


def with_facts(ask: Ask, wording: Wording, facts: Mapping[str, object]) -> tuple[Ask, Wording]:
    """Return the question and its wording with the options that the facts give, if it wants any.

    The one option in the wording is the pattern: `{label}` stands for the label of each.
    """
    if not ask.options_from:
        return ask, wording
    pattern = wording.options[0]
    pairs = _pairs(facts.get(ask.options_from))
    worded = tuple(
        OptionWording(
            pattern.label.replace("{label}", label),
            tuple(word.replace("{label}", label) for word in pattern.words),
        )
        for _, label in pairs
    )
    options = tuple(Option(value) for value, _ in pairs)
    return replace(ask, options=options), replace(wording, options=worded)


def option_count(ask: Ask, facts: Mapping[str, object]) -> int:
    """Return how many options the question has now."""
    return len(_pairs(facts.get(ask.options_from))) if ask.options_from else len(ask.options)


def is_paged(ask: Ask, count: int) -> bool:
    """Tell whether the voice form of a list of that length comes in pages."""
    return ask.kind in MENUS and count > WHOLE


def page_count(count: int) -> int:
    """Return the number of pages of a paged list."""
    return -(-count // PER_PAGE)


def on_page(count: int, page: int) -> range:
    """Return the positions of the options on that page; pages go round."""
    start = page % page_count(count) * PER_PAGE
    return range(start, min(start + PER_PAGE, count))


def _pairs(fact: object) -> list[tuple[str, str]]:
    if not isinstance(fact, list | tuple):
        return []
    return [(str(pair[0]), str(pair[1])) for pair in fact]
