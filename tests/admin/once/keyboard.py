"""Hands that have a keyboard and no mouse, and ears for what a screen reader would say.

    keys = Keys(window.opens("/desk/people"))
    keys.into_the_page()
    keys.follows("Denise")

Wherever the focus comes to rest it must be seen (WCAG 2.4.7), and hidden by nothing (2.4.11).
"""

import re
from typing import Literal

from playwright.sync_api import Locator, Page, expect

Role = Literal["button", "checkbox", "combobox", "link", "radio", "region", "textbox"]
_FURTHEST = 120
_IS_NEW = """() => document.readyState === "complete"
  && !document.documentElement.dataset.entered"""
# Tells whether the focus is where it should be, and else what is wrong with where it is.
_LOOK = """(wanted) => {
  const it = document.activeElement, style = getComputedStyle(it);
  if (it === document.body) return { there: false, fault: "" };
  const box = it.getClientRects()[0];
  const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1);
  const above = document.elementFromPoint(x, y);
  const inside = box.bottom > 0 && box.top < innerHeight && it.contains(above);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const fault = !ring ? "no ring" : !inside ? "hidden" : "";
  return { there: it === wanted, fault: fault && `${fault}: ${it.outerHTML.slice(0, 120)}` };
}"""


class Keys:
    """Somebody at a page who uses nothing but the keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def presses(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def types(self, words: str) -> None:
        """Type words where the focus is, in place of what stands there."""
        self.presses("Control+a")
        self.page.keyboard.type(words)

    def into_the_page(self) -> None:
        """Wait for a page that is not yet entered, and skip the menu, as its first stop offers."""
        self.page.wait_for_function(_IS_NEW)
        self.presses("Tab")
        expect(self.page.get_by_role("link", name="Skip to the page")).to_be_focused()
        self.presses("Enter")
        expect(self.page.locator("main")).to_be_focused()
        self.page.evaluate("() => { document.documentElement.dataset.entered = 'yes'; }")

    def goes_to(self, role: Role, name: str | re.Pattern[str]) -> None:
        """Tab on until the focus is on a control with this name; there must be one further on."""
        self._tabs_to(self.page.get_by_role(role, name=name, exact=True), f"{role} {name}")

    def _tabs_to(self, wanted: Locator, name: str) -> None:
        for _ in range(_FURTHEST):
            self.presses("Tab")
            # Looked for anew each time, for a live page may have put another in its place.
            seen = self.page.evaluate(_LOOK, wanted.element_handle())
            assert not seen["fault"], seen["fault"]
            if seen["there"]:
                return
        raise AssertionError(f"Tab never comes to {name}.")

    def follows(self, name: str | re.Pattern[str]) -> None:
        """Go to a link and open it."""
        self.goes_to("link", name)
        self.presses("Enter")

    def pushes(self, name: str) -> None:
        """Go to a button and press it."""
        self.goes_to("button", name)
        self.presses("Space")

    def opens(self, name: str) -> None:
        """Go to a step that is shut and open it."""
        shut = self.page.locator("summary").filter(has_text=re.compile(f"^{re.escape(name)}$"))
        self._tabs_to(shut, name)
        self.presses("Enter")

    def enters(self, name: str, words: str) -> None:
        """Go to a field and type into it."""
        self.goes_to("textbox", name)
        self.types(words)

    def enters_day(self, name: str, keys: str) -> None:
        """Go to a field for a day, which the browser shows in parts, and type month, day, year."""
        wanted = self.page.get_by_label(name, exact=True)
        self._tabs_to(wanted, name)
        self.page.keyboard.type(keys)

    def chooses(self, name: str, words: str) -> None:
        """Go to a list of choices and type how one of them begins."""
        self.goes_to("combobox", name)
        self.page.keyboard.type(words)
        chosen = self.page.evaluate("() => document.activeElement.selectedOptions[0].text")
        assert chosen.startswith(words), chosen

    def is_on(self, heading: str | re.Pattern[str]) -> None:
        """Check what is said first of a page: its title, and its one heading of the first rank."""
        first = self.page.get_by_role("heading", level=1)
        expect(first).to_have_count(1)
        expect(first).to_contain_text(heading, use_inner_text=True)
        expect(self.page).to_have_title(re.compile(r".+ · Bridgeline"))

    def hears(self, words: str) -> None:
        """Check that a message says that something is done."""
        told = self.page.locator("[role=status], [aria-live]")
        expect(told.filter(has_text=words).first).to_be_attached()
