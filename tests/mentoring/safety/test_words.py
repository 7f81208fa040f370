"""The word lists find what they must in a fixed set of sentences, and let pass what is harmless."""

import tomllib
from pathlib import Path

import pytest

from mentoring.safety.words import WordLists, lists, read_flags

SAMPLES = tomllib.loads((Path(__file__).parent / "samples.toml").read_text("utf-8"))


def sentences(kind: str) -> list[str]:
    return [sentence for of_language in SAMPLES[kind].values() for sentence in of_language]


@pytest.mark.parametrize("sentence", sentences("crisis"))
def test_a_cry_for_help_is_found(sentence: str) -> None:
    assert read_flags(sentence).crisis


@pytest.mark.parametrize("sentence", [*sentences("harmless"), *sentences("plain")])
def test_what_only_sounds_like_a_cry_is_let_pass(sentence: str) -> None:
    assert not read_flags(sentence).crisis


@pytest.mark.parametrize("sentence", sentences("harm"))
def test_words_that_hurt_or_threaten_are_found(sentence: str) -> None:
    assert read_flags(sentence).harm


@pytest.mark.parametrize("sentence", sentences("money"))
def test_money_that_would_change_hands_is_found(sentence: str) -> None:
    assert read_flags(sentence).money


@pytest.mark.parametrize("sentence", sentences("plain"))
def test_ordinary_talk_of_business_holds_nothing_for_staff(sentence: str) -> None:
    assert not read_flags(sentence)


def test_every_language_of_the_lists_has_samples_of_each_kind() -> None:
    for kind in SAMPLES.values():
        assert set(kind) == set(lists().languages) == {"en", "es", "fr"}


def test_a_phrase_is_whole_words_and_no_part_of_one() -> None:
    assert not read_flags("I like the suit and the cider, and diesel is dear").crisis


def test_words_may_stand_far_down_in_a_long_text() -> None:
    assert read_flags("See you on Monday. " * 70 + "I want to die.").crisis


def test_a_list_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no list called crises"):
        WordLists({"en": {"crises": ["help"]}})
