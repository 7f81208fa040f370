"""The pictures in docs/pictures: taken of the running demo, by `python3 run.py pictures`.

Chromium opens the pages of a demo of its own as somebody sees them at first, so whoever changes a
page takes them anew by one command.
"""

import argparse
import re
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page

from app.demo import Demo
from app.settings import ROOT
from tests.browser import launched

_FOLDER = ROOT / "docs" / "pictures"
_PAGES = {
    "today": "/desk/",
    "person": "/desk/people/P05",
    "match": "/desk/matches/K09",
    "proposals": "/desk/matching",
    "matching": "/desk/matching/P04",
    "application": "/desk/applications/M12",
    "wording": "/desk/wording/V-GREET",
    "lines": "/desk/lines",
    "setup": "/desk/setup",
}
_SIZE = {"width": 1280, "height": 840}
_NARROW = {"width": 390, "height": 844}


def main(words: Sequence[str] | None = None) -> int:
    """Start a demo, sign in, and take the picture of each page."""
    parser = argparse.ArgumentParser(prog="run.py pictures", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="the port of the demo (8765)")
    args = parser.parse_args(words)
    with (
        tempfile.TemporaryDirectory(prefix="bridgeline-pictures-") as folder,
        Demo(port=args.port, folder=Path(folder)) as demo,
        launched() as browser,
    ):
        page = browser.new_context(viewport=_SIZE).new_page()  # type: ignore[arg-type]
        page.goto(demo.url)
        page.get_by_text("Idle", exact=True).first.wait_for()
        # The tour is in the README as well; here it would leave no room for the phones.
        page.get_by_text("A tour in five steps").click()
        _keep(page, "handsets")
        _sign_in(page, demo)
        for name, address in _PAGES.items():
            page.goto(f"{demo.url}{address}")
            _keep(page, name)
        _ask_for_report(page, demo)
        _keep(page, "report")
        page.set_viewport_size(_NARROW)  # type: ignore[arg-type]
        page.goto(f"{demo.url}/desk/")
        _keep(page, "today-on-a-phone")
    return 0


def _sign_in(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/desk/sign-in")
    page.fill("#email", demo.sign_in.email)
    page.fill("#password", demo.sign_in.password)
    page.click("main button")
    codes = page.context.new_page()
    codes.goto(f"{demo.url}/demo/authenticator")
    shown = re.search(rf"{demo.sign_in.email}: (\d{{6}})", codes.inner_text("main"))
    codes.close()
    if shown is None:
        raise RuntimeError("The pretend authenticator shows no code.")
    page.fill("#code", shown[1])
    page.click("main button")


def _ask_for_report(page: Page, demo: Demo) -> None:
    """Have the report of a year worked out, which the demo does by itself, and open its board."""
    this_month = demo.clock.now().date().replace(day=1)
    page.goto(f"{demo.url}/desk/reports")
    page.get_by_label("Which days?").select_option("own")
    page.get_by_label("First day").fill(this_month.replace(year=this_month.year - 1).isoformat())
    page.get_by_label("Last day").fill((this_month - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Work it out").click()
    page.get_by_role("link", name="For the board").click()


def _keep(page: Page, name: str) -> None:
    path = _FOLDER / f"{name}.png"
    page.screenshot(path=path)
    print(f"Took {path.relative_to(ROOT)}.")


if __name__ == "__main__":
    raise SystemExit(main())
