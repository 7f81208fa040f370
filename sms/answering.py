"""Whether a text answers the question that was texted last, before it is taken for the answer."""

from mentoring.db import Session
from mentoring.editions.current import catalog_in
from mentoring.facts import facts_for, language_of, state_of
from mentoring.flows import FLOWS, engine
from mentoring.flows.events import Answered
from mentoring.flows.inputs import Text
from mentoring.flows.steps import Kind
from mentoring.models import Conversation


def asks_for_name(session: Session, waiting: Conversation) -> bool:
    """Tell whether a name is asked for, so that nearly any words may be the answer."""
    asked = FLOWS[waiting.flow].ask(state_of(session, waiting).step)
    return asked is not None and asked.kind is Kind.NAME


def answers(session: Session, waiting: Conversation, body: str) -> bool:
    """Tell whether a text would be taken for the answer; nothing changes by it."""
    flow, state = FLOWS[waiting.flow], state_of(session, waiting)
    if flow.ask(state.step) is None:
        return False
    turn = engine.answer(
        flow,
        state,
        Text(body),
        facts=facts_for(session, waiting),
        catalog=catalog_in(session, waiting),
        language=language_of(waiting),
    )
    return any(isinstance(event, Answered) for event in turn.events)
