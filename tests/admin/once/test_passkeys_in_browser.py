"""A passkey in a real browser with a device of its own: made, used, offered where it works."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from admin.pages import COOKIE
from mentoring.clock import ManualClock
from mentoring.db import Database
from telephony.emulator import LocalServer
from telephony.emulator.serving import open_door
from tests.admin.conftest import PASSWORD, Site, make_site

EMAIL = "charlotte@example.org"
# A laptop with a fingerprint reader, whose owner always puts the finger there.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Laptop:
    """A browser window at the page's own address, on a device that makes passkeys."""

    page: Page
    site: Site
    port: int
    complaints: list[str] = field(default_factory=list)

    def opens(self, path: str, host: str = "localhost") -> Page:
        """Open a page of ours under a name of this machine."""
        self.page.goto(f"http://{host}:{self.port}{path}")
        return self.page


@pytest.fixture
def laptop(seeded: Database, clock: ManualClock, browser: Browser) -> Iterator[Laptop]:
    """Charlotte's laptop, signed in at localhost; the setting says 127.0.0.1, as in the demo."""
    door = open_door()
    port = door.getsockname()[1]
    site = make_site(seeded, clock, base_url=f"http://127.0.0.1:{port}")
    cookie = site.sign_in(site.add(EMAIL)).client.get_cookie(COOKIE, path="/desk")
    assert cookie is not None
    server = LocalServer(site.app.wsgi_app, door)
    context = browser.new_context()
    context.add_cookies(
        [
            {"name": COOKIE, "value": cookie.value, "url": f"http://{host}:{port}/desk"}
            for host in ("localhost", "127.0.0.1")
        ]
    )
    page = context.new_page()
    page.clock.install(time=site.wall_clock.now())
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    opened = Laptop(page, site, port)
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    context.close()
    server.close()
    assert opened.complaints == []


def test_a_passkey_is_added_and_opens_the_page_without_password_and_code(laptop: Laptop) -> None:
    page = laptop.opens("/desk/account/passkeys")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("link", name="Name it, such as My laptop.")).to_be_visible()
    page.get_by_label("Name of the passkey").fill("My laptop")
    page.get_by_label("Present password").fill("a guess")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That is not your present password.")).to_be_visible()
    page.get_by_label("Present password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The passkey is kept.")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.get_by_label("Name of the passkey").fill("Again")
    page.get_by_label("Present password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("This device has a passkey of yours already.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    page = laptop.opens("/desk/people?role=mentor")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Sign in with a passkey").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="People")).to_be_visible()
    assert page.url.endswith("/desk/people?role=mentor")


def test_nothing_is_offered_at_another_address_or_without_scripts(
    laptop: Laptop, browser: Browser
) -> None:
    page = laptop.opens("/desk/account/passkeys", host="127.0.0.1")
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    said = page.locator("[data-without-passkey]")
    expect(said).to_contain_text(f"http://localhost:{laptop.port}/desk/account/passkeys")
    context = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    for path in ("/desk/account/passkeys", "/desk/sign-in"):
        plain.goto(f"http://localhost:{laptop.port}{path}")
        for name in ("Add a passkey", "Sign in with a passkey"):
            expect(plain.get_by_role("button", name=name)).to_be_hidden()
    context.close()
