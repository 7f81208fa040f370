"""START where nothing was stopped: the carrier says nothing then, so the answer is ours."""

from dataclasses import asdict

import pytest

from mentoring.lines import add_line
from mentoring.models import LineKind
from telephony.addresses import hooks
from tests.journeys.cast import KIM, LUIS, ROSA, pair
from tests.town import MAIN, PAIRS, PUBLIC, Town

WELCOME = "Welcome to BridgeLine"


@pytest.mark.parametrize("word", ["START", "unstop"])
def test_it_is_a_first_word_like_any_other(town: Town, word: str) -> None:
    (said, *_) = town.texts(KIM, MAIN, "Hello")
    (answer, *_) = town.texts("+15155550139", MAIN, word)

    assert answer == said


def test_in_the_middle_of_a_question_it_is_asked_again(town: Town) -> None:
    asked = town.texts(KIM, MAIN, "Hello", "1")[-1]

    assert town.texts(KIM, MAIN, "START")[-1] == asked


def test_on_a_pair_line_it_is_confirmed_and_not_passed_on(town: Town) -> None:
    pair(town)

    (said,) = town.texts(ROSA, PAIRS[0], "START")

    assert said.startswith("BridgeLine: Texts are back on.")
    assert town.phone(LUIS).inbox == []


def test_a_stranger_on_a_pair_line_learns_as_little_as_with_any_word(town: Town) -> None:
    pair(town)
    any_word = town.texts(KIM, PAIRS[0], "Hello")

    assert town.texts("+15155550139", PAIRS[0], "START") == any_word


def test_where_the_carrier_answers_nobody_else_does(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "STOP")

    (said,) = town.texts(ROSA, PAIRS[0], "START")

    assert not said.startswith("BridgeLine:"), "it is the carrier's own"


def test_on_a_toll_free_line_help_is_answered_by_us_and_quit_confirmed(town: Town) -> None:
    line = "+18005550100"
    with town.db.transaction() as session:
        add_line(session, line, LineKind.PAIR, now=town.clock.now())
    town.emulator.add_number(line, **asdict(hooks(PUBLIC)))

    (helped,) = town.texts(KIM, line, "HELP")
    (stopped,) = town.texts(KIM, line, "QUIT")

    assert "Not an emergency line" in helped or "911" in helped
    assert stopped.startswith("BridgeLine: ")
