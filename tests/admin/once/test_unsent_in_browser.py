"""What somebody typed is there again after their session has ended, with scripts and without."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from admin.sessions import IDLE
from mentoring.models import UnsentForm
from tests.admin.conftest import PASSWORD
from tests.window import EMAIL, Window


def sign_in(window: Window, page: Page) -> None:
    """Sign in again on the page to which somebody was led."""
    window.site.wall_clock.advance(30)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Code", exact=True).fill(window.site.code(EMAIL))
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_what_was_typed_is_there_after_signing_in_again(
    browser: Browser, window: Window, scripts: bool
) -> None:
    state = window.page.context.storage_state()
    context = browser.new_context(
        java_script_enabled=scripts, storage_state=state, base_url=window.address
    )
    page = context.new_page()
    page.goto("/desk/")
    page.get_by_role("link", name="P18 opted out").click()
    page.get_by_label("What came of it?").select_option("spoke_with_them")
    page.get_by_label("Anything else to know").fill("Rosa said: calls are fine.")
    address = page.url
    window.site.wall_clock.advance(IDLE.total_seconds())
    page.get_by_role("button", name="Close the alert").click()
    expect(page.get_by_text("what you typed is kept for an hour")).to_be_visible()
    sign_in(window, page)

    assert page.url == address
    notice = page.get_by_role("status").filter(has_text="Nothing has been sent yet.")
    expect(notice).to_be_visible()
    if scripts:
        expect(notice).to_be_focused()
        assert Axe().run(page).violations_count == 0
    expect(page.get_by_label("What came of it?")).to_have_value("spoke_with_them")
    expect(page.get_by_label("Anything else to know")).to_have_value("Rosa said: calls are fine.")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.locator("html").evaluate("it => it.scrollWidth") <= 320
    page.get_by_role("link", name="Go to what you typed").click()
    page.get_by_role("button", name="Close the alert").click()
    expect(page.get_by_text("The alert is closed.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("Nothing has been sent yet.")).to_have_count(0)
    assert page.get_by_text("Rosa said: calls are fine.").count() == 1
    with window.site.db.transaction() as session:
        assert session.scalars(select(UnsentForm)).all() == []
    context.close()


def test_the_page_of_what_was_typed_is_for_everybody(window: Window) -> None:
    page = window.opens("/desk/staff/invite")
    page.get_by_label("Name", exact=True).fill("Somebody")
    window.site.wall_clock.advance(IDLE.total_seconds())
    page.get_by_role("button", name="Invite them").click()
    sign_in(window, page)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Somebody")
    window.opens("/desk/help")
    page.get_by_role("link", name="See what you typed").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Somebody")
    assert Axe().run(page).violations_count == 0
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.locator("html").evaluate("it => it.scrollWidth") <= 320
    page.get_by_role("button", name="Throw it away").click()

    expect(page.get_by_text("It is thrown away.")).to_be_visible()
    expect(page.get_by_text("Nothing is kept.")).to_be_visible()


def test_a_page_that_is_live_takes_no_words_from_whoever_is_typing(window: Window) -> None:
    page = window.page
    window.foreseen.add(401)
    page.clock.install(time=window.site.wall_clock.now())
    window.opens("/desk/")
    field = page.get_by_role("textbox", name="Name, code or number")
    field.fill("Rosa")
    window.site.wall_clock.advance(IDLE.total_seconds())
    with page.expect_response(lambda answer: answer.status == 401):
        page.clock.run_for(10_000)
    expect(field).to_have_value("Rosa")
    field.clear()
    page.clock.run_for(10_000)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
