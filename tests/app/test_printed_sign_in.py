"""What the demo and the rehearsal print when they start really signs somebody in."""

import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import requests

from app import demo, rehearse
from app.settings import read_settings
from tests import leaks

_PRINTED = re.compile(
    r"page:\s+(?P<page>\S+)\s+\(e-mail (?P<email>\S+), password (?P<password>\S+),"
    r" code at (?P<codes>\S+)\)"
)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def signs_in(printed: str) -> str:
    """Do what the printed line says; returns the page of the settings behind it."""
    found = _PRINTED.search(printed)
    assert found is not None, printed
    with requests.Session() as browser:

        def sends(page: requests.Response, **fields: str) -> requests.Response:
            token = _TOKEN.search(page.text)
            assert token is not None
            return browser.post(page.url, data=fields | {"csrf_token": token[1]})

        # The phones lead there as well, so that both stand side by side.
        assert 'href="/desk/"' in browser.get(found["page"].removesuffix("desk/")).text
        first = browser.get(found["page"])
        second = sends(first, email=found["email"], password=found["password"])
        codes = browser.get(found["codes"]).text
        code = re.search(rf"{re.escape(found['email'])}: <strong>(\d{{6}})</strong>", codes)
        assert code is not None
        page = sends(second, code=code[1])
        assert "<h1>Today</h1>" in page.text
        settings = browser.get(f"{found['page']}settings").text
    for text in (page.text, settings):
        leaks.saw("page", text)
    return settings


@pytest.mark.parametrize(
    ("run", "shown"),
    [(demo.run, "BridgeLine"), (rehearse.run, "Rivers")],
    ids=["demo", "rehearsal"],
)
def test_the_printed_sign_in_opens_the_page(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    run: Callable[[Sequence[str]], int],
    shown: str,
) -> None:
    monkeypatch.setattr(demo, "FOLDER", tmp_path / "demo")
    monkeypatch.setattr(rehearse, "FOLDER", tmp_path / "rehearsal")
    url = f"sqlite:///{tmp_path / 'real' / 'bridgeline.db'}"
    monkeypatch.setattr(
        rehearse, "read_settings", lambda: read_settings(DATABASE_URL=url, ORG_NAME="Rivers")
    )
    pages = []

    class Interrupted(threading.Event):
        """Stands for the wait of the demo: somebody signs in, then presses Ctrl+C."""

        def wait(self, timeout: float | None = None) -> bool:
            printed = capsys.readouterr().out
            # The start of a thread is waited for as well, before anything is printed.
            if timeout is not None or "Ctrl+C stops it" not in printed:
                return super().wait(timeout)
            pages.append(signs_in(printed))
            raise KeyboardInterrupt

    monkeypatch.setattr(threading, "Event", Interrupted)

    assert run(["--port", "0"]) == 0
    (page,) = pages
    assert shown in page
    assert not (tmp_path / "real").exists()
