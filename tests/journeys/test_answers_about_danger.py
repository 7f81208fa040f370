"""What is answered to "Is someone in danger now?": a clear no, a yes, or it is asked once more."""

import pytest

from tests.journeys.cast import ROSA, pair
from tests.journeys.safety import (
    DANGER,
    NUMBERS,
    danger,
    is_paged,
    kept,
    opens_the_worry,
    rules,
    told,
)
from tests.phone import Caller
from tests.town import MAIN, Town

ABOUT = "What is it about? Reply 1 how they talk to me"
PAUSE = "May we pause this match while we look into it?"


def is_asked_about_danger(town: Town) -> Caller:
    """Tell a worry by phone up to the question whether somebody is in danger."""
    rosa = opens_the_worry(town, ROSA)
    rosa.records("I want to tell you something")
    rosa.hears("Is someone in danger now?")
    return rosa


@pytest.mark.parametrize(
    "words",
    [
        "Yes my husband is here and he has a knife",
        "Yes. He is outside my door and will not leave",
        "Yes, I am scared of what he will do tonight",
        "si, mi esposo tiene un cuchillo y no me deja salir",
        "Oui, il est devant ma porte avec un couteau",
        "my sister is",
        "please help",
        "1. he is outside",
        "no im not safe",
        "my son, someone is hurt",
        "Yes, " + "he is coming up the stairs and I have locked the door. " * 7,
    ],
)
def test_a_yes_to_danger_counts_with_every_word_that_comes_with_it(town: Town, words: str) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "WORRY")
    assert NUMBERS in town.texts(ROSA, MAIN, words)
    assert rules(town) == ["O10", "O11"]
    assert words.strip() in kept(town, danger(town)[0])
    assert town.phone(ROSA).inbox[-1].body.startswith(PAUSE)


def test_a_thumb_that_is_up_is_a_yes(town: Town) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "WORRY")
    assert NUMBERS in town.texts(ROSA, MAIN, "\N{THUMBS UP SIGN}")
    assert rules(town) == ["O10", "O11"]


@pytest.mark.parametrize("confidence", [0.95, 0.4, None])
@pytest.mark.parametrize(
    "words", ["Yes my husband is here and he will not leave", "please help", "someone is hurt"]
)
def test_a_yes_counts_on_the_phone_as_well_however_sure_the_recogniser_is(
    town: Town, words: str, confidence: float | None
) -> None:
    pair(town)
    rosa = is_asked_about_danger(town)
    rosa.says(words, confidence)
    rosa.hears("call 911", "We can not call 911 for you", "May we pause this match")
    is_paged(town)
    assert words in kept(town, danger(town)[0])


@pytest.mark.parametrize("words", ["yes", "Yes my husband is here"])
def test_who_hangs_up_right_after_a_yes_of_which_the_recogniser_is_unsure_has_said_it(
    town: Town, words: str
) -> None:
    pair(town)
    rosa = is_asked_about_danger(town)
    rosa.says(words, 0.4)
    rosa.hangs_up()
    is_paged(town)
    assert rules(town) == ["O10", "O11"]


def test_a_no_of_which_the_recogniser_is_unsure_is_read_back(town: Town) -> None:
    pair(town)
    rosa = is_asked_about_danger(town)
    rosa.says("no", 0.4)
    rosa.hears("I heard")
    rosa.says("no he is at my door", 0.4)
    rosa.hears("Is someone in danger now?")
    assert told(town) == {"WORRY": "no he is at my door"}


@pytest.mark.parametrize(
    "words",
    ["No he left", "no, ya se fue", "nobody is in danger", "Non, personne n'est en danger", "2"],
)
def test_a_no_with_nothing_but_a_denial_is_a_no(town: Town, words: str) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "WORRY")
    assert town.texts(ROSA, MAIN, words)[-1].startswith(ABOUT)
    assert rules(town) == ["O10"]
    assert told(town) == {"N1": "no"}


@pytest.mark.parametrize(
    "words",
    [
        "I can't say yes to that",
        "maybe",
        "no sé",
        "peut-être",
        "My mom is not answering, I think he hurt her",
        "no he won't leave",
        "No, not now, he only shouts at me on every call we have",
        "I am okay no wait he is here",
        "I'm not ok",
        "no quiere irse de mi casa",
        "non il est encore là",
    ],
)
def test_any_other_answer_about_danger_is_kept_and_asked_again_in_kind_words(
    town: Town, words: str
) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "WORRY")
    assert town.texts(ROSA, MAIN, words) == [DANGER]
    assert told(town) == {"WORRY": words}
    assert rules(town) == ["O10"]


def test_a_no_is_told_from_a_story_on_the_phone_as_well(town: Town) -> None:
    pair(town)
    rosa = opens_the_worry(town, ROSA)
    rosa.presses("1")
    rosa.hears("Is someone in danger now?")
    rosa.says("No he left")
    rosa.hears("What is it about?")
    assert danger(town) == []


def test_what_is_not_understood_on_the_phone_is_asked_again_and_kept(town: Town) -> None:
    pair(town)
    rosa = is_asked_about_danger(town)
    rosa.says("no he will not leave my house")
    rosa.hears("Is someone in danger now?")
    assert told(town)["WORRY"] == "no he will not leave my house"
    rosa.says("he is banging on the window")
    rosa.hears("Is someone in danger now?")
    rosa.presses("1")
    rosa.hears("call 911")
    words = kept(town, town.tasks()[0])
    assert words[-2:] == ["no he will not leave my house", "he is banging on the window"]


def test_who_is_not_understood_three_times_on_the_phone_is_called_back_and_all_is_kept(
    town: Town,
) -> None:
    pair(town)
    rosa = is_asked_about_danger(town)
    for words in ("he is on the stairs", "he will not go", "he knows where I live"):
        rosa.says(words)
    town.settle()
    assert told(town)["WORRY"] == "he knows where I live"


def test_a_story_before_the_yes_and_the_one_with_it_are_both_kept(town: Town) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "WORRY", "He asks where I live", "Yes he is at my door")
    assert kept(town, town.tasks()[0]) == ["He asks where I live", "Yes he is at my door"]
    assert kept(town, danger(town)[0]) == ["Yes he is at my door"]
