"""What two hear of each other before they are matched: in their language, and within its width."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentoring.editions.measures import WIDTHS
from mentoring.flows.catalog import Catalog
from mentoring.languages import LANGUAGES, in_language
from mentoring.matching.explain import MOST_WORDS
from mentoring.models import Mode
from mentoring.proposals.words import blurb_of, said_to_mentor, said_to_protege
from tests.house.test_languages import WIDER
from tests.mentoring.matching.people import mentor, protege
from tests.mentoring.matching.test_explanations import FACTS

ANYBODY = {**FACTS, "years": st.integers(0, 4), "stage": st.integers(0, 4)}
TYPICAL = re.compile(r"\b(?:the|and|with|years|on|to|like|of|there|at)\b")


def in_one(said: dict[str, str], code: str) -> dict[str, str]:
    return {name: in_language(words, code) for name, words in said.items()}


def test_a_mentor_is_told_of_in_the_language_of_whoever_hears_it() -> None:
    one, other = protege(topics=("A", "E")), mentor(topics=("A", "E"), mode=Mode.TEXT, years=4)
    said = said_to_protege(one, other)
    assert in_one(said, "es") == {
        "years": "más de 10 años",
        "field": "comida",
        "topics": "dinero y ventas en línea",
        "when": "por las noches",
        "more": "Ayuda con dinero y ventas en línea. Conoce su tipo de negocio: comida. Puede"
        " hablar por las noches, como usted. Prefiere los textos; se los leemos a usted.",
    }
    assert in_one(said, "fr")["more"] == (
        "Aide avec l'argent et la vente en ligne. Connaît votre genre d'entreprise :"
        " l'alimentation. Libre le soir, comme vous. Préfère les textos ; nous vous les lisons."
    )
    assert in_one(said, "en")["more"].startswith("Helps with money and selling online.")


def test_a_protege_is_told_of_in_the_language_of_whoever_hears_it() -> None:
    one, other = protege(topics=("A", "C"), stage=3, mode=Mode.TEXT), mentor(topics=("A",))
    said = in_one(said_to_mentor(one, other), "fr")
    assert (said["stage"], said["mode"]) == ("vient d'ouvrir", "les textos")
    assert said["topics"] == "l'argent et les règles"
    assert said["more"].startswith("Vous pouvez aider avec l'argent.")
    assert said["more"].endswith("Cherche aussi de l'aide avec les règles.")
    assert in_language(blurb_of(other), "es").endswith("en comida, ayuda con dinero")


@pytest.mark.parametrize(
    ("zone", "spanish", "french"),
    [
        ("America/New_York", "Allá es una hora más tarde.", "Là-bas, il est une heure plus tard."),
        (
            "America/St_Johns",
            "Allá es 2.5 horas más tarde.",
            "Là-bas, il est 2,5 heures plus tard.",
        ),
        (
            "America/Los_Angeles",
            "Allá es 2 horas más temprano.",
            "Là-bas, il est 2 heures plus tôt.",
        ),
    ],
)
def test_hours_between_two_places(zone: str, spanish: str, french: str) -> None:
    more = said_to_protege(protege(), mentor(zone=zone))["more"]
    assert in_language(more, "es").endswith(spanish)
    assert in_language(more, "fr").endswith(french)


@given(st.fixed_dictionaries(ANYBODY), st.fixed_dictionaries(ANYBODY))
@settings(max_examples=150, deadline=None)
def test_in_no_language_it_is_wider_than_the_prompts_allow_or_takes_over_25_seconds(
    mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    one, other = protege(**mine), mentor(**theirs)
    for code in LANGUAGES:
        widths = WIDTHS if code == "en" else WIDTHS | WIDER
        blurb = {"blurb1": blurb_of(other)}
        for said in (said_to_protege(one, other), said_to_mentor(one, other), blurb):
            for name, words in in_one(said, code).items():
                assert 0 < len(words) <= widths[name], (code, name, words)
                assert len(words.split()) <= MOST_WORDS
                assert code == "en" or not TYPICAL.search(words), (code, words)


def test_the_prompts_of_proposals_name_nothing_that_is_not_said() -> None:
    said = {
        *said_to_protege(protege(), mentor(own_line="I sew.")),
        "mentor",
        "org",
        "day",
        "staff",
        "date",
    }
    for code in LANGUAGES:
        voice = Catalog.load().wording("T-MP1", code).voice
        assert set(re.findall(r"\{(\w+)\}", voice)) <= said


def test_a_line_of_their_own_is_heard_in_the_language_of_the_mentor_alone() -> None:
    told = said_to_protege(protege(), mentor(own_line="Empecé en mi cocina.", language="es"))
    assert in_language(told["ownline"], "es") == "En sus propias palabras: Empecé en mi cocina."
    assert [in_language(told["ownline"], code) for code in ("en", "fr")] == ["", ""]
    assert "ownline" not in said_to_protege(protege(), mentor())


def test_hours_by_other_clocks_are_said_to_be_those_over_there() -> None:
    one, far = protege(zone="America/Chicago"), mentor(zone="America/Los_Angeles", hours="2")
    told = said_to_protege(one, far)["when"]
    assert in_one({"when": told}, "en") == {"when": "on afternoons over there"}
    assert in_one({"when": told}, "es") == {"when": "por las tardes, hora de allá"}
    assert in_one({"when": told}, "fr") == {"when": "l'après-midi, heure de là-bas"}
    assert "over there" in said_to_mentor(one, far)["when"]
    assert "over there" not in said_to_protege(one, mentor(zone="America/Winnipeg"))["when"]
