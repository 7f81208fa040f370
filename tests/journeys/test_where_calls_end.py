"""What is kept of how a call went: answers that were not understood, and where it ended (E19)."""

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from mentoring.models import CallEnd, Conversation
from mentoring.reports.facts import VoiceCall
from mentoring.reports.reading_calls import read_calls
from tests.journeys.cast import KIM, TO_C3, goes_through
from tests.town import MAIN, Town

DAY = timedelta(days=1)


def calls(town: Town) -> list[VoiceCall]:
    with town.db.transaction() as session:
        found = read_calls(session, (town.clock.now() - DAY, town.clock.now() + DAY))
        return sorted(found, key=lambda call: call.at)


def ends(town: Town) -> list[tuple[str, str | None]]:
    with town.db.transaction() as session:
        rows = session.scalars(select(CallEnd).order_by(CallEnd.id))
        return [(row.question, row.effect) for row in rows]


def test_a_call_that_is_hung_up_leaves_its_question_and_what_was_not_understood(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3)
    kim.presses("9")
    kim.hangs_up()
    town.settle()

    (call,) = calls(town)
    assert (call.is_finished, call.place) == (False, "consent, C3")
    assert call.misheard == 1
    assert Fraction(call.misheard, call.heard) < 1


def test_it_stays_unfinished_when_the_question_is_answered_later_by_text(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3)
    kim.hangs_up()
    town.settle()
    (before,) = calls(town)
    town.texts(KIM, MAIN, "Hello", "2")

    assert calls(town) == [before]
    with town.db.transaction() as session:
        assert [row.heard for row in session.scalars(select(Conversation))] == [0]


def test_a_call_that_goes_on_where_another_ended_has_answers_of_its_own(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3)
    kim.presses("9")
    kim.hangs_up()
    town.settle()
    (before,) = calls(town)
    kim.calls(MAIN)
    kim.presses("1")
    kim.hangs_up()
    town.settle()

    first, second = calls(town)
    assert first == before
    assert (second.heard, second.misheard) == (1, 0)


@pytest.mark.parametrize("wish", ["0", "person"])
def test_who_is_brought_to_a_person_has_not_hung_up_on_the_question(town: Town, wish: str) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3)
    kim.presses(wish) if wish == "0" else kim.says(wish)
    kim.hangs_up()
    town.settle()

    assert [each.place for each in calls(town)] == ["brought to a person"]
    assert [effect for _, effect in ends(town)] == ["person"]
