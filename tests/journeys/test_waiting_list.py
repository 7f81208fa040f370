"""Waiting for a mentor: news every two weeks by text and by phone, and what people answer (3.9)."""

from datetime import timedelta

import pytest

from mentoring.models import Mode, PersonState, Role
from tests.journeys.cast import DENISE, LUIS, ROSA, person_at
from tests.journeys.ending import got, invitations, moves_of_person, rules
from tests.journeys.service_calls import queue, rings
from tests.town import MAIN, Town

STILL = (
    "BridgeLine: you are still on our list. Reply 1 to stay, 2 for a group call while you wait,"
    " 3 to be open to more kinds of mentor, 4 to leave."
)


def rosa_waits(town: Town, days: float = 14) -> None:
    """Rosa reads texts and waits for so long; 17 days from a Tuesday is no weekend."""
    town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT)
    town.ticker.oversee()
    town.days_pass(days)


def test_after_two_weeks_somebody_hears_that_they_are_not_forgotten(town: Town) -> None:
    rosa_waits(town, 13)
    assert got(town, ROSA) == []
    town.days_pass(1.1)
    assert got(town, ROSA) == [STILL]
    assert town.texts(ROSA, MAIN, "stay") == [
        "Good. You keep your place. We go on looking, and will text or call in 2 weeks.",
        "While you wait: short tips from mentors. New this week: benefits. Text MENU, then reply"
        " 4.",
    ]
    assert person_at(town, ROSA).state is PersonState.WAITING
    assert rules(town) == []


def test_news_come_on_days_14_30_44_and_58_whether_or_not_anybody_answers(town: Town) -> None:
    rosa_waits(town, 60)
    begun = person_at(town, ROSA).state_since
    days = sorted(
        (each.due_at - begun).days
        for flow in ("waiting_update", "waiting_long")
        for each in invitations(town, flow)
    )
    assert days == [14, 30, 44, 58]
    assert len(got(town, ROSA)) == 4


def test_after_a_month_staff_promise_a_call_and_have_an_alert_about_it(town: Town) -> None:
    rosa_waits(town, 30.1)
    assert got(town, ROSA)[-1] == (
        "BridgeLine: we have no match for you yet. That is on us, not you. Our staff will call or"
        " text by Thu, Apr 9. For a group call till then reply 1, for none 2."
    )
    (alert,) = [task for task in town.tasks() if task.rule == "O17"]
    assert alert.due_at - person_at(town, ROSA).state_since > timedelta(days=30)
    town.ticker.oversee()
    assert rules(town).count("O17") == 1
    promised, tips = town.texts(ROSA, MAIN, "1")
    assert tips.startswith("While you wait: short tips from mentors. New this week: ")
    assert promised.startswith("Good. Our staff will tell you about group calls by")
    assert "referral" in rules(town)


def test_a_landline_is_rung_and_keys_alone_are_enough(town: Town) -> None:
    town.person(Role.PROTEGE, "Denise", DENISE, mode=Mode.VOICE, landline=True, texts=False)
    town.ticker.oversee()
    denise = town.until_it_rings(DENISE, days=20)
    denise.answers()
    denise.presses("1")
    denise.hears("You are still on our list.", "To stay press 1", "To leave press 4")
    denise.presses("3")
    denise.hears("Thank you. That makes it more likely.", "[call ended]")
    denise_is = person_at(town, DENISE)
    assert (denise_is.state, denise_is.profile["open_to_more"]) == (PersonState.WAITING, "yes")
    assert rules(town) == ["waiting"]


@pytest.mark.parametrize("is_matched", [True, False])
def test_who_was_called_that_day_is_rung_the_next_day_if_she_waits_still(
    town: Town, *, is_matched: bool
) -> None:
    denise = town.person(
        Role.PROTEGE, "Denise", DENISE, mode=Mode.VOICE, landline=True, texts=False
    )
    town.ticker.oversee()
    town.days_pass(13.95)
    queue(town, denise)
    rings(town, DENISE).hangs_up()
    town.days_pass(0.5)
    if is_matched:
        town.match(denise, town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT))

    phone = town.phone(DENISE)
    town.days_pass(1, until=lambda: phone.ringing is not None)

    assert (phone.ringing is None) is is_matched


def test_nobody_leaves_by_a_slip(town: Town) -> None:
    rosa_waits(town)
    assert town.texts(ROSA, MAIN, "4") == [
        "Do you want to leave our list? You would give up your place. Reply 1 to leave, 2 to stay."
    ]
    assert town.texts(ROSA, MAIN, "2")[0].startswith("Good. You keep your place.")
    assert person_at(town, ROSA).state is PersonState.WAITING


def test_whoever_is_sure_leaves_and_hears_nothing_more(town: Town) -> None:
    rosa_waits(town)
    assert town.texts(ROSA, MAIN, "4", "1")[-1].startswith("OK. You are off our list")
    assert moves_of_person(town, ROSA)[-1] == ("waiting", "exited", "P01")
    told = len(got(town, ROSA))
    town.ticker.oversee()
    town.days_pass(40)
    assert got(town, ROSA, after=told) == []


def test_whoever_is_matched_is_not_asked_about_the_wait_and_answers_change_nothing(
    town: Town,
) -> None:
    rosa_waits(town)
    town.match(person_at(town, ROSA), town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT))
    # A late answer lands on its own question; the match stays.
    town.texts(ROSA, MAIN, "4", "1")
    assert person_at(town, ROSA).state is PersonState.MATCHED
    town.days_pass(20)
    assert STILL not in got(town, ROSA)[1:]


def test_an_old_question_about_the_wait_makes_room_for_those_of_the_match(town: Town) -> None:
    rosa_waits(town)
    town.match(person_at(town, ROSA), town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT))
    town.days_pass(4)
    assert any("Have you and Luis talked or texted yet?" in text for text in got(town, ROSA))


@pytest.mark.parametrize("word", ["PERSON", "WORRY"])
def test_a_person_is_one_word_away_and_the_place_is_kept(town: Town, word: str) -> None:
    rosa_waits(town)
    town.texts(ROSA, MAIN, word)
    assert person_at(town, ROSA).state is PersonState.WAITING
    assert set(rules(town)) <= {"O8", "O10"}
    assert rules(town)
