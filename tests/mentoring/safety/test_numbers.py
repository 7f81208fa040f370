"""The numbers that somebody in danger is told are those of the country of their phone."""

from dataclasses import replace

import pytest

from mentoring.editions.measures import placeholders
from mentoring.flows.catalog import Catalog
from mentoring.flows.render import say, write
from mentoring.programme import Programme
from mentoring.safety.numbers import ANSWERS, CRISIS_NUMBERS, CrisisNumbers, missing_numbers

WORDINGS = Catalog.load().by_language
IOWA, OTTAWA, LONDON = "+15155550131", "+16135550142", "+442079460123"
BRITISH = CrisisNumbers("999", "116 123")
KNOWN = {**CRISIS_NUMBERS, "GB": BRITISH, "CA": CrisisNumbers("112", "113")}
# Canada has numbers, and is not served.
BOTH = replace(Programme(), dial_regions=("US", "GB"), crisis_numbers=KNOWN)


@pytest.mark.parametrize("key", ANSWERS)
def test_what_somebody_in_danger_hears_names_both_numbers_in_every_language(key: str) -> None:
    for wordings in WORDINGS.values():
        for form in (wordings[key].text, wordings[key].voice):
            assert {"emergency", "crisis"} <= placeholders(form), key


@pytest.mark.parametrize(
    ("number", "named"),
    [(IOWA, "911"), (LONDON, "999"), (OTTAWA, "911"), ("", "911"), ("anonymous", "911")],
)
def test_the_numbers_are_those_of_the_phone_where_it_is_served(number: str, named: str) -> None:
    assert BOTH.crisis_numbers_for(number).emergency == named


def test_a_phone_of_a_country_that_is_not_served_is_told_those_of_the_office() -> None:
    british = replace(BOTH, country="GB", dial_regions=("GB",))
    assert british.crisis_numbers_for(IOWA) == BRITISH


@pytest.mark.parametrize("language", sorted(WORDINGS))
def test_where_nobody_has_entered_a_number_it_is_named_in_words(language: str) -> None:
    unknown = replace(Programme(), country="GB", dial_regions=("GB",)).crisis_numbers_for("")
    params = {"emergency": unknown.emergency, "crisis": unknown.crisis_line}
    said = " ".join(say("T-X1", catalog=Catalog.load(), language=language, params=params))
    in_words = {
        "en": "In danger now? Call your local emergency number.",
        "es": "Llame al número local de emergencias.",
        "fr": "Appelez le numéro d'urgence local.",
    }
    assert in_words[language] in said
    assert write("T-X1", catalog=Catalog.load(), language=language, params=params)


def test_the_country_we_start_with_has_its_numbers() -> None:
    assert missing_numbers(Programme().country) is None


def test_a_country_without_numbers_is_named_with_its_setting() -> None:
    missing = missing_numbers("GB")
    assert missing is not None
    assert missing.startswith("COUNTRY is GB, but we know no emergency number and no crisis line")
