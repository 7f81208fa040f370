"""Taking up an invitation: a code told by phone, a password, an authenticator, and in."""

import re

import pyotp
import pytest
from sqlalchemy import select

from mentoring.models import AuditEntry, StaffRole
from tests.admin.conftest import PASSWORD, Screen, Site
from tests.admin.filled_in import seen


def invitation(charlotte: Screen, **changes: str) -> str:
    """Have Charlotte invite Ben; returns the code that she tells him."""
    charlotte.opens("/desk/staff/invite")
    asked = {"name": "Ben", "email": "ben@example.org", "role": "lead", "communities": ""}
    charlotte.sends("/desk/staff/invite", **(asked | changes))
    found = re.search(r'class="key">([A-Z2-7-]+)<', charlotte.page.text)
    assert found is not None, charlotte.words
    return found[1]


def at_password(site: Site, code: str, email: str = "ben@example.org") -> Screen:
    """Return a browser in which an invitation code was entered."""
    screen = site.screen()
    screen.opens("/desk/join")
    screen.sends("/desk/join", email=email, code=code)
    return screen


def sets_up(site: Site, ben: Screen) -> None:
    """Let Ben choose a password and show his authenticator's first code."""
    assert ben.path == "/desk/join/password"
    ben.sends("/desk/join/password", password=PASSWORD)
    shows_a_code(site, ben)


def shows_a_code(site: Site, ben: Screen) -> None:
    """Let Ben show his authenticator's first code."""
    assert ben.path == "/desk/join/authenticator"
    picture = ben.client.get("/desk/join/authenticator.svg")
    assert picture.mimetype == "image/svg+xml"
    key = ben.page.text.partition('class="key">')[2].partition("<")[0].replace(" ", "")
    ben.sends("/desk/join/authenticator", code=pyotp.TOTP(key).at(site.wall_clock.now()))


def test_an_invited_lead_joins_and_is_in(site: Site, charlotte: Screen) -> None:
    ben = at_password(site, invitation(charlotte))
    sets_up(site, ben)

    assert len(re.findall(r"<li><code>", ben.page.text)) == 10
    assert ben.opens("/desk/").status_code == 200
    assert "Ben" in ben.words
    with site.db.transaction() as session:
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert acts[-2:] == ["account invited", "account joined"]


def test_an_invitation_is_good_for_a_week_and_for_one_person(site: Site, charlotte: Screen) -> None:
    code = invitation(charlotte)
    assert at_password(site, code, "eve@example.org").path == "/desk/join"
    site.wall_clock.advance(7 * 24 * 3600 + 1)

    late = at_password(site, code)

    assert late.path == "/desk/join"
    assert "or the invitation is older than a week" in late.words


def test_an_invitation_is_used_up_by_the_password(site: Site, charlotte: Screen) -> None:
    code = invitation(charlotte)
    at_password(site, code).sends("/desk/join/password", password=PASSWORD)

    assert at_password(site, code).path == "/desk/join"


def test_codes_of_invitations_cannot_be_guessed(site: Site, charlotte: Screen) -> None:
    code = invitation(charlotte)
    for _ in range(5):
        at_password(site, "AAAA-AAAA-AAAA-AAAA")

    assert at_password(site, code).page.status_code == 429


def test_who_left_before_the_authenticator_goes_on_with_it(site: Site, charlotte: Screen) -> None:
    at_password(site, invitation(charlotte)).sends("/desk/join/password", password=PASSWORD)
    ben = site.screen()
    ben.opens("/desk/sign-in")
    ben.sends("/desk/sign-in", email="ben@example.org", password=PASSWORD)

    assert ben.path == "/desk/join/authenticator"
    assert ben.opens("/desk/people").request.path == "/desk/sign-in"


def test_the_picture_is_for_nobody_else(site: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/")

    assert charlotte.client.get("/desk/join/authenticator.svg").status_code == 404
    assert site.screen().client.get("/desk/join/authenticator.svg").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Enter their name."),
        ({"name": "x" * 41}, "Use 40 characters or fewer. You have used 41."),
        ({"email": "no address"}, "Write an e-mail address, such as charlotte@example.org."),
        ({"email": "charlotte@example.org"}, "has an account already"),
        ({"role": "emperor"}, "Choose a role."),
    ],
)
def test_a_faulty_invitation_says_what_is_wrong_and_keeps_what_was_typed(
    charlotte: Screen, changes: dict[str, str], said: str
) -> None:
    asked = {"name": "Ben", "email": "ben@example.org", "role": "lead", "communities": "Est"}
    charlotte.opens("/desk/staff/invite")
    charlotte.sends("/desk/staff/invite", **(asked | changes))

    assert charlotte.page.status_code == 422
    assert "There is a problem" in charlotte.words
    assert said in charlotte.words
    assert 'value="Est"' in charlotte.page.text


def test_invited_again_everything_old_is_void(site: Site, charlotte: Screen) -> None:
    ben = site.sign_in(site.add("ben@example.org", StaffRole.LEAD))
    address = f"/desk/staff/{site.number('ben@example.org')}"
    charlotte.opens(f"{address}/invite")
    assert ben.opens("/desk/people").request.path == "/desk/people"
    charlotte.sends(f"{address}/invite", seen=seen(charlotte, f"{address}/invite"))

    assert ben.opens("/desk/people").request.path == "/desk/sign-in"
    ben.sends("/desk/sign-in", email="ben@example.org", password=PASSWORD)
    assert ben.page.status_code == 422


def test_who_lost_password_and_authenticator_joins_anew(site: Site, charlotte: Screen) -> None:
    site.sign_in(site.add("ben@example.org", StaffRole.LEAD))
    address = f"/desk/staff/{site.number('ben@example.org')}"
    charlotte.opens(f"{address}/invite")
    charlotte.sends(f"{address}/invite", seen=seen(charlotte, f"{address}/invite"))
    code = charlotte.page.text.partition('class="key">')[2].partition("<")[0]
    ben = at_password(site, code)
    sets_up(site, ben)

    assert ben.opens("/desk/").request.path == "/desk/"


def test_the_last_admin_stays(site: Site, charlotte: Screen) -> None:
    address = f"/desk/staff/{site.number('charlotte@example.org')}"
    charlotte.opens(address)
    charlotte.sends(address, role="lead", communities="", seen=seen(charlotte, address))
    assert "is the only admin" in charlotte.words
    charlotte.opens(address)
    charlotte.sends(f"{address}/disable")
    assert "is the only admin" in charlotte.words
    assert charlotte.opens("/desk/staff").status_code == 200
