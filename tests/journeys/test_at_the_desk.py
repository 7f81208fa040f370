"""Charlotte works at the page in a browser, while the phones of the people ring and buzz.

One site serves the lines and the page, as in production; what passes here passes over the wire.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Response
from playwright.sync_api import Browser, Page, expect

from mentoring.models import Mode, Role
from tests import leaks
from tests.admin.conftest import make_site
from tests.journeys.applying import RIGHT, applicant, find_eligible, hold_orientation_talk
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.ending import got, state_at, text_pair
from tests.journeys.proposing import NEEDS, OFFERS
from tests.town import MAIN, PAIRS, Town
from tests.window import Window, open_window


@dataclass
class Desk:
    """Charlotte's window, and every document that the site has sent to it."""

    window: Window
    documents: list[str]

    @property
    def page(self) -> Page:
        """The page in the window."""
        return self.window.page

    def goes_to(self, name: str) -> None:
        """Follow a link of the main menu."""
        menu = self.page.get_by_role("navigation", name="Main")
        menu.get_by_role("link", name=name, exact=True).click()

    def shows(self, *sentences: str) -> None:
        """Check that the page says all of this."""
        for words in sentences:
            expect(self.page.locator("main")).to_contain_text(words, use_inner_text=True)

    def hears_news(self) -> None:
        """Let the page look for news by itself, as it does every few seconds."""
        with self.page.expect_response("**/desk/news*"):
            self.page.clock.run_for(11_000)

    def showed_no_number(self, *numbers: str) -> None:
        """Check that no document held somebody's number, in whatever shape."""
        record = leaks.Record()
        for number in numbers:
            record.participant(number)
        for document in self.documents:
            record.saw("page", document)
        assert self.documents
        assert record.leaks() == []


@pytest.fixture
def desk(town: Town, browser: Browser) -> Iterator[Desk]:
    """Charlotte, signed in at the site to which the carrier brings calls and texts as well."""
    site = make_site(town.db, town.clock, parts=town.parts)
    documents: list[str] = []

    def keep(answer: Response) -> Response:
        if answer.mimetype in ("text/html", "application/json"):
            documents.append(answer.get_data(as_text=True))
        return answer

    site.app.after_request(keep)
    town.serve(site.app)
    with open_window(site, browser, address=town.site_url) as window:
        yield Desk(window, documents)


def rosa_has_applied(town: Town) -> None:
    """Rosa has answered all questions of the intake."""
    rosa = applicant(town, Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT)
    with town.db.transaction() as session:
        session.merge(rosa).profile = NEEDS


def luis_is_available(town: Town) -> None:
    """Luis was taken on, has had his lessons and the talk, and has an open place."""
    luis = applicant(town, Role.MENTOR, "Luis", LUIS)
    with town.db.transaction() as session:
        session.merge(luis).profile = OFFERS
    find_eligible(town, luis)
    hold_orientation_talk(town, luis)
    town.settle()
    town.texts(LUIS, MAIN, "1", *RIGHT[Role.MENTOR], "I promise")
    assert state_at(town, LUIS) == "available"


