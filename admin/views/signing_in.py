"""Signing in: the password, then a code of the authenticator or a recovery code; and out again."""

from urllib.parse import urlencode

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, HiddenField, PasswordField, StringField

from admin.accounts import account_with_email
from admin.credentials import takes_authenticator_code, takes_recovery_code
from admin.forms import Said, ShortEnough, sent
from admin.office import Office, Visit
from admin.pages import COOKIE, Pages, own_page
from admin.passkeys import relying_party
from admin.permissions import Permission
from admin.rendering import render
from admin.sessions import (
    drop_old_sessions,
    end_session,
    ends_at,
    find_session,
    open_session,
)
from admin.throttle import forget_failures, is_throttled, note_failure
from admin.unsent import settle
from mentoring.db import Session
from mentoring.models import SessionStage, StaffAccount, StaffSession

TOO_MANY = "Too many tries. Wait a quarter of an hour, then try again."
_WRONG = "The address or the password is wrong."
WRONG_CODE = "That code is wrong, was used already, or is too old. Type the newest one."


class PasswordForm(Form):
    """The first of two steps."""

    email = StringField("E-mail address", [Said("Enter your e-mail address."), ShortEnough()])
    password = PasswordField("Password", [Said("Enter your password."), ShortEnough()])
    next = HiddenField()


class CodeForm(Form):
    """The second step."""

    code = StringField(
        "Code",
        [Said("Enter the code that your authenticator shows."), ShortEnough(40)],
        description="6 digits from your authenticator app. A recovery code works as well.",
    )
    next = HiddenField()


def add_to(pages: Pages) -> None:
    """Add the addresses at which somebody signs in and out."""
    pages.open("/sign-in", "GET", sign_in)
    pages.open("/sign-in", "POST", sign_in)
    pages.open("/sign-in/code", "GET", give_code)
    pages.open("/sign-in/code", "POST", give_code)
    pages.post("/sign-out", Permission.SEE, sign_out)
    pages.post("/stay", Permission.SEE, stay)


def sign_in(session: Session, office: Office) -> ResponseReturnValue:
    """Ask for address and password; what was wrong is never said apart."""
    form = sent(PasswordForm)
    form.next.data = own_page(request.values.get("next", ""))
    if request.method == "GET" or not form.validate():
        return ask_again(office, "sign_in.html", form)
    email, place = str(form.email.data), place_of_request()
    now = office.wall_clock.now()
    if is_throttled(session, email, place, now=now):
        form.form_errors.append(TOO_MANY)
        return ask_again(office, "sign_in.html", form, 429)
    account = account_with_email(session, email)
    kept = account.password_hash if account and account.disabled_at is None else None
    if not office.passwords.fits(str(form.password.data), kept) or account is None or kept is None:
        note_failure(session, email, place, now=now)
        form.form_errors.append(_WRONG)
        return ask_again(office, "sign_in.html", form)
    if office.passwords.is_old(kept):
        account.password_hash = office.passwords.hash(str(form.password.data))
    drop_old_sessions(session, now=now)
    onward = url_for("desk.give_code" if account.authenticator_step else "desk.set_authenticator")
    return go_on(
        session,
        office,
        account,
        SessionStage.PASSWORD_GIVEN,
        onward=onward,
        following=form.next.data,
    )


def give_code(session: Session, office: Office) -> ResponseReturnValue:
    """Ask for the code; it and nothing else opens the page."""
    browser = staged(session, office, SessionStage.PASSWORD_GIVEN)
    if browser is None or not browser.account.authenticator_step:
        return redirect(url_for("desk.sign_in"), 303)
    form = sent(CodeForm)
    form.next.data = own_page(request.values.get("next", ""))
    if request.method == "GET" or not form.validate():
        return ask_again(office, "sign_in_code.html", form)
    account, place, now = browser.account, place_of_request(), office.wall_clock.now()
    if is_throttled(session, account.email, place, now=now):
        form.form_errors.append(TOO_MANY)
        return ask_again(office, "sign_in_code.html", form, 429)
    code = str(form.code.data)
    if not (
        takes_authenticator_code(session, account, code, now=now)
        or takes_recovery_code(session, account, code, now=now)
    ):
        note_failure(session, account.email, place, now=now)
        form.form_errors.append(WRONG_CODE)
        return ask_again(office, "sign_in_code.html", form)
    forget_failures(session, account.email, place)
    end_session(session, browser)
    return go_on(session, office, account, SessionStage.SIGNED_IN, onward=str(form.next.data))


def sign_out(visit: Visit) -> ResponseReturnValue:
    """End the session of this browser."""
    end_session(visit.session, visit.browser)
    flash("You are signed out.", "done")
    response = make_response(redirect(url_for("desk.sign_in"), 303))
    response.delete_cookie(COOKIE, path="/desk")
    return response


def stay(visit: Visit) -> ResponseReturnValue:
    """Go on for another half hour: to be seen is enough. A script hears for how many seconds."""
    now = visit.office.wall_clock.now()
    visit.browser.seen_at = now
    if request.headers.get("Accept") == "text/plain":
        left = int((ends_at(visit.browser) - now).total_seconds())
        return Response(str(left), mimetype="text/plain")
    flash("You stay signed in.", "done")
    return redirect(own_page(request.form.get("next", "")), 303)


def staged(session: Session, office: Office, *stages: SessionStage) -> StaffSession | None:
    """Return the session of this browser if it is at one of these stages."""
    token = request.cookies.get(COOKIE, "")
    browser = find_session(session, token, now=office.wall_clock.now())
    return browser if browser is not None and browser.stage in stages else None


def go_on(
    session: Session,
    office: Office,
    account: StaffAccount,
    stage: SessionStage,
    *,
    onward: str,
    following: object = None,
) -> Response:
    """Open a session at the next stage and lead on; the cookie of the stage before is worthless."""
    if stage is SessionStage.SIGNED_IN:
        settle(session, account)
    opened = open_session(session, account, stage, now=office.wall_clock.now())
    address = f"{onward}?{urlencode({'next': following})}" if following else onward
    response = make_response(redirect(address, 303))
    set_cookie(response, office, opened.token)
    return response


def set_cookie(response: Response, office: Office, token: str) -> None:
    """Give the browser the key of its session; no script can read it, no other site send it."""
    response.set_cookie(
        COOKIE, token, path="/desk", secure=office.secure, httponly=True, samesite="Lax"
    )


def place_of_request() -> str:
    """Return where a try comes from, as the server in front of us says."""
    return request.remote_addr or "unknown"


def ask_again(office: Office, template: str, form: Form, status: int = 0) -> ResponseReturnValue:
    """Show a step of signing in, with what was wrong; beside it stands the way by a passkey."""
    faulty = bool(form.errors)
    page = render(template, form=form, party=relying_party(office.base_url))
    return page, status or (422 if faulty else 200)
