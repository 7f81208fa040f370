"""The numbers that somebody in danger is told are those of the country, in every wording."""

import re

import pytest

from mentoring.flows.catalog import Catalog
from mentoring.programme import Programme
from mentoring.safety.numbers import ANSWERS, CRISIS_NUMBERS, missing_numbers

WORDINGS = Catalog.load().by_language
_EMERGENCY = re.compile(r"\b(?:911|988|112|999|000)\b")


@pytest.mark.parametrize("country", CRISIS_NUMBERS)
def test_what_somebody_in_danger_hears_names_both_numbers_of_the_country(country: str) -> None:
    row = CRISIS_NUMBERS[country]
    for wordings in WORDINGS.values():
        for key in ANSWERS:
            for form in (wordings[key].text, wordings[key].voice):
                assert set(_EMERGENCY.findall(form)) == {row.emergency, row.crisis_line}, key


@pytest.mark.parametrize("country", CRISIS_NUMBERS)
def test_no_wording_names_a_number_of_another_country(country: str) -> None:
    row = CRISIS_NUMBERS[country]
    named = {
        number
        for wordings in WORDINGS.values()
        for wording in wordings.values()
        for form in (wording.text, wording.voice)
        for number in _EMERGENCY.findall(form)
    }
    assert named == {row.emergency, row.crisis_line}


def test_the_country_we_start_with_has_its_numbers() -> None:
    assert missing_numbers(Programme().country) is None


def test_a_country_without_numbers_is_named_with_its_setting() -> None:
    missing = missing_numbers("GB")
    assert missing is not None
    assert missing.startswith("COUNTRY is GB, but we know no emergency number and no crisis line")
