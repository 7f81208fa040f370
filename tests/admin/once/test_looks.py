"""How every page of the coordinators looks to axe, to a finger, and on a narrow screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from mentoring.editions.changes import Place, save_draft
from mentoring.editions.forms import Forms
from mentoring.going_live import Part
from tests.admin.conftest import Site
from tests.admin.test_pages import alert_about
from tests.admin.test_reports import a_report
from tests.admin.test_scope import match_of
from tests.window import EMAIL, open_window

# Whatever may be pressed has room for a finger (WCAG 2.5.8), unless it stands in a sentence.
_TOO_SMALL = """() => [...document.querySelectorAll("main a, main button, header a, header button")]
  .filter((each) => each.checkVisibility() && !each.closest("p, .skip, .unseen"))
  .filter((each) => each.getBoundingClientRect().height < 24)
  .map((each) => each.textContent)"""
_TOO_WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


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
        *("/desk/people/M06/edit"),
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
        *("/desk/interest", "/desk/interest/invite"),
        *(f"/desk/setup/{part.value}" for part in Part),
        *("/desk/account", "/desk/account/passkeys", "/desk/help", "/desk/about"),
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
            results = axe.run(page, options={"resultTypes": ["violations"]})
            found[path] = [
                *(each["id"] for each in results.response["violations"]),
                *(f"too small: {words}" for words in page.evaluate(_TOO_SMALL)),
                *(["too wide"] if page.evaluate(_TOO_WIDE) else []),
            ]

    assert {path: faults for path, faults in found.items() if faults} == {}
