"""One's own account: the password, the recovery codes, and where one is signed in."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from wtforms import Form, PasswordField

from admin.accounts import write_down
from admin.credentials import new_recovery_codes, recovery_codes_left, set_password
from admin.forms import Said, ShortEnough, attempt, sent
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render
from admin.sessions import end_sessions
from admin.throttle import is_throttled, note_failure
from admin.views.signing_in import TOO_MANY, place_of_request
from mentoring.models import StaffSession


class ChangePasswordForm(Form):
    """The old password and the new one."""

    old = PasswordField("Present password", [Said("Enter your present password."), ShortEnough()])
    new = PasswordField(
        "New password",
        [Said("Choose a new password.")],
        description="12 characters or more. Four plain words are fine. You may paste it.",
    )


def add_to(pages: Pages) -> None:
    """Add the page of one's own account. Everybody has one, so it needs no more than to see."""
    pages.get("/account", Permission.SEE, show_account)
    pages.post("/account/password", Permission.SEE, change_password)
    pages.post("/account/recovery-codes", Permission.SEE, replace_recovery_codes)
    pages.post("/account/sessions", Permission.SEE, end_other_sessions)


def show_account(visit: Visit) -> ResponseReturnValue:
    """Show one's own account."""
    return _shown(visit, sent(ChangePasswordForm))


def change_password(visit: Visit) -> ResponseReturnValue:
    """Change the password; every other browser is signed out."""
    form = sent(ChangePasswordForm)
    account, office, place = visit.account, visit.office, place_of_request()
    if not form.validate():
        return _shown(visit, form), 422
    now = office.wall_clock.now()
    if is_throttled(visit.session, account.email, place, now=now):
        form.form_errors.append(TOO_MANY)
        return _shown(visit, form), 429
    if not office.passwords.fits(str(form.old.data), account.password_hash):
        note_failure(visit.session, account.email, place, now=now)
        form.old.errors = ["That is not your present password."]
        return _shown(visit, form), 422
    new = str(form.new.data)
    if not attempt(
        visit, form, lambda: set_password(visit.session, account, new, passwords=office.passwords)
    ):
        return _shown(visit, form), 422
    end_sessions(visit.session, account, but=visit.browser)
    write_down(visit.session, account, "changed password", actor=visit.actor, now=visit.now)
    flash("Your password is changed. Other browsers are signed out.", "done")
    return redirect(url_for("desk.show_account"), 303)


def replace_recovery_codes(visit: Visit) -> ResponseReturnValue:
    """Show ten new recovery codes, once; the old ones open nothing any more."""
    codes = new_recovery_codes(visit.session, visit.account)
    write_down(
        visit.session, visit.account, "replaced recovery codes", actor=visit.actor, now=visit.now
    )
    return render("recovery_codes.html", visit, codes=codes)


def end_other_sessions(visit: Visit) -> ResponseReturnValue:
    """Sign every other browser out."""
    end_sessions(visit.session, visit.account, but=visit.browser)
    flash("Other browsers are signed out.", "done")
    return redirect(url_for("desk.show_account"), 303)


def _shown(visit: Visit, form: ChangePasswordForm) -> str:
    browsers = visit.session.scalar(
        select(func.count(StaffSession.id)).where(StaffSession.account_id == visit.account.id)
    )
    return render(
        "account.html",
        visit,
        form=form if request.method == "POST" else ChangePasswordForm(),
        codes_left=recovery_codes_left(visit.session, visit.account),
        other_browsers=(browsers or 1) - 1,
    )
