"""What a protege hears of a mentor: short, true, and nothing that is private."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentoring.matching.candidates import WAYS
from mentoring.matching.explain import MOST_WORDS, explain
from mentoring.matching.sectors import SECTORS
from mentoring.models import Mode
from tests.mentoring.matching.people import mentor, protege

FACTS = {
    "topics": st.lists(st.sampled_from("ABCDEFGH"), max_size=3, unique=True).map(tuple),
    "hours": st.sampled_from(["1", "2", "3", "4", "1,3", "2,4", ""]),
    "mode": st.sampled_from([*Mode, None]),
    "zone": st.sampled_from(["America/Chicago", "America/St_Johns", "Pacific/Honolulu", None]),
    "sectors": st.sets(st.sampled_from(list(SECTORS)), max_size=2).map(frozenset),
    "way": st.sets(st.sampled_from([word for pair in WAYS for word in pair])).map(frozenset),
    "languages": st.sampled_from([frozenset({"en", "fr"}), frozenset({"fr", "es"})]),
    "language": st.sampled_from(["en", "es", "fr"]),
}


def test_the_weightiest_reasons_and_one_caution() -> None:
    one = protege(topics=("A", "D"), language="es", languages=frozenset({"es"}))
    other = mentor(languages=frozenset({"es"}), mode=Mode.TEXT)

    assert explain(one, other).spoken == (
        "Helps with money. Knows your kind of business: food. Free on evenings like you."
        " Does not help with planning."
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "said"),
    [
        ({}, {"mode": Mode.TEXT}, "Likes to text; we read the texts to you."),
        ({"mode": Mode.TEXT}, {}, "Likes to talk; your texts are read aloud."),
        ({}, {"zone": "America/New_York"}, "It is an hour later there."),
        ({}, {"zone": "America/Los_Angeles"}, "It is 2 hours earlier there."),
        ({}, {"zone": "America/St_Johns"}, "It is 2.5 hours later there."),
        ({}, {}, ""),
    ],
)
def test_the_caution(mine: dict[str, Any], theirs: dict[str, Any], said: str) -> None:
    assert explain(protege(**mine), mentor(**theirs)).caution == said


def test_across_zones_nobody_is_said_to_be_free_at_the_same_part_of_the_day() -> None:
    assert "Free" not in explain(protege(), mentor(zone="America/New_York")).spoken


@given(st.fixed_dictionaries(FACTS), st.fixed_dictionaries(FACTS))
@settings(max_examples=200, deadline=None)
def test_it_is_said_within_25_seconds(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    said = explain(protege(**mine), mentor(**theirs))

    assert len(said.reasons) <= 3
    assert len(said.spoken.split()) <= MOST_WORDS
    assert not any(sign.isdigit() for sign in " ".join(said.reasons))


@given(st.fixed_dictionaries(FACTS), st.fixed_dictionaries(FACTS))
@settings(max_examples=100, deadline=None)
def test_nothing_of_a_disability_of_a_case_or_of_a_place_is_heard(
    mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    one, other = protege(**mine), mentor(**theirs)
    private: dict[str, Any] = {
        "shares_lived_experience": True,
        "welcomes_slow": True,
        "crosses_modes": False,
        "safety_case": True,
        "lessons": frozenset({"OM3"}),
        "taken": 1,
        "community": "Est",
    }
    asked = replace(one, wants_lived_experience=True, days_waiting=90, had_bad_luck=True)

    assert explain(asked, replace(other, **private)) == explain(one, other)
