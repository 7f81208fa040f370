"""Passkeys: added, used to sign in, removed; and everything that a thief or a forger would try."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update

from admin.accounts import account_with_email, disable, invite_again
from admin.passkeys import RelyingParty, relying_party
from admin.sessions import IDLE
from mentoring.models import AuditEntry, Passkey, PasskeyChallenge, StaffAccount, StaffRole
from tests.admin.conftest import PASSWORD, Screen, Site
from tests.admin.device import Device
from tests.admin.filled_in import filled_in

CHARLOTTE = "charlotte@example.org"
REFUSED = "That passkey was not accepted."
SPENT = "That took too long, or it was sent twice."


def asked(screen: Screen, address: str) -> dict[str, Any]:
    """Let the script of the page ask what is to be signed; for a new one with the password."""
    page = screen.page
    answer = screen.sends(address, present=PASSWORD)
    screen.page = page
    found: dict[str, Any] = json.loads(answer.text)
    return found


def adds(screen: Screen, device: Device, name: str = "My laptop") -> None:
    """Add a device on the page of one's own passkeys."""
    screen.opens("/desk/account/passkeys")
    answer = device.makes(asked(screen, "/desk/account/passkeys/ask"))
    screen.sends("/desk/account/passkeys", name=name, response=answer)


def signs_in(screen: Screen, device: Device, **more: str) -> str:
    """Sign in with a device; returns what it answered."""
    screen.opens("/desk/sign-in")
    device.count += 1
    answer = device.signs(asked(screen, "/desk/sign-in/passkey/ask"))
    screen.sends("/desk/sign-in/passkey", response=answer, **more)
    return answer


@pytest.fixture
def laptop(charlotte: Screen) -> Device:
    """Charlotte's laptop, which holds a passkey of hers."""
    device = Device()
    adds(charlotte, device)
    assert "The passkey is kept." in charlotte.words
    return device


def account(site: Site, change: Callable[[Any, StaffAccount], object]) -> None:
    """Do something to Charlotte's account."""
    with site.db.transaction() as session:
        found = account_with_email(session, CHARLOTTE)
        assert found is not None
        change(session, found)


# -- adding and removing --------------------------------------------------------------------------


def test_several_are_added_by_name_and_one_is_removed_after_a_question(
    site: Site, charlotte: Screen, laptop: Device
) -> None:
    phone = Device()
    adds(charlotte, phone, "  <b>Phone</b> ")
    assert "My laptop" in charlotte.words
    assert "<b>Phone</b>" in charlotte.words
    with site.db.transaction() as session:
        first = session.scalars(select(Passkey.id).order_by(Passkey.id)).first()
    charlotte.opens(f"/desk/account/passkeys/{first}/remove")
    assert "Remove the passkey My laptop" in charlotte.words
    charlotte.sends(f"/desk/account/passkeys/{first}/remove")

    assert "The passkey My laptop opens nothing any more." in charlotte.words
    screen = site.screen()
    signs_in(screen, laptop)
    assert REFUSED in screen.words
    signs_in(screen, phone)
    assert screen.path == "/desk/"
    with site.db.transaction() as session:
        actions = select(AuditEntry.action).where(AuditEntry.action.contains("passkey"))
        assert session.scalars(actions.order_by(AuditEntry.id)).all() == [
            *("account added passkey", "account added passkey", "account removed passkey")
        ]


def test_what_a_device_is_asked_names_us_and_wants_a_pin_or_fingerprint(
    charlotte: Screen, laptop: Device
) -> None:
    charlotte.opens("/desk/account/passkeys")
    options = asked(charlotte, "/desk/account/passkeys/ask")

    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert len(options["excludeCredentials"]) == 1
    assert CHARLOTTE not in options["user"]["id"]


def test_nobody_adds_one_at_a_browser_that_was_left_open(site: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/account/passkeys")
    page = charlotte.page
    for wrong in ("", "wrong", "wrong", "wrong", "x" * 300):
        answer = charlotte.sends("/desk/account/passkeys/ask", present=wrong)
        assert (answer.status_code, answer.text) == (422, "That is not your present password.")
        charlotte.page = page
    late = charlotte.sends("/desk/account/passkeys/ask", present=PASSWORD)
    assert (late.status_code, late.text.startswith("Too many tries.")) == (429, True)
    with site.db.transaction() as session:
        assert session.scalar(select(func.count(PasskeyChallenge.id))) == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Name it, such as My laptop."), ("x" * 41, "40 characters or fewer"), ("a\x1bb", "1 to")],
)
def test_a_passkey_has_a_name(charlotte: Screen, name: str, said: str) -> None:
    adds(charlotte, Device(), name)

    assert (charlotte.page.status_code, said in charlotte.words) == (422, True)
    assert "You have no passkey yet." in charlotte.words


