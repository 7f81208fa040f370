"""What is written by a statement of its own writes what was meant, and nothing else."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm.exc import StaleDataError

from mentoring.conversations import remember_spoken, take
from mentoring.db import Session
from mentoring.flows.inputs import Keys
from mentoring.models import Conversation
from tests.make import NOW, make_spoken


def elsewhere(session: Session, **values: object) -> None:
    """Change the row as another process would, behind the back of this session."""
    session.wire.execute(update(Conversation).values(**values))


def test_a_step_writes_what_it_changed_and_leaves_all_else_as_it_is(session: Session) -> None:
    conversation = make_spoken(session)
    turn = conversation.turn
    elsewhere(session, call_sid="CA2")

    exchange = take(session, conversation, Keys("1"), proof="CA1", now=NOW)
    remember_spoken(session, exchange.conversation, "<Response><Hangup/></Response>")

    now = session.scalars(select(Conversation)).one()
    assert (now.turn, now.call_sid) == (turn + 1, "CA2")
    assert now.spoken_sealed == exchange.conversation.spoken_sealed


def test_a_step_that_somebody_else_has_overtaken_is_refused(session: Session) -> None:
    conversation = make_spoken(session)
    elsewhere(session, revision=conversation.revision + 1)

    exchange = take(session, conversation, Keys("1"), proof="CA1", now=NOW)

    with pytest.raises(StaleDataError, match="conversations was written by somebody else"):
        remember_spoken(session, exchange.conversation, "<Response/>")
