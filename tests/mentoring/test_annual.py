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
    said = fault_of_texted(texted)
    assert said == fault or (fault is not None and str(said).startswith(fault))


def test_nothing_is_no_text() -> None:
    assert AnnualMessage("", "").texts == ()