@pytest.mark.parametrize(
    "device",
    [
        Device(origin="http://localhost.elsewhere.example"),
        Device(origin="https://localhost"),
        Device(party="elsewhere.example"),
        Device(verifies=False),
    ],
    ids=["origin", "scheme", "party", "unverified"],
)
def test_a_passkey_made_elsewhere_or_without_a_pin_is_not_kept(
    charlotte: Screen, device: Device
) -> None:
    adds(charlotte, device)

    assert (charlotte.page.status_code, REFUSED in charlotte.words) == (422, True)
    assert "You have no passkey yet." in charlotte.words


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "{" * 5000, "x" * 30_000, '{"id": 7}'])
def test_what_no_device_says_is_refused(site: Site, charlotte: Screen, answer: str) -> None:
    charlotte.opens("/desk/account/passkeys")
    asked(charlotte, "/desk/account/passkeys/ask")
    charlotte.sends("/desk/account/passkeys", name="x", response=answer)
    assert REFUSED in charlotte.words
    screen = site.screen()
    screen.opens("/desk/sign-in")
    asked(screen, "/desk/sign-in/passkey/ask")
    screen.sends("/desk/sign-in/passkey", response=answer)

    assert (screen.page.status_code, REFUSED in screen.words) == (422, True)


def test_an_answer_adds_one_passkey_once(charlotte: Screen) -> None:
    device = Device()
    charlotte.opens("/desk/account/passkeys")
    answer = device.makes(asked(charlotte, "/desk/account/passkeys/ask"))
    charlotte.sends("/desk/account/passkeys", name="One", response=answer)
    charlotte.sends("/desk/account/passkeys", name="Two", response=answer)
    assert SPENT in charlotte.words
    adds(charlotte, device, "Three")
    assert "That passkey is kept already." in charlotte.words


def test_what_was_asked_of_one_is_not_answered_by_another(site: Site, charlotte: Screen) -> None:
    ben = site.sign_in(site.add("ben@example.org", StaffRole.LEAD))
    device = Device()
    charlotte.opens("/desk/account/passkeys")
    answer = device.makes(asked(charlotte, "/desk/account/passkeys/ask"))
    cookie = charlotte.client.get_cookie("bridgeline_forms", path="/desk")
    assert cookie is not None
    ben.client.set_cookie("bridgeline_forms", cookie.value, path="/desk")
    ben.opens("/desk/account/passkeys")
    ben.sends("/desk/account/passkeys", name="Mine now", response=answer)

    assert SPENT in ben.words


def test_nobody_removes_what_is_not_theirs(site: Site, charlotte: Screen, laptop: Device) -> None:
    ben = site.sign_in(site.add("ben@example.org", StaffRole.ADMIN))
    with site.db.transaction() as session:
        (number,) = session.scalars(select(Passkey.id)).all()
    address = f"/desk/account/passkeys/{number}/remove"
    assert ben.opens(address).status_code == 404
    ben.opens("/desk/account")
    assert ben.sends(address).status_code == 404
    signs_in(site.screen(), laptop)
    assert charlotte.opens(address).status_code == 200


# -- signing in -----------------------------------------------------------------------------------


def test_a_passkey_stands_for_password_and_code_and_leads_where_one_wanted(
    site: Site, laptop: Device
) -> None:
    screen = site.screen()
    signs_in(screen, laptop, next="/desk/people?role=mentor")

    assert screen.path == "/desk/people"
    screen.opens("/desk/account/passkeys")
    assert "last used" in screen.words


def test_it_leads_to_no_other_site(site: Site, laptop: Device) -> None:
    screen = site.screen()
    signs_in(screen, laptop, next="https://elsewhere.example/desk/")

    assert screen.path == "/desk/"


def test_after_the_password_it_stands_for_the_code(site: Site, laptop: Device) -> None:
    screen = site.screen()
    screen.opens("/desk/sign-in")
    screen.sends("/desk/sign-in", email=CHARLOTTE, password=PASSWORD)
    laptop.count += 1
    answer = laptop.signs(asked(screen, "/desk/sign-in/passkey/ask"))
    screen.sends("/desk/sign-in/passkey", response=answer)

    assert screen.path == "/desk/"


def test_after_one_persons_password_nobody_elses_passkey_will_do(
    site: Site, laptop: Device
) -> None:
    site.add("ben@example.org", StaffRole.LEAD)
    screen = site.screen()
    screen.opens("/desk/sign-in")
    screen.sends("/desk/sign-in", email="ben@example.org", password=PASSWORD)
    laptop.count += 1
    answer = laptop.signs(asked(screen, "/desk/sign-in/passkey/ask"))
    screen.sends("/desk/sign-in/passkey", response=answer)

    assert REFUSED in screen.words
    assert "Your code" in screen.words
    assert screen.opens("/desk/people").request.path == "/desk/sign-in"


