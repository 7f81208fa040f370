"""Two things about one talk at the same moment: one of them counts, and both hear the truth."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.calendar.deeds import do_due
from mentoring.calendar.talks import book_talk, plan_next_talk
from mentoring.conversations import Exchange, take
from mentoring.db import Database
from mentoring.flows.inputs import Text
from mentoring.models import (
    Conversation,
    ConversationStatus,
    Due,
    Match,
    Plan,
    Talk,
    TalkState,
)
from tests.make import NOW, all_at_once, make_lines, make_match

LATER = NOW + timedelta(hours=22)


@pytest.fixture
def match_id(real_db: Database) -> int:
    with real_db.transaction() as session:
        make_lines(session)
        return make_match(session).id


def test_workers_that_plan_at_once_plan_one_talk(real_db: Database, match_id: int) -> None:
    with real_db.transaction() as session:
        agreed = Plan(
            match_id=match_id,
            version=1,
            rhythm="week",
            slot="thu 16:00",
            zone="America/Chicago",
            reply="day",
            proposed_at=NOW,
            protege_agreed_at=NOW,
            mentor_agreed_at=NOW,
        )
        session.add(agreed)

    def work() -> None:
        with real_db.transaction() as session:
            plan_next_talk(session, session.get_one(Match, match_id), now=NOW)

    assert all_at_once(*[work] * 4) == [None] * 4

    with real_db.transaction() as session:
        (talk,) = session.scalars(select(Talk))
        kinds = session.scalars(select(Due.kind).where(Due.talk_id == talk.id)).all()
        assert len(kinds) == len(set(kinds)) == 3


def questions(real_db: Database) -> list[int]:
    with real_db.transaction() as session:
        waiting = Conversation.status == ConversationStatus.OPEN
        return list(session.scalars(select(Conversation.id).where(waiting)))


def say(real_db: Database, conversation_id: int, *bodies: str) -> Exchange:
    """Let somebody reply to their open question, each reply in a step of its own."""
    for body in bodies:
        with real_db.transaction() as session:
            conversation = session.get_one(Conversation, conversation_id)
            exchange = take(session, conversation, Text(body), proof="SM", now=LATER)
    return exchange


@pytest.mark.parametrize(
    ("second", "heard", "moves"), [("Sat 5 pm", "T-CLMOVEDR", 2), ("Fri 6 pm", "T-CLSAME", 1)]
)
def test_who_moves_a_talk_a_moment_later_moves_the_new_one(
    real_db: Database, match_id: int, second: str, heard: str, moves: int
) -> None:
    with real_db.transaction() as session:
        book_talk(session, match_id, at=NOW + timedelta(hours=23), booked_by=None, now=NOW)
    for _ in range(2):
        with real_db.transaction() as session:
            do_due(session, now=NOW + timedelta(hours=21))
    one, other = questions(real_db)
    for each in (one, other):
        say(real_db, each, "2")

    said = all_at_once(lambda: say(real_db, one, "Fri 6 pm"), lambda: say(real_db, other, second))

    prompts = [each.played[-1].prompts for each in said if isinstance(each, Exchange)]
    assert sorted(prompts) == [("T-CLMOVEDR",), (heard,)]
    with real_db.transaction() as session:
        states = session.scalars(select(Talk.state).order_by(Talk.id)).all()
    assert states == [TalkState.MOVED] * moves + [TalkState.PLANNED]
