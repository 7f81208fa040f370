"""Talks: planned by the plan, told of a day before, rung by the service if somebody wants that."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.matches import close_match, move_match
from mentoring.models import (
    Answer,
    ClosureReason,
    Consent,
    ContactKind,
    DueKind,
    Match,
    MatchState,
    Mode,
    OptOutKind,
    Outcome,
    Role,
)
from mentoring.optouts import refuse
from mentoring.people import find_phone
from telephony.emulator import no_answer
from tests.journeys.cast import LUIS, ROSA, contacts, dialled, hold
from tests.journeys.talks import (
    ASKED,
    THURSDAY,
    got,
    outcomes,
    planned,
    states,
    talk_for,
    until,
)
from tests.phone import Caller
from tests.town import MAIN, PAIRS, Town

HOUR = timedelta(hours=1)
MISSED = (
    "You and Luis had planned a talk at 4 pm. It did not come about this time. That happens."
    " Call or text here to set a new time."
)


def move(town: Town, match: Match, to: MatchState) -> None:
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        move_match(session, row, to, actor="staff", reason="test", now=town.clock.now())


def rosa_wants_to_be_rung(town: Town) -> None:
    """Let the day before come, and Rosa reply 1."""
    until(town, THURSDAY - 23 * HOUR)
    assert town.texts(ROSA, MAIN, "1") == ["Good. We will ring you at 4 pm."]


def is_rung(town: Town, number: str) -> Caller:
    caller = town.caller(number)
    assert caller.handset.ringing == PAIRS[0]
    caller.answers()
    return caller


def test_from_the_plan_to_the_question_how_it_went(town: Town) -> None:
    match = town.match(
        town.person(Role.PROTEGE, "Rosa", ROSA), town.person(Role.MENTOR, "Luis", LUIS)
    )
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        move_match(
            session, row, MatchState.EARLY, actor="system", reason="met", now=town.clock.now()
        )
    # Twelve hours after the opening it is night; both are asked for their plan in the morning.
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
    town.phone(ROSA, when_rung=None)
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


def test_a_new_time_by_text_is_told_to_the_other_and_asked_about_anew(town: Town) -> None:
    planned(town, luis={"zone": "America/Denver"})
    until(town, THURSDAY - 23 * HOUR)

    asked, moved = town.texts(ROSA, MAIN, "2", "Fri 6 pm")

    assert asked.startswith("What day and time would suit you?")
    assert moved == ("Your talk with Luis is now Fri, Mar 6 at 6 pm your time. We have told Luis.")
    assert got(town, LUIS)[-1] == (
        "Rosa asked for a new time. Your talk is now Fri, Mar 6 at 5 pm your time. If it does not"
        " suit you, text PERSON."
    )
    assert states(town) == [("Thu Mar 05 16:00", "moved"), ("Fri Mar 06 18:00", "planned")]
    until(town, THURSDAY + 4 * HOUR)
    assert "Your talk with Luis is Fri, Mar 6 at 6 pm your time." in got(town, ROSA)[-1]
    assert town.texts(LUIS, MAIN, "1") == ["Good. We will ring you at 5 pm."]
    until(town, THURSDAY + 26 * HOUR)
    luis = is_rung(town, LUIS)
    luis.presses("1")
    luis.hears("I am calling Rosa now")


def test_after_a_move_the_plan_does_not_bring_back_the_time_that_did_not_suit(
    town: Town,
) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    town.texts(ROSA, MAIN, "2", "today 7 pm")

    until(town, THURSDAY + HOUR)

    assert states(town) == [
        ("Thu Mar 05 16:00", "moved"),
        ("Wed Mar 04 19:00", "missed"),
        ("Thu Mar 12 16:00", "planned"),
    ]


def test_a_time_that_has_passed_or_is_at_night_for_the_other_is_asked_again(town: Town) -> None:
    planned(town, luis={"zone": "America/New_York"})
    until(town, THURSDAY - 23 * HOUR)

    said = town.texts(ROSA, MAIN, "2", "today 9 am", "Fri 8:30 pm", "Fri 6 pm")

    assert [body[:36] for body in said] == [
        "What day and time would suit you? Te",
        "That time is too close, or it has pa",
        "What day and time would suit you? Te",
        "At that time it is early or late for",
        "What day and time would suit you? Te",
        "Your talk with Luis is now Fri, Mar ",
    ]
    assert [state for _, state in states(town)] == ["moved", "planned"]


def test_the_same_time_again_moves_nothing_and_bothers_nobody(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    before = len(got(town, LUIS))

    said = town.texts(ROSA, MAIN, "2", "Thu 4 pm")

    assert said[-1] == "Good. Your talk with Luis stays Thu, Mar 5 at 4 pm your time."
    assert len(got(town, LUIS)) == before
    assert states(town) == [("Thu Mar 05 16:00", "reminded")]


def test_an_answer_that_comes_after_the_talk_is_no_answer_to_it(town: Town) -> None:
    planned(town)
    until(town, THURSDAY + HOUR)

    (said,) = town.texts(ROSA, MAIN, "1")

    assert "Luis" in said
    assert "ring" not in said
    assert states(town)[1] == ("Thu Mar 12 16:00", "planned")


@pytest.mark.parametrize("to", [MatchState.PAUSED, MatchState.SAFETY_HOLD])
def test_what_waits_is_called_off_when_the_match_rests_and_planned_anew_after_it(
    town: Town, to: MatchState
) -> None:
    match = planned(town)
    rosa_wants_to_be_rung(town)
    move(town, match, to)
    until(town, THURSDAY - HOUR)
    move(town, match, MatchState.EARLY)
    assert [state for _, state in states(town)] == ["cancelled", "planned"]

    until(town, THURSDAY + 2 * HOUR)

    assert town.phone(ROSA).calls == []
    assert "did not come about" not in got(town, ROSA)[-1]


def test_a_hold_between_the_ring_and_the_answer_keeps_them_apart(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    until(town, THURSDAY)
    rosa = is_rung(town, ROSA)
    hold(town)
    rosa.presses("1")
    rosa.hears("I am calling our staff now")
    assert dialled(town) == ["+15155550190"]


def test_a_match_that_is_closed_has_no_talks_any_more(town: Town) -> None:
    match = planned(town)
    rosa_wants_to_be_rung(town)
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        reason = ClosureReason.GOAL_MET
        close_match(session, row, reason=reason, actor="staff", now=town.clock.now())

    until(town, THURSDAY + 3 * HOUR)

    assert [state for _, state in states(town)] == ["cancelled"]
    assert town.phone(ROSA).calls == []


def test_doubled_ticks_ring_once_and_tell_once(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    until(town, THURSDAY)
    for _ in range(3):
        town.ticker.drain()
        town.settle()
    rosa = is_rung(town, ROSA)
    rosa.presses("2")
    rosa.hears("[call ended]")
    for _ in range(3):
        until(town, THURSDAY + HOUR)
        town.ticker.drain()
        town.settle()
    assert got(town, ROSA).count(MISSED) == 1
    assert len(town.phone(ROSA).calls) == 1


def test_a_worker_that_was_away_for_days_reminds_of_nothing_that_is_over(town: Town) -> None:
    planned(town)

    town.emulator.advance(4 * 24 * 3600)
    town.settle()

    assert not [body for body in got(town, ROSA) if "talk with Luis" in body]
    assert states(town) == [("Thu Mar 05 16:00", "missed"), ("Thu Mar 12 16:00", "planned")]


def test_a_worker_that_was_away_rings_nobody_late_and_tells_nobody_late(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    before = len(got(town, ROSA))

    town.emulator.advance(3 * 24 * 3600)
    town.settle()

    assert town.phone(ROSA).calls == []
    assert not [body for body in got(town, ROSA, before) if "had planned" in body]


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


def test_somebody_with_a_landline_sets_a_new_time_by_the_keys(town: Town) -> None:
    planned(town, rosa={"landline": True, "texts": False, "mode": Mode.VOICE})
    until(town, THURSDAY - 24 * HOUR)
    rosa = town.caller(ROSA)
    rosa.answers()
    rosa.presses("1")
    rosa.presses("2")
    rosa.hears("What day and time would suit you?")
    rosa.says("friday at 6 pm")
    rosa.presses("1")
    rosa.hears("is now Fri, Mar 6 at 6 pm your time", "We have told Luis")
    town.settle()
    assert "Fri, Mar 6 at 6 pm" in got(town, LUIS)[-1]


def test_the_other_who_takes_no_texts_is_told_of_a_new_time_by_a_call(town: Town) -> None:
    planned(town, "fri 16:00", luis={"landline": True, "texts": False, "mode": Mode.VOICE})
    until(town, THURSDAY + HOUR)
    before = len(town.phone(LUIS).calls)
    town.texts(ROSA, MAIN, "2", "Mon 6 pm")
    until(town, THURSDAY + 16 * HOUR)
    luis = town.phone(LUIS)
    assert len(luis.calls) == before + 1
    assert luis.calls[-1].shown == MAIN


def test_a_pair_of_which_one_only_reads_texts_is_offered_no_call(town: Town) -> None:
    planned(town, luis={"mode": Mode.TEXT})

    until(town, THURSDAY + 5 * HOUR)

    for number, other in ((ROSA, "Luis"), (LUIS, "Rosa")):
        (told,) = got(town, number)
        assert told == (
            f"You and {other} plan to be in touch Thu, Mar 5 at 4 pm your time. Just text on the"
            " line you two share."
        )


def test_where_others_may_read_a_text_no_name_and_no_time_is_told(town: Town) -> None:
    planned(town, rosa={"shared": True})

    until(town, THURSDAY - 23 * HOUR)

    assert got(town, ROSA) == [
        "A question is waiting for you. Text MENU to go on, or LATER to wait."
    ]


def test_who_has_another_question_open_is_told_without_being_asked(town: Town) -> None:
    planned(town, "mon 16:00")
    until(town, THURSDAY + 24 * HOUR)
    assert "talked or texted yet" in got(town, ROSA)[-1]

    until(town, THURSDAY + 90 * HOUR)

    assert (
        "Your talk with Luis is Mon, Mar 9 at 4 pm your time. To talk, just call this number"
        in (" ".join(got(town, ROSA)))
    )
    assert town.texts(ROSA, MAIN, "1")[0].startswith("Thank you, Rosa.")


def test_a_talk_that_somebody_asked_for_needs_no_consent_to_automated_calls_and_no_turn(
    town: Town,
) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    with town.db.transaction() as session:
        for consent in session.scalars(select(Consent).where(Consent.part == "C2")):
            consent.agreed = False

    until(town, THURSDAY)

    assert town.phone(ROSA).ringing == PAIRS[0]


def test_who_wants_no_automated_calls_is_promised_none(town: Town) -> None:
    planned(town)
    with town.db.transaction() as session:
        phone = find_phone(session, ROSA)
        assert phone is not None
        refuse(session, phone, OptOutKind.CALLS, source="voice", now=town.clock.now())
    until(town, THURSDAY - 23 * HOUR)

    (said,) = town.texts(ROSA, MAIN, "1")

    assert said.startswith("You asked us not to call this phone")
    until(town, THURSDAY + HOUR)
    assert town.phone(ROSA).calls == []
