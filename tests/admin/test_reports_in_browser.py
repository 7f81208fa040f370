"""Reports in a real browser: asked for, read, taken away as a file, and printed."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from admin.charts import NARROW, WIDE, Bar, bar_chart
from tests.admin.conftest import Site
from tests.admin.test_reports import a_report, do_all_due
from tests.window import open_window

_PAGE_OF_PDF = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """A window in which Charlotte is signed in; addresses begin with /desk."""
    with open_window(site, browser, scheme="dark") as window:
        yield window.page


def test_a_report_is_asked_for_read_and_taken_away(site: Site, page: Page, tmp_path: Path) -> None:
    page.goto("/desk/reports")
    page.get_by_label("Which days?").select_option("own")
    page.get_by_label("First day").fill("2025-03-01")
    page.get_by_label("Last day").fill("2026-03-31")
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_text("It is being worked out.")).to_be_visible()
    with page.expect_response("**/news*"):
        page.clock.run_for(3_100)
    do_all_due(site)
    with page.expect_response("**/news*"):
        page.clock.run_for(3_100)
    expect(page.get_by_text("It is worked out.").first).to_be_visible()
    expect(page.locator("#news")).to_have_text("It is worked out.")

    page.get_by_role("link", name="E2").first.click()
    page.get_by_role("link", name="by community").click()
    picture = page.get_by_role("img", name="Days from the waiting list to the match, by community")
    expect(picture).to_be_visible()
    assert picture.evaluate("each => each.naturalWidth") == 640
    expect(page.get_by_role("cell", name="15.0 days")).to_be_visible()
    page.get_by_role("link", name="Back to the report").click()
    page.get_by_role("link", name="For the board").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    file = tmp_path / "board.csv"
    download.value.save_as(file)

    assert download.value.suggested_filename == "board-2025-03-01-to-2026-03-31.csv"
    assert "E2,Days from the waiting list to the match,all,,15.5,days" in file.read_text()


def test_a_report_that_is_ready_before_its_page_first_looks_is_told_as_well(
    site: Site, page: Page
) -> None:
    def work_out_first(route: Route) -> None:
        do_all_due(site)
        route.continue_()

    page.route("**/news*", work_out_first)
    page.goto("/desk/reports")
    page.get_by_role("button", name="Work it out").click()

    expect(page.locator("#news")).to_have_text("It is worked out.")


def test_the_board_report_is_printed_on_one_page_without_navigation(site: Site, page: Page) -> None:
    page.goto(f"/desk/reports/{a_report(site)}/board")
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Report to the board")).to_be_visible()
    expect(page.get_by_role("table", name="Report to the board")).to_be_visible()
    for hidden in ("header.top", "footer", ".actions", ".skip", "form"):
        assert not any(each.is_visible() for each in page.locator(hidden).all()), hidden
    # The screen is dark; the paper is white all the same.
    ground = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    for paper in ("Letter", "A4"):
        assert len(_PAGE_OF_PDF.findall(page.pdf(format=paper))) == 1, paper


@pytest.mark.parametrize("path", ["", "/funder", "/indicators/E19"])
def test_what_takes_several_pages_leaves_none_of_them_empty(
    site: Site, page: Page, path: str
) -> None:
    """Its first table, or first section, begins on the first page, and goes on under its head."""
    page.goto(f"/desk/reports/{a_report(site)}{path}")
    whole = len(_PAGE_OF_PDF.findall(page.pdf(format="Letter")))
    page.emulate_media(media="print")
    broken = "each => getComputedStyle(each).breakInside"

    assert whole > 1
    for long in page.locator("main table, main section").all():
        assert long.evaluate(broken) == "auto"
    for kept in page.locator("main tr, main .chart").all():
        assert kept.evaluate(broken) == "avoid"
    head = page.locator("main thead").first
    assert head.evaluate("each => getComputedStyle(each).display") == "table-header-group"


def test_an_indicator_is_printed_with_its_picture(site: Site, page: Page) -> None:
    page.goto(f"/desk/reports/{a_report(site)}/indicators/E2")
    page.emulate_media(media="print")

    expect(page.locator("img.chart").first).to_be_visible()
    wide = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)


@pytest.mark.parametrize(("width", "of_the_picture"), [(1280, 640), (390, 360), (320, 360)])
def test_the_letters_of_a_chart_are_read_on_a_phone_as_on_a_desk(
    site: Site, page: Page, width: int, of_the_picture: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/desk/reports/{a_report(site)}/indicators/E2")
    chart = page.locator("img.chart").first
    expect(chart).to_be_visible()
    letters = 15 * chart.evaluate("each => each.clientWidth / each.naturalWidth")

    assert chart.evaluate("each => each.naturalWidth") == of_the_picture
    assert letters > 12


def test_all_words_of_a_narrow_chart_stay_within_it(site: Site, page: Page) -> None:
    bars = [
        Bar("2026-01", None, "hidden (few people)"),
        Bar("sound, pictures and words", Decimal("-99.9"), "-99.9"),
        Bar("2026-03", Decimal("-1"), "-1.0"),
    ]
    title = "Brought to a person after three failed tries, for each 100 calls, by access option"
    page.goto("/desk/")
    for sheet in (NARROW, WIDE):
        page.set_content(bar_chart(title, bars, sheet))
        for words in page.locator("svg text").all():
            right = words.evaluate("each => each.getBBox().x + each.getBBox().width")
            assert right <= sheet.width, words.text_content()


def test_without_scripts_a_report_is_looked_at_again(
    site: Site, browser: Browser, page: Page
) -> None:
    number = a_report(site, done=False)
    page.goto("/desk/reports")
    state = page.context.storage_state()
    address = page.url.removesuffix("/desk/reports")
    context = browser.new_context(java_script_enabled=False, storage_state=state, base_url=address)
    plain = context.new_page()
    plain.goto(f"/desk/reports/{number}")
    do_all_due(site)
    plain.get_by_role("link", name="look again").click()

    expect(plain.get_by_text("It is worked out.")).to_be_visible()
    context.close()
