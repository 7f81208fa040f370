"""Before the programme is live everybody hears so, and a person can be reached all the same."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from mentoring.db import Database
from mentoring.models import Person, Role
from mentoring.programme_editions import change_programme, newest_edition
from telephony.emulator import WITHHELD
from tests.journeys.cast import KIM, ROSA
from tests.town import MAIN, STAFF, Town


@pytest.fixture
def too_early(town: Town) -> Town:
    """A town whose staff are still setting the programme up."""
    town.db.programme = replace(town.db.programme, is_live=False)
    return town


def set_elsewhere(town: Town, *, live: bool = False, **facts: Any) -> None:
    """Let another process of ours set facts: what the site has put together does not know it."""
    other = Database(town.db.bind, vault=town.db.vault, programme=town.db.default)
    with other.transaction() as session:
        before = newest_edition(session)
        change_programme(
            session,
            facts,
            follows=before.id if before else 0,
            what="a test",
            actor="staff:Charlotte",
            now=town.clock.now(),
            live=live,
        )


def nobody_is_taken_on(town: Town) -> bool:
    with town.db.transaction() as session:
        return session.scalar(select(Person.id)) is None


def test_a_caller_hears_that_it_has_not_started_and_may_leave_it(too_early: Town) -> None:
    kim = too_early.caller(KIM)
    kim.calls(MAIN)
    kim.hears("BridgeLine", "We have not started yet", "For a person", "press 3")
    kim.presses("*")
    kim.hears("For a person", "press 3")
    kim.presses("4")
    kim.hears("That is fine", "[call ended]")

    assert nobody_is_taken_on(too_early)
    assert too_early.tasks() == []


@pytest.mark.parametrize("way", ["0", "3", "silence"])
def test_a_caller_reaches_a_person_by_key_and_by_silence(too_early: Town, way: str) -> None:
    kim, staff = too_early.caller(KIM), too_early.caller(STAFF)
    kim.calls(MAIN)
    if way == "silence":
        for _ in range(3):
            kim.waits()
    else:
        kim.presses(way)
    staff.answers()
    staff.presses("1")
    kim.talks("When do you start?")

    staff.hears("When do you start?")


def test_a_hidden_number_hears_the_same_and_reaches_a_person(too_early: Town) -> None:
    kim = too_early.caller(KIM)
    kim.calls(MAIN, from_override=WITHHELD)
    kim.hears("We have not started yet")
    kim.presses("1")

    assert too_early.caller(STAFF).handset.ringing == MAIN


def test_a_caller_who_speaks_is_understood(too_early: Town) -> None:
    kim = too_early.caller(KIM)
    kim.calls(MAIN)
    kim.says("a person please")

    assert too_early.caller(STAFF).handset.ringing == MAIN


def test_a_text_is_answered_and_no_question_stays_open(too_early: Town) -> None:
    (answer,) = too_early.texts(KIM, MAIN, "Hello, I want to ask something")
    assert answer == (
        "BridgeLine has not started yet. We can tell you when we do. Reply 1 to get a mentor,"
        " 2 to be a mentor, 3 for a person, 4 to leave it."
    )
    too_early.texts(KIM, MAIN, "PERSON", "3")
    assert [task.rule for task in too_early.tasks()] == ["O8", "O8"]
    set_elsewhere(too_early, live=True)
    (welcome, *_) = too_early.texts(KIM, MAIN, "1")

    assert "Reply 1" in welcome
    assert nobody_is_taken_on(too_early)


def test_whoever_is_with_us_already_is_asked_nothing(too_early: Town) -> None:
    too_early.person(Role.PROTEGE, "Rosa", ROSA)
    (answer,) = too_early.texts(ROSA, MAIN, "Hello")

    assert answer == (
        "BridgeLine has not started yet. Please try again in a few weeks."
        " For a person, text PERSON or call 515 555 0100."
    )


def test_what_is_set_elsewhere_counts_from_the_next_call_on(too_early: Town) -> None:
    set_elsewhere(too_early, org_name="Rivers", live=True)
    kim = too_early.caller(KIM)
    kim.calls(MAIN)
    kim.hears("Rivers")
    kim.hears_none_of("not started")
    kim.hangs_up()
    set_elsewhere(too_early, org_name="Lakes")
    kim.calls(MAIN)

    kim.hears("Lakes")
