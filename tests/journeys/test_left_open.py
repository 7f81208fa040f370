"""What somebody opened by text and never came back to keeps none of our questions from them."""

import pytest

from tests.journeys.cast import ROSA
from tests.journeys.ending import close, got, invitations, text_pair
from tests.town import MAIN, Town

CHECK_IN = "Have you and Luis talked or texted yet?"

# Each leaves another flow open, that belongs to no ladder of ours.
LEFT_OPEN = [
    ("FINISH",),
    ("MENU",),
    ("MENU", "3"),
    ("MENU", "3", "1"),
]


@pytest.mark.parametrize("words", LEFT_OPEN, ids=" ".join)
def test_a_check_in_comes_all_the_same(town: Town, words: tuple[str, ...]) -> None:
    text_pair(town)
    asked = town.texts(ROSA, MAIN, *words)[-1]
    assert "1" in asked, "they are asked something and may answer by a number"

    town.days_pass(5)

    assert any(text.startswith(CHECK_IN) for text in got(town, ROSA))


def test_an_old_question_about_the_end_is_answered_by_nothing_that_comes_later(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "FINISH")
    town.days_pass(5)

    town.texts(ROSA, MAIN, "1")

    with town.db.transaction() as session:
        session.add(match)
        session.refresh(match)
        assert not match.closed_at
        assert match.state.connects


def test_the_end_of_a_pause_is_asked_about_behind_the_menu_of_the_pause(town: Town) -> None:
    text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE", "MENU")
    before = len(got(town, ROSA))

    town.days_pass(29)

    assert any("Your pause ends" in text for text in got(town, ROSA, before))


def test_the_survey_comes_behind_a_finish_that_was_never_confirmed(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "FINISH")
    close(town, match)

    town.days_pass(4)

    (survey,) = invitations(town, "survey_protege_1")
    assert survey.asked_at is not None
    assert any("All in all, how was it with Luis?" in text for text in got(town, ROSA))
