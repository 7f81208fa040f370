"""How every page of the coordinators looks to axe, to a finger, and on a narrow screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from admin.sessions import IDLE
from mentoring.editions.changes import Place, save_draft
from mentoring.editions.forms import Forms
from mentoring.going_live import Part
from mentoring.models import StaffRole
from tests.admin.conftest import PASSWORD, Site
from tests.admin.test_interest import leaves_interest
from tests.admin.test_pages import alert_about
from tests.admin.test_reports import a_report
from tests.admin.test_scope import match_of
from tests.admin.test_spoken import texted
from tests.window import EMAIL, open_window

# Whatever may be pressed has room for a finger (WCAG 2.5.8), unless it stands in a sentence.
_TOO_SMALL = """() => [...document.querySelectorAll("main a, main button, header a, header button")]
  .filter((each) => each.checkVisibility() && !each.closest("p, .skip, .unseen"))
  .filter((each) => each.getBoundingClientRect().height < 24)
  .map((each) => each.textContent)"""
_TAKES_PASTE = """(field) => field.dispatchEvent(
  new ClipboardEvent("paste", { bubbles: true, cancelable: true }))"""
_TOO_WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


_TOO_LOW = """() => [...document.querySelectorAll("main button, main .button, dialog[open] button")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
  .map((each) => each.textContent)"""


def faults_of(axe: Axe, page: Page) -> list[str]:
    """Return what axe, a finger and a narrow screen find wrong with the page as it is now."""
    results = axe.run(page, options={"resultTypes": ["violations"]})
    return [
        *(each["id"] for each in results.response["violations"]),
        *(f"too small: {words}" for words in page.evaluate(_TOO_SMALL)),
        *(f"lower than 44 px: {words}" for words in page.evaluate(_TOO_LOW)),
        *(["too wide"] if page.evaluate(_TOO_WIDE) else []),
    ]


def drafted_greeting(site: Site) -> str:
    """Keep a draft of the greeting; returns the page on which it is put live."""
    with site.db.transaction() as session:
        save_draft(
            session,
            Place("V-GREET", "en", ""),
            Forms(voice="Welcome to {org}."),
            seen=0,
            note="Warmer",
            actor="staff:Lee",
            now=site.clock.now(),
        )
    return "/desk/wording/V-GREET/en/1/live"


def addresses(site: Site) -> list[str]:
    """Return every page that shows something, in the states of the fictional programme."""
    code, alert = match_of(site, "P05"), alert_about(site, "P17 has a worry")
    return [
        *("/desk/", "/desk/people", "/desk/people?role=mentor&sort=-code", "/desk/people?q=nobody"),
        *("/desk/people/P05", "/desk/people/P05/number", "/desk/people/P11/answers"),
        *("/desk/people/M06/edit", "/desk/people?number=x"),
        *(
            "/desk/applications",
            "/desk/applications/M12",
            "/desk/applications/P09",
            "/desk/matching",
            "/desk/matching/P04",
            "/desk/matching/P04/M04",
            "/desk/proposals/1",
            "/desk/proposals/1/withdraw",
            "/desk/needs",
            "/desk/matches",
            "/desk/matches/new",
            f"/desk/matches/{code}",
        ),
        *(f"/desk/matches/{code}/{change}" for change in ("hold", "pause", "finish", "close")),
        *("/desk/people/P05/do-not-contact", "/desk/people/P05/suspend"),
        *("/desk/contacts", "/desk/contacts?person=P05", "/desk/alerts", f"/desk/alerts/{alert}"),
        *(f"/desk/alerts/{alert}/words", "/desk/tasks"),
        f"/desk/tasks/{alert_about(site, 'M12 finished')}",
        *("/desk/staff", "/desk/staff/invite", f"/desk/staff/{site.number(EMAIL)}", "/desk/audit"),
        drafted_greeting(site),
        *("/desk/wording", "/desk/wording?q=nothing+at+all", "/desk/wording/T-MENU"),
        "/desk/wording/V-GREET",
        *(f"/desk/wording/V-GREET/en/{step}" for step in ("edit", "0/back")),
        "/desk/wording/T-PB3/en/edit",
        *report_addresses(site),
        *("/desk/lines", "/desk/settings", "/desk/rehearsal", "/desk/setup"),
        *("/desk/interest", "/desk/interest/needs", "/desk/interest/invite"),
        *(f"/desk/setup/{part.value}" for part in Part),
        *("/desk/account", "/desk/account/passkeys", "/desk/help", "/desk/about"),
        "/desk/account/authenticator",
        *(f"/desk/staff/{site.number(EMAIL)}/{press}" for press in ("disable", "invite")),
        *("/desk/sign-in", "/desk/join"),
    ]


def report_addresses(site: Site) -> list[str]:
    """Return the pages of reports: one that is worked out, and one that waits."""
    done, waiting = a_report(site), a_report(site, community="River", done=False)
    return [
        *("/desk/reports", f"/desk/reports/{waiting}"),
        *(f"/desk/reports/{done}/{each}" for each in ("board", "funder", "all", "counselling")),
        f"/desk/reports/{done}",
        *(f"/desk/reports/{done}/indicators/{each}" for each in ("E2", "E14", "E18", "E20")),
        f"/desk/reports/{done}/indicators/E8?by=reason",
    ]


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_is_too_small_or_too_wide(
    site: Site, browser: Browser, width: int, scheme: str
) -> None:
    axe, found = Axe(), {}
    with open_window(site, browser, scheme=scheme) as window:
        window.page.set_viewport_size({"width": width, "height": 900})
        for path in addresses(site):
            page = window.opens(path)
            found[path] = faults_of(axe, page)

    assert {path: faults for path, faults in found.items() if faults} == {}


# Pages on which something is filled in, and the button that sends it without a word of sense.
_REFUSED = {
    "/desk/people/P05/number": "Show it",
    "/desk/people/P05/do-not-contact": "Write it down",
    "/desk/people/P05/edit": "Keep it",
    "/desk/applications/M12": "Decide",
    "/desk/matches/new": "Open the match",
    "/desk/matching/P04/M04": "Ask Jean-Luc",
    "/desk/proposals/1/withdraw": "Withdraw it",
    "/desk/setup/purpose": "Keep it and go on",
    "/desk/setup/lines": "Add it as a pair line",
    "/desk/staff/invite": "Invite them",
    "/desk/account": "Change it",
    "/desk/account/authenticator": "Go on",
    "/desk/wording/V-GREET/en/edit": "Save as draft",
}


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_in_forms_that_were_refused(
    site: Site, browser: Browser, width: int, scheme: str
) -> None:
    axe, found = Axe(), {}
    with open_window(site, browser, scheme=scheme) as window:
        window.foreseen.add(422)
        window.page.set_viewport_size({"width": width, "height": 900})
        for path, button in _REFUSED.items():
            page = window.opens(path)
            for field in page.locator(
                "main form input[type=text]:not([readonly]), main textarea"
            ).all():
                if field.is_visible():
                    field.fill("")
            page.get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_role("alert").first).to_be_visible()
            found[path] = faults_of(axe, page)

    assert {path: faults for path, faults in found.items() if faults} == {}


_EMPTY = (
    *("", "people", "applications", "interest", "matches", "matching", "needs", "contacts"),
    *("alerts", "tasks", "reports", "lines", "setup", "audit", "interest/invite"),
)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (320, "light")])
def test_axe_finds_nothing_in_a_programme_in_which_nothing_happened(
    own_site: Site, browser: Browser, width: int, scheme: str
) -> None:
    axe, found = Axe(), {}
    with open_window(own_site, browser, scheme=scheme) as window:
        window.page.set_viewport_size({"width": width, "height": 900})
        for path in _EMPTY:
            found[path] = faults_of(axe, window.opens(f"/desk/{path}"))

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("role", [StaffRole.READ_ONLY, StaffRole.COORDINATOR, StaffRole.LEAD])
def test_axe_finds_nothing_in_what_each_role_sees(
    site: Site, browser: Browser, role: StaffRole
) -> None:
    axe, found = Axe(), {}
    match, worry = match_of(site, "P05"), alert_about(site, "P17 has a worry")
    email = site.add(f"{role.value}@example.org", role)
    with open_window(site, browser, email=email) as window:
        # What a role may not see is refused in a page.
        window.foreseen.add(403)
        for path in (
            *("", "people", "people/P05", "applications/M12", f"matches/{match}", "matching"),
            *("proposals/1", f"alerts/{worry}", "wording/V-GREET", "staff", "settings", "reports"),
            *("setup", "people/P05/number", "audit"),
        ):
            found[path] = faults_of(axe, window.opens(f"/desk/{path}"))

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_what_comes_and_goes(site: Site, browser: Browser, width: int) -> None:
    """Interest, a text that was read, a report that waits, proposals that ended, both dialogs."""
    axe, found = Axe(), {}
    leaves_interest(site, "Kim", "+15155550148")
    text, waiting = texted(site, "Hello", "there"), a_report(site, done=False)
    with open_window(site, browser) as window:
        page = window.page
        page.set_viewport_size({"width": width, "height": 900})
        found["interest"] = faults_of(axe, window.opens("/desk/interest"))
        window.opens(f"/desk/texts/{text}")
        page.get_by_label("Why?").fill("To help.")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("Hello")
        found["a text"] = faults_of(axe, page)
        window.opens(f"/desk/reports/{waiting}")
        expect(page.get_by_role("progressbar")).to_be_visible()
        found["a report that waits"] = faults_of(axe, page)
        window.opens("/desk/proposals/1/withdraw")
        page.get_by_label("Why?").fill("She is ill.")
        page.keyboard.press("Enter")
        expect(page.get_by_text("The proposal is withdrawn.")).to_be_visible()
        found["a proposal that ended"] = faults_of(axe, page)
        window.opens("/desk/matching/P06/M08")
        page.get_by_label("Why not whom the plan picks?").select_option("fairness")
        page.get_by_role("button", name="Keep as a draft").click()
        expect(page.locator("main")).to_contain_text("The draft is kept")
        found["a draft"] = faults_of(axe, page)
        window.opens("/desk/")
        page.keyboard.press("?")
        found["the keys"] = faults_of(axe, page)
        page.keyboard.press("Escape")
        almost = IDLE.total_seconds() - 240
        site.wall_clock.advance(almost)
        page.clock.run_for(int(almost * 1000))
        expect(page.get_by_role("dialog", name="You will be signed out soon")).to_be_visible()
        found["the warning"] = faults_of(axe, page)
        # What the page asks for by itself must not come to somebody who is signed out by then.
        page.goto("about:blank")
        site.wall_clock.advance(300)

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
