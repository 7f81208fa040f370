"""What is kept of an answer, and what it settles."""

from mentoring.flows.events import Answered, How
from mentoring.flows.frame import Here
from mentoring.flows.inputs import Input, Keys, Recorded, Speech, Text
from mentoring.flows.steps import Ask, Kind
from mentoring.flows.times import whole_time


def may_be_cut_off(given: Input) -> bool:
    """Tell whether own words ended by themselves: after a pause, or when their time was up."""
    return isinstance(given, Speech) or (isinstance(given, Recorded) and not given.key)


def answered(here: Here, ask: Ask, value: str, given: Input) -> Answered:
    """Return what is kept of an answer: its value, or the reference of its recording."""
    how: dict[type, How] = {Keys: "keys", Speech: "speech", Text: "text"}
    version = here.catalog.wording(ask.prompt, here.language).version
    if isinstance(given, Recorded):
        return Answered(ask.key, ask.prompt, version, "", given.ref, "recording")
    return Answered(ask.key, ask.prompt, version, value, None, how[type(given)])


def settled(here: Here, answers: dict[str, str], value: str) -> str:
    """Return the whole time, if this answer completes one: from an hour, or from am or pm."""
    if here.ask.kind is Kind.HOUR:
        return value if ":" in value else ""
    hours = (
        answers.get(step.key, "")
        for step in here.flow.steps
        if isinstance(step, Ask) and step.kind is Kind.HOUR and step.settles == here.ask.settles
    )
    hour = next(hours, "") if here.ask.settles else ""
    return whole_time(hour, value) if hour else ""
