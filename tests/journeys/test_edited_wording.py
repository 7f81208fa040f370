"""An edit on the page is heard by the next call and read in the next text; no process starts anew.

The page is served beside the line as in production: a process of its own, with a memory of its own.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from mentoring.clock import ManualClock
from mentoring.db import Database, make_engine
from mentoring.editions.changes import Place, put_live, roll_back, save_draft
from mentoring.editions.current import catalog_for
from mentoring.editions.forms import forms_of
from mentoring.flows.catalog import Catalog
from mentoring.models import Answer, Consent, Mode, Role, StaffRole, WordingEdition
from tests.admin.conftest import make_site
from tests.journeys.cast import KIM, LUIS, ROSA
from tests.seats import Seats
from tests.town import MAIN, Town, open_town
from tests.window import Window, open_window

SHIPPED = "a free phone line for small business"
LEAD = "lee@example.org"
CHECK_IN = Place("T-CKA", "en", "")
SHORTER = "Did you and {mentor} talk? Reply 1 yes, 2 not yet, 3 we tried."


def edit(town: Town, place: Place, *, seen: int = 0, **changed: str) -> WordingEdition:
    """Put an edit live, as the page does; `seen` is the newest version before it."""
    with town.db.transaction() as session:
        now = town.clock.now()
        shipped = forms_of(Catalog.load().wording(place.prompt, place.language))
        forms = replace(shipped, **changed)  # type: ignore[arg-type]
        save_draft(session, place, forms, seen=seen, note="test", actor="staff:Lee", now=now)
        return put_live(session, place, seen + 1, actor="staff:Lee", now=now)


@pytest.fixture
def line(real_db: Database, clock: ManualClock, seats: Seats) -> Iterator[Town]:
    """The line with a database to which several processes can come."""
    with open_town(real_db, clock, seats) as opened:
        yield opened


@pytest.fixture
def window(line: Town, browser: Browser) -> Iterator[Window]:
    """The page, in another process than the line: nothing but the tables is shared."""
    engine = make_engine(line.db.bind.engine.url.render_as_string(hide_password=False))
    own = Database(engine, vault=line.db.vault, programme=line.db.programme)
    site = make_site(own, line.clock)
    with open_window(site, browser, email=site.add(LEAD, StaffRole.LEAD)) as opened:
        yield opened
    engine.dispose()


def hears_first(line: Town, *phrases: str) -> None:
    """Let somebody call who never did, and check what they hear."""
    stranger = line.caller(f"+1515555014{len(line.emulator.phones) % 10}")
    words = stranger.calls(MAIN)
    stranger.hears(*phrases)
    assert (SHIPPED in words) is (SHIPPED in phrases)
    stranger.hangs_up()


def test_a_new_greeting_is_heard_by_the_next_call_and_the_old_one_after_going_back(
    line: Town, window: Window
) -> None:
    hears_first(line, SHIPPED)

    page = window.opens("/desk/wording/V-GREET")
    page.get_by_role("link", name="Edit in English").click()
    page.get_by_label("Spoken", exact=True).fill("Hello. We are here. Text INFO.")
    page.clock.run_for(1000)
    checks = page.locator("[data-checked]")
    expect(checks).to_contain_text("1 thing is wrong. Spoken: Put {org} in again.")
    expect(page.locator("#news")).to_have_text("1 thing is wrong. Spoken: Put {org} in again.")
    page.get_by_label("Spoken", exact=True).fill("Welcome to {org}. [p] We help you.")
    page.clock.run_for(1000)
    expect(checks).to_contain_text("Nothing is wrong.")
    expect(checks).to_contain_text("Welcome to BridgeLine.")
    expect(checks.get_by_role("button", name="Hear it")).to_be_visible()
    page.get_by_label("Why is it changed?").fill("Warmer")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_text("Nobody hears it yet.")).to_be_visible()
    hears_first(line, SHIPPED)
    page.get_by_role("button", name="Put it live").click()
    expect(page.get_by_text("Version 1 is live.")).to_be_visible()

    hears_first(line, "Welcome to BridgeLine.", "We help you.", "To get a mentor")

    page.get_by_role("link", name="Go back to the shipped English").click()
    page.get_by_label("Why?").fill("It was fine")
    page.get_by_role("button", name="Go back to it").click()
    expect(page.get_by_text("The shipped wording is said again")).to_be_visible()

    hears_first(line, SHIPPED)


def test_the_next_text_has_the_new_words_and_an_answer_names_its_edition(town: Town) -> None:
    assert "about 8 texts" in town.texts(KIM, MAIN, "Hi", "1")[-1].lower()
    words = "{org}: We find you a mentor who helps for free. About 8 texts a month."
    words += " Msg & data rates may apply. HELP for help, STOP to stop. Reply 1 to agree, 2 for no."
    edition = edit(town, Place("T-C1", "en", ""), text=words)

    assert town.texts(LUIS, MAIN, "Hi", "1")[-1] == words.replace("{org}", "BridgeLine")
    town.texts(LUIS, MAIN, "1")
    with town.db.transaction() as session:
        given = session.scalars(select(Consent).order_by(Consent.id.desc())).first()
    assert given is not None
    assert (given.part, given.text_version, given.edition_id) == ("C1", "C-2025.1", edition.id)


def test_an_answer_on_the_phone_names_the_edition_that_was_heard(town: Town) -> None:
    edition = edit(town, Place("T-PA1", "en", ""), voice="Please tell us: are you 18 or older?")
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("1")
    for _ in range(6):
        kim.presses("1")
    kim.hears("Please tell us: are you 18 or older?", "Yes press 1")
    kim.presses("1")
    with town.db.transaction() as session:
        answers = list(session.scalars(select(Answer).where(Answer.question == "PA1")))
    assert [(each.prompt_version, each.edition_id) for each in answers] == [(1, edition.id)]


def test_words_that_go_live_after_the_question_are_not_those_that_were_answered(
    town: Town,
) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    for _ in range(7):
        kim.presses("1")
    kim.hears("Are you 18 or older")
    edit(town, Place("T-PA1", "en", ""), voice="Please tell us: are you 18 or older?")
    kim.presses("1")
    with town.db.transaction() as session:
        answers = list(session.scalars(select(Answer).where(Answer.question == "PA1")))

    assert [each.edition_id for each in answers] == [None]


def test_who_agrees_by_text_agrees_to_the_text_that_was_sent(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1")
    words = "{org}: We find you a mentor who helps for free. About 8 texts a month."
    words += " Msg & data rates may apply. HELP for help, STOP to stop. Reply 1 to agree, 2 for no."
    edit(town, Place("T-C1", "en", ""), text=words)
    town.texts(KIM, MAIN, "1")
    with town.db.transaction() as session:
        given = session.scalars(select(Consent).where(Consent.part == "C1")).one()

    assert given.edition_id is None


def asked_by_text(town: Town) -> None:
    """Let Rosa have got the text of her first check-in."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT)
    town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT))
    town.days_pass(3.1)
    assert "Have you and Luis talked" in town.phone(ROSA).inbox[-1].body


