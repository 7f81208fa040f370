"""Passkeys on the page: added and removed on one's own account, and used to sign in."""

from flask import Response, abort, flash, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from wtforms import Form, HiddenField, PasswordField, StringField

from admin.accounts import write_down
from admin.forms import LONGEST, Said, ShortEnough, sent
from admin.office import Office, Visit
from admin.pages import Pages, own_page
from admin.passkeys import (
    NAME_LIMIT,
    Asked,
    RelyingParty,
    account_that_signed,
    add_passkey,
    ask_for_new,
    ask_to_sign_in,
    passkeys_of,
    relying_party,
)
from admin.permissions import Permission
from admin.rendering import render
from admin.sessions import drop_old_sessions, end_session
from admin.views.proving import password_fault, refused_with
from admin.views.signing_in import CodeForm, PasswordForm, ask_again, go_on, staged
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Passkey, SessionStage

# In the signed cookie of this browser, for the minutes until its device has answered.
_ASKED = "passkey"


class PasskeyForm(Form):
    """A new passkey."""

    name = StringField(
        "Name of the passkey",
        [Said("Name it, such as My laptop."), ShortEnough(NAME_LIMIT)],
        description="Such as My laptop, so that you know it again.",
    )
    present = PasswordField(
        "Present password", description="So that nobody adds a passkey at a browser you left open."
    )
    response = HiddenField()


def add_to(pages: Pages) -> None:
    """Add the addresses for passkeys."""
    pages.post("/account/passkeys/ask", Permission.SEE, ask_for_passkey)
    pages.get("/account/passkeys", Permission.SEE, show_passkeys)
    pages.post("/account/passkeys", Permission.SEE, add_one_passkey)
    pages.get("/account/passkeys/<int:number>/remove", Permission.SEE, remove_passkey)
    pages.post("/account/passkeys/<int:number>/remove", Permission.SEE, remove_passkey)
    pages.open("/sign-in/passkey/ask", "POST", ask_passkey)
    pages.open("/sign-in/passkey", "POST", sign_in_by_passkey)


def show_passkeys(visit: Visit) -> ResponseReturnValue:
    """Show one's own passkeys."""
    return _shown(visit, PasskeyForm())


def ask_for_passkey(visit: Visit) -> ResponseReturnValue:
    """Tell the browser what a new passkey has to sign, once its owner has given the password.

    Without what is asked here no passkey can be added, so it need not be given again with that.
    """
    fault = password_fault(visit, request.form.get("present", "")[:LONGEST])
    if fault:
        return Response(fault, refused_with(fault), mimetype="text/plain")
    return _asked(
        ask_for_new(
            visit.session,
            visit.account,
            _party(visit.office),
            now=visit.office.wall_clock.now(),
        )
    )


def add_one_passkey(visit: Visit) -> ResponseReturnValue:
    """Keep the passkey that the browser has made."""
    form, account = sent(PasskeyForm), visit.account
    if not form.validate():
        return _shown(visit, form), 422
    try:
        # What was asked is used up, whatever becomes of the answer: nothing is rolled back.
        add_passkey(
            visit.session,
            account,
            _party(visit.office),
            name=str(form.name.data),
            answer=str(form.response.data or ""),
            number=cookie.pop(_ASKED, None),
            now=visit.office.wall_clock.now(),
        )
    except ProgrammeError as error:
        form.form_errors.append(str(error))
        return _shown(visit, form), 422
    write_down(visit.session, account, "added passkey", actor=visit.actor, now=visit.now)
    flash("The passkey is kept. You can sign in with it from now on.", "done")
    return redirect(url_for("desk.show_passkeys"), 303)


def remove_passkey(visit: Visit, number: int) -> ResponseReturnValue:
    """Ask once more, then remove one of one's own passkeys."""
    passkey = visit.session.get(Passkey, number)
    if passkey is None or passkey.account_id != visit.account.id:
        abort(404)
    if request.method == "GET":
        return render(
            "confirm.html",
            visit,
            title=f"Remove the passkey {passkey.name}",
            words="It opens nothing any more. This cannot be undone, but the same device can be"
            " added anew.",
            button="Remove it",
            back=url_for("desk.show_passkeys"),
        )
    visit.session.delete(passkey)
    write_down(visit.session, visit.account, "removed passkey", actor=visit.actor, now=visit.now)
    flash(
        f"The passkey {passkey.name} opens nothing any more. Delete it on the device too.", "done"
    )
    return redirect(url_for("desk.show_passkeys"), 303)


def ask_passkey(session: Session, office: Office) -> Response:
    """Tell the browser of somebody who signs in what their device has to sign."""
    return _asked(ask_to_sign_in(session, _party(office), now=office.wall_clock.now()))


def sign_in_by_passkey(session: Session, office: Office) -> ResponseReturnValue:
    """Let whoever's device has signed in: it stands for password and code.

    A passkey cannot be guessed, so tries are not counted; whoever is locked out by somebody else's
    guessing of the password comes in by it.
    """
    before = staged(session, office, SessionStage.PASSWORD_GIVEN)
    now, following = office.wall_clock.now(), own_page(request.form.get("next", ""))
    try:
        # What was asked is used up, whatever becomes of the answer.
        account = account_that_signed(
            session,
            _party(office),
            answer=request.form.get("response", ""),
            number=cookie.pop(_ASKED, None),
            now=now,
            meant=before.account if before else None,
        )
    except ProgrammeError as error:
        form = CodeForm() if before else PasswordForm()
        form.next.data = following
        form.form_errors.append(str(error))
        return ask_again(office, "sign_in_code.html" if before else "sign_in.html", form)
    if before is not None:
        end_session(session, before)
    drop_old_sessions(session, now=now)
    return go_on(session, office, account, SessionStage.SIGNED_IN, onward=following)


def _party(office: Office) -> RelyingParty:
    party = relying_party(office.base_url)
    return party if party is not None else abort(404)


def _asked(asked: Asked) -> Response:
    cookie[_ASKED] = asked.number
    return Response(asked.options, mimetype="application/json")


def _shown(visit: Visit, form: PasskeyForm) -> str:
    return render(
        "passkeys.html",
        visit,
        form=form,
        passkeys=passkeys_of(visit.session, visit.account),
        party=relying_party(visit.office.base_url),
    )
