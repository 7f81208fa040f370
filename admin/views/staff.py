"""Staff: who may sign in and do what, and who is rung when a caller presses 0."""

from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select
from wtforms import Form, RadioField, StringField

from admin.accounts import change_account, disable, invite, invite_again
from admin.forms import (
    OneOf,
    Said,
    ShortEnough,
    attempt,
    choices,
    lock,
    refuse_stale,
    seen_as,
    sent,
)
from admin.labels import ROLES, in_words, options
from admin.lists import Cell, Column, Filter, Link, Listing, When, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import known_communities
from admin.rendering import render
from mentoring.models import StaffAccount, StaffRole

_ROLE_CHOICES = choices(
    (role.value, f"{in_words(role.value)}: {words}") for role, words in ROLES.items()
)


class InvitedForm(Form):
    """Who somebody is. Fields stand in the order in which they are made, so it comes first."""

    name = StringField("Name", [Said("Enter their name."), ShortEnough(40)])
    email = StringField("E-mail address", [Said("Enter their e-mail address."), ShortEnough()])


class AccountForm(Form):
    """What somebody may do and see."""

    role = RadioField(
        "Role",
        [OneOf([role.value for role in StaffRole], "Choose a role.")],
        choices=_ROLE_CHOICES,
        validate_choice=False,
    )
    communities = StringField(
        "Communities",
        [ShortEnough()],
        description="Names with a comma between them. Leave it empty for all communities.",
    )


class InvitationForm(InvitedForm, AccountForm):
    """Whom to invite, and what they may do and see."""


# What being invited again makes void.
_WAY_IN = ("invited_until", "disabled_at", "password_hash")


def add_to(pages: Pages) -> None:
    """Add the pages about staff."""
    pages.get("/staff", Permission.SEE, list_staff)
    pages.get("/staff/invite", Permission.ACCOUNTS, invite_one)
    pages.post("/staff/invite", Permission.ACCOUNTS, invite_one)
    pages.get("/staff/<int:number>", Permission.ACCOUNTS, show_staff)
    pages.post("/staff/<int:number>", Permission.ACCOUNTS, change_staff)
    pages.get("/staff/<int:number>/disable", Permission.ACCOUNTS, disable_staff)
    pages.post("/staff/<int:number>/disable", Permission.ACCOUNTS, disable_staff)
    pages.get("/staff/<int:number>/invite", Permission.ACCOUNTS, invite_staff_again)
    pages.post("/staff/<int:number>/invite", Permission.ACCOUNTS, invite_staff_again)


_FILTERS = (
    Filter("q", "Name or address"),
    Filter("role", "Role", options(StaffRole)),
    Filter("state", "May sign in", [("yes", "yes, or invited"), ("no", "no: disabled")]),
)


def list_staff(visit: Visit) -> ResponseReturnValue:
    """List everybody who may sign in."""
    may_change = visit.may(Permission.ACCOUNTS)
    words, role, state = (each.value() for each in _FILTERS)
    chosen = select(StaffAccount)
    if words:
        named = (StaffAccount.name, StaffAccount.email)
        chosen = chosen.where(or_(*(each.icontains(words, autoescape=True) for each in named)))
    if role:
        chosen = chosen.where(StaffAccount.role == role)
    if state:
        is_shut = StaffAccount.disabled_at.is_not(None)
        chosen = chosen.where(is_shut if state == "no" else ~is_shut)
    links = (Link("Invite somebody", url_for("desk.invite_one")),) if may_change else ()
    return show(
        visit,
        Listing(
            title="Staff",
            statement=chosen,
            filters=_FILTERS,
            tie=StaffAccount.id,
            order=(StaffAccount.name, StaffAccount.id),
            links=links,
            empty="There is nobody.",
            rows_of=lambda found: [row[0] for row in found],
            columns=(
                Column("Name", lambda one: _name(one, may_change), StaffAccount.name),
                Column("Role", lambda one: in_words(one.role.value), StaffAccount.role),
                Column("Communities", _communities),
                Column("May sign in", _state, StaffAccount.disabled_at),
                Column("Rung by callers", _duty),
                Column("Since", lambda one: When(one.created_at), StaffAccount.created_at),
            ),
        ),
    )


def _name(account: StaffAccount, may_change: bool) -> Cell:
    if not may_change:
        return account.name
    address = url_for("desk.show_staff", number=account.id)
    return Link(account.name, address, told=f"{account.name}, {account.email}")


def _communities(account: StaffAccount) -> str:
    return "all" if account.communities is None else ", ".join(account.communities) or "none"


def _state(account: StaffAccount) -> str:
    if account.disabled_at is not None:
        return "no: disabled"
    return "yes" if account.authenticator_step else "invited"


