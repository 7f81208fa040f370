"""Four people on one number, and one who is there twice: each is told apart (S9)."""

import pytest

from mentoring.models import Role
from tests.journeys.cast import KIM, LUIS, goes_through
from tests.journeys.test_shared_phones import HOME
from tests.town import MAIN, Town

FOUR = "Who is this? Reply 1 Ana, 2 Bea, 3 Cy, 4 Dora, 5 somebody else."
TWICE = "Who is this? Reply 1 Ana, who gets a mentor, 2 Ana, the mentor, 3 somebody else."


def four(town: Town) -> None:
    """Ana, Bea, Cy and Dora share a phone; Dora has a match with Luis."""
    for name in ("Ana", "Bea", "Cy"):
        town.person(Role.PROTEGE, name, HOME, shared=True)
    dora = town.person(Role.PROTEGE, "Dora", HOME, shared=True)
    town.match(dora, town.person(Role.MENTOR, "Luis", LUIS))


def ana_twice(town: Town) -> None:
    """Ana has a mentor, Luis, and is the mentor of Kim."""
    ana = town.person(Role.PROTEGE, "Ana", HOME)
    mentor = town.person(Role.MENTOR, "Ana", HOME)
    town.match(ana, town.person(Role.MENTOR, "Luis", LUIS))
    town.match(town.person(Role.PROTEGE, "Kim", KIM), mentor)


def test_the_fourth_is_on_the_next_page_of_the_names(town: Town) -> None:
    four(town)
    home = town.caller(HOME)
    home.calls(MAIN)
    home.hears("For Ana press 1", "For Bea press 2", "For Cy press 3", "More choices press 4")
    goes_through(home, ("4", "For Dora press 1"))
    home.hears("For somebody else press 2")
    goes_through(home, ("1", "To call Luis press 1"))


def test_the_fourth_may_say_or_text_their_name_at_once(town: Town) -> None:
    four(town)
    home = town.caller(HOME)
    home.calls(MAIN)
    goes_through(home, ("Dora", "To call Luis press 1"))
    home.hangs_up()
    assert town.texts(HOME, MAIN, "hi") == [FOUR]
    assert "Reply 1 to call Luis" in town.texts(HOME, MAIN, "Dora")[-1]
    assert town.texts(HOME, MAIN, "MENU") == [FOUR]
    assert "Reply 1 to call Luis" in town.texts(HOME, MAIN, "4")[-1]


@pytest.mark.parametrize(
    ("said", "other"),
    [("1", "Luis"), ("Ana, who gets a mentor", "Luis"), ("Ana the mentor", "Kim")],
)
def test_two_of_one_name_are_told_apart_by_what_they_are(town: Town, said: str, other: str) -> None:
    ana_twice(town)
    home = town.caller(HOME)
    home.calls(MAIN)
    home.hears("For Ana, who gets a mentor press 1", "For Ana, the mentor press 2")
    goes_through(home, (said, f"To call {other} press 1"))
    home.hangs_up()
    assert town.texts(HOME, MAIN, "hi") == [TWICE]
    assert f"Reply 1 to call {other}" in town.texts(HOME, MAIN, said)[-1]


def test_the_name_alone_is_asked_again_where_two_have_it(town: Town) -> None:
    ana_twice(town)
    home = town.caller(HOME)
    home.calls(MAIN)
    home.says("Ana")
    home.hears("For Ana, who gets a mentor press 1", "For Ana, the mentor press 2")
    home.hears_none_of("To call")
    home.hangs_up()
    assert town.texts(HOME, MAIN, "this is Ana") == [TWICE]


def test_who_is_there_twice_answers_what_was_asked_of_them_at_any_time(town: Town) -> None:
    ana_twice(town)
    town.days_pass(3.1)
    assert "Have you and" in town.phone(HOME).inbox[-1].body
    town.pass_time(2 * 3600)
    assert "Who is this?" not in town.texts(HOME, MAIN, "1")[0]
