"""Two who answer about their plan in the same moment: neither waits for the other for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.calendar.deeds import do_due
from mentoring.calendar.plans import ask_for_plan
from mentoring.conversations import take
from mentoring.db import Database
from mentoring.flows.inputs import Text
from mentoring.models import (
    Conversation,
    ConversationStatus,
    Due,
    MatchState,
    Plan,
    Role,
    Talk,
)
from tests.make import NOW, all_at_once, make_lines, make_match

# Up to the last question; it is answered in the same moment.
PROTEGE = ("3", "Find ten buyers", "2", "1", "1", "Tue 6 pm", "1")
MENTOR = ("See the numbers", "2", "1", "2", "Tue 6 pm", "1")
FAR_APART = ("See the numbers", "2", "1", "3", "Tue 6 pm", "1")


@pytest.fixture
def match_id(real_db: Database) -> int:
    """Return the id of a match of two who are asked for their plan."""
    with real_db.transaction() as session:
        make_lines(session)
        match = make_match(session)
        match.state = MatchState.EARLY
        ask_for_plan(session, match, now=NOW)
        return match.id


def ask(real_db: Database, *, days: float = 0) -> None:
    """Do all that is due by then."""
    while real_db.run(lambda session: do_due(session, now=NOW + timedelta(days=days))):
        pass


def asked(real_db: Database) -> dict[Role, int]:
    """Return the open question of each of the two."""
    with real_db.transaction() as session:
        waiting = select(Conversation).where(Conversation.status == ConversationStatus.OPEN)
        return {
            each.person.role: each.id
            for each in session.scalars(waiting)
            if each.person is not None
        }


def say(real_db: Database, conversation_id: int, *bodies: str) -> None:
    for body in bodies:
        real_db.run(
            lambda session, body=body: take(  # type: ignore[misc]
                session,
                session.get_one(Conversation, conversation_id),
                Text(body),
                proof="SM",
                now=NOW,
            )
        )


def both_say(real_db: Database, protege: str, mentor: str) -> None:
    """Both answer their open question in the same moment."""
    told = asked(real_db)
    said = all_at_once(
        lambda: say(real_db, told[Role.PROTEGE], protege),
        lambda: say(real_db, told[Role.MENTOR], mentor),
    )
    assert said == [None, None]


def tell_all_but_the_last(real_db: Database, mentor: tuple[str, ...] = MENTOR) -> None:
    ask(real_db)
    told = asked(real_db)
    say(real_db, told[Role.PROTEGE], *PROTEGE)
    say(real_db, told[Role.MENTOR], *mentor)


def proposed(real_db: Database) -> list[str]:
    """Return how often each version of the plan would have them talk."""
    with real_db.transaction() as session:
        return list(session.scalars(select(Plan.rhythm).order_by(Plan.version)))


@pytest.mark.parametrize("_again", range(5))
@pytest.mark.usefixtures("match_id")
def test_two_who_give_their_last_answer_at_once_get_one_proposal(
    real_db: Database, _again: int
) -> None:
    tell_all_but_the_last(real_db)
    both_say(real_db, "1", "1")
    assert proposed(real_db) == ["two_weeks"]


@pytest.mark.parametrize("_again", range(5))
@pytest.mark.usefixtures("match_id")
def test_two_who_agree_at_once_have_a_plan_and_its_next_talk(
    real_db: Database, _again: int
) -> None:
    tell_all_but_the_last(real_db)
    both_say(real_db, "1", "1")
    ask(real_db)
    both_say(real_db, "1", "1")
    with real_db.transaction() as session:
        (plan,) = session.scalars(select(Plan))
        assert plan.in_force
        assert len(session.scalars(select(Talk)).all()) == 1


@pytest.mark.parametrize("_again", range(5))
@pytest.mark.usefixtures("match_id")
def test_two_who_say_their_rhythm_again_at_once_get_their_proposal_at_once(
    real_db: Database, _again: int
) -> None:
    tell_all_but_the_last(real_db, FAR_APART)
    both_say(real_db, "1", "1")
    ask(real_db)
    both_say(real_db, "2", "2")
    assert proposed(real_db) == ["two_weeks"]


@pytest.mark.parametrize("_again", range(5))
@pytest.mark.usefixtures("match_id")
def test_who_says_it_again_as_their_time_is_over_gets_one_proposal(
    real_db: Database, _again: int
) -> None:
    tell_all_but_the_last(real_db, FAR_APART)
    both_say(real_db, "1", "1")
    ask(real_db)
    told = asked(real_db)
    say(real_db, told[Role.PROTEGE], "2")
    done = all_at_once(
        lambda: say(real_db, told[Role.MENTOR], "2"),
        lambda: ask(real_db, days=10.5),
    )
    assert done == [None, None]
    (rhythm,) = proposed(real_db)
    assert rhythm in ("two_weeks", "month")
    with real_db.transaction() as session:
        assert not session.scalars(select(Due.id).where(Due.faults > 0)).all()
