"""The pages about wording: what is said in each language, edits, checks, and who may do it."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from admin.views.wording_edits import form_kind, words_in
from mentoring.editions.changes import Place, editions_of
from mentoring.editions.current import catalog_for
from mentoring.editions.forms import Forms, forms_of
from mentoring.editions.rules import LABEL
from mentoring.flows import catalog as catalogs
from mentoring.flows.catalog import Catalog
from mentoring.models import EditionState, Person, StaffRole, WordingReview
from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import filled_in
from tests.admin.test_pages import audit
from tests.databases import StatementCounter

GREET = "/desk/wording/V-GREET/en"
KIND = "Hello. You have reached {org}. [p] We help small business."


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second language, made up for the test: English as French, and nobody has signed it."""
    small = Catalog.load()
    both = Catalog({"en": small.by_language["en"], "fr": small.by_language["en"]})
    monkeypatch.setattr(catalogs, "_load", lambda: both)


def drafts(screen: Screen, words: str = KIND, *, seen: str = "0", at: str = GREET) -> None:
    """Write another greeting and keep it as a draft."""
    screen.opens(f"{at}/edit")
    screen.sends(f"{at}/edit", voice=words, note="warmer", seen=seen, do="save")


def edits(screen: Screen, words: str = KIND, *, seen: str = "0") -> None:
    """Write another greeting and put it live."""
    drafts(screen, words, seen=seen)
    screen.sends(screen.path, seen=filled_in(screen)["seen"][0])


def greeting(site: Site, community: str = "") -> str:
    """Return what the next caller hears first."""
    with site.db.transaction() as session:
        return catalog_for(session, Person(community=community)).wording("V-GREET").voice


def states(site: Site) -> list[EditionState]:
    """Return the states of the versions of the English greeting, the oldest first."""
    with site.db.transaction() as session:
        return [each.state for each in reversed(editions_of(session, Place("V-GREET", "en", "")))]


# -- looking --------------------------------------------------------------------------------------


def test_a_prompt_shows_what_is_heard_and_texted_side_by_side(charlotte: Screen) -> None:
    charlotte.opens("/desk/wording/T-MENU")

    assert "To call Luis (pause) press 1. (pause) For voice notes and texts" in charlotte.words
    assert "Reply 1 to call Luis, 2 for voice notes" in charlotte.words
    assert "95 characters at most, 1 text to send." in charlotte.words
    assert "What is said aloud is the wording of V-MAIN1" in charlotte.words


@pytest.mark.parametrize(
    "path",
    [
        *("V-NOTHING", "V-GREET/xx/edit", "V-NOTHING/en/edit", "V-GREET/en/7/live"),
        *("V-GREET/en/7/back", "V-GREET?community=Nowhere", "V-GREET/en/edit?community=Nowhere"),
    ],
)
def test_what_is_not_there_has_no_page(charlotte: Screen, path: str) -> None:
    assert charlotte.opens(f"/desk/wording/{path}").status_code == 404


def test_pages_ask_the_database_rarely(site: Site, charlotte: Screen, french: None) -> None:
    edits(charlotte)
    counter = StatementCounter(site.db.bind.engine)
    for path in ("", "/V-GREET", "/V-GREET/fr/edit", "/V-GREET/en/0/back"):
        with counter() as statements:
            charlotte.opens(f"/desk/wording{path}")
        assert charlotte.page.status_code == 200
        assert 0 < len(statements) <= 15, statements


# -- editing --------------------------------------------------------------------------------------


def test_an_edit_is_drafted_then_put_live_then_taken_back(site: Site, charlotte: Screen) -> None:
    shipped = greeting(site)
    drafts(charlotte)
    assert "Version 1 is kept as a draft. Nobody hears it yet." in charlotte.words
    assert f"Spoken {shipped} {KIND}" in charlotte.words
    assert greeting(site) == shipped
    charlotte.sends(charlotte.path)
    assert "Version 1 is live. The next call and the next text have it." in charlotte.words
    assert greeting(site) == KIND
    charlotte.opens(f"{GREET}/0/back")
    charlotte.sends(f"{GREET}/0/back", seen="1", reason="too long")

    assert "The shipped wording is said again" in charlotte.words
    assert greeting(site) == shipped
    assert audit(site)[-3:] == [
        ("drafted wording", "V-GREET en, version 1", "warmer"),
        ("put wording live", "V-GREET en, version 1", "warmer"),
        ("rolled wording back", "V-GREET en, version 0", "too long"),
    ]
    assert [row[2:6] for row in charlotte.rows()] == [
        ["rolled back", "Tue, Mar 3, 11 am", "Charlotte", "warmer"]
    ]


