"""A text in which nobody can see anything is said to be empty, and no phone is blamed for it."""

import pytest

from tests.journeys.cast import LUIS, ROSA, pair
from tests.town import PAIRS, Town


@pytest.mark.parametrize("body", ["", " ", "\n", "\u200b", "\x00"], ids=repr)
def test_it_is_not_passed_on_and_its_writer_is_told(town: Town, body: str) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    before = len(town.phone(LUIS).inbox)

    answer = town.texts(ROSA, PAIRS[0], body)

    assert answer == ["Your text was empty. Please send it again."]
    assert len(town.phone(LUIS).inbox) == before
    assert town.tasks() == []


def test_a_single_sign_is_no_empty_text(town: Town) -> None:
    pair(town)

    town.texts(ROSA, PAIRS[0], "👍")

    assert [text.body for text in town.phone(LUIS).inbox] == ["Rosa: 👍"]
