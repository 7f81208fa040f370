"""A match closes for good after its last talk: when the two have talked, and by nothing less."""

from datetime import datetime, timedelta

import pytest

from mentoring.models import DueKind, MatchState, Mode
from telephony.emulator import no_answer
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.ending import now_is
from tests.journeys.talks import HOUR, THURSDAY, outcomes, states, talk_for, until
from tests.journeys.test_last_talks import closing, on_thursday
from tests.town import PAIRS, Town

HALF_PAST = THURSDAY + timedelta(minutes=35)


@pytest.mark.parametrize("when", [THURSDAY - HOUR, HALF_PAST], ids=["before", "after"])
def test_texts_that_set_another_time_close_nothing(town: Town, when: datetime) -> None:
    match = closing(town)
    on_thursday(town)
    town.phone(ROSA, when_rung=no_answer())
    until(town, when)
    town.texts(ROSA, PAIRS[0], "I am at the doctor. Can we talk tomorrow at 5?")
    town.texts(LUIS, PAIRS[0], "Of course. Tomorrow at 5 is fine.")

    until(town, THURSDAY + 25 * HOUR)

    assert outcomes(town, DueKind.LAST_TALK) == ["they have not talked"]
    assert now_is(town, match).state is MatchState.CLOSING
    luis = town.caller(LUIS)
    luis.calls(PAIRS[0])
    luis.hears("[ringing]")


def call_of(town: Town, seconds: float) -> None:
    """Luis calls the line, Rosa is there, and she hangs up after so many seconds."""
    luis, rosa = town.caller(LUIS), town.caller(ROSA)
    luis.calls(PAIRS[0])
    rosa.answers()
    rosa.presses("1")
    talk_for(town, luis, rosa, seconds)


@pytest.mark.parametrize(("seconds", "then"), [(15, MatchState.CLOSING), (300, MatchState.CLOSED)])
def test_a_call_before_it_stands_in_for_it_only_when_they_have_talked(
    town: Town, seconds: float, then: MatchState
) -> None:
    match = closing(town)
    on_thursday(town)
    until(town, THURSDAY - HOUR)

    call_of(town, seconds)
    until(town, THURSDAY + 2 * HOUR)

    assert now_is(town, match).state is then


def test_where_no_call_passes_the_line_stays_open_to_the_end(town: Town) -> None:
    match = closing(town, mode=Mode.TEXT)
    on_thursday(town, and_then="")
    until(town, THURSDAY + timedelta(minutes=5))
    town.texts(LUIS, PAIRS[0], "Sorry, I am stuck. Can we do tomorrow at 4?")
    town.texts(ROSA, PAIRS[0], "Sure, tomorrow at 4.")

    until(town, THURSDAY + 25 * HOUR)

    assert states(town)[0][0] == "Thu Mar 05 16:00"
    assert now_is(town, match).state is MatchState.CLOSING
    town.days_pass(12)
    assert now_is(town, match).state is MatchState.CLOSED
