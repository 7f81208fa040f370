"""The annual message: three minutes at most, and a short form of up to three texts."""

import pytest

from mentoring.annual import A_TEXT, AnnualMessage, fault_of_spoken, fault_of_texted
from mentoring.segments import segments_of

SENTENCE = "We set out to make 40 matches in the year, and we have made 44 of them."


def test_what_takes_longer_than_three_minutes_is_refused() -> None:
    assert fault_of_spoken("word " * 450) is None
    assert fault_of_spoken("word " * 451) == (
        "451 words take longer than 3 minutes. Use 450 or fewer."
    )
    assert "Use 3500 characters or fewer" in str(fault_of_spoken("w" * 3501))


def test_the_short_form_is_cut_between_sentences_and_each_text_is_one_segment() -> None:
    texts = AnnualMessage("", " ".join([SENTENCE] * 5)).texts

    assert texts == (f"{SENTENCE} {SENTENCE}", f"{SENTENCE} {SENTENCE}", SENTENCE)
    assert {segments_of(text).count for text in texts} == {1}


@pytest.mark.parametrize(
    ("texted", "fault"),
    [
        (" ".join([SENTENCE] * 6), None),
        (" ".join([SENTENCE] * 7), "That takes 4 texts. Use 3 or fewer."),
        ("x" * A_TEXT, None),
        ("x" * (A_TEXT + 1), "A sentence has 151 characters, and a text holds 150."),
    ],
)
def test_a_short_form_that_does_not_fit_is_refused(texted: str, fault: str | None) -> None:
    said = fault_of_texted(texted, "en")
    assert said == fault or (fault is not None and str(said).startswith(fault))


def test_nothing_is_no_text() -> None:
    assert AnnualMessage("", "").texts == ()


@pytest.mark.parametrize(
    ("texted", "fault"),
    [
        ("It\u2019s done \u2014 44 of 40.", "Write it without \u2014 \u2019: with them"),
        (f"{'[a]' * 40} b.", "Write it without brackets and the like"),
        ("[44] of 40.", None),
    ],
)
def test_english_is_texted_in_letters_that_fit(texted: str, fault: str | None) -> None:
    said = fault_of_texted(texted, "en")
    assert (said or "").startswith(fault or "")
    assert bool(said) is bool(fault)


def test_other_languages_have_their_own_letters_in_three_segments_at_most() -> None:
    texted = "Quer\u00edamos 40 v\u00ednculos en el a\u00f1o y logramos 44. " * 9
    assert fault_of_texted(texted, "es") is None
    assert max(segments_of(each).count for each in AnnualMessage("", texted).texts) <= 3


def test_each_paragraph_is_heard_as_a_sentence() -> None:
    assert AnnualMessage("We wanted 40\r\n\r\nDid we? \n44", "").heard == (
        "We wanted 40. Did we? 44."
    )