@pytest.mark.parametrize(
    ("words", "note", "told"),
    [
        ("", "why", "Enter the words."),
        ("Hello.", "why", "Put {org} in again."),
        (KIND, " ", "Say why it is changed."),
        (KIND, "x" * 201, "Use 200 characters or fewer."),
        ("{org}" + "x" * 600, "why", "Use 600 characters or fewer."),
        ("{org} <script>alert(1)</script>", "why", "Take > out."),
    ],
)
def test_what_cannot_be_said_is_refused_beside_its_field(
    site: Site, charlotte: Screen, words: str, note: str, told: str
) -> None:
    charlotte.opens(f"{GREET}/edit")
    charlotte.sends(f"{GREET}/edit", voice=words, note=note, seen="0", do="save")

    assert charlotte.page.status_code == 422
    assert "There is a problem" in charlotte.words
    assert told in charlotte.words
    assert "<script>alert" not in charlotte.page.text
    assert states(site) == []


def test_the_check_says_what_is_wrong_and_keeps_nothing(site: Site, charlotte: Screen) -> None:
    charlotte.opens(f"{GREET}/edit")
    charlotte.sends(f"{GREET}/edit", voice="Hello, {name}.", note="", seen="0", do="check")
    assert charlotte.page.status_code == 200
    assert "1 thing is wrong. Spoken: Put {org} in again. Take {name} out." in charlotte.words
    charlotte.opens(f"{GREET}/edit")
    charlotte.sends(f"{GREET}/check", voice=KIND, seen="0")
    assert charlotte.words.startswith("Checks Nothing is wrong. The longest sentence has 4 words.")
    assert "You have reached BridgeLine. (pause) We help small business." in charlotte.words
    assert states(site) == []


def test_line_breaks_and_spaces_around_words_do_not_count(site: Site, charlotte: Screen) -> None:
    edits(charlotte, "  Hello.\r\n This is {org}. ")

    assert greeting(site) == "Hello.  This is {org}."


def test_the_second_of_two_sees_both_and_decides(site: Site, charlotte: Screen) -> None:
    other = site.sign_in(site.add("lee@example.org", StaffRole.LEAD))
    drafts(other, "Welcome to {org}.")
    drafts(charlotte)

    assert charlotte.page.status_code == 422
    assert "Lee saved version 1 while you were writing." in charlotte.words
    assert "Saved meanwhile Spoken Welcome to {org}." in charlotte.words
    assert KIND in charlotte.page.text
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', charlotte.page.text)
    assert seen is not None
    charlotte.sends(f"{GREET}/edit", voice=KIND, note="both", seen=seen[1], do="save")
    assert "Version 2 is kept as a draft." in charlotte.words
    assert states(site) == [EditionState.REPLACED, EditionState.DRAFT]


def test_a_button_pressed_twice_does_it_once(site: Site, charlotte: Screen) -> None:
    drafts(charlotte)
    drafts(charlotte)
    assert states(site) == [EditionState.DRAFT]
    for _ in range(2):
        charlotte.sends(f"{GREET}/1/live")
    assert "Version 1 is no draft any more." in charlotte.words
    assert states(site) == [EditionState.LIVE]


def test_who_goes_back_while_another_version_goes_live_is_told(
    site: Site, charlotte: Screen
) -> None:
    edits(charlotte)
    charlotte.opens(f"{GREET}/0/back")
    edits(charlotte, "Welcome to {org}.", seen="1")
    charlotte.opens(f"{GREET}/0/back")
    charlotte.sends(f"{GREET}/0/back", seen="1", reason="too long")

    assert charlotte.page.status_code == 422
    assert "Another version is live by now." in charlotte.words
    assert greeting(site) == "Welcome to {org}."


