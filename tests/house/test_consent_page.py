"""The page that is handed in at the carrier holds the very words that people agree to."""

import pytest

from mentoring.consents import CONSENT_PARTS, CONSENT_VERSION
from mentoring.editions.rules import REGISTERED
from mentoring.flows.catalog import Catalog
from tests.tree import ROOT

PAGE = (ROOT / "docs" / "consent.md").read_text("utf-8")
ENGLISH = Catalog.load().by_language["en"]
KEYS = (*(f"T-{part}" for part in CONSENT_PARTS), "T-C6", "T-AG1", "T-AG2", "T-INTC")
STANDARD = ("T-WEL", "T-STOP", "T-START", "T-HELP")


def block(key: str) -> str:
    """Return how the page shows one wording: its version, its text, and its spoken form."""
    wording = ENGLISH[key]
    lines = [f"### {key}, version {wording.version}", "", f"> {wording.text}"]
    if wording.voice:
        lines += ["", "Spoken:", "", f"> {wording.voice}"]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("key", [*KEYS, *STANDARD])
def test_the_page_holds_the_words_of_the_catalog(key: str) -> None:
    assert block(key) in PAGE


def test_the_page_for_editing_reminds_of_these_and_of_no_others() -> None:
    assert {*KEYS, *STANDARD} == REGISTERED


def test_the_page_shows_no_wording_twice_and_none_besides() -> None:
    shown = [line.split(",")[0] for line in PAGE.splitlines() if line.startswith("### ")]
    assert shown == [f"### {key}" for key in (*KEYS, *STANDARD)]


def test_the_page_names_the_version_that_is_kept_with_every_answer() -> None:
    assert f"**{CONSENT_VERSION}**" in PAGE
