"""A window of a real browser in which somebody of the staff is signed in to the page.

    with open_window(site, browser) as window:
        page = window.opens("/desk/")

Its clock stands where that of the people at the screen does. At the end the browser must have
complained about nothing. It complains of every answer that is an error, so a test that brings one
about says with which status: `window.foreseen.add(422)` for a form that is refused. Whatever else
went wrong is told all the same, whenever it comes.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page

from admin.pages import COOKIE
from telephony.emulator import LocalServer
from tests.admin.conftest import Site

EMAIL = "charlotte@example.org"


@dataclass
class Window:
    """A window of the browser, the page in it, and the address of the site."""

    page: Page
    site: Site
    address: str
    complaints: list[str] = field(default_factory=list)
    foreseen: set[int] = field(default_factory=set)

    def opens(self, path: str) -> Page:
        """Open a page of ours."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def unforeseen(self) -> list[str]:
        """Return what the browser complained of, but for the answers that the test foresaw."""
        foreseen = [f" status of {status} " for status in self.foreseen]
        return [said for said in self.complaints if not any(each in said for each in foreseen)]


@contextmanager
def open_window(
    site: Site, browser: Browser, *, address: str = "", email: str = "", scheme: str = "light"
) -> Iterator[Window]:
    """Sign somebody in and open a window for them: Charlotte, unless somebody else is named.

    A site that is served already is found at `address`; any other one is served meanwhile.
    """
    with ExitStack() as served:
        if not address:
            server = LocalServer(site.app.wsgi_app)
            served.callback(server.close)
            address = server.url
        signed_in = site.sign_in(email or site.add(EMAIL))
        cookie = signed_in.client.get_cookie(COOKIE, path="/desk")
        assert cookie is not None
        context = browser.new_context(
            base_url=address,
            viewport={"width": 1280, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        served.callback(context.close)
        context.add_cookies(
            [{"name": COOKIE, "value": cookie.value, "url": f"{address}/desk", "httpOnly": True}]
        )
        page = context.new_page()
        page.clock.install(time=site.wall_clock.now())
        window = Window(page, site, address)
        page.on("pageerror", lambda error: window.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: window.complaints.append(said.text) if said.type == "error" else None,
        )
        yield window
    assert window.unforeseen() == []
