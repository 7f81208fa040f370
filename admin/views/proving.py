"""Whoever changes how they sign in proves again that it is they who sit at this browser.

A browser that somebody left open would else be enough to make a way in that stays.
"""

from collections.abc import Callable
from typing import Any

from wtforms import PasswordField

from admin.credentials import takes_authenticator_code, takes_recovery_code
from admin.forms import Said, ShortEnough
from admin.office import Visit
from admin.throttle import is_throttled, note_failure
from admin.views.signing_in import TOO_MANY, WRONG_CODE, place_of_request


def present_password(label: str = "Present password") -> Any:
    """Return the field for the password, once more; each on one page is called differently."""
    return PasswordField(label, [Said("Enter your present password."), ShortEnough()])


def password_fault(visit: Visit, password: str) -> str:
    """Return why this is not the owner's password; empty when it is. Throttled like a sign-in."""
    passwords, kept = visit.office.passwords, visit.account.password_hash
    return try_fault(
        visit, lambda: passwords.fits(password, kept), "That is not your present password."
    )


def code_fault(visit: Visit, code: str) -> str:
    """Return why this is no code of the owner's; empty when it is, and then it is used up."""
    session, account, now = visit.session, visit.account, visit.office.wall_clock.now()
    return try_fault(
        visit,
        lambda: (
            takes_authenticator_code(session, account, code, now=now)
            or takes_recovery_code(session, account, code, now=now)
        ),
        WRONG_CODE,
    )


def try_fault(visit: Visit, fits: Callable[[], bool], wrong: str) -> str:
    """Return why a try failed, and count it: too many before it, or it does not fit."""
    email, place, now = visit.account.email, place_of_request(), visit.office.wall_clock.now()
    if is_throttled(visit.session, email, place, now=now):
        return TOO_MANY
    if fits():
        return ""
    note_failure(visit.session, email, place, now=now)
    return wrong


def refused_with(fault: str) -> int:
    """Return the status of a page that says so."""
    return 429 if fault == TOO_MANY else 422
