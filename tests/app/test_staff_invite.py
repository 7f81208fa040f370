"""`bridgeline staff invite`: the way to the first account."""

import re

from admin.accounts import account_with_email, invited_account
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.models import StaffRole
from tests.app.conftest import Bridgeline


def test_the_first_admin_is_invited_at_the_command_line(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    answer = bridgeline("staff", "invite", "Cleo@Example.org", "Ben Adler", "--role", "admin")

    assert answer.code == 0
    found = re.search(r"this code by phone or in person: ([A-Z2-7-]{19})\. They", answer.out)
    assert found is not None, answer.out
    with seeded.transaction() as session:
        account = invited_account(session, "cleo@example.org", found[1], now=clock.now())
        assert account is not None
        assert account.role is StaffRole.ADMIN
        assert account.staff is not None
        assert account.staff.name == "Ben Adler"
        assert account.communities is None


def test_invited_again_the_newest_code_counts(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    words = ("staff", "invite", "ines@example.org", "Inès", "--community", "Est")
    first = bridgeline(*words, "--json").data["code"]
    second = bridgeline(*words, "--json").data["code"]

    with seeded.transaction() as session:
        assert invited_account(session, "ines@example.org", first, now=clock.now()) is None
        assert invited_account(session, "ines@example.org", second, now=clock.now()) is not None
        account = account_with_email(session, "ines@example.org")
        assert account is not None
        assert account.communities == ["Est"]


def test_no_address_no_account(bridgeline: Bridgeline) -> None:
    answer = bridgeline("staff", "invite", "ines", "Inès")

    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "Write an e-mail address, such as charlotte@example.org.\n"
