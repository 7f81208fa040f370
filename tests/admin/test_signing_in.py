"""Signing in: a password and a code, a few tries, and an end that comes by itself."""

import pytest

from admin.sessions import AT_MOST, IDLE
from mentoring.models import StaffRole
from tests.admin.conftest import PASSWORD, Screen, Site

WRONG = "The address or the password is wrong."


def at_code(site: Site, email: str) -> Screen:
    """Return a browser in which the password was given and the code is asked for."""
    screen = site.screen()
    screen.opens("/desk/sign-in")
    screen.sends("/desk/sign-in", email=email, password=PASSWORD)
    return screen


def test_password_and_code_lead_to_the_page_that_was_wanted(site: Site) -> None:
    email, screen = site.add(), site.screen()
    screen.opens("/desk/people?role=mentor&q=D%26D")
    assert screen.path == "/desk/sign-in"

    screen.sends("/desk/sign-in", email=email.upper(), password=PASSWORD, next=screen.next)
    screen.sends("/desk/sign-in/code", code=site.code(email), next=screen.next)

    assert screen.path == "/desk/people"
    assert dict(screen.page.request.args) == {"role": "mentor", "q": "D&D"}


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/desk/",
        "//elsewhere.example/desk/",
        "/desk/\\..\\x",
        "/voice/turn",
    ],
)
def test_nobody_is_led_to_another_site(site: Site, address: str) -> None:
    email = site.add()
    screen = at_code(site, email)

    screen.sends("/desk/sign-in/code", code=site.code(email), next=address)

    assert (screen.path, screen.page.request.host) == ("/desk/", "localhost")


@pytest.mark.parametrize(
    ("email", "password"),
    [("charlotte@example.org", "wrong"), ("nobody@example.org", PASSWORD)],
)
def test_what_was_wrong_is_not_said_apart(site: Site, email: str, password: str) -> None:
    site.add()
    screen = site.screen()
    screen.opens("/desk/sign-in")

    screen.sends("/desk/sign-in", email=email, password=password)

    assert WRONG in screen.words
    assert screen.page.status_code == 422


def test_the_password_alone_opens_nothing(site: Site) -> None:
    screen = at_code(site, site.add())

    assert screen.opens("/desk/people").request.path == "/desk/sign-in"


def test_a_code_opens_once(site: Site) -> None:
    email = site.add()
    site.sign_in(email)
    screen = at_code(site, email)

    screen.sends("/desk/sign-in/code", code=site.code(email))

    assert "That code is wrong, was used already, or is too old." in screen.words


@pytest.mark.parametrize(("seconds", "opens"), [(-30, True), (30, True), (-90, False), (90, False)])
def test_a_clock_that_is_a_little_off_is_forgiven(site: Site, seconds: int, opens: bool) -> None:
    email = site.add()
    screen = at_code(site, email)
    site.wall_clock.advance(seconds)
    code = site.code(email)
    site.wall_clock.advance(-seconds)

    screen.sends("/desk/sign-in/code", code=code)

    assert (screen.path == "/desk/") is opens


