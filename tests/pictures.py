"""The pictures in docs/pictures: taken of the running demo, by `python3 run.py pictures`.

Chromium opens the pages of a demo of its own as somebody sees them at first, so whoever changes a
page takes them anew by one command.
"""

import argparse
import re
import tempfile
from collections.abc import Sequence
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
    "matching": "/desk/matching/P04",
    "application": "/desk/applications/M12",
}
_SIZE = {"width": 1280, "height": 900}
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
        _sign_in(page, demo)
        for name, address in _PAGES.items():
            page.goto(f"{demo.url}{address}")
            _keep(page, name)
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


def _keep(page: Page, name: str) -> None:
    path = _FOLDER / f"{name}.png"
    page.screenshot(path=path)
    print(f"Took {path.relative_to(ROOT)}.")


if __name__ == "__main__":
    raise SystemExit(main())
