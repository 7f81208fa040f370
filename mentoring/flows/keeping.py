"""What is kept of an answer, and what it settles."""

from collections.abc import Mapping
from dataclasses import replace

from mentoring.flows.events import Answered, How
from mentoring.flows.frame import Here, missed
from mentoring.flows.inputs import Input, Keys, Recorded, Speech, Text, words_beside
from mentoring.flows.names import read_story
from mentoring.flows.readings import Unclear
from mentoring.flows.slots import time_in
from mentoring.flows.state import State, Turn
from mentoring.flows.steps import Ask, Kind
from mentoring.flows.timing import slot_told


def may_be_cut_off(given: Input) -> bool:
    """Tell whether own words ended by themselves: after a pause, or when their time was up."""
    return isinstance(given, Speech) or (isinstance(given, Recorded) and not given.key)


def has_words(given: Text) -> bool:
    """Tell whether a text says something, and is no number that only missed the list."""
    return any(sign.isalpha() for sign in given.body)


def answered(here: Here, ask: Ask, value: str, given: Input) -> Answered:
    """Return what is kept of an answer: its value, or the reference of its recording."""
    how: dict[type, How] = {Keys: "keys", Speech: "speech", Text: "text"}
    wording = here.catalog.wording(ask.prompt, here.language)
    edition = wording.edition if isinstance(given, Text) else wording.spoken_edition
    asked = (ask.key, ask.prompt, wording.version)
    if isinstance(given, Recorded):
        return Answered(*asked, "", given.ref, "recording", edition)
    return Answered(*asked, value, None, how[type(given)], edition)


def answered_with_story(here: Here, value: str, given: Input) -> list[Answered]:
    """Return what is kept of an answer, and the story that came with a yes.

    Each word of it may matter. What comes with a no is asked for next.
    """
    story = _story(here, given) if value == "yes" else None
    return [answered(here, here.ask, value, given), *([story] if story else [])]


def not_understood(here: Here, state: State, given: Input, reason: str, lead: str = "") -> Turn:
    """Ask again. A story is kept where one may come, for it may be all that is ever said."""
    story = _story(here, given)
    if story is None:
        return missed(here.ask, state, reason, lead)
    told = replace(state, answers={**state.answers, story.key: story.value})
    turn = missed(here.ask, told, reason, lead)
    return Turn(turn.state, (story, *turn.events))


def _story(here: Here, given: Input) -> Answered | None:
    """Return what was told beside an answer to a question that is read at length, if anything."""
    told = here.flow.ask(here.ask.own_words)
    if told is None or not here.ask.at_length or not isinstance(given, Speech | Text):
        return None
    story = read_story(given.words if isinstance(given, Speech) else given.body)
    if isinstance(story, Unclear) or not words_beside(here.ask, here.wording, given):
        return None
    return answered(here, told, story, given)


def settled(here: Here, answers: dict[str, str]) -> str:
    """Return the whole time, or the day and time, if this answer completes one."""
    earlier = here.flow.ask(here.ask.settles)
    if earlier is None:
        return ""
    if earlier.kind is Kind.SLOT:
        return slot_told(here.flow, earlier, answers)
    asks = (step for step in here.flow.steps if isinstance(step, Ask))
    return time_in([answers.get(ask.key, "") for ask in asks if ask.settles == earlier.key])


def without_pieces(here: Here, answers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the answers without the pieces of a day and time that is told anew."""
    if here.ask.kind is not Kind.SLOT:
        return answers
    asks = (step for step in here.flow.steps if isinstance(step, Ask))
    pieces = {ask.key for ask in asks if ask.settles == here.ask.key}
    return {key: value for key, value in answers.items() if key not in pieces}
