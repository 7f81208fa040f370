"""The plan of matching is long work: it is done in the background, and staff see how far it is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from mentoring.calendar.deeds import do_due
from mentoring.calendar.dues import note_fault
from mentoring.models import Due, DueKind
from tests.admin.conftest import Screen, Site
from tests.admin.test_reports import do_all_due
from tests.window import open_window

NEWS = "/desk/matching/plan/news"
WAITS = "The plan has waited for its turn since Tue, Mar 3, 11 am."
WORKS = "The plan has been in the works since Tue, Mar 3, 11:01 am: everybody who waits is compared"


def do_one_batch(site: Site) -> None:
    """Do one batch of what is due, as the worker does before it looks again."""
    with site.db.transaction() as session:
        do_due(session, now=site.clock.now())


def ask_alone(site: Site, charlotte: Screen) -> None:
    """Ask for the plan when nothing else is due."""
    do_all_due(site)
    charlotte.opens("/desk/matching")
    charlotte.sends("/desk/matching/plan")


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """A window in which Charlotte is signed in; addresses begin with /desk."""
    with open_window(site, browser) as window:
        yield window.page


def test_the_page_says_which_step_runs_since_when_and_then_shows_the_plan(
    site: Site, charlotte: Screen
) -> None:
    ask_alone(site, charlotte)
    assert "<progress" in charlotte.page.text
    assert WAITS in charlotte.words
    first = charlotte.client.get(NEWS).get_json()
    site.clock.advance(60)
    do_one_batch(site)
    second = charlotte.client.get(f"{NEWS}?version={first['version']}").get_json()
    assert second["said"].startswith(WORKS)
    assert "<progress" in second["html"]
    assert charlotte.client.get(f"{NEWS}?version={second['version']}").status_code == 304
    do_one_batch(site)
    third = charlotte.client.get(f"{NEWS}?version={second['version']}").get_json()
    assert third["said"] == "The plan was worked out on Tue, Mar 3, 11:01 am."
    assert "<progress" not in third["html"]
    charlotte.opens("/desk/matching")
    assert "data-news" not in charlotte.page.text


def test_a_plan_that_is_underway_is_asked_for_once(site: Site, charlotte: Screen) -> None:
    ask_alone(site, charlotte)
    site.clock.advance(1)
    charlotte.sends("/desk/matching/plan")
    of_this = Due.kind == DueKind.MATCH_PLAN, Due.due_at <= site.clock.now(), Due.done_at.is_(None)
    with site.db.transaction() as session:
        assert session.scalar(select(func.count(Due.id)).where(*of_this)) == 1


def test_a_plan_that_did_not_work_out_is_said_to_be_tried_again(
    site: Site, charlotte: Screen
) -> None:
    ask_alone(site, charlotte)
    do_one_batch(site)
    with site.db.transaction() as session:
        due = session.scalar(
            select(Due.id).where(
                Due.kind == DueKind.MATCH_PLAN, Due.done_at.is_(None), Due.round > 1
            )
        )
        assert due is not None
        note_fault(session, due_id=due, now=site.clock.now())
    charlotte.opens("/desk/matching")
    assert (
        "The plan could not be worked out. It is tried again on Tue, Mar 3, 11:05 am."
        in charlotte.words
    )


def test_after_a_plan_the_next_one_is_made_in_the_night(site: Site, charlotte: Screen) -> None:
    ask_alone(site, charlotte)
    do_all_due(site)
    with site.db.transaction() as session:
        waits = select(Due.due_at).where(Due.kind == DueKind.MATCH_PLAN, Due.done_at.is_(None))
        (at,) = session.scalars(waits)
    assert f"{at:%a %H:%M}" == "Wed 10:00"


def test_in_a_browser_it_shows_without_reload_and_is_announced(site: Site, page: Page) -> None:
    do_all_due(site)
    page.goto("/desk/matching")
    page.get_by_role("button", name="Work it out again").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    do_one_batch(site)
    with page.expect_response("**/news*"):
        page.clock.run_for(3_100)
    expect(page.locator("#news")).to_contain_text("The plan has been in the works since")
    do_one_batch(site)
    with page.expect_response("**/news*"):
        page.clock.run_for(3_100)
    expect(page.locator("#news")).to_contain_text("The plan was worked out on")
    expect(page.get_by_role("progressbar")).to_have_count(0)
