"""Under which edition a question was asked, so that its answer is kept with that one.

Staff may put other words live between a question and its answer. Whoever agreed to something agreed
to the words that they got.
"""

from dataclasses import replace

from mentoring.db import Session
from mentoring.editions.current import catalog_in
from mentoring.facts import language_of
from mentoring.flows.events import Answered, Prompted
from mentoring.flows.state import State, Turn
from mentoring.flows.steps import TEXT
from mentoring.models import Conversation


def as_asked(turn: Turn, before: State) -> Turn:
    """Return a turn in which the open question is answered in the words in which it was asked."""
    if not before.asked_in:
        return turn
    asked = before.asked_in[0]
    events = tuple(
        replace(event, edition=asked)
        if isinstance(event, Answered) and event.key == before.step
        else event
        for event in turn.events
    )
    return replace(turn, events=events)


def with_edition(session: Session, conversation: Conversation, turn: Turn) -> State:
    """Return the state after a turn, with the edition in which it asks; none where it asks not."""
    prompts = [event.prompt for event in turn.events if isinstance(event, Prompted)]
    if not prompts:
        return turn.state
    catalog = catalog_in(session, conversation)
    wording = catalog.wording(prompts[-1], language_of(conversation))
    by_text = turn.state.channel == TEXT
    edition = wording.edition if by_text else wording.spoken_edition
    return replace(turn.state, asked_in=(edition,))
