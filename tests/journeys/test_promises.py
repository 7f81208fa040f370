"""What the line says it will do, it does: asking again, and calls by staff."""

import pytest
from sqlalchemy import select

from mentoring.models import Delivery, Mode, Outcome, PersonState, Role
from tests.journeys.cast import KIM, LUIS, ROSA, contacts, goes_through, hold, pair
from tests.town import MAIN, PAIRS, Town

DAY = 24 * 3600
PART_ONE = ("Hi", "1", "1", "1", "1", "1", "1", "1", "Kim", "2", "1", "1")
WAITING = "A question is waiting for you. Text MENU to go on, or LATER to wait."


def inbox(town: Town, number: str = KIM) -> list[str]:
    return [text.body for text in town.phone(number).inbox]


def test_later_is_asked_again_in_two_days_with_the_question_itself(town: Town) -> None:
    (*_, question) = town.texts(KIM, MAIN, *PART_ONE, "1")
    assert question.startswith("Where is your business now?")
    assert town.texts(KIM, MAIN, "LATER") == [
        "No rush. I will ask again in 2 days. Text MENU to go on sooner."
    ]
    before = len(inbox(town))
    town.pass_time(2 * DAY - 60)
    assert len(inbox(town)) == before
    town.pass_time(120)
    assert inbox(town)[before:] == [f"{WAITING} {question}"]
    (following,) = town.texts(KIM, MAIN, "3")
    assert following.startswith("In a few words, what does your business make or do?")


def test_a_question_that_was_answered_meanwhile_is_not_asked_again(town: Town) -> None:
    town.texts(KIM, MAIN, *PART_ONE, "1", "LATER")
    town.texts(KIM, MAIN, "3")
    before = len(inbox(town))
    town.pass_time(4 * DAY)
    assert len(inbox(town)) == before


def test_a_question_that_was_answered_by_phone_meanwhile_is_not_asked_again(town: Town) -> None:
    town.texts(KIM, MAIN, *PART_ONE, "1", "LATER")
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("3")
    kim.hangs_up()
    before = len(inbox(town))
    town.pass_time(4 * DAY)
    assert len(inbox(town)) == before


def test_of_two_laters_the_newest_counts_and_each_reminder_can_be_put_off(town: Town) -> None:
    town.texts(KIM, MAIN, *PART_ONE, "1", "LATER")
    town.pass_time(DAY)
    town.texts(KIM, MAIN, "LATER")
    before = len(inbox(town))
    town.pass_time(1.9 * DAY)
    assert len(inbox(town)) == before
    town.pass_time(0.2 * DAY)
    assert len(inbox(town)) == before + 1
    town.texts(KIM, MAIN, "LATER")
    town.pass_time(2.1 * DAY)
    assert len(inbox(town)) == before + 3


def test_tomorrow_is_tomorrow(town: Town) -> None:
    town.texts(KIM, MAIN, *PART_ONE)
    assert town.texts(KIM, MAIN, "2") == [
        "That is fine. Your answers are saved. I will ask again tomorrow."
        " Text MENU to go on sooner."
    ]
    before = len(inbox(town))
    town.pass_time(DAY + 60)
    assert inbox(town)[before:] == [WAITING]
    assert town.texts(KIM, MAIN, "MENU")[-1].endswith(
        "Where is your business now? Reply 1 an idea, 2 getting ready, 3 open under 1 year,"
        " 4 open over 1 year."
    )


def test_a_reminder_that_falls_into_the_night_comes_in_the_morning(town: Town) -> None:
    town.clock.advance(10.5 * 3600)  # half past 9 in the evening
    town.texts(KIM, MAIN, *PART_ONE, "2")
    before = len(inbox(town))
    town.pass_time(DAY + 60)
    assert len(inbox(town)) == before
    town.pass_time(10.5 * 3600)
    assert inbox(town)[before:] == [WAITING]


def test_after_an_opt_out_nothing_is_asked_again(town: Town) -> None:
    town.texts(KIM, MAIN, *PART_ONE, "2", "STOP")
    before = len(inbox(town))
    town.pass_time(4 * DAY)
    assert len(inbox(town)) == before


@pytest.mark.parametrize("begun", [(), ("Hi", "1"), ("Hi", "1", "1", "1")])
def test_where_we_may_not_ask_again_we_do_not_say_that_we_will(
    town: Town, begun: tuple[str, ...]
) -> None:
    """With nothing open, before the consent to texts, and before the time zone is known."""
    town.texts(KIM, MAIN, *begun)
    assert town.texts(KIM, MAIN, "LATER") == ["No rush. You can text MENU at any time to go on."]
    before = len(inbox(town))
    town.pass_time(4 * DAY)
    assert len(inbox(town)) == before
    assert not town.tasks()


def test_where_others_may_read_it_the_question_is_not_told(town: Town) -> None:
    town.texts(KIM, MAIN, *PART_ONE[:-1], "2", "1", "LATER")
    town.pass_time(2 * DAY + 60)
    assert inbox(town)[-1] == WAITING


def test_whoever_wants_no_messages_is_promised_none(town: Town) -> None:
    town.texts(KIM, MAIN, *PART_ONE[:-1], "3", "2")
    assert inbox(town)[-1].endswith("Text MENU to go on when you like.")


def test_by_phone_tomorrow_is_theirs_to_begin(town: Town) -> None:
    kim = town.person(Role.PROTEGE, "Kim", KIM, mode=Mode.BOTH, state=PersonState.INTAKE)
    assert kim.zone
    caller = town.caller(KIM)
    caller.calls(MAIN)
    goes_through(caller, ("1", "first name"), ("Kim", "If that is right"), ("1", "like to talk"))
    goes_through(caller, ("3", "Is that right"), ("1", "show our name"), ("1", "Part 1 is done"))
    caller.presses("2")
    caller.hears("Your answers are saved. Call back", "Goodbye")
    town.pass_time(3 * DAY)
    assert inbox(town) == []


def test_what_was_written_long_ago_is_blanked_and_the_log_of_it_stays(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.clock.advance(181 * DAY)
    assert town.ticker.blank() == 1
    assert town.ticker.blank() == 0
    with town.db.transaction() as session:
        assert session.scalars(select(Delivery.body_sealed)).all() == [None]
    assert [entry.outcome for entry in contacts(town)] == [Outcome.DELIVERED]


def test_a_text_in_a_match_on_hold_has_staff_call_as_it_says(town: Town) -> None:
    pair(town)
    hold(town)
    (said,) = town.texts(ROSA, PAIRS[0], "Are you there?")
    assert said.endswith("Our staff will call you by Wed, Mar 4.")
    town.texts(ROSA, PAIRS[0], "Hello?")
    town.texts(LUIS, PAIRS[0], "Hello?")
    assert [(task.rule, task.words) for task in town.tasks() if task.rule != "hold"] == [
        ("S20", "P01 wrote in K01, which is on hold. Please call."),
        ("S20", "M01 wrote in K01, which is on hold. Please call."),
    ]
    town.pass_time(DAY)
    town.texts(ROSA, PAIRS[0], "Still there?")
    assert [task.rule for task in town.tasks()].count("S20") == 3