def test_who_puts_live_what_was_compared_with_other_words_is_told(
    site: Site, charlotte: Screen
) -> None:
    edits(charlotte)
    drafts(charlotte, "Welcome to {org}.", seen="1")
    shown = filled_in(charlotte)["seen"][0]
    charlotte.opens(f"{GREET}/0/back")
    charlotte.sends(f"{GREET}/0/back", seen="1", reason="too long")
    shipped = greeting(site)
    charlotte.sends(f"{GREET}/2/live", seen=shown)

    assert charlotte.page.status_code == 422
    assert "Another version is live by now." in charlotte.words
    assert greeting(site) == shipped != KIND


def test_choices_are_edited_and_their_words_stay(site: Site, charlotte: Screen) -> None:
    at = "/desk/wording/V-STATUS/en"
    charlotte.opens(f"{at}/edit")
    given = {"voice": "You are all set.", "short": "What now?", "note": "shorter", "seen": "0"}
    charlotte.sends(f"{at}/edit", **given, label_1="To tell us a thing", label_2="To go slower")
    charlotte.sends(charlotte.path)

    with site.db.transaction() as session:
        wording = catalog_for(session, None).wording("V-STATUS")
    assert [option.label for option in wording.options] == ["To tell us a thing", "To go slower"]
    assert "message" in wording.options[0].words


def test_the_form_of_every_prompt_gives_back_what_stands_in_it(site: Site) -> None:
    for language, wordings in Catalog.load().by_language.items():
        for prompt, wording in wordings.items():
            place, forms = Place(prompt, language, ""), forms_of(wording)
            form = form_kind(place)(MultiDict(as_sent(forms)))
            assert words_in(place, form) == forms, (language, prompt)


def as_sent(forms: Forms) -> dict[str, str]:
    """Return what a browser sends of a form that nobody has touched."""
    labels = {f"{LABEL}{number}": label for number, label in enumerate(forms.labels, 1)}
    return {**forms.by_name(), **labels}


def test_a_short_form_like_the_long_one_is_edited_again_without_loss(
    site: Site, charlotte: Screen
) -> None:
    at, words = "/desk/wording/V-STATUS/en", "You are all set."
    charlotte.opens(f"{at}/edit")
    labels = {"label_1": "To tell us a thing", "label_2": "To go slower"}
    charlotte.sends(f"{at}/edit", voice=words, short=words, note="x", seen="0", **labels)
    charlotte.sends(charlotte.path)
    charlotte.opens(f"{at}/edit")

    assert charlotte.page.text.count(f"{words}</textarea>") == 2
    assert "Nothing is wrong." in charlotte.words


@pytest.mark.parametrize(
    "path", ["V-GREET", "T-OM5", "V-GREET/fr/edit", "T-OM5/en/edit", "V-GREET/en/1/live"]
)
def test_nothing_that_is_pressed_or_filled_in_has_the_name_of_another(
    charlotte: Screen, french: None, path: str
) -> None:
    drafts(charlotte)
    charlotte.opens(f"/desk/wording/{path}")
    main = charlotte.page.text.partition("<main")[2].partition("</main>")[0]
    names = re.findall(r"<(?:label|button|summary)\b[^>]*>(.*?)</", main)
    spoken = re.findall(r'data-speak="([^"]*)"', main)

    assert names
    assert len(names) == len(set(names)), names
    assert all(spoken)
    assert len(spoken) == len(set(spoken)), spoken


def test_what_is_said_without_a_database_is_shown_and_not_edited(charlotte: Screen) -> None:
    charlotte.opens("/desk/wording/V-SORRY")
    assert "comes with the programme and is not edited here" in charlotte.words
    assert "Edit in English" not in charlotte.words
    assert charlotte.opens("/desk/wording/V-SORRY/en/edit").status_code == 409


# -- translations ---------------------------------------------------------------------------------


