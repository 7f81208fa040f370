"""Every page in every state, as each role sees it: for eyes, fingers, ears and narrow screens."""

import pytest
from playwright.sync_api import Browser, Page, Route
from werkzeug.test import TestResponse

from mentoring.editions.changes import Place, save_draft
from mentoring.editions.forms import Forms
from mentoring.models import Purpose, StaffRole
from tests.admin.conftest import PASSWORD, Screen, Site
from tests.admin.once.crawl import Crawl
from tests.admin.once.looks import faults_of, faults_when_narrow
from tests.admin.once.states import bring_about_every_state
from tests.admin.test_interest import leaves_interest
from tests.admin.test_joining import at_password, invitation, shows_a_code
from tests.admin.test_reports import a_report
from tests.admin.test_spoken import recorded, texted
from tests.ears import Ears
from tests.window import open_window

_STARTS = (
    *("/desk/", "/desk/people?q=nobody", "/desk/people?number=x", "/desk/wording?q=nothing+at+all"),
    *("/desk/rehearsal", "/desk/setup", "/desk/interest", "/desk/nothing"),
)


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


def something_of_everything(site: Site) -> list[str]:
    """Add to the fictional programme what it has not; returns the pages to which no link leads."""
    leaves_interest(site, "Kim", "+15155550148")
    text = texted(site, "Hello", "there")
    recorded(site)
    recorded(site, Purpose.MESSAGE, stored=False)
    a_report(site)
    a_report(site, community="River", done=False)
    return [drafted_greeting(site), f"/desk/texts/{text}"]


def everything(site: Site) -> Crawl:
    """Return one page of each shape, as everybody of the staff finds it and whoever is not."""
    more, crawl = something_of_everything(site), Crawl(site)
    charlotte = site.sign_in(site.add())
    crawl.follow(charlotte, *_STARTS, *more, most=3, few=1)
    crawl.give_reasons(charlotte)
    is_asked_once_more(charlotte, crawl)
    bring_about_every_state(site)
    crawl.follow(charlotte, "/desk/", most=40, few=2)
    for role in (StaffRole.LEAD, StaffRole.COORDINATOR, StaffRole.READ_ONLY):
        email = site.add(f"{role.value}@example.org", role)
        crawl.follow(site.sign_in(email), "/desk/", *more, most=3, few=1)
    comes_in(site, charlotte, crawl)
    assert len(crawl.send_nothing(charlotte)) > 15
    return crawl


def is_asked_once_more(charlotte: Screen, crawl: Crawl) -> None:
    """Keep the page that asks before an application ends."""
    charlotte.opens("/desk/applications/M12")
    ends = {"outcome": "declined", "because": "other", "why": "It does not fit."}
    charlotte.sends("/desk/applications/M12/decision", **ends)
    crawl.keep(charlotte)


def comes_in(site: Site, charlotte: Screen, crawl: Crawl) -> None:
    """Keep the pages that lead in: for somebody who was invited, and with a password."""
    crawl.follow(site.screen(), "/desk/sign-in", "/desk/join", "/desk/about", most=1)
    ben = at_password(site, invitation(charlotte))
    crawl.keep(ben)
    ben.sends("/desk/join/password", password=PASSWORD)
    crawl.keep(ben)
    shows_a_code(site, ben)
    crawl.keep(ben)
    lea = site.screen()
    lea.opens("/desk/sign-in")
    lea.sends("/desk/sign-in", email="lead@example.org", password=PASSWORD)
    crawl.keep(lea)


class Shown:
    """Puts a page that somebody was answered before the eyes of a browser."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._answer: TestResponse | None = None
        page.route("**/desk/**", self._answered)

    def show(self, answer: TestResponse, address: str) -> None:
        """Open the page; what it takes from the site beside, it takes from there."""
        self._answer = answer
        self._page.goto(f"{address}{answer.request.path}")

    def _answered(self, route: Route) -> None:
        if self._answer is None or route.request.resource_type != "document":
            route.continue_()
            return
        kept = ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options")
        headers = {name: self._answer.headers[name] for name in kept}
        route.fulfill(status=self._answer.status_code, headers=headers, body=self._answer.data)


@pytest.mark.timeout(900)
def test_every_page_in_every_state_is_for_everybody(site: Site, browser: Browser) -> None:
    crawl = everything(site)
    found: dict[str, list[str]] = {}
    with open_window(site, browser, email="charlotte@example.org") as window:
        window.foreseen |= {403, 404, 409, 422}
        page = window.page
        shown, ears = Shown(page), Ears(page)
        for each in crawl.found:
            answer = each.answer
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 1280, "height": 900})
            shown.show(answer, window.address)
            faults = [*faults_of(page), *ears.faults()]
            page.emulate_media(color_scheme="dark")
            # As wide and high as a window of 1280 by 1024 that is zoomed to 400 %.
            page.set_viewport_size({"width": 320, "height": 256})
            # Colours are the same everywhere, so the dark ones are looked at once in a template.
            faults += faults_when_narrow(page, in_other_colours=each.is_first)
            if faults:
                found[f"{answer.request.path} ({answer.status_code})"] = faults

    assert found == {}
