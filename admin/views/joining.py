"""Taking up an invitation: the code, a password, the authenticator, and the recovery codes."""

import io

import segno
from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, PasswordField, StringField

from admin.accounts import invited_account, write_down
from admin.credentials import (
    add_authenticator,
    authenticator_address,
    authenticator_secret,
    new_recovery_codes,
    set_password,
    takes_authenticator_code,
)
from admin.forms import Said, ShortEnough, sent
from admin.office import Office
from admin.pages import Pages
from admin.rendering import render
from admin.sessions import end_session, open_session
from admin.throttle import forget_failures, is_throttled, note_failure
from admin.unsent import settle
from admin.views.signing_in import TOO_MANY, go_on, place_of_request, set_cookie, staged
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import SessionStage, StaffAccount

_WRONG = (
    "That address and that code do not belong together, or the invitation is older than a week."
)
WRONG_FIRST_CODE = "That code does not fit. Wait until the app shows the next one, and type that."


class InvitationForm(Form):
    """What an admin has told somebody."""

    email = StringField("E-mail address", [Said("Enter your e-mail address."), ShortEnough()])
    code = StringField(
        "Invitation code",
        [Said("Enter the code that an admin gave you."), ShortEnough(40)],
        description="4 groups of 4 letters and digits, such as K7QW-3MPA-22XD-QF5T.",
    )


class NewPasswordForm(Form):
    """A new password; it is typed once and can be shown, which is easier than typing it twice."""

    password = PasswordField(
        "New password",
        [Said("Choose a password.")],
        description="12 characters or more. Four plain words are fine. You may paste it.",
    )


class FirstCodeForm(Form):
    """Proof that the authenticator was set up."""

    code = StringField("Code", [Said("Enter the 6 digits that the app shows."), ShortEnough(40)])


def add_to(pages: Pages) -> None:
    """Add the steps of joining."""
    for method in ("GET", "POST"):
        pages.open("/join", method, join)
        pages.open("/join/password", method, choose_password)
        pages.open("/join/authenticator", method, set_authenticator)
    pages.open("/join/authenticator.svg", "GET", show_picture)


def join(session: Session, office: Office) -> ResponseReturnValue:
    """Ask for the invitation code. It is typed, never part of an address."""
    form = sent(InvitationForm)
    if request.method == "GET" or not form.validate():
        return render("join.html", form=form), 422 if form.errors else 200
    email, place, now = str(form.email.data), place_of_request(), office.wall_clock.now()
    if is_throttled(session, email, place, now=now):
        form.form_errors.append(TOO_MANY)
        return render("join.html", form=form), 429
    account = invited_account(session, email, str(form.code.data), now=now)
    if account is None:
        note_failure(session, email, place, now=now)
        form.form_errors.append(_WRONG)
        return render("join.html", form=form), 422
    forget_failures(session, email, place)
    return go_on(
        session, office, account, SessionStage.JOINING, onward=url_for("desk.choose_password")
    )


def choose_password(session: Session, office: Office) -> ResponseReturnValue:
    """Ask for a password; from then on the invitation is used up."""
    browser = staged(session, office, SessionStage.JOINING)
    if browser is None:
        return redirect(url_for("desk.join"), 303)
    form = sent(NewPasswordForm)
    if request.method == "POST" and form.validate():
        try:
            set_password(
                session, browser.account, str(form.password.data), passwords=office.passwords
            )
        except ProgrammeError as error:
            form.password.errors = [str(error)]
        else:
            browser.account.invitation_hash = None
            return redirect(url_for("desk.set_authenticator"), 303)
    return (
        render("join_password.html", form=form, email=browser.account.email),
        422 if form.errors else 200,
    )


def set_authenticator(session: Session, office: Office) -> ResponseReturnValue:
    """Show the secret for the authenticator until its first code comes back; then let them in."""
    browser = staged(session, office, SessionStage.JOINING, SessionStage.PASSWORD_GIVEN)
    if browser is None or browser.account.authenticator_step or not browser.account.password_hash:
        return redirect(url_for("desk.sign_in"), 303)
    account, form, now = browser.account, sent(FirstCodeForm), office.wall_clock.now()
    secret = authenticator_secret(session, account) or add_authenticator(session, account)
    if request.method == "POST" and form.validate():
        if is_throttled(session, account.email, place_of_request(), now=now):
            form.form_errors.append(TOO_MANY)
        elif takes_authenticator_code(session, account, str(form.code.data), now=now):
            return _let_in(session, office)
        else:
            note_failure(session, account.email, place_of_request(), now=now)
            form.form_errors.append(WRONG_FIRST_CODE)
    page = render("join_authenticator.html", form=form, secret=in_groups(secret))
    return page, 422 if form.errors else 200


def in_groups(secret: str) -> str:
    """Return a secret as it is easily copied by hand."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def show_picture(session: Session, office: Office) -> Response:
    """Return the picture for the authenticator's camera, while it is being set up."""
    browser = staged(session, office, SessionStage.JOINING, SessionStage.PASSWORD_GIVEN)
    secret = authenticator_secret(session, browser.account) if browser else None
    if browser is None or secret is None or browser.account.authenticator_step:
        abort(404)
    return picture_of(session, browser.account, secret)


def picture_of(session: Session, account: StaffAccount, secret: str) -> Response:
    """Return a secret as a picture for the camera of an authenticator."""
    address = authenticator_address(secret, email=account.email, org=session.programme.org_name)
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=5, border=4, light="#fff")
    return Response(picture.getvalue(), mimetype="image/svg+xml")


def _let_in(session: Session, office: Office) -> Response:
    browser = staged(session, office, SessionStage.JOINING, SessionStage.PASSWORD_GIVEN)
    if browser is None:
        abort(404)
    account, now = browser.account, office.wall_clock.now()
    codes = new_recovery_codes(session, account)
    write_down(session, account, "joined", actor=f"staff:{account.name}", now=office.clock.now())
    end_session(session, browser)
    settle(session, account)
    opened = open_session(session, account, SessionStage.SIGNED_IN, now=now)
    response = Response(render("recovery_codes.html", codes=codes))
    set_cookie(response, office, opened.token)
    return response
