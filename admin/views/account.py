"""One's own account: the password, the recovery codes, and where one is signed in."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from wtforms import Form, PasswordField

from admin.accounts import write_down
from admin.credentials import new_recovery_codes, recovery_codes_left, set_password
from admin.forms import Said, attempt, sent
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render
from admin.sessions import end_sessions
from admin.views.proving import password_fault, present_password, refused_with
from mentoring.models import StaffSession


class ChangePasswordForm(Form):
    """The old password and the new one."""

    old = present_password()
    new = PasswordField(
        "New password",
        [Said("Choose a new password.")],
        description="12 characters or more. Four plain words are fine. You may paste it.",
    )


class NewCodesForm(Form):
    """The password, before new recovery codes are made."""

    present = present_password("Present password, for new codes")


def add_to(pages: Pages) -> None:
    """Add the page of one's own account. Everybody has one, so it needs no more than to see."""
    pages.get("/account", Permission.SEE, show_account)
    pages.post("/account/password", Permission.SEE, change_password)
    pages.post("/account/recovery-codes", Permission.SEE, replace_recovery_codes)
    pages.post("/account/sessions", Permission.SEE, end_other_sessions)


def show_account(visit: Visit) -> ResponseReturnValue:
    """Show one's own account."""
    return _shown(visit, ChangePasswordForm())


def change_password(visit: Visit) -> ResponseReturnValue:
    """Change the password; every other browser is signed out."""
    form = sent(ChangePasswordForm)
    account, passwords = visit.account, visit.office.passwords
    if not form.validate():
        return _shown(visit, form), 422
    fault = password_fault(visit, str(form.old.data))
    if fault:
        form.old.errors = [fault]
        return _shown(visit, form), refused_with(fault)
    new = str(form.new.data)
    if not attempt(
        visit, form, lambda: set_password(visit.session, account, new, passwords=passwords)
    ):
        return _shown(visit, form), 422
    end_sessions(visit.session, account, but=visit.browser)
    write_down(visit.session, account, "changed password", actor=visit.actor, now=visit.now)
    flash("Your password is changed. Other browsers are signed out.", "done")
    return redirect(url_for("desk.show_account"), 303)


def replace_recovery_codes(visit: Visit) -> ResponseReturnValue:
    """Show ten new recovery codes, once; the old ones open nothing any more."""
    form = sent(NewCodesForm)
    if not form.validate():
        return _shown(visit, form), 422
    fault = password_fault(visit, str(form.present.data))
    if fault:
        form.present.errors = [fault]
        return _shown(visit, form), refused_with(fault)
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


def _shown(visit: Visit, form: Form) -> str:
    changing = form if isinstance(form, ChangePasswordForm) else ChangePasswordForm()
    codes = form if isinstance(form, NewCodesForm) else NewCodesForm()
    browsers = visit.session.scalar(
        select(func.count(StaffSession.id)).where(StaffSession.account_id == visit.account.id)
    )
    return render(
        "account.html",
        visit,
        form=form,
        changing=changing,
        codes=codes,
        codes_left=recovery_codes_left(visit.session, visit.account),
        other_browsers=(browsers or 1) - 1,
    )
