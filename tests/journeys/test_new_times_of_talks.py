"""A talk is moved: by a reply or by keys, and the other side learns of it in words."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from mentoring.models import Consent, DueKind, Mode
from telephony.emulator import manual, no_answer
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.talks import (
    HOUR,
    THURSDAY,
    drop_the_zone,
    got,
    is_rung,
    local,
    outcomes,
    planned,
    rosa_wants_to_be_rung,
    states,
    until,
)
from tests.journeys.test_changed_talks import change_of, to_tell
from tests.town import MAIN, Town


def test_a_new_time_by_text_is_told_to_the_other_and_asked_about_anew(town: Town) -> None:
    planned(town, luis={"zone": "America/Denver"})
    until(town, THURSDAY - 23 * HOUR)

    asked, moved = town.texts(ROSA, MAIN, "2", "Fri 6 pm")

    assert asked.startswith("What day and time would suit you?")
    assert moved == (
        "Your talk with Luis is now Fri, Mar 6 at 6 pm your time. We will tell Luis. We will ring"
        " you then."
    )
    assert got(town, LUIS)[-1] == (
        "Rosa asked for a new time. Your talk is now Fri, Mar 6 at 5 pm your time. If it does not"
        " suit you, text PERSON."
    )
    assert states(town) == [("Thu Mar 05 16:00", "moved"), ("Fri Mar 06 18:00", "planned")]
    until(town, THURSDAY + 4 * HOUR)
    assert "Your talk with Luis is Fri, Mar 6 at 6 pm your time." in got(town, ROSA)[-1]
    until(town, THURSDAY + 26 * HOUR)
    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    rosa.hears("I am calling Luis now")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("Friday the thirteenth at 6 pm", "I take the day of the week, not a date."),
        ("Friday, the sixth of March, at 6 pm", "I take the day of the week, not a date."),
        ("el otro viernes a las 6 pm", "I need the day of the week."),
        ("premier vendredi à 18h", "I need the day of the week."),
    ],
)
def test_a_date_in_words_books_no_talk_for_the_next_day_of_that_name(
    town: Town, told: str, why: str
) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)

    asked_again = town.texts(ROSA, MAIN, "2", told)[-1]

    assert asked_again.startswith(why)
    assert states(town) == [("Thu Mar 05 16:00", "reminded")]
    assert "is now Fri, Mar 6 at 6 pm" in town.texts(ROSA, MAIN, "Fri 6 pm")[-1]


def test_who_told_the_hour_first_is_not_booked_for_another_friday_either(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)

    assert "6 pm" not in town.texts(ROSA, MAIN, "2", "6 pm", "next Friday")[-1]

    assert states(town) == [("Thu Mar 05 16:00", "reminded")]
    assert "is now Fri, Mar 6 at 6 pm" in town.texts(ROSA, MAIN, "Friday")[-1]


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("viernes a las seis y veinticinco de la tarde", "6:25"),
        ("viernes a las seis y cuarenta de la tarde", "6:40"),
        ("viernes seis cincuenta pm", "6:50"),
        ("vendredi dix-huit heures quarante", "6:40"),
        ("vendredi dix-huit heures cinquante", "6:50"),
    ],
)
def test_minutes_in_words_count(town: Town, told: str, at: str) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    said = town.texts(ROSA, MAIN, "2", told)[-1]
    assert f"is now Fri, Mar 6 at {at} pm your time" in said


def test_whoever_asked_to_be_rung_is_rung_at_the_new_time_if_who_moved_it_is_not_there(
    town: Town,
) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    town.phone(LUIS, when_rung=no_answer())
    town.texts(LUIS, MAIN, "2", "today 7 pm")
    new_time = THURSDAY - 21 * HOUR

    until(town, new_time + timedelta(minutes=4))

    town.phone(LUIS, when_rung=manual())
    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    rosa.hears("I am calling Luis now")
    assert outcomes(town, DueKind.TALK_RING)[:2] == ["M01 is rung", "P01 is rung"]


def test_whoever_wants_no_automated_calls_may_move_a_talk_and_is_not_rung(town: Town) -> None:
    planned(town)
    with town.db.transaction() as session:
        session.execute(update(Consent).where(Consent.part == "C2").values(agreed=False))
    until(town, THURSDAY - 23 * HOUR)
    moved = town.texts(ROSA, MAIN, "2", "today 7 pm")[-1]
    assert moved.endswith("We will tell Luis.")

    until(town, THURSDAY - 20 * HOUR)

    assert town.phone(ROSA).calls == []


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


@pytest.mark.parametrize(
    ("zone", "named", "is_taken"),
    [
        ("America/Chicago", "tomorrow 8 am", False),
        ("America/Chicago", "tomorrow 8:30 am", True),
        # Where Luis is it is evening still, or morning by then.
        ("America/Denver", "tomorrow 9 am", True),
        ("America/New_York", "tomorrow 8 am", True),
    ],
)
def test_at_night_no_time_is_set_of_which_the_other_could_not_learn(
    town: Town, zone: str, named: str, is_taken: bool
) -> None:
    planned(town, luis={"zone": zone})
    until(town, THURSDAY - 18.5 * HOUR)
    before = len(got(town, LUIS))

    said = town.texts(ROSA, MAIN, "2", named)

    assert ("Your talk with Luis is now" in said[-1]) is is_taken
    assert said[1].startswith("That time is too close") is not is_taken
    until(town, THURSDAY - 7.25 * HOUR)
    told = [body for body in got(town, LUIS, before) if "asked for a new time" in body]
    assert len(told) == is_taken


def test_at_night_the_time_that_stands_already_may_be_named(town: Town) -> None:
    planned(town, "thu 08:00")
    until(town, THURSDAY - 18.5 * HOUR)

    said = town.texts(ROSA, MAIN, "2", "tomorrow 8 am")

    assert said[-1] == "Good. Your talk with Luis stays Thu, Mar 5 at 8 am your time."


def test_staff_tell_of_a_new_time_before_it_is_over(town: Town) -> None:
    planned(town, luis={"landline": True, "texts": False, "mode": Mode.VOICE})
    with town.db.transaction() as session:
        session.execute(update(Consent).where(Consent.part == "C2").values(agreed=False))
    until(town, THURSDAY - 23 * HOUR)

    town.texts(ROSA, MAIN, "2", "tomorrow 9 am")

    (task,) = [task for task in town.tasks() if task.rule == "talk"]
    assert task.words == "Tell M01: their talk is now Thu, Mar 5 at 9 am there."
    assert local(task.due_at) == "Thu Mar 05 08:00"


def test_who_moves_it_again_by_themselves_need_not_be_told_by_staff(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    drop_the_zone(town, LUIS)
    town.texts(ROSA, MAIN, "2", "Fri 6 pm")
    assert len(to_tell(town)) == 1
    change_of(town, LUIS, zone="America/Chicago")
    town.days_pass(1.1)

    said = town.texts(LUIS, MAIN, "2", "Sat 4 pm")[-1]

    assert said.startswith("Your talk with Rosa is now Sat, Mar 7")
    assert to_tell(town) == []


def test_tomorrow_is_the_day_after_it_was_said_also_when_the_hour_comes_on_that_day(
    town: Town,
) -> None:
    planned(town, "fri 16:00")
    until(town, THURSDAY + HOUR)
    asked = town.texts(ROSA, MAIN, "2", "tomorrow")[-1]
    assert asked.startswith("At what time?")

    town.days_pass(0.7)
    moved = town.texts(ROSA, MAIN, "7 pm")[-1]

    assert moved.startswith("Your talk with Luis is now Fri, Mar 6 at 7 pm your time.")


def test_a_day_that_has_passed_before_its_hour_was_told_is_asked_for_again(town: Town) -> None:
    planned(town, "fri 16:00")
    until(town, THURSDAY + HOUR)
    town.texts(ROSA, MAIN, "2", "today")

    town.days_pass(0.7)
    said = town.texts(ROSA, MAIN, "7 pm")

    assert said[0].startswith("That time is too close, or it has passed")


def test_the_same_time_again_moves_nothing_and_bothers_nobody(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    before = len(got(town, LUIS))

    said = town.texts(ROSA, MAIN, "2", "Thu 4 pm")

    assert said[-1] == "Good. Your talk with Luis stays Thu, Mar 5 at 4 pm your time."
    assert len(got(town, LUIS)) == before
    assert states(town) == [("Thu Mar 05 16:00", "reminded")]


def both_would_move(town: Town) -> None:
    """Both have said that they want a new time, and Rosa is the first to name one."""
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    town.texts(LUIS, MAIN, "2")
    assert town.texts(ROSA, MAIN, "2", "Fri 6 pm")[-1].startswith("Your talk with Luis is now Fri")


def test_of_two_new_times_the_later_one_stands_and_is_told(town: Town) -> None:
    both_would_move(town)

    (said,) = town.texts(LUIS, MAIN, "Fri 5 pm")

    assert said.startswith("Your talk with Rosa is now Fri, Mar 6 at 5 pm your time.")
    assert "Luis asked for a new time. Your talk is now Fri, Mar 6 at 5 pm" in got(town, ROSA)[-1]
    assert [state for _, state in states(town)] == ["moved", "moved", "planned"]
    assert states(town)[-1][0] == "Fri Mar 06 17:00"


def test_at_night_who_moves_it_again_is_not_told_of_the_time_before(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 18 * HOUR)
    town.texts(LUIS, MAIN, "2")
    town.texts(ROSA, MAIN, "2", "Fri 6 pm")
    before = len(got(town, LUIS))
    town.texts(LUIS, MAIN, "Fri 5 pm")

    until(town, THURSDAY - HOUR)

    assert len(got(town, LUIS)) == before + 1
    assert "Luis asked for a new time. Your talk is now Fri, Mar 6 at 5 pm" in got(town, ROSA)[-1]


def test_who_asks_to_be_rung_for_a_talk_that_was_moved_hears_its_day(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.hears("Your talk with Rosa is Thu, Mar 5 at 4 pm")
    town.texts(ROSA, MAIN, "2", "Fri 6 pm")

    luis.presses("1")

    luis.hears("Good. Your talk with Rosa is Fri, Mar 6 at 6 pm your time. We will ring you then.")


def test_an_answer_that_comes_after_the_talk_is_no_answer_to_it(town: Town) -> None:
    planned(town)
    until(town, THURSDAY + HOUR)

    (said,) = town.texts(ROSA, MAIN, "1")

    assert "Luis" in said
    assert "ring" not in said
    assert states(town)[1] == ("Thu Mar 12 16:00", "planned")


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
    rosa.hears("is now Fri, Mar 6 at 6 pm your time", "We will tell Luis")
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


def test_nobody_hears_that_the_other_was_told_while_staff_are_still_to_tell(town: Town) -> None:
    planned(town, luis={"landline": True, "texts": False, "mode": Mode.VOICE})
    with town.db.transaction() as session:
        session.execute(update(Consent).where(Consent.part == "C2").values(agreed=False))
    until(town, THURSDAY - 23 * HOUR)

    said = town.texts(ROSA, MAIN, "2", "tomorrow 6 pm")[-1]

    assert to_tell(town) == ["Tell M01: their talk is now Thu, Mar 5 at 6 pm there."]
    assert said == "Your talk with Luis is now Thu, Mar 5 at 6 pm your time. We will tell Luis."
