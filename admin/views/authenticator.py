"""Another authenticator for one's own account, such as on a new phone.

The old one works until the new one has shown a code. The new secret waits meanwhile in this browser
alone: sealed in its signed cookie, for some minutes, and worthless once the authenticator changed.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from functools import partial

from flask import Response, abort, flash, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from wtforms import Form, StringField

from admin.accounts import write_down
from admin.credentials import new_secret, replace_authenticator
from admin.forms import Said, ShortEnough, lock, sent
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render
from admin.sessions import end_sessions
from admin.views.joining import WRONG_FIRST_CODE, FirstCodeForm, in_groups, picture_of
from admin.views.proving import (
    code_fault,
    password_fault,
    present_password,
    refused_with,
    try_fault,
)
from mentoring.crypto import VaultError

# In the signed cookie of this browser, until the new authenticator has shown a code.
_WAITING = "authenticator"
_WAITS_FOR = timedelta(minutes=10)


class ProofForm(Form):
    """That it is the owner who wants another authenticator."""

    present = present_password()
    code = StringField(
        "Code",
        [Said("Enter the code that your present authenticator shows."), ShortEnough(40)],
        description="6 digits from your present authenticator. A recovery code works as well.",
    )


def add_to(pages: Pages) -> None:
    """Add the two steps to another authenticator."""
    pages.get("/account/authenticator", Permission.SEE, ask_for_authenticator)
    pages.post("/account/authenticator", Permission.SEE, ask_for_authenticator)
    pages.get("/account/authenticator/new", Permission.SEE, change_authenticator)
    pages.post("/account/authenticator/new", Permission.SEE, change_authenticator)
    pages.get("/account/authenticator/new.svg", Permission.SEE, show_new_picture)


def ask_for_authenticator(visit: Visit) -> ResponseReturnValue:
    """Ask for the password and a code once more, then make a new secret."""
    form, status = sent(ProofForm), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            status = _prove(visit, form)
    if request.method == "GET" or status != 200:
        return render("authenticator.html", visit, form=form), status
    _keep_waiting(visit, new_secret())
    return redirect(url_for("desk.change_authenticator"), 303)


def _prove(visit: Visit, form: ProofForm) -> int:
    """Say beside a field why this is not the owner; a code is used up by the right password only.

    Returns the status of the page.
    """
    for field, fault_of in ((form.present, password_fault), (form.code, code_fault)):
        fault = fault_of(visit, str(field.data))
        if fault:
            field.errors = [fault]
            return refused_with(fault)
    return 200


def change_authenticator(visit: Visit) -> ResponseReturnValue:
    """Show the new secret until its first code comes back; that code changes the authenticator."""
    if request.method == "POST":
        # Of two browsers at once the second finds that its secret waits for nothing any more.
        lock(visit, visit.account, "authenticator_sealed", "authenticator_step")
    secret, form = _waiting(visit), sent(FirstCodeForm)
    if secret is None:
        flash("Begin anew: that took too long, or your authenticator was changed since.", "error")
        return redirect(url_for("desk.ask_for_authenticator"), 303)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            fault = try_fault(visit, partial(_replace, visit, secret, form), WRONG_FIRST_CODE)
            if not fault:
                return _changed(visit)
            form.code.errors, status = [fault], refused_with(fault)
    page = render("authenticator_new.html", visit, form=form, secret=in_groups(secret))
    return page, status


def _replace(visit: Visit, secret: str, form: FirstCodeForm) -> bool:
    code, now = str(form.code.data), visit.office.wall_clock.now()
    return replace_authenticator(visit.session, visit.account, secret, code, now=now)


def _changed(visit: Visit) -> ResponseReturnValue:
    cookie.pop(_WAITING, None)
    end_sessions(visit.session, visit.account, but=visit.browser)
    write_down(
        visit.session, visit.account, "changed authenticator", actor=visit.actor, now=visit.now
    )
    flash(
        "Your new authenticator counts from now on, and the old one opens nothing any more."
        " Other browsers are signed out.",
        "done",
    )
    return redirect(url_for("desk.show_account"), 303)


def show_new_picture(visit: Visit) -> Response:
    """Return the picture for the camera of the new authenticator, while it waits."""
    secret = _waiting(visit)
    if secret is None:
        abort(404)
    return picture_of(visit.session, visit.account, secret)


def _keep_waiting(visit: Visit, secret: str) -> None:
    until = int((visit.office.wall_clock.now() + _WAITS_FOR).timestamp())
    sealed = visit.session.vault.seal(f"{until} {secret}", place=_place(visit))
    cookie[_WAITING] = urlsafe_b64encode(sealed).decode()


def _waiting(visit: Visit) -> str | None:
    """Return the secret that waits in this browser, unless it has waited too long."""
    try:
        sealed = urlsafe_b64decode(str(cookie.get(_WAITING, "")))
        until, _, secret = visit.session.vault.open(sealed, place=_place(visit)).partition(" ")
    except (ValueError, VaultError):
        return None
    return secret if visit.office.wall_clock.now().timestamp() <= int(until) else None


def _place(visit: Visit) -> str:
    """Return to what a waiting secret belongs: this session, and the authenticator of now."""
    present = visit.account.authenticator_sealed or b""
    mark = visit.session.vault.index(f"authenticator:{present.hex()}").hex()
    return f"desk:authenticator:{visit.browser.token_hash.hex()}:{mark}"
