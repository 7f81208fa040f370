"""What axe, a finger and a narrow screen find wrong with a page as it is now."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Whatever may be pressed has room for a finger (WCAG 2.5.8), unless it stands in a sentence.
_TOO_SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter((each) => each.checkVisibility() && !each.closest("p, li:not(.top li), .skip, .unseen"))
  .filter((each) => each.type !== "hidden")
  .filter((each) => { const box = each.getBoundingClientRect();
    return Math.min(box.width, box.height) < 24; })
  .map((each) => each.textContent || each.name)"""
_TOO_LOW = """() => [...document.querySelectorAll("main button, main .button, dialog[open] button")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
  .map((each) => each.textContent)"""
_OPEN_ALL = """() => document.querySelectorAll("main details")
  .forEach((each) => { each.open = true; })"""
_TOO_WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
# What keeps its place while a page is scrolled could lie over what has the focus (2.4.11).
_STICKS = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility() && !each.closest("dialog"))
  .filter((each) => ["fixed", "sticky"].includes(getComputedStyle(each).position))
  .map((each) => each.outerHTML.slice(0, 80))"""
# What depends on the width; all else was found before. Looking for colours takes longest.
_OF_WIDTH = ["target-size", "scrollable-region-focusable"]
_OF_COLOURS = ["color-contrast"]
# Nothing but the names of what is wrong comes back: all that was looked at is long.
_AXE = """async (only) => (await axe.run(document,
  { resultTypes: ["violations"], ...(only ? { runOnly: only } : {}) }))
  .violations.map((each) => each.id)"""


def faults_of(page: Page) -> list[str]:
    """Return what axe and a finger find, and whether something hangs over the side.

    What can be opened is open from then on, for what is shut nobody finds anything wrong with.
    """
    page.evaluate(_OPEN_ALL)
    page.evaluate(AXE_SCRIPT)
    return [*page.evaluate(_AXE), *_faults_of_size(page)]


def faults_when_narrow(page: Page, *, in_other_colours: bool) -> list[str]:
    """Return what is wrong with a page that was looked at in another width, or other colours."""
    rules = _OF_WIDTH + (_OF_COLOURS if in_other_colours else [])
    return [
        *(f"narrow: {each}" for each in page.evaluate(_AXE, rules)),
        *(f"narrow: {each}" for each in _faults_of_size(page)),
        *(f"sticks: {each}" for each in page.evaluate(_STICKS)),
    ]


def _faults_of_size(page: Page) -> list[str]:
    return [
        *(f"too small: {words}" for words in page.evaluate(_TOO_SMALL)),
        *(f"lower than 44 px: {words}" for words in page.evaluate(_TOO_LOW)),
        *(["too wide"] if page.evaluate(_TOO_WIDE) else []),
    ]
