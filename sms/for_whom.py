"""A bare number on the line of two people, while a question of ours is open: for whom is it?"""

import re

from mentoring.conversation_queries import waiting_conversation
from mentoring.db import Session
from mentoring.effects import PUT_OFF
from mentoring.models import Channel
from mentoring.routing import Route
from sms.first_talks import is_asked_here
from sms.letters import Letter
from sms.replies import Replies

# "5", "2." and "5/5": what answers a question of ours, and says little between two people.
_BARE_NUMBER = re.compile(r"\s*\d{1,2}(?:\s*/\s*\d{1,2})?\s*[.!)]?\s*")


def ask_for_whom(session: Session, letter: Letter, route: Route, replies: Replies) -> bool:
    """Ask for whom a bare number is, and pass it on to nobody; False where it is clear.

    We ask from the main line, the other one writes on the line of the two, and on a phone the two
    threads look alike. How somebody gets on with the other one is for us alone
    (docs/texting.md), so an answer that went astray is not passed on. It is not taken for the
    answer either, for the other one may have asked something, too.
    """
    if letter.media or not _BARE_NUMBER.fullmatch(letter.body) or replies.are_too_many:
        return False
    waiting = waiting_conversation(session, route.mine.phone, now=letter.now)
    if waiting is None or waiting.channel is not Channel.TEXT or waiting.effect == PUT_OFF:
        return False
    if waiting.person_id != route.mine.person_id or is_asked_here(waiting, route):
        return False
    other = route.other.person.shown_name
    replies.prompt("T-THREAD", person=route.mine.person, name=other)
    return True
