"""The word lists find what they must in a fixed set of sentences, and let pass what is harmless."""

import tomllib
from pathlib import Path
from time import perf_counter

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


def test_a_comma_ends_what_makes_it_harmless() -> None:
    assert not read_flags("I can't go on weekends").crisis
    assert read_flags("I can't go on, weekends are the worst").crisis


def test_what_is_harmless_hides_no_cry_beside_it() -> None:
    assert read_flags("They hit me with a late fee and I want to die").crisis


def test_a_phrase_may_hold_groups_gaps_and_numbers() -> None:
    found = WordLists(
        {"en": {"groups": {"who": "he|she"}, "crisis": ["<who> ~ hits me", "took ## pills"]}}
    ).find
    assert [found(f"{who} hits me").crisis for who in ("he", "she", "it")] == [True, True, False]
    assert found("he very often hits me").crisis
    assert not found("he who is here so often hits me").crisis
    assert [found(f"took {count} pills").crisis for count in ("2", "20", "200")] == [
        False,
        True,
        True,
    ]


def test_a_phrase_may_want_nothing_after_it() -> None:
    found = WordLists(
        {"en": {"crisis": ["hit me", "call 911 ."], "harmless": ["hit me up ."]}}
    ).find
    assert not found("hit me up").crisis
    assert not found("hit me up, I am free").crisis
    assert found("hit me up against the wall").crisis
    assert found("please call 911").crisis
    assert not found("call 911 is the name of the song").crisis


def test_what_a_cat_does_is_a_crisis_when_a_brother_does_it() -> None:
    for deed in ("hit me in the face", "won't let me sleep", "keeps kicking me"):
        assert read_flags(f"My brother {deed}").crisis
        assert not read_flags(f"The cat {deed}").crisis


def test_the_longest_text_is_read_in_no_time() -> None:
    """Nobody in danger waits for the lists, and nobody can make the service wait by a text."""
    texts = [("he she my brother keeps on hitting the road with me and " * 40)[:1600], "he " * 800]
    for text in texts:
        read_flags(text)
        started = perf_counter()
        for _ in range(10):
            read_flags(text)
        assert perf_counter() - started < 1


def test_a_list_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no list called crises"):
        WordLists({"en": {"crises": ["help"]}})