def _duty(account: StaffAccount) -> str | None:
    if account.staff is None:
        return None
    return "yes, on duty" if account.staff.on_duty else "not on duty"


def invite_one(visit: Visit) -> ResponseReturnValue:
    """Invite somebody. The code is shown once, to be told by phone or in person."""
    form = sent(InvitationForm)
    made: list[tuple[StaffAccount, str]] = []
    if (
        request.method == "POST"
        and form.validate()
        and attempt(visit, form, lambda: made.append(_invite(visit, form)))
    ):
        account, code = made[0]
        return render("invited.html", visit, account=account, code=code)
    page = render("invite.html", visit, form=form, known=known_communities(visit))
    return page, 422 if form.errors else 200


def _invite(visit: Visit, form: InvitationForm) -> tuple[StaffAccount, str]:
    return invite(
        visit.session,
        email=str(form.email.data),
        name=str(form.name.data),
        role=StaffRole(str(form.role.data)),
        communities=_read_communities(str(form.communities.data or "")),
        actor=visit.actor,
        now=visit.now,
    )


def _read_communities(text: str) -> Sequence[str] | None:
    named = [" ".join(part.split()) for part in text.split(",")]
    return sorted({name for name in named if name}) or None


def show_staff(visit: Visit, number: int) -> ResponseReturnValue:
    """Show one account to an admin."""
    account = _account(visit, number)
    form = AccountForm(
        data={"role": account.role.value, "communities": ", ".join(account.communities or ())}
    )
    return _shown(visit, account, form)


def _account(visit: Visit, number: int) -> StaffAccount:
    account = visit.session.get(StaffAccount, number)
    if account is None:
        abort(404)
    return account


def _shown(visit: Visit, account: StaffAccount, form: AccountForm) -> str:
    return render(
        "staff_account.html",
        visit,
        account=account,
        form=form,
        known=known_communities(visit),
        seen=seen_as(account.role, account.communities),
        facts=[
            ("E-mail address", account.email),
            ("May sign in", _state(account)),
            ("Rung by callers", _duty(account)),
            ("Since", When(account.created_at)),
        ],
    )


def _way_in(account: StaffAccount) -> tuple[object, ...]:
    """Return what tells whether somebody may come in, or was invited to."""
    return account.invited_until, account.disabled_at, account.password_hash is not None


def change_staff(visit: Visit, number: int) -> ResponseReturnValue:
    """Change what somebody may do and see."""
    account, form = _account(visit, number), sent(AccountForm)
    if form.validate() and attempt(visit, form, lambda: _change(visit, account, form)):
        flash(f"What {account.name} may do is changed.", "done")
        return redirect(url_for("desk.list_staff"), 303)
    return _shown(visit, account, form), 422


def _change(visit: Visit, account: StaffAccount, form: AccountForm) -> None:
    role = StaffRole(str(form.role.data))
    communities = _read_communities(str(form.communities.data or ""))
    lock(visit, account, "role", "communities")
    if (account.role, account.communities) != (role, communities):
        refuse_stale(account.role, account.communities)
    change_account(
        visit.session,
        account,
        role=role,
        communities=communities,
        actor=visit.actor,
        now=visit.now,
    )


def disable_staff(visit: Visit, number: int) -> ResponseReturnValue:
    """Ask once more, then shut an account; whoever is signed in with it is out at once."""
    account = _account(visit, number)
    if request.method == "GET":
        return render(
            "confirm.html",
            visit,
            title=f"Shut the account of {account.name}",
            words="They are signed out at once and cannot sign in. Inviting them again opens it,"
            " and then they choose a new password and set up an authenticator.",
            button="Shut the account",
            back=url_for("desk.show_staff", number=number),
        )
    disable(visit.session, account, actor=visit.actor, now=visit.now)
    flash(f"{account.name} can sign in no more. Inviting them again opens the account.", "done")
    return redirect(url_for("desk.show_staff", number=number), 303)


def invite_staff_again(visit: Visit, number: int) -> ResponseReturnValue:
    """Ask once more, then start an account over for whoever has lost all that opens it."""
    account = _account(visit, number)
    if request.method == "GET":
        return render(
            "confirm.html",
            visit,
            title=f"Invite {account.name} again",
            words="Their password, authenticator, passkeys and any older invitation are void from"
            " then on, and they are signed out. You are shown a code to tell them.",
            button="Invite again",
            back=url_for("desk.show_staff", number=number),
            seen=seen_as(*_way_in(account)),
        )
    lock(visit, account, *_WAY_IN)
    # Else it might make a code void that was told a moment ago, or open what was just shut.
    refuse_stale(*_way_in(account))
    code = invite_again(visit.session, account, actor=visit.actor, now=visit.now)
    return render("invited.html", visit, account=account, code=code)
