"""A real Chromium that looks at the handsets page of a small fake demo."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.telephony.emulator_page.fake_demo import FakeDemo, Stage, serving

FIRST_PHONES = 7


@dataclass
class Reader:
    """Somebody who opens the page; whatever the browser complains of is kept."""

    browser: Browser
    address: str
    # A tab that is used again and again, for a new one takes its time to start.
    tab: Page | None = None
    problems: list[str] = field(default_factory=list)
    # Words of complaints that a test brings about on purpose.
    expected: list[str] = field(default_factory=list)

    def opens(self, *, width: int = 1280, height: int = 900, script: str = "") -> Page:
        """Open the page and wait until the first phones are drawn.

        A test that changes the browser itself by a script gets a tab of its own.
        """
        if script:
            page = self._new_tab()
            page.add_init_script(script)
        else:
            page = self.tab = self.tab or self._new_tab()
        page.emulate_media(
            color_scheme="light", reduced_motion="no-preference", forced_colors="none"
        )
        page.set_viewport_size({"width": width, "height": height})
        page.goto(self.address)
        expect(page.locator(".phone")).to_have_count(FIRST_PHONES)
        return page

    def leaves(self) -> None:
        """Forget what the browser keeps of this visit."""
        for context in self.browser.contexts:
            if self.tab is None or context is not self.tab.context:
                context.close()
        if self.tab is not None and self.tab.url.startswith(self.address):
            self.tab.evaluate("sessionStorage.clear()")
            self.tab.goto("about:blank")
        self.problems.clear()
        self.expected.clear()

    def unexpected(self) -> list[str]:
        """Return the complaints that no test asked for."""
        return [text for text in self.problems if not any(words in text for words in self.expected)]

    def _new_tab(self) -> Page:
        page = self.browser.new_context().new_page()
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self._hear("error", str(error)))
        return page

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.problems.append(text)


@pytest.fixture(scope="session")
def stage() -> Stage:
    return Stage()


@pytest.fixture(scope="session")
def visitor(browser: Browser, stage: Stage) -> Iterator[Reader]:
    with serving(stage) as address:
        yield Reader(browser, address)


@pytest.fixture
def demo(stage: Stage) -> FakeDemo:
    stage.demo = FakeDemo()
    return stage.demo


@pytest.fixture
def reader(visitor: Reader, demo: FakeDemo) -> Iterator[Reader]:
    yield visitor
    problems = visitor.unexpected()
    visitor.leaves()
    assert problems == []