def test_from_an_application_to_a_match_and_the_first_talk(town: Town, desk: Desk) -> None:
    luis_is_available(town)
    rosa_has_applied(town)
    page = desk.window.opens("/desk/")
    waiting = page.get_by_role("table", name="Applications, the longest wait first")
    expect(waiting.get_by_role("row", name="Rosa")).to_contain_text("screening")

    # She is talked with and found eligible.
    desk.goes_to("Applications")
    page.get_by_role("link", name="Rosa").click()
    desk.shows("Missing the screening talk")
    page.get_by_text("Tick what is done").click()
    page.get_by_label("On which day?").fill("2026-03-03")
    page.get_by_label("How?", exact=True).select_option("call")
    page.get_by_role("button", name="Tick it").click()
    desk.shows("It is on file.")
    page.get_by_text("Decide", exact=True).first.click()
    page.get_by_label("Decision").select_option("eligible")
    page.get_by_label("Reason", exact=True).select_option("fits")
    page.get_by_role("button", name="Decide", exact=True).click()
    desk.shows("It is decided.")

    # Her phone gets the lessons.
    town.settle()
    assert got(town, ROSA)[-1].startswith("BridgeLine: next come 4 short lessons")
    said = town.texts(ROSA, MAIN, "1", *RIGHT[Role.PROTEGE], "1")
    assert said[-1].startswith("You are ready for a mentor!")
    page.reload()
    desk.shows("The promise: given.")

    # The plan picks Luis for her, and says why.
    desk.goes_to("Matching")
    page.get_by_role("button", name="Work it out again").click()
    desk.shows("This page shows it by itself")
    town.settle()
    page.reload()
    page.get_by_role("link", name="Rosa (P01)").click()
    desk.shows("The plan picks Luis (M01).")
    points = page.get_by_role("table", name="Luis: 95 points of 100")
    row = points.get_by_role("row", name="Topics")
    expect(row).to_contain_text("Helps with money and customers.")
    page.get_by_role("link", name="Pick Luis").click()
    page.get_by_role("button", name="Ask Rosa").click()
    desk.shows("P01 is asked in their own hours.")

    # Both phones say yes.
    town.settle()
    assert got(town, ROSA)[-1].startswith("We may have a mentor for you: Luis")
    town.texts(ROSA, MAIN, "1")
    assert got(town, LUIS)[-1].startswith("A match idea: Rosa")
    page.reload()
    desk.shows("Rosa (P01) said yes; Luis (M01) is asked")
    town.texts(LUIS, MAIN, "yes")
    news = town.phone(ROSA).inbox[-1]
    assert (news.peer, town.phone(LUIS).inbox[-1].peer) == (PAIRS[0], PAIRS[0])
    assert news.body.startswith("Good news! Luis said yes too.")
    assert "First talk: Wed, Mar 4" in news.body
    page.reload()
    page.get_by_role("link", name="K01").click()
    expect(page.get_by_role("heading", name="Match K01")).to_contain_text("intro")
    desk.shows("They have not been in contact yet.")

    # They talk over their own line.
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.hears("Rosa would like to talk")
    luis.presses("1")
    rosa.talks("Hello Luis")
    luis.hears("Hello Luis")
    town.emulator.advance(150)
    rosa.hangs_up()
    town.settle()
    page.reload()
    contacts = page.get_by_role("table", name="Contacts, the newest first")
    expect(contacts.get_by_role("row", name="Rosa").first).to_contain_text("talked")
    expect(page.get_by_role("heading", name="Match K01")).to_contain_text("early")

    desk.showed_no_number(ROSA, LUIS)


def test_a_concern_is_heard_handled_and_its_outcome_told(town: Town, desk: Desk) -> None:
    text_pair(town)
    page = desk.window.opens("/desk/")
    desk.shows("No alert is open. That is good.")
    desk.hears_news()

    town.texts(ROSA, MAIN, "WORRY", "2", "He wants to borrow my van", "no")
    desk.hears_news()

    expect(page.locator("#news")).to_contain_text("1 alert and no tasks open: 1 urgent")
    page.get_by_role("link", name="P01 has a worry to tell us.").click()
    desk.shows("How urgent high", "Next step: the first contact")
    expect(page.locator("main")).not_to_contain_text("van")
    page.get_by_role("link", name="Read the words that opened it").click()
    page.get_by_label("Why?").fill("It is with me")
    page.keyboard.press("Enter")
    desk.shows("He wants to borrow my van", "Your look is kept on the page of Rosa.")
    page.get_by_role("link", name="Back to the alert").click()

    page.get_by_role("button", name="This step is taken").click()
    desk.shows("The step is taken: the first contact.", "Next step: a plan")
    page.get_by_role("button", name="This step is taken").click()
    desk.shows("Next step: telling them the outcome")

    town.settle()
    assert "Our staff would like to tell you what we did. When is good?" in got(town, ROSA)[-1]
    assert town.texts(ROSA, MAIN, "Thu 6 pm") == [
        "Thank you. Our staff will call or text you then."
    ]
    assert got(town, LUIS) == []
    desk.goes_to("Today")
    desk.shows("P01 would hear what came of their worry on Thursday at 6 pm, their time.")
    page.get_by_role("link", name="P01 has a worry to tell us.").click()
    page.get_by_label("What came of it?").select_option("spoke_with_them")
    page.get_by_label("Anything else to know").fill("Luis will not ask again.")
    page.get_by_role("button", name="Close the alert").click()
    desk.shows("The alert is closed.", "No alert is open. That is good.")

    desk.goes_to("People")
    page.get_by_role("link", name="Rosa").click()
    looks = page.get_by_role("table", name="Looks at what is private, and changes")
    expect(looks.get_by_role("row", name="read words of alert")).to_contain_text("It is with me")
    desk.showed_no_number(ROSA, LUIS)
