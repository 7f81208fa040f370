"""Every form comes back as it was sent, and goes by what its page showed before."""

import pytest

from admin.accounts import account_with_email
from admin.sessions import IDLE
from admin.unsent_fields import OF_THE_PAGE
from mentoring.models import StaffRole
from tests.admin.a_form import Form
from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import filled_in
from tests.admin.forms import FORMS, made, places
from tests.admin.test_alerts import alert_about
from tests.admin.test_sent_again import send, taken_back
from tests.admin.test_unsent import OLGA, STILL_HERE, kept, sends_again, signs_in


@pytest.fixture
def olga(site: Site) -> Screen:
    return site.sign_in(site.add(OLGA))


def test_a_newer_edit_is_not_overwritten_unaware(site: Site, olga: Screen) -> None:
    lea = site.add("lea@example.org", StaffRole.LEAD)
    address = f"/desk/staff/{site.number(lea)}"
    charlotte = site.sign_in(site.add())
    olga.opens(address)
    site.wall_clock.advance(IDLE.total_seconds() - 60)
    charlotte.opens(address)
    charlotte.sends(address, **{**fields(charlotte, address), "role": "coordinator"})
    site.wall_clock.advance(60)
    olga.sends(address, **{**fields(olga, address), "role": "read_only"})
    signs_in(site, olga)
    assert filled_in(olga, address)["role"] == ["read_only"]
    sends_again(olga, address)

    assert "Somebody else has changed this meanwhile, and nothing was written." in olga.words
    assert role_of(site, lea) is StaffRole.COORDINATOR
    sends_again(olga, address)
    assert role_of(site, lea) is StaffRole.READ_ONLY


def test_refused_on_another_page_it_is_still_there_and_goes_by_what_is_shown_now(
    site: Site, olga: Screen
) -> None:
    alert = f"/desk/alerts/{alert_about(site, 'P17 has a worry')}"
    ben = site.add("ben@example.org", name="Ben Adler")
    other = site.sign_in(ben)
    to = f"{alert}/owner"
    olga.opens(alert)
    site.wall_clock.advance(IDLE.total_seconds() - 60)
    other.opens(alert)
    other.sends(to, **{**fields(other, to), "name": "Ben Adler"})
    site.wall_clock.advance(60)
    olga.sends(to, **{**fields(olga, to), "name": "In\u00e8s Caron"})
    signs_in(site, olga)
    assert (olga.path, filled_in(olga, to)["name"]) == (alert, ["In\u00e8s Caron"])
    sends_again(olga, to)

    assert "Somebody else has changed this meanwhile, and nothing was written." in olga.words
    assert (olga.path, filled_in(olga, to)["name"]) == (alert, ["In\u00e8s Caron"])
    sends_again(olga, to)
    assert "Somebody else" not in olga.words
    assert kept(site) == []


def fields(screen: Screen, to: str) -> dict[str, str]:
    held = filled_in(screen, to)
    return {name: values[-1] for name, values in held.items() if name != "csrf_token"}


def role_of(site: Site, email: str) -> StaffRole:
    with site.db.transaction() as session:
        account = account_with_email(session, email)
        assert account is not None
        return account.role


@pytest.mark.timeout(180)
def test_every_form_comes_back_as_it_was_sent(site: Site) -> None:
    site.add("lea@example.org", StaffRole.LEAD)
    site.add("ben@example.org", name="Ben Adler")
    wrong = {}
    for name, form in FORMS.items():
        if not form.first:
            continue
        with taken_back(site):
            wrong[name] = what_is_lost(site, form)

    assert len(wrong) > 30
    assert {name: said for name, said in wrong.items() if said} == {}


def what_is_lost(site: Site, form: Form) -> str:
    """Fill in a form too late and sign in again; return what is not as it was sent."""
    screen = site.sign_in(site.add())
    at = places(site)
    for name in form.after:
        send(
            screen, FORMS[name], at, FORMS[name].opened(screen, at | made(site)), FORMS[name].first
        )
    at |= made(site)
    opened = form.opened(screen, at)
    first = {
        name: [words.format()] for name, words in form.first.items() if name not in OF_THE_PAGE
    }
    site.wall_clock.advance(IDLE.total_seconds())
    send(screen, form, at, opened, form.first)
    signs_in(site, screen, "charlotte@example.org")
    # Which button was pressed, staff say by pressing one again.
    typed = {
        name: value
        for name, value in first.items()
        if f'<button name="{name}"' not in screen.page.text
    }
    back = filled_in(screen, form.address(at))
    if not typed.items() <= back.items():
        return f"{typed} came back as {back}: {screen.words}"
    if back.get("seen") != opened.get("seen"):
        return "It goes by what the page shows now."
    return "" if STILL_HERE in screen.words else screen.words
