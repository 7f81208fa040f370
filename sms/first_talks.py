"""The news of a match asks for the time of the first talk, and is answered where it was asked.

It comes from the line of the two (T-MP3), on which all else goes to the other one.
"""

from mentoring.calendar.first_talks import FLOW
from mentoring.conversation_queries import waiting_conversation
from mentoring.conversations import take
from mentoring.db import Session
from mentoring.editions.current import catalog_in
from mentoring.effects import PUT_OFF
from mentoring.facts import language_of, state_of
from mentoring.flows import FLOWS
from mentoring.flows.inputs import Text, Value, read_answer
from mentoring.models import Channel, Conversation, MatchState, Role
from mentoring.routing import Route
from sms.letters import Letter
from sms.replies import Replies

# The time itself, and another one where that cannot be.
_FLOWS = (FLOW, "talk_time")


def take_first_time(session: Session, letter: Letter, route: Route, replies: Replies) -> bool:
    """Take a text on the line of two people for its answer, if it surely is one.

    It is the protege who is asked. Whatever is no answer, such as a greeting, goes on to the other
    one. Once the two have written to each other or talked, so does a bare number: their match is
    not in its introduction any more.
    """
    may_be_asked = route.match.state is MatchState.INTRO and route.mine.role is Role.PROTEGE
    if not may_be_asked or letter.media or letter.flags:
        return False
    waiting = waiting_conversation(session, route.mine.phone, now=letter.now)
    if waiting is None or not is_asked_here(waiting, route):
        return False
    if not _is_answer(session, waiting, letter.body):
        return False
    given = Text(letter.body)
    exchange = take(session, waiting, given, proof=letter.message_sid, now=letter.now)
    replies.exchange(exchange)
    return True


def is_asked_here(waiting: Conversation, route: Route) -> bool:
    """Tell whether a question was put on the line of the two, and not on the main line."""
    is_theirs = waiting.match_id == route.match.id and waiting.person_id == route.mine.person_id
    was_texted = waiting.channel is Channel.TEXT and waiting.effect != PUT_OFF
    return is_theirs and was_texted and waiting.flow in _FLOWS


def _is_answer(session: Session, waiting: Conversation, body: str) -> bool:
    ask = FLOWS[waiting.flow].ask(state_of(session, waiting).step)
    if ask is None:
        return False
    wording = catalog_in(session, waiting).wording(ask.prompt, language_of(waiting))
    return isinstance(read_answer(ask, wording, Text(body)), Value)