def test_a_translation_is_marked_until_somebody_signs_these_words(
    site: Site, charlotte: Screen, french: None
) -> None:
    charlotte.opens("/desk/wording?language=fr&q=V-GREET")
    assert charlotte.rows()[0][4] == "not reviewed"
    charlotte.opens("/desk/wording/V-GREET")
    shown = re.search(r'name="fingerprint" value="(\w+)"', charlotte.page.text)
    assert shown is not None
    charlotte.sends("/desk/wording/V-GREET/fr/0/sign", fingerprint=shown[1])
    assert "The wording in French is signed by you." in charlotte.words
    assert "Signed by Charlotte" in charlotte.words
    charlotte.opens("/desk/wording?review=yes")
    assert [row[0] for row in charlotte.rows()] == ["V-GREET"]
    with site.db.transaction() as session:
        assert len(session.scalars(select(WordingReview)).all()) == 1

    drafts(charlotte, "Welcome to {org}.", at="/desk/wording/V-GREET/fr")
    assert "Review not reviewed" in charlotte.words
    charlotte.sends(charlotte.path)
    charlotte.opens("/desk/wording?language=fr&q=V-GREET")
    assert charlotte.rows()[0][3:] == ["edited", "not reviewed"]


def test_a_draft_is_signed_before_anybody_hears_it(charlotte: Screen, french: None) -> None:
    drafts(charlotte, "Welcome to {org}.", at="/desk/wording/V-GREET/fr")
    shown = re.search(r'name="fingerprint" value="(\w+)"', charlotte.page.text)
    assert shown is not None
    charlotte.sends("/desk/wording/V-GREET/fr/1/sign", fingerprint=shown[1])
    assert charlotte.path == "/desk/wording/V-GREET/fr/1/live"
    assert "Review reviewed" in charlotte.words
    charlotte.sends(charlotte.path)
    charlotte.opens("/desk/wording?language=fr&q=V-GREET")
    assert charlotte.rows()[0][3:] == ["edited", "reviewed"]


def test_words_that_have_changed_meanwhile_are_not_signed(
    charlotte: Screen, site: Site, french: None
) -> None:
    charlotte.opens("/desk/wording/V-GREET")
    charlotte.sends("/desk/wording/V-GREET/fr/0/sign", fingerprint="0" * 64)

    assert "The words have changed since you read them." in charlotte.words
    with site.db.transaction() as session:
        assert session.scalars(select(WordingReview)).all() == []


# -- communities ----------------------------------------------------------------------------------


def test_a_community_has_words_of_its_own(site: Site, charlotte: Screen) -> None:
    shipped = greeting(site)
    charlotte.opens(f"{GREET}/edit?community=River")
    charlotte.sends(f"{GREET}/edit?community=River", voice=KIND, note="theirs", seen="0", do="save")
    charlotte.sends(f"{GREET}/1/live?community=River")

    assert (greeting(site, "River"), greeting(site)) == (KIND, shipped)
    assert "Wording V-GREET River" in charlotte.words
    charlotte.opens("/desk/wording?community=River&state=edited")
    assert [row[0] for row in charlotte.rows()] == ["V-GREET"]
    charlotte.opens("/desk/wording?state=edited")
    assert charlotte.page.text.partition("<dialog")[0].count("<tbody>") == 0


def test_who_looks_after_one_community_edits_its_words_alone(site: Site) -> None:
    email = site.add("lee@example.org", StaffRole.LEAD, communities=["River"])
    lee = site.sign_in(email)
    lee.opens("/desk/wording/V-GREET")
    assert "Edit in English" not in lee.words
    assert lee.opens(f"{GREET}/edit").status_code == 403
    assert "You may change the wording of your communities only." in lee.words
    assert lee.opens(f"{GREET}/edit?community=Est").status_code == 404
    assert lee.opens(f"{GREET}/edit?community=River").status_code == 200
    lee.sends(f"{GREET}/0/sign", fingerprint="x")
    assert lee.page.status_code == 403


def test_who_may_not_change_the_wording_sees_it_without_buttons(
    signed_in: Callable[[StaffRole], Screen],
) -> None:
    screen = signed_in(StaffRole.COORDINATOR)
    screen.opens("/desk/wording/V-GREET")
    assert "a free phone line for small business" in screen.words
    assert "Edit in English" not in screen.words
    assert screen.opens(f"{GREET}/edit").status_code == 403
