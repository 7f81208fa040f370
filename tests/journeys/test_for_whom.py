"""People who text have two threads, ours and the partner's, and answer in the wrong one."""

import pytest

from tests.journeys.cast import LUIS, ROSA
from tests.journeys.ending import answers, got, text_pair
from tests.town import MAIN, PAIRS, Town

FOR_WHOM = (
    "Was that for Luis or for BridgeLine? To answer our question, text it to 515 555 0100."
    " For Luis, please write it in words here."
)


def is_asked_how_it_goes(town: Town) -> None:
    """A pair that texts; Rosa is in the middle of a check-in, of which Luis never learns."""
    text_pair(town)
    town.texts(ROSA, PAIRS[0], "hello")
    town.days_pass(14.2)
    (asked,) = town.texts(ROSA, MAIN, "1")
    assert asked.startswith("How is it going with Luis?")


@pytest.mark.parametrize("given", ["1", " 1 ", "1.", "1/5", "10"])
def test_a_rating_in_the_wrong_thread_never_reaches_the_one_whom_it_rates(
    town: Town, given: str
) -> None:
    is_asked_how_it_goes(town)
    before = len(got(town, LUIS))

    assert town.texts(ROSA, PAIRS[0], given) == [FOR_WHOM]

    assert town.phone(ROSA).inbox[-1].peer == PAIRS[0]
    assert got(town, LUIS, before) == []
    assert answers(town) == {"CK0": "start"}
    (said,) = town.texts(ROSA, MAIN, "1")
    assert said.startswith("Is the amount of contact right?")
    assert answers(town) == {"CK0": "start", "CK1": "1"}


@pytest.mark.parametrize("words", ["one", "1 loaf", "10:30", "2 pm", "555", "yes"])
def test_words_go_to_the_other_one_whatever_we_have_asked(town: Town, words: str) -> None:
    is_asked_how_it_goes(town)
    assert FOR_WHOM not in town.texts(ROSA, PAIRS[0], words)
    assert got(town, LUIS)[-1].endswith(words)


def test_a_number_goes_to_the_other_one_once_nothing_is_asked_any_more(town: Town) -> None:
    is_asked_how_it_goes(town)
    town.texts(ROSA, MAIN, "5", "2", "1", "2")

    assert FOR_WHOM not in town.texts(ROSA, PAIRS[0], "3")

    assert got(town, LUIS)[-1].endswith("3")


def test_finish_on_the_line_of_the_two_is_asked_from_ours_and_its_yes_is_not_passed_on(
    town: Town,
) -> None:
    text_pair(town)
    town.texts(ROSA, PAIRS[0], "hello")
    town.texts(ROSA, PAIRS[0], "FINISH")
    before = len(got(town, LUIS))

    assert town.texts(ROSA, PAIRS[0], "1") == [FOR_WHOM]

    assert got(town, LUIS, before) == []
