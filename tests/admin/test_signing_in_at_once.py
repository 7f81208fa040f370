"""Two who sign in with the same code at the same moment: it lets one of them in."""

from collections.abc import Callable
from datetime import datetime
from threading import Barrier

import pytest

from admin.accounts import account_with_email
from admin.credentials import new_recovery_codes
from admin.throttle import is_throttled
from mentoring.clock import ManualClock
from mentoring.db import Database, Session
from tests.admin.conftest import Site, make_site
from tests.admin.test_signing_in import at_code
from tests.make import all_at_once
from tests.shared_site import SharedDesk


@pytest.fixture
def own_site(real_db: Database, clock: ManualClock, desk: SharedDesk) -> Site:
    """The page over a database with real commits."""
    return make_site(real_db, clock, desk)


def authenticator_code(site: Site, email: str) -> str:
    """Return what the authenticator shows."""
    return site.code(email)


def recovery_code(site: Site, email: str) -> str:
    """Return one of the recovery codes."""
    with site.db.transaction() as session:
        account = account_with_email(session, email)
        assert account is not None
        return new_recovery_codes(session, account)[0]


def meet(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    """Let two go on only when each of them has read what is kept of the account."""
    # On SQLite the second one cannot even read before the first has committed.
    if site.db.bind.dialect.name != "postgresql":
        return
    both_have_read = Barrier(2)

    def looked_up(session: Session, email: str, place: str, *, now: datetime) -> bool:
        both_have_read.wait(timeout=10)
        return is_throttled(session, email, place, now=now)

    monkeypatch.setattr("admin.views.signing_in.is_throttled", looked_up)


@pytest.mark.parametrize("code_of", [authenticator_code, recovery_code])
def test_a_code_that_two_bring_at_the_same_moment_opens_once(
    monkeypatch: pytest.MonkeyPatch, own_site: Site, code_of: Callable[[Site, str], str]
) -> None:
    email = own_site.add()
    code = code_of(own_site, email)
    one, other = at_code(own_site, email), at_code(own_site, email)
    meet(monkeypatch, own_site)

    all_at_once(
        lambda: one.sends("/desk/sign-in/code", code=code),
        lambda: other.sends("/desk/sign-in/code", code=code),
    )

    refused, let_in = sorted((one, other), key=lambda screen: screen.path == "/desk/")
    assert (refused.path, let_in.path) == ("/desk/sign-in/code", "/desk/")
    assert "That code is wrong, was used already, or is too old." in refused.words