def test_an_answer_opens_once(site: Site, laptop: Device) -> None:
    screen = site.screen()
    cookie_before = None
    screen.opens("/desk/sign-in")
    laptop.count += 1
    answer = laptop.signs(asked(screen, "/desk/sign-in/passkey/ask"))
    cookie_before = screen.client.get_cookie("bridgeline_forms", path="/desk")
    assert cookie_before is not None
    screen.sends("/desk/sign-in/passkey", response=answer)
    assert screen.path == "/desk/"
    thief = site.screen()
    # Even with the cookie of the browser as it was when it was asked.
    thief.client.set_cookie("bridgeline_forms", cookie_before.value, path="/desk")
    thief.opens("/desk/sign-in")
    thief.sends("/desk/sign-in/passkey", response=answer)

    assert SPENT in thief.words
    assert thief.opens("/desk/people").request.path == "/desk/sign-in"


def test_a_wrong_answer_uses_up_what_was_asked(site: Site, laptop: Device) -> None:
    screen = site.screen()
    screen.opens("/desk/sign-in")
    options = asked(screen, "/desk/sign-in/passkey/ask")
    cookie = screen.client.get_cookie("bridgeline_forms", path="/desk")
    assert cookie is not None
    screen.sends("/desk/sign-in/passkey", response="{}")
    screen.client.set_cookie("bridgeline_forms", cookie.value, path="/desk")
    screen.opens("/desk/sign-in")
    laptop.count += 1
    screen.sends("/desk/sign-in/passkey", response=laptop.signs(options))

    assert SPENT in screen.words


def test_an_answer_that_comes_after_five_minutes_is_too_late(site: Site, laptop: Device) -> None:
    screen = site.screen()
    screen.opens("/desk/sign-in")
    laptop.count += 1
    answer = laptop.signs(asked(screen, "/desk/sign-in/passkey/ask"))
    site.wall_clock.advance(301)
    screen.sends("/desk/sign-in/passkey", response=answer)
    assert SPENT in screen.words
    signs_in(screen, laptop)
    assert screen.path == "/desk/"
    with site.db.transaction() as session:
        assert session.scalar(select(func.count(PasskeyChallenge.id))) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://bridgeline.elsewhere.example"},
        {"party": "elsewhere.example"},
        {"verifies": False},
        {"user": b"somebody else"},
        {"number": b"unknown"},
        {"key": Device().key},
        {"count": -1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_forged_elsewhere_unverified_or_copied_opens_nothing(
    site: Site, laptop: Device, change: dict[str, Any]
) -> None:
    laptop.count = 6
    signs_in(site.screen(), laptop)
    screen = site.screen()
    if "count" in change:
        # A copy of the device counts for itself, and so it has fallen behind.
        laptop.count = 6
    for name, value in change.items():
        if name != "count":
            setattr(laptop, name, value)
    signs_in(screen, laptop)

    assert (screen.page.status_code, REFUSED in screen.words) == (422, True)
    assert screen.opens("/desk/people").request.path == "/desk/sign-in"


def test_devices_that_do_not_count_work_again_and_again(site: Site, laptop: Device) -> None:
    with site.db.transaction() as session:
        session.execute(update(Passkey).values(sign_count=0))
    for _ in range(2):
        laptop.count = -1
        screen = site.screen()
        signs_in(screen, laptop)
        assert screen.path == "/desk/"


def test_a_shut_account_has_no_way_in(site: Site, laptop: Device) -> None:
    site.add("ben@example.org", StaffRole.ADMIN)
    now = site.clock.now()
    account(site, lambda session, mine: disable(session, mine, actor="test", now=now))
    screen = site.screen()
    signs_in(screen, laptop)

    assert REFUSED in screen.words


def test_an_invitation_anew_makes_passkeys_void(site: Site, laptop: Device) -> None:
    now = site.clock.now()
    account(site, lambda session, mine: invite_again(session, mine, actor="test", now=now))
    screen = site.screen()
    signs_in(screen, laptop)

    assert REFUSED in screen.words
    with site.db.transaction() as session:
        assert session.scalar(select(func.count(Passkey.id))) == 0


# -- where they count -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "party"),
    [
        ("https://line.example.org", RelyingParty("line.example.org", "https://line.example.org")),
        (
            "https://line.example.org/x",
            RelyingParty("line.example.org", "https://line.example.org"),
        ),
        ("https://line.example:8443", RelyingParty("line.example", "https://line.example:8443")),
        ("http://localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://[::1]:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://line.example.org", None),
        ("https://192.0.2.7", None),
        ("http://192.0.2.7", None),
    ],
)
def test_passkeys_count_behind_https_or_on_localhost(
    base_url: str, party: RelyingParty | None
) -> None:
    assert relying_party(base_url) == party


def test_what_was_typed_too_late_is_there_after_signing_in_with_a_passkey(
    site: Site, charlotte: Screen, laptop: Device
) -> None:
    charlotte.opens("/desk/staff/invite")
    site.wall_clock.advance(IDLE.total_seconds())
    charlotte.sends("/desk/staff/invite", name="Ines", email="ines@example.org", role="lead")
    signs_in(charlotte, laptop, next=charlotte.next)

    assert charlotte.path == "/desk/staff/invite"
    assert filled_in(charlotte, "/desk/staff/invite")["name"] == ["Ines"]