def edition_of_check_in(town: Town) -> int | None:
    """Let Rosa answer, and return the edition that her answer is kept with."""
    town.texts(ROSA, MAIN, "2")
    with town.db.transaction() as session:
        return session.scalars(select(Answer).where(Answer.question == "CKA")).one().edition_id


def test_who_answers_a_text_that_came_by_itself_answers_the_text_that_was_sent(
    town: Town,
) -> None:
    asked_by_text(town)
    edit(town, CHECK_IN, text=SHORTER)

    assert edition_of_check_in(town) is None


def test_a_question_that_is_sent_once_more_in_new_words_is_answered_in_those(town: Town) -> None:
    asked_by_text(town)
    edition = edit(town, CHECK_IN, text=SHORTER)
    town.days_pass(3.1)
    assert "Did you and Luis talk?" in town.phone(ROSA).inbox[-1].body
    later = SHORTER.replace("Did you and {mentor} talk", "Have you talked with {mentor}")
    edit(town, CHECK_IN, seen=1, text=later)

    assert edition_of_check_in(town) == edition.id


def test_a_community_hears_its_own_words_and_others_do_not(town: Town) -> None:
    people = [town.person(Role.PROTEGE, "Rosa", ROSA), town.person(Role.PROTEGE, "Kim", KIM)]
    with town.db.transaction() as session:
        session.merge(people[0]).community = "River"
    edit(town, Place("V-GREET2", "en", "River"), voice="Hello again from River, at {org}.")

    rosa, kim = town.caller(ROSA), town.caller(KIM)
    rosa.calls(MAIN)
    rosa.hears("Hello again from River, at BridgeLine.")
    kim.calls(MAIN)
    kim.hears("Hello again from BridgeLine.")
    with town.db.transaction() as session:
        place = Place("V-GREET2", "en", "River")
        roll_back(session, place, 0, seen=1, reason="test", actor="staff:Lee", now=town.clock.now())
        assert "River" not in catalog_for(session, people[0]).wording("V-GREET2").voice
