"""Going through a flow from one question to the next."""

from collections.abc import Sequence
from dataclasses import replace

from mentoring.flows.events import Event, Finished, Form, GaveUp, Prompted, Said
from mentoring.flows.state import Facts, State, Turn
from mentoring.flows.steps import (
    VOICE,
    Ask,
    Branch,
    Finish,
    Flow,
    Say,
    case_of,
    target_of,
    worded_for,
)
from mentoring.flows.timing import is_told


def arrive(
    flow: Flow,
    state: State,
    key: str,
    facts: Facts,
    *,
    events: Sequence[Event] = (),
    form: Form = "full",
) -> Turn:
    """Go on at a step until something is asked or the flow ends. Counters start anew (A11)."""
    happened = list(events)
    fresh = replace(state, turn=state.turn + 1, phase="asking", pending="", page=0, picks=())
    fresh = replace(fresh, misses=0, silences=0)
    # A flow that passes our checks asks or ends within as many steps as it has.
    for _ in flow.steps:
        step = flow.by_key[key]
        match step:
            case Ask() if is_told(flow, step, state.answers):
                key = step.next
            case Ask():
                lead = recap(state.channel) if form == "resume" else ()
                lead += taught_before(step)
                prompt = worded_for(step, facts).prompt
                happened.append(Prompted(step.key, prompt, form, lead))
                return Turn(replace(fresh, step=key), tuple(happened))
            case Finish(outcome=outcome):
                happened.append(Finished(outcome))
                return Turn(replace(fresh, step=key, phase="done"), tuple(happened))
            case Say(prompt=prompt):
                happened.append(Said(prompt))
                key = step.next
            case Branch():
                key = case_of(step, with_channel(facts, state), state.answers)
    raise RuntimeError(f"The flow {flow.name} goes round without asking.")


def or_nobody(flow: Flow, ask: Ask, turn: Turn, facts: Facts) -> Turn:
    """Lead on where a machine may have answered our call, instead of bringing it to a person."""
    given_up = any(isinstance(event, GaveUp) for event in turn.events)
    if not ask.unanswered or not given_up:
        return turn
    events = [event for event in turn.events if not isinstance(event, GaveUp)]
    return arrive(flow, turn.state, ask.unanswered, facts, events=events)


def first_open(flow: Flow, state: State, facts: Facts) -> str:
    """Return the key of the first question on the way that has no answer yet, or of the end.

    A question met twice is one of a loop: there the person was, so there we go on.
    """
    key, seen = flow.first, set[str]()
    while True:
        step = flow.by_key[key]
        match step:
            case Ask() if is_told(flow, step, state.answers) and key not in state.answers:
                following = step.next
            case Ask(aside=True):
                following = step.next
            case Ask():
                target = target_of(step, state.answers.get(key, ""))
                if key in seen or key not in state.answers or target not in flow.by_key:
                    return key
                following = target
            case Finish():
                return key
            case Say():
                following = step.next
            case Branch():
                following = case_of(step, with_channel(facts, state), state.answers)
        seen.add(key)
        key = following


def with_channel(facts: Facts, state: State) -> Facts:
    """Return the facts together with the channel, on which every flow may fork."""
    return {**facts, "channel": state.channel}


def taught_before(ask: Ask) -> tuple[str, ...]:
    """Return what is taught before a question that is put in full."""
    return (ask.lesson,) if ask.lesson else ()


def recap(channel: str) -> tuple[str, ...]:
    """Return the sentence that goes before a question taken up again."""
    return ("V-RECAP",) if channel == VOICE else ("T-RECAP",)
