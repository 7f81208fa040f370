"""Talks: planned by the plan, told of a day before, rung by the service if somebody wants that."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.matches import begin_early, move_match
from mentoring.models import Answer, ContactKind, DueKind, Match, MatchState, Mode, Outcome, Role
from telephony.emulator import manual, no_answer
from tests.journeys.cast import LUIS, ROSA, contacts, dialled
from tests.journeys.talks import (
    ASKED,
    HOUR,
    MISSED,
    THURSDAY,
    got,
    is_rung,
    outcomes,
    planned,
    rosa_wants_to_be_rung,
    states,
    talk_for,
    until,
)
from tests.town import MAIN, PAIRS, Town


def move(town: Town, match: Match, to: MatchState) -> None:
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        move_match(session, row, to, actor="staff", reason="test", now=town.clock.now())


def test_from_the_plan_to_the_question_how_it_went(town: Town) -> None:
    match = town.match(
        town.person(Role.PROTEGE, "Rosa", ROSA), town.person(Role.MENTOR, "Luis", LUIS)
    )
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        begin_early(session, row, now=town.clock.now())
    # Twelve hours after they met it is night; both are asked for their plan in the morning.
    until(town, THURSDAY - 31 * HOUR)
    town.texts(ROSA, MAIN, "3", "Sell at the market", "2", "1", "1", "Thu 4 pm", "1", "1")
    town.texts(LUIS, MAIN, "Her first sale", "2", "1", "1", "Thu 4 pm", "1", "1")
    town.texts(ROSA, MAIN, "1")
    assert states(town) == []
    town.texts(LUIS, MAIN, "1")
    assert states(town) == [("Thu Mar 05 16:00", "planned")]

    rosa_wants_to_be_rung(town)
    until(town, THURSDAY)
    rosa = is_rung(town, ROSA)
    rosa.hears("Is this Rosa?")
    rosa.hears_none_of("Luis")
    rosa.presses("1")
    rosa.hears("I am calling Luis now")
    town.settle()
    luis = is_rung(town, LUIS)
    luis.hears("Rosa would like to talk")
    luis.presses("1")
    talk_for(town, rosa, luis)

    assert [(c.kind, c.outcome, c.two_way) for c in contacts(town)] == [
        (ContactKind.SERVICE, Outcome.SERVED, False),
        (ContactKind.CALL, Outcome.TALKED, True),
    ]
    until(town, THURSDAY + 18 * HOUR)
    assert states(town)[0] == ("Thu Mar 05 16:00", "held")
    assert states(town)[1] == ("Thu Mar 12 16:00", "planned")
    thanks, asked = got(town, ROSA)[-2:]
    assert thanks.startswith("Rosa, thank you for your first talk with Luis.")
    assert asked == "Did your talk go OK? Reply 1 yes, 2 so-so, 3 no."
    assert town.texts(ROSA, MAIN, "1") == ["Thank you. If you want to tell us more, text PERSON."]
    with town.db.transaction() as session:
        values = session.scalars(select(Answer.value).where(Answer.question == "CL4")).all()
    assert values == ["yes"]


def test_a_day_before_both_are_told_by_the_clocks_of_their_own_place(town: Town) -> None:
    planned(town, luis={"zone": "Pacific/Honolulu"})

    until(town, THURSDAY - 23 * HOUR)

    assert got(town, ROSA) == [ASKED]
    assert "Your talk with Rosa is Thu, Mar 5 at 12 pm your time." in got(town, LUIS)[0]


def test_a_talk_keeps_its_hour_when_the_clocks_change(town: Town) -> None:
    planned(town, "wed 18:00", luis={"zone": "America/Phoenix"})

    town.days_pass(14)

    assert [when for when, _ in states(town)] == [
        "Wed Mar 04 18:00",
        "Wed Mar 11 18:00",
        "Wed Mar 18 18:00",
    ]
    told = [body for body in got(town, LUIS) if "talk with Rosa" in body]
    assert "Wed, Mar 4 at 5 pm your time" in told[0]
    assert "Wed, Mar 11 at 4 pm your time" in told[1]


@pytest.mark.parametrize(
    ("rhythm", "following"), [("two_weeks", "Thu Mar 19 16:00"), ("month", "Thu Apr 02 16:00")]
)
def test_the_next_talk_comes_by_the_rhythm_of_the_plan(
    town: Town, rhythm: str, following: str
) -> None:
    planned(town, rhythm=rhythm)

    until(town, THURSDAY + HOUR)

    assert states(town) == [("Thu Mar 05 16:00", "missed"), (following, "planned")]


def test_who_has_said_nothing_is_not_told_that_no_talk_came_about(town: Town) -> None:
    planned(town)

    until(town, THURSDAY + 5 * HOUR)

    assert got(town, ROSA) == [ASKED]
    assert town.tasks() == []
    assert town.phone(ROSA).calls == []


def test_the_other_does_not_answer_and_both_are_told_kindly(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    town.phone(LUIS, when_rung=no_answer())
    until(town, THURSDAY)
    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    town.emulator.advance(40)
    rosa.hears("Luis can't talk right now", "leave a voice note after the tone")
    rosa.records("I was here, till next week")
    rosa.presses("2")
    rosa.hangs_up()

    until(town, THURSDAY + HOUR)

    assert states(town)[0][1] == "missed"
    assert got(town, ROSA)[-1] == MISSED
    assert [body[:35] for body in got(town, LUIS)[-2:]] == [
        "Rosa left you a voice note. To hear",
        "You and Rosa had planned a talk at ",
    ]


def test_who_asked_to_be_rung_and_is_not_there_gets_no_blame_and_no_second_ring(
    town: Town,
) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    town.phone(ROSA, when_rung=no_answer())

    until(town, THURSDAY + 3 * HOUR)

    assert got(town, ROSA)[-1] == MISSED
    assert got(town, LUIS)[-1] == MISSED.replace("Luis", "Rosa")
    assert len(town.phone(ROSA).calls) == 1
    assert dialled(town) == []


def test_when_both_asked_the_second_is_rung_if_the_first_is_not_there(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    assert town.texts(LUIS, MAIN, "ring me") == ["Good. We will ring you at 4 pm."]
    town.phone(ROSA, when_rung=no_answer())
    until(town, THURSDAY + timedelta(minutes=4))
    luis = is_rung(town, LUIS)
    town.phone(ROSA, when_rung=manual())
    luis.presses("1")
    luis.hears("I am calling Rosa now")
    town.settle()
    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    talk_for(town, luis, rosa)

    until(town, THURSDAY + HOUR)

    assert states(town)[0][1] == "held"


def test_when_both_asked_only_the_first_is_rung_by_us(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    town.texts(LUIS, MAIN, "1")
    until(town, THURSDAY)
    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    rosa.hears("I am calling Luis now")
    town.settle()
    luis = is_rung(town, LUIS)
    luis.presses("1")
    talk_for(town, rosa, luis, seconds=600)

    until(town, THURSDAY + HOUR)

    assert len(town.phone(LUIS).calls) == 1
    assert outcomes(town, DueKind.TALK_RING)[:2] == ["P01 is rung", "they are talking"]


def test_who_talks_already_is_not_rung(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    until(town, THURSDAY - timedelta(minutes=1))
    luis, rosa = town.caller(LUIS), town.caller(ROSA)
    luis.calls(PAIRS[0])
    rosa.answers()
    rosa.presses("1")
    talk_for(town, luis, rosa)

    until(town, THURSDAY + HOUR)

    assert len(town.phone(ROSA).calls) == 1
    assert states(town)[0][1] == "held"


def test_a_few_words_hours_before_keep_nobody_from_being_rung(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    until(town, THURSDAY - 2 * HOUR)
    luis, rosa = town.caller(LUIS), town.caller(ROSA)
    luis.calls(PAIRS[0])
    rosa.answers()
    rosa.presses("1")
    talk_for(town, luis, rosa, seconds=20)

    until(town, THURSDAY)

    rosa = is_rung(town, ROSA)
    rosa.presses("2")
    town.settle()
    until(town, THURSDAY + HOUR)
    assert states(town)[0][1] == "missed"
    assert MISSED in got(town, ROSA)


def test_a_few_words_at_the_time_are_the_talk(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    until(town, THURSDAY)
    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    rosa.hears("I am calling Luis now")
    town.settle()
    luis = is_rung(town, LUIS)
    luis.presses("1")
    talk_for(town, rosa, luis, seconds=20)

    until(town, THURSDAY + HOUR)

    assert states(town)[0][1] == "held"


def test_who_calls_while_the_other_is_being_rung_for_it_hears_that_their_phone_will_ring(
    town: Town,
) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    until(town, THURSDAY)
    luis = town.caller(LUIS)
    luis.calls(PAIRS[0])
    luis.hears("Rosa is calling you right now. Please hang up and your phone will ring.")
    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    rosa.hears("I am calling Luis now")
    town.settle()
    luis = is_rung(town, LUIS)
    luis.presses("1")
    talk_for(town, rosa, luis)
    assert [contact.outcome for contact in contacts(town)][-1] is Outcome.TALKED


def test_who_is_in_the_menu_when_the_other_comes_to_it_is_told_to_hang_up_and_rung(
    town: Town,
) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    until(town, THURSDAY)
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.hears("To call Rosa press 1")
    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    rosa.hears("Luis is on another call right now. I will try again in a moment.")
    luis.presses("1")
    luis.hears("Rosa is calling you right now", "[call ended]")
    town.emulator.advance(12)
    luis = is_rung(town, LUIS)
    luis.presses("1")
    talk_for(town, rosa, luis)
    assert [contact.outcome for contact in contacts(town)][-2:] == [
        Outcome.NOT_RUNG,
        Outcome.TALKED,
    ]


def test_somebody_with_a_landline_is_asked_by_one_call_and_rung_at_the_time(town: Town) -> None:
    planned(town, rosa={"landline": True, "texts": False, "mode": Mode.VOICE})
    until(town, THURSDAY - 24 * HOUR)
    rosa = town.caller(ROSA)
    assert rosa.handset.ringing == MAIN
    rosa.answers()
    rosa.presses("1")
    rosa.hears("Your talk with Luis is Thu, Mar 5 at 4 pm your time", "To have us ring you press 1")
    rosa.presses("1")
    rosa.hears("We will ring you at 4 pm")
    rosa.hears("[call ended]")

    until(town, THURSDAY)

    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    rosa.hears("I am calling Luis now")
    assert got(town, ROSA) == []
