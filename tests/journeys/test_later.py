"""LATER moves what is to come: nobody gets more reminders for it, nor any on a Sunday."""

import pytest

from tests.journeys.cast import ROSA
from tests.journeys.ending import CHICAGO, text_pair
from tests.journeys.talks import HOUR, THURSDAY, planned, until
from tests.town import MAIN, Town

WAITS = "A question is waiting for you."


def reminders(town: Town, after: int) -> list[str]:
    """The day and hour in Chicago of each reminder that came after so many texts."""
    return [
        f"{text.at.astimezone(CHICAGO):%a %b %d %H:%M}"
        for text in town.phone(ROSA).inbox[after:]
        if WAITS in text.body
    ]


def test_a_check_in_that_was_put_off_on_a_friday_comes_back_on_the_monday_and_once_more(
    town: Town,
) -> None:
    text_pair(town)
    town.days_pass(3.1)
    (said,) = town.texts(ROSA, MAIN, "LATER")
    assert said.startswith("No rush. I will ask again in 2 days.")
    before = len(town.phone(ROSA).inbox)

    town.days_pass(12)

    assert reminders(town, before) == ["Mon Mar 09 09:00", "Tue Mar 10 12:00"]


def test_who_puts_it_off_again_and_again_is_not_asked_on_the_way(town: Town) -> None:
    text_pair(town)
    town.days_pass(3.1)
    for _ in range(3):
        town.texts(ROSA, MAIN, "LATER")
        before = len(town.phone(ROSA).inbox)
        town.days_pass(1)
        assert reminders(town, before) == []


@pytest.mark.parametrize("first", [(), ("2",)])
def test_of_a_question_before_a_talk_nothing_is_promised_for_after_it(
    town: Town, first: tuple[str, ...]
) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)

    said = town.texts(ROSA, MAIN, *first, "LATER")[-1]

    assert said == "No rush. You can text MENU at any time to go on."
    before = len(town.phone(ROSA).inbox)
    until(town, THURSDAY + 49 * HOUR)
    assert reminders(town, before) == []
