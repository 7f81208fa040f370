"""Each main task of the page by keyboard alone, as the script in docs/coordinators.md tells it."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.admin.conftest import Site
from tests.admin.once import scripts_of_programme
from tests.admin.once.keyboard import Keys
from tests.admin.once.scripts import SCRIPTS
from tests.admin.test_matching_pages import two_wait
from tests.tree import ROOT
from tests.window import Window

__all__ = ["scripts_of_programme", "two_wait"]


@pytest.mark.parametrize("task", SCRIPTS)
def test_a_task_is_done_by_keyboard_alone(
    request: pytest.FixtureRequest, site: Site, browser: Browser, task: str
) -> None:
    if task == "Pick a mentor and ask":
        request.getfixturevalue("two_wait")
    window: Window = request.getfixturevalue("window")
    SCRIPTS[task](window, Keys(window.page))


def test_the_written_scripts_are_those_that_are_played() -> None:
    page = (ROOT / "docs" / "coordinators.md").read_text()
    table = page.partition("## By keyboard and screen reader")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([A-Z][^|]+) \|", table, re.MULTILINE)

    assert rows[1:] == list(SCRIPTS)


def test_every_key_that_is_listed_works(window: Window) -> None:
    page, keys = window.opens("/desk/"), Keys(window.page)
    listed = page.locator("#keys [data-press]").evaluate_all(
        "all => all.map((each) => [each.dataset.press, each.dataset.to || ''])"
    )
    assert [press for press, address in listed if not address] == ["/", "?"]
    for press, address in listed:
        if address:
            window.opens("/desk/help")
            keys.presses(*press.split(" then "))
            page.wait_for_url(f"**{address}")
    window.opens("/desk/help")
    keys.presses("/")
    page.wait_for_url("**/desk/people#f-q")
    expect(page.get_by_role("textbox", name="Name, code or number")).to_be_focused()
