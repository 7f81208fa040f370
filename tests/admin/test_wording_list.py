"""The list of all wording: found by any words, in pages, with few questions to the database."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update

from mentoring.flows.catalog import Catalog
from mentoring.models import WordingEdition, WordingStamp
from tests.admin.conftest import Screen, Site
from tests.admin.test_wording_pages import KIND, drafts, edits
from tests.databases import StatementCounter


def test_the_list_finds_a_prompt_by_its_words_and_by_its_state(charlotte: Screen) -> None:
    charlotte.opens("/desk/wording?q=free+phone+line")
    words = "Hello. This is {org}, a free phone line for small business."
    assert charlotte.rows()[0] == ["V-GREET", words, "English", "as shipped", "none"]
    assert [row[0] for row in charlotte.rows()] == ["V-GREET", "V-UNKNOWN-PAIR"]
    edits(charlotte)
    drafts(charlotte, "Welcome to {org}.", seen="1")
    charlotte.opens("/desk/wording?state=edited")
    assert charlotte.rows() == [["V-GREET", KIND, "English", "edited, with a draft", "none"]]
    charlotte.opens("/desk/wording?q=nothing+like+this")
    assert "Nothing fits these filters." in charlotte.words


@pytest.mark.parametrize(
    ("looked_for", "found", "shown"),
    [
        # Far into the text of a prompt that is spoken otherwise; accents need not be typed.
        ("grito de ayuda", "T-X2", "grito de ayuda"),
        ("quel jour et quelle heure", "T-GP4", "Quel jour et quelle heure"),
        ("v-greet", "V-GREET", "Hello."),
        # A label, and what is quoted after a miss.
        ("to change the subject", "T-OM5", "to change the subject"),
        ("2 to be a mentor, 3 to learn", "T-WEL", "2 to be a mentor, 3 to learn"),
    ],
)
def test_the_list_finds_by_every_form_in_every_language_and_by_key(
    charlotte: Screen, looked_for: str, found: str, shown: str
) -> None:
    charlotte.opens(f"/desk/wording?{urlencode({'q': looked_for})}")
    words = [row[1] for row in charlotte.rows() if row[0] == found]
    assert any(shown in each for each in words), words
    assert f'value="{looked_for}"' in charlotte.page.text


def test_the_list_finds_what_was_edited_and_drafted_and_not_what_was_before(
    charlotte: Screen,
) -> None:
    edits(charlotte)
    charlotte.opens("/desk/wording?q=have+reached&language=en")
    assert [row[0] for row in charlotte.rows()] == ["V-GREET"]
    charlotte.opens("/desk/wording?q=a+free+phone+line&language=en")
    assert "V-GREET" not in [row[0] for row in charlotte.rows()]
    drafts(charlotte, "Glad you rang {org}.", seen="1")
    charlotte.opens("/desk/wording?q=glad+you+rang")
    assert [row[0] for row in charlotte.rows()] == ["V-GREET"]


def test_the_list_keeps_what_was_looked_for_from_page_to_page(charlotte: Screen) -> None:
    charlotte.opens("/desk/wording?q=call&language=en")
    follows = re.search(r'rel="next" href="([^"]+)"', charlotte.page.text)
    assert follows is not None
    charlotte.opens(unescape(follows[1]))
    assert 'value="call"' in charlotte.page.text
    assert {row[2] for row in charlotte.rows()} == {"English"}


def test_the_list_asks_only_about_what_it_shows(site: Site, charlotte: Screen) -> None:
    edits(charlotte)
    counter = StatementCounter(site.db.bind.engine)
    for path in ("", "?q=mentor&page=2", "?review=no", "?state=edited"):
        with counter() as statements:
            charlotte.opens(f"/desk/wording{path}")
        assert charlotte.page.status_code == 200
        assert 0 < len(statements) <= 14, statements


def test_the_list_comes_in_pages_and_as_csv(charlotte: Screen) -> None:
    charlotte.opens("/desk/wording?page=2")
    assert len(charlotte.rows()) == 50
    lines = charlotte.opens("/desk/wording?as=csv").text.splitlines()
    assert lines[0] == "Key,Words,Language,State,Review"
    assert len(lines) > 300


def test_the_settings_say_which_languages_are_offered_and_what_of_them_nobody_has_signed(
    site: Site, charlotte: Screen
) -> None:
    total = len(Catalog.load().by_language["fr"])
    charlotte.opens("/desk/wording/V-GREET")
    signed = re.findall(r'name="fingerprint" value="(\w+)"', charlotte.page.text)[-1]
    charlotte.sends("/desk/wording/V-GREET/fr/0/sign", fingerprint=signed)
    with StatementCounter(site.db.bind.engine)() as statements:
        charlotte.opens("/desk/settings")

    assert f"Wording in Spanish {total} of {total} not reviewed; not offered" in charlotte.words
    assert f"Wording in French {total - 1} of {total} not reviewed; not offered" in charlotte.words
    assert "LANGUAGES en default" in charlotte.words
    assert len(statements) <= 14, statements
    leads = re.search(r'href="(/desk/wording\?[^"]*language=es[^"]*)"', charlotte.page.text)
    assert leads is not None
    charlotte.opens(unescape(leads[1]))
    assert {row[2] for row in charlotte.rows()} == {"Spanish"}


def test_the_list_finds_what_does_not_fit_any_more_after_a_release(
    site: Site, charlotte: Screen
) -> None:
    edits(charlotte)
    with site.db.transaction() as session:
        edition = session.scalars(select(WordingEdition)).one()
        edition.voice = "Hello. In danger? Call 999."
        session.execute(update(WordingStamp).values(stamp="another"))
    charlotte.opens("/desk/wording?state=does+not+fit")
    assert [(row[0], row[3]) for row in charlotte.rows()] == [
        ("V-GREET", "as shipped, the edit does not fit")
    ]


def test_words_are_marked_with_their_language_wherever_they_stand(charlotte: Screen) -> None:
    charlotte.opens("/desk/wording?q=V-GREET")
    assert re.findall(r'<td><span lang="(\w+)">', charlotte.page.text) == ["en", "es", "fr"] * 2
    charlotte.opens("/desk/wording/V-MAIN2/es/edit")
    fields = re.findall(r"<textarea[^>]*>", charlotte.page.text)
    assert fields
    assert all('lang="es"' in each for each in fields)
    # What is said of them between them is English as the page is.
    assert '<span class="pause" lang="en">(pause)</span>' in charlotte.page.text
