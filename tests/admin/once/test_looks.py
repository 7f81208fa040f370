"""How the page looks where nothing has happened yet, in what comes and goes, and in few colours."""

import pytest
from playwright.sync_api import Browser, expect

from admin.sessions import IDLE
from tests.admin.conftest import PASSWORD, Site
from tests.admin.once.looks import faults_of
from tests.admin.test_interest import leaves_interest
from tests.admin.test_reports import a_report
from tests.admin.test_spoken import texted
from tests.admin.test_spoken_answers import answered
from tests.window import EMAIL, Window, open_window

_TAKES_PASTE = """(field) => field.dispatchEvent(
  new ClipboardEvent("paste", { bubbles: true, cancelable: true }))"""


_EMPTY = (
    *("", "people", "applications", "interest", "matches", "matching", "needs", "contacts"),
    *("alerts", "tasks", "reports", "lines", "setup", "audit", "interest/invite"),
    *("proposals", "matching/waiting", "reports/kept", "goals", "goals/new"),
)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (320, "light")])
def test_axe_finds_nothing_in_a_programme_in_which_nothing_happened(
    own_site: Site, browser: Browser, width: int, scheme: str
) -> None:
    found = {}
    with open_window(own_site, browser, scheme=scheme) as window:
        window.page.set_viewport_size({"width": width, "height": 900})
        for path in _EMPTY:
            found[path] = faults_of(window.opens(f"/desk/{path}"))

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_what_comes_and_goes(site: Site, browser: Browser, width: int) -> None:
    """Interest, a text that was read, a report that waits, proposals that ended, both dialogs."""
    found = {}
    leaves_interest(site, "Kim", "+15155550148")
    text, waiting = texted(site, "Hello", "there"), a_report(site, done=False)
    with open_window(site, browser) as window:
        page = window.page
        page.set_viewport_size({"width": width, "height": 900})
        found["interest"] = faults_of(window.opens("/desk/interest"))
        window.opens(f"/desk/texts/{text}")
        page.get_by_label("Why?").fill("To help.")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("Hello")
        found["a text"] = faults_of(page)
        window.opens(f"/desk/reports/{waiting}")
        expect(page.get_by_role("progressbar")).to_be_visible()
        found["a report that waits"] = faults_of(page)
        window.opens("/desk/proposals/1/withdraw")
        page.get_by_label("Why?").fill("She is ill.")
        page.keyboard.press("Enter")
        expect(page.get_by_text("The proposal is withdrawn.")).to_be_visible()
        found["a proposal that ended"] = faults_of(page)
        window.opens("/desk/matching/P06/M08")
        page.get_by_label("Why not whom the plan picks?").select_option("fairness")
        page.get_by_role("button", name="Keep as a draft").click()
        expect(page.locator("main")).to_contain_text("The draft is kept")
        found["a draft"] = faults_of(page)
        window.opens("/desk/")
        page.keyboard.press("?")
        found["the keys"] = faults_of(page)
        page.keyboard.press("Escape")
        almost = IDLE.total_seconds() - 240
        site.wall_clock.advance(almost)
        page.clock.run_for(int(almost * 1000))
        expect(page.get_by_role("dialog", name="You will be signed out soon")).to_be_visible()
        found["the warning"] = faults_of(page)
        # What the page asks for by itself must not come to somebody who is signed out by then.
        page.goto("about:blank")
        site.wall_clock.advance(300)

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_where_staff_prove_type_or_wait(
    site: Site, browser: Browser, width: int
) -> None:
    """A new authenticator, a spoken answer that is typed, the plan while it is worked out."""
    found, spoken = {}, answered(site)
    with open_window(site, browser) as window:
        page = window.page
        page.set_viewport_size({"width": width, "height": 900})
        site.wall_clock.advance(30)
        window.opens("/desk/account/authenticator")
        page.get_by_label("Present password", exact=True).fill(PASSWORD)
        page.get_by_label("Code", exact=True).fill(site.code(EMAIL))
        page.keyboard.press("Enter")
        expect(page.get_by_role("img")).to_be_visible()
        found["a new authenticator"] = faults_of(page)
        window.opens(f"/desk/recordings/{spoken}")
        page.get_by_label("Why?").fill("To type it.")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Keep it with the answer")).to_be_visible()
        found["a spoken answer"] = faults_of(page)
        window.opens("/desk/matching")
        page.get_by_role("button", name="Work it out again").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        found["a plan that is worked out"] = faults_of(page)

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_a_code_and_a_password_may_be_pasted(site: Site, browser: Browser) -> None:
    site.wall_clock.advance(30)
    with open_window(site, browser) as window:
        page = window.page
        page.context.clear_cookies()
        window.opens("/desk/sign-in")
        for label in ("E-mail address", "Password"):
            field = page.get_by_label(label, exact=True)
            assert field.get_attribute("autocomplete") in ("username", "current-password")
            field.focus()
            page.keyboard.insert_text(EMAIL if label != "Password" else PASSWORD)
            assert field.evaluate(_TAKES_PASTE)
        page.keyboard.press("Enter")
        code = page.get_by_label("Code", exact=True)
        assert code.get_attribute("autocomplete") == "one-time-code"
        assert code.evaluate(_TAKES_PASTE)


def test_where_colours_are_forced_the_menu_still_shows_on_which_page_one_is(window: Window) -> None:
    page = window.opens("/desk/people")
    page.emulate_media(forced_colors="active")
    edges = page.locator(".top nav a").evaluate_all(
        "all => all.map((each) => getComputedStyle(each).borderBottomColor)"
    )
    behind = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert [edge != behind for edge in edges].count(True) == 1