def test_a_recovery_code_opens_once(site: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/account")
    charlotte.sends("/desk/account/recovery-codes", present=PASSWORD)
    code = charlotte.page.text.partition("<li><code>")[2].partition("<")[0]
    first = at_code(site, "charlotte@example.org")
    first.sends("/desk/sign-in/code", code=code.lower().replace("-", " "))
    again = at_code(site, "charlotte@example.org")
    again.sends("/desk/sign-in/code", code=code)

    assert (first.path, again.path) == ("/desk/", "/desk/sign-in/code")
    assert "Recovery codes left 9" in opened(first).words


def test_new_recovery_codes_want_the_password_which_cannot_be_guessed(
    site: Site, charlotte: Screen
) -> None:
    for wrong in ("", "harbour tiny violin evening", "x" * 201):
        charlotte.opens("/desk/account")
        charlotte.sends("/desk/account/recovery-codes", present=wrong)
        assert charlotte.page.status_code == 422
        assert "<li><code>" not in charlotte.page.text
    for _ in range(5):
        charlotte.sends("/desk/account/recovery-codes", present="wrong")
    charlotte.sends("/desk/account/recovery-codes", present=PASSWORD)
    assert (charlotte.page.status_code, "Too many tries." in charlotte.words) == (429, True)
    site.wall_clock.advance(15 * 60)
    charlotte.opens("/desk/account")
    charlotte.sends("/desk/account/recovery-codes", present=PASSWORD)
    assert "<li><code>" in charlotte.page.text


def opened(screen: Screen) -> Screen:
    """Return a browser on the page of its own account."""
    screen.opens("/desk/account")
    return screen


def test_after_five_wrong_tries_even_the_right_one_waits(site: Site) -> None:
    email, screen = site.add(), site.screen()
    screen.opens("/desk/sign-in")
    for _ in range(5):
        screen.sends("/desk/sign-in", email=email, password="wrong")
    screen.sends("/desk/sign-in", email=email, password=PASSWORD)

    assert (screen.page.status_code, "Wait a quarter of an hour" in screen.words) == (429, True)
    site.wall_clock.advance(15 * 60)
    screen.sends("/desk/sign-in", email=email, password=PASSWORD)
    assert screen.path == "/desk/sign-in/code"


def test_codes_cannot_be_guessed_either(site: Site) -> None:
    email = site.add()
    screen = at_code(site, email)
    for guess in range(5):
        screen.sends("/desk/sign-in/code", code=f"00000{guess}")
    screen.sends("/desk/sign-in/code", code=site.code(email))

    assert screen.page.status_code == 429


def test_guessing_from_elsewhere_does_not_lock_the_owner_out(site: Site) -> None:
    email, stranger = site.add(), site.screen()
    stranger.opens("/desk/sign-in")
    stranger.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    for _ in range(5):
        stranger.sends("/desk/sign-in", email=email, password="wrong")

    assert site.sign_in(email).path == "/desk/"


def test_half_an_hour_without_a_page_ends_it(site: Site, charlotte: Screen) -> None:
    site.wall_clock.advance(IDLE.total_seconds() - 1)
    assert charlotte.opens("/desk/people").request.path == "/desk/people"
    site.wall_clock.advance(IDLE.total_seconds())
    assert charlotte.opens("/desk/people").request.path == "/desk/sign-in"


def test_twelve_hours_end_it_whatever_is_done(site: Site, charlotte: Screen) -> None:
    for _ in range(int(AT_MOST / (IDLE / 2)) - 1):
        site.wall_clock.advance(IDLE.total_seconds() / 2)
        assert charlotte.opens("/desk/help").request.path == "/desk/help"
    site.wall_clock.advance(IDLE.total_seconds() / 2)
    assert charlotte.opens("/desk/help").request.path == "/desk/sign-in"


def test_a_screen_that_looks_for_news_by_itself_does_not_stay_signed_in(
    site: Site, charlotte: Screen
) -> None:
    for _ in range(3):
        site.wall_clock.advance(IDLE.total_seconds() / 3)
        answer = charlotte.opens("/desk/news", **{"X-By-Itself": "1"})

    assert answer.status_code == 401


def test_one_press_lets_it_go_on(site: Site, charlotte: Screen) -> None:
    site.wall_clock.advance(IDLE.total_seconds() - 60)
    answer = charlotte.sends("/desk/stay")
    site.wall_clock.advance(IDLE.total_seconds() - 60)

    assert answer.status_code == 200
    assert charlotte.opens("/desk/people").request.path == "/desk/people"


def test_pushing_the_clock_of_the_demo_signs_nobody_out(site: Site, charlotte: Screen) -> None:
    site.clock.advance(7 * 24 * 3600)

    assert charlotte.opens("/desk/people").request.path == "/desk/people"


def test_signing_out_ends_it_on_our_side(site: Site, charlotte: Screen) -> None:
    cookie = charlotte.client.get_cookie("bridgeline_desk", path="/desk")
    assert cookie is not None
    charlotte.sends("/desk/sign-out")
    thief = site.screen()
    thief.client.set_cookie("bridgeline_desk", cookie.value, path="/desk")

    assert thief.opens("/desk/people").request.path == "/desk/sign-in"


def test_a_form_from_another_site_is_refused(charlotte: Screen) -> None:
    charlotte.sends("/desk/sign-out", token="forged")

    assert charlotte.page.status_code == 400
    assert "This form is too old, or it came from another site." in charlotte.words
    assert charlotte.opens("/desk/people").request.path == "/desk/people"


def test_without_https_no_browser_is_told_to_come_by_it(charlotte: Screen) -> None:
    assert "Strict-Transport-Security" not in charlotte.opens("/desk/").headers


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(charlotte: Screen) -> None:
    cookie = charlotte.client.get_cookie("bridgeline_desk", path="/desk")

    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/desk")


def test_a_new_password_signs_other_browsers_out(site: Site, charlotte: Screen) -> None:
    other = site.sign_in("charlotte@example.org")
    charlotte.opens("/desk/account")
    charlotte.sends("/desk/account/password", old=PASSWORD, new="seven quiet otters juggle")

    assert "Your password is changed." in charlotte.words
    assert other.opens("/desk/people").request.path == "/desk/sign-in"


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("short", "12 characters or more"),
        ("password1234", "leaked before or is easy to guess"),
        ("charlotte123", "leaked before or is easy to guess"),
        ("BridgeLine-Charlotte1", "leaked before or is easy to guess"),
        ("charlotte.example.org", "leaked before or is easy to guess"),
        ("x" * 300, "200 characters or fewer"),
    ],
)
def test_a_weak_password_is_refused_with_a_reason(charlotte: Screen, new: str, said: str) -> None:
    charlotte.opens("/desk/account")
    charlotte.sends("/desk/account/password", old=PASSWORD, new=new)

    assert said in charlotte.words


def test_a_shut_account_is_out_at_once(site: Site, charlotte: Screen) -> None:
    ines = site.sign_in(site.add("ines@example.org", StaffRole.COORDINATOR))
    address = f"/desk/staff/{site.number('ines@example.org')}"
    charlotte.opens(f"{address}/disable")
    assert ines.opens("/desk/people").request.path == "/desk/people"
    charlotte.sends(f"{address}/disable")

    assert ines.opens("/desk/people").request.path == "/desk/sign-in"
    ines.sends("/desk/sign-in", email="ines@example.org", password=PASSWORD)
    assert WRONG in ines.words
