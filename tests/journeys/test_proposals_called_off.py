"""A proposal that is called off, or that could never be asked, counts for nothing."""

import pytest

from mentoring.models import BarReason, Mode, PersonState
from mentoring.people import move_person, person_with_code
from mentoring.proposals.apart import keep_apart
from mentoring.proposals.opening import bring_together
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.ending import got, rules, state_at
from tests.journeys.proposing import (
    both_text,
    luis_is_free,
    proposals,
    rosa_waits,
    staff_propose,
    staff_withdraw,
)
from tests.town import MAIN, Town

CLOSED = "Thank you for your answer. That match idea is closed by now."


def set_zone(town: Town, code: str, zone: str | None) -> None:
    """Let a time zone be lost, or found."""
    with town.db.transaction() as session:
        person_with_code(session, code).zone = zone


def test_whom_a_lost_zone_keeps_from_being_asked_has_not_failed_to_answer(town: Town) -> None:
    both_text(town)
    town.clock.advance(11 * 3600)  # It is night: nobody is asked now.
    staff_propose(town)
    set_zone(town, "P01", None)
    town.days_pass(7.5)
    assert got(town, ROSA) == []
    assert (state_at(town, ROSA), proposals(town)) == (
        "waiting",
        [("lapsed", "could not be asked")],
    )
    words = [task.words for task in town.tasks() if task.rule == "proposal"]
    assert words == ["P01 could not be asked about M01 in time. Look again for P01."]


def test_whom_nothing_of_ours_reaches_is_named_to_staff_and_lapses_unasked(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT, safe_contact=3)
    luis_is_free(town, mode=Mode.TEXT)
    staff_propose(town)
    assert town.tasks()[0].words.startswith("P01 gets no texts and no calls from us.")
    town.days_pass(8)
    assert got(town, ROSA) == []
    assert proposals(town) == [("lapsed", "could not be asked")]
    assert state_at(town, ROSA) == "waiting"


def test_who_comes_by_themselves_was_asked_though_nothing_of_ours_reaches_them(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT, safe_contact=3)
    luis_is_free(town, mode=Mode.TEXT)
    staff_propose(town)
    said = town.texts(ROSA, MAIN, "MENU")
    assert any(text.startswith("We may have a mentor for you") for text in said)
    town.days_pass(4)
    assert proposals(town) == [("lapsed", "no answer")]


def test_a_mentor_who_could_not_be_asked_hears_nothing_and_the_protege_that_we_look_on(
    town: Town,
) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT, safe_contact=3)
    staff_propose(town)
    town.texts(ROSA, MAIN, "1")
    town.days_pass(8)
    assert got(town, LUIS) == []
    assert got(town, ROSA)[-1].startswith("BridgeLine: that match did not work out.")
    assert (state_at(town, ROSA), state_at(town, LUIS)) == ("waiting", "available")


@pytest.mark.parametrize("answer", ["1", "2", "3", "tell me more"])
def test_after_it_is_off_any_answer_is_met_kindly_and_nothing_more_is_asked(
    town: Town, answer: str
) -> None:
    both_text(town)
    staff_propose(town)
    staff_withdraw(town)
    (said,) = town.texts(ROSA, MAIN, answer)
    assert said.startswith(CLOSED)
    assert got(town, LUIS) == []
    assert state_at(town, ROSA) == "waiting"


def test_who_calls_after_it_is_off_is_not_offered_it(town: Town) -> None:
    rosa_waits(town, mode=Mode.BOTH)
    luis_is_free(town, mode=Mode.TEXT)
    staff_propose(town)
    staff_withdraw(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("Hello again")
    rosa.hears("To tell us something")
    assert not any("Luis" in caption.text for caption in town.phone(ROSA).heard)
    rosa.hangs_up()


def test_who_asks_for_the_menu_after_it_is_off_gets_the_menu(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    staff_withdraw(town)
    (menu,) = town.texts(ROSA, MAIN, "MENU")
    assert "Luis" not in menu


def test_a_yes_to_somebody_from_whom_they_are_kept_apart_asks_nobody(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    with town.db.transaction() as session:
        keep_apart(
            session,
            person_with_code(session, "P01"),
            person_with_code(session, "M01"),
            reason=BarReason.FAMILY,
            actor="staff:Charlotte",
            now=town.clock.now(),
        )
    town.settle()
    assert got(town, ROSA)[-1].startswith("BridgeLine: that match did not work out.")
    assert town.texts(ROSA, MAIN, "1")[0].startswith(CLOSED)
    assert got(town, LUIS) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [("1", "Thank you! You and Luis are a match."), ("2", "OK. Our staff will text or call you")],
)
def test_an_answer_after_staff_have_opened_the_match_is_not_told_that_it_is_off(
    town: Town, answer: str, said: str
) -> None:
    both_text(town)
    staff_propose(town)
    with town.db.transaction() as session:
        bring_together(
            session,
            protege=person_with_code(session, "P01"),
            mentor=person_with_code(session, "M01"),
            actor="staff:Charlotte",
            now=town.clock.now(),
        )
    town.settle()
    assert town.texts(ROSA, MAIN, answer)[0].startswith(said)
    assert state_at(town, ROSA) == "matched"
    assert ("proposal" in rules(town)) is (answer == "2")


def test_a_yes_right_after_the_own_pause_asks_nobody(town: Town) -> None:
    both_text(town)
    staff_propose(town)
    with town.db.transaction() as session:
        rosa = person_with_code(session, "P01")
        now = town.clock.now()
        move_person(session, rosa, PersonState.PAUSED, actor="staff", reason="away", now=now)
    town.texts(ROSA, MAIN, "1")
    assert got(town, LUIS) == []
    (task,) = [task for task in town.tasks() if task.rule == "proposal"]
    assert task.words == "P01 said yes to M01 and is paused by now. Look again."
