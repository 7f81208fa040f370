"""Whoever changes how they sign in proves again that it is they who sit at this browser.

A browser that somebody left open would else be enough to make a way in that stays.
"""

from typing import Any

from wtforms import PasswordField

from admin.forms import Said, ShortEnough
from admin.office import Visit
from admin.throttle import is_throttled, note_failure
from admin.views.signing_in import TOO_MANY, place_of_request


def present_password() -> Any:
    """Return the field for the password, once more."""
    return PasswordField("Present password", [Said("Enter your present password."), ShortEnough()])


def password_fault(visit: Visit, password: str) -> str:
    """Return why this is not the owner's password; empty when it is. Throttled like a sign-in."""
    account, office, place = visit.account, visit.office, place_of_request()
    now = office.wall_clock.now()
    if is_throttled(visit.session, account.email, place, now=now):
        return TOO_MANY
    if office.passwords.fits(password, account.password_hash):
        return ""
    note_failure(visit.session, account.email, place, now=now)
    return "That is not your present password."


def refused_with(fault: str) -> int:
    """Return the status of a page that says so."""
    return 429 if fault == TOO_MANY else 422
