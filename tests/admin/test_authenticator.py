"""Another authenticator for one's own account: proved, shown, confirmed by a code, and in use."""

import pyotp
import pytest
from sqlalchemy import select

from mentoring.models import AuditEntry, StaffRole
from tests.admin.conftest import PASSWORD, Screen, Site

CHARLOTTE = "charlotte@example.org"
ASK, NEW = "/desk/account/authenticator", "/desk/account/authenticator/new"


def begins(site: Site, screen: Screen, code: str = "") -> str:
    """Ask for another authenticator with password and code; returns the key that is shown."""
    site.wall_clock.advance(30)
    screen.opens(ASK)
    screen.sends(ASK, present=PASSWORD, code=code or site.code(CHARLOTTE))
    return key_on(screen)


def key_on(screen: Screen) -> str:
    return screen.page.text.partition('class="key">')[2].partition("<")[0].replace(" ", "")


def shown_by(site: Site, key: str) -> str:
    """Return what an authenticator that was given this key shows now."""
    return pyotp.TOTP(key).at(site.wall_clock.now())


def may_sign_in(site: Site, code: str) -> bool:
    screen = site.screen()
    screen.opens("/desk/sign-in")
    screen.sends("/desk/sign-in", email=CHARLOTTE, password=PASSWORD)
    screen.sends("/desk/sign-in/code", code=code)
    return screen.path == "/desk/"


def test_the_new_one_counts_once_it_has_shown_a_code_and_the_old_one_until_then(
    site: Site, charlotte: Screen
) -> None:
    elsewhere = site.sign_in(CHARLOTTE)
    key = begins(site, charlotte)
    assert charlotte.path == NEW
    picture = charlotte.client.get(f"{NEW}.svg")
    assert (picture.mimetype, b"<path" in picture.data) == ("image/svg+xml", True)
    assert not may_sign_in(site, shown_by(site, key))
    site.wall_clock.advance(30)
    assert may_sign_in(site, site.code(CHARLOTTE))
    charlotte.sends(NEW, code="000000")
    assert (charlotte.page.status_code, key_on(charlotte)) == (422, key)
    first = shown_by(site, key)
    charlotte.sends(NEW, code=first)

    assert "Your new authenticator counts from now on" in charlotte.words
    assert key not in charlotte.page.text
    assert charlotte.opens(f"{NEW}.svg").status_code == 404
    assert elsewhere.opens("/desk/people").request.path == "/desk/sign-in"
    assert charlotte.opens("/desk/people").request.path == "/desk/people"
    assert not may_sign_in(site, first)
    site.wall_clock.advance(30)
    assert not may_sign_in(site, site.code(CHARLOTTE))
    assert may_sign_in(site, shown_by(site, key))
    with site.db.transaction() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.entity_id, entry.actor) == (
            *("account changed authenticator", CHARLOTTE, "staff:Charlotte"),
        )


def test_whoever_lost_the_old_one_gives_a_recovery_code(site: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/account")
    charlotte.sends("/desk/account/recovery-codes", present=PASSWORD)
    code = charlotte.page.text.partition("<li><code>")[2].partition("<")[0]
    charlotte.opens(ASK)
    charlotte.sends(ASK, present="not my password", code=code)
    assert "That is not your present password." in charlotte.words
    assert begins(site, charlotte, code)
    assert begins(site, charlotte, code) == ""
    assert "That code is wrong, was used already, or is too old." in charlotte.words


@pytest.mark.parametrize(
    ("present", "code"), [("", "123456"), (PASSWORD, ""), ("wrong", "right"), (PASSWORD, "000000")]
)
def test_a_browser_that_was_left_open_is_no_way_to_another_one(
    site: Site, charlotte: Screen, present: str, code: str
) -> None:
    site.wall_clock.advance(30)
    charlotte.opens(ASK)
    for _ in range(5):
        charlotte.sends(
            ASK, present=present, code=site.code(CHARLOTTE) if code == "right" else code
        )
        assert (charlotte.page.status_code, key_on(charlotte)) == (422, "")
    if present and code:
        charlotte.sends(ASK, present=PASSWORD, code=site.code(CHARLOTTE))
        assert (charlotte.page.status_code, key_on(charlotte)) == (429, "")
    charlotte.opens(NEW)
    assert charlotte.path == ASK


def test_a_new_key_waits_ten_minutes_in_one_browser_for_one_change(
    site: Site, charlotte: Screen
) -> None:
    key = begins(site, charlotte)
    waiting = charlotte.client.get_cookie("bridgeline_forms", path="/desk")
    assert waiting is not None
    assert key not in waiting.value
    site.add("ben@example.org", StaffRole.LEAD)
    for thief in (site.sign_in(CHARLOTTE), site.sign_in("ben@example.org")):
        thief.client.set_cookie("bridgeline_forms", waiting.value, path="/desk")
        assert thief.opens(NEW).request.path == ASK
    assert charlotte.opens(NEW).request.path == NEW
    charlotte.sends(NEW, code=shown_by(site, key))
    charlotte.client.set_cookie("bridgeline_forms", waiting.value, path="/desk")
    assert charlotte.opens(NEW).request.path == ASK

    site.secrets[CHARLOTTE] = key
    begins(site, charlotte)
    site.wall_clock.advance(601)
    assert charlotte.opens(NEW).request.path == ASK
    assert "that took too long" in charlotte.words


def test_the_first_code_of_the_new_one_cannot_be_guessed(site: Site, charlotte: Screen) -> None:
    key = begins(site, charlotte)
    for _ in range(5):
        charlotte.sends(NEW, code="000000")
    charlotte.sends(NEW, code=shown_by(site, key))

    assert charlotte.page.status_code == 429
