"""Who left their interest before the programme was live: the list, and the press that invites."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from wtforms import Form

from admin.forms import attempt, sent
from admin.labels import language_name, mode_words, options
from admin.lists import Column, Filter, Link, Listing, Tag, When, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import person_link
from admin.rendering import render
from mentoring.audit import write_audit
from mentoring.interest import (
    MOST_AT_ONCE,
    has_left_interest,
    invitations_of,
    invite_interested,
    is_invited,
)
from mentoring.interest_needs import interest_by_need
from mentoring.models import Invitation, Mode, Person, Role

_LEAD = (
    "They agreed to one call or text when the programme starts, and to nothing else."
    " Who has begun, or taken it back, is not here any more."
)
_FILTERS = (
    Filter("role", "Would be", options(Role)),
    Filter("invited", "Invited", [("yes", "yes"), ("no", "not yet")]),
)


def add_to(pages: Pages) -> None:
    """Add the pages about interest."""
    pages.get("/interest", Permission.SEE, list_interest)
    pages.get("/interest/needs", Permission.SEE, show_interest_needs)
    pages.get("/interest/invite", Permission.WORK, show_invite_interested)
    pages.post("/interest/invite", Permission.WORK, invite_all_interested)


def by_need() -> Link:
    """Return the link to interest by need."""
    return Link("Interest by need", url_for("desk.show_interest_needs"))


def list_interest(visit: Visit) -> ResponseReturnValue:
    """List everybody in scope who left their interest, the first one first."""
    role, invited = (each.value() for each in _FILTERS)
    chosen = select(Person).where(has_left_interest(), visit.scope.people())
    if role:
        chosen = chosen.where(Person.role == role)
    if invited:
        chosen = chosen.where(is_invited() if invited == "yes" else ~is_invited())

    def rows_of(found: Sequence[Any]) -> list[tuple[Person, Invitation | None]]:
        people = [row[0] for row in found]
        asked = invitations_of(visit.session, people)
        return [(person, asked.get(person.id)) for person in people]

    may_invite = visit.may(Permission.WORK) and visit.session.programme.is_live
    return show(
        visit,
        Listing(
            title="Interest",
            lead=_LEAD,
            links=(by_need(), Link("Invite them", url_for("desk.show_invite_interested")))
            if may_invite
            else (by_need(),),
            statement=chosen,
            order=(Person.state_since, Person.id),
            tie=Person.id,
            filters=_FILTERS,
            empty="Nobody has left their interest, or all have begun. Until the programme is live,"
            " who calls or texts the main line may leave it.",
            rows_of=rows_of,
            columns=(
                Column("Name", lambda row: person_link(row[0]), Person.first_name),
                Column("Code", lambda row: row[0].code, Person.code),
                Column("Would be", lambda row: row[0].role.value, Person.role),
                Column(
                    "Since", lambda row: When(row[0].state_since, row[0].zone), Person.state_since
                ),
                Column("Likes", lambda row: mode_words(row[0].mode), Person.mode),
                Column("Language", lambda row: language_name(row[0].language), Person.language),
                Column("Community", lambda row: row[0].community or None, Person.community),
                Column("Invited", lambda row: _asked(*row)),
            ),
        ),
    )


def show_interest_needs(visit: Visit) -> str:
    """Count everybody in scope who left their interest, by topic, language and hours."""
    return render(
        "interest_needs.html",
        visit,
        found=interest_by_need(visit.session, visit.scope.people()),
    )


def _asked(person: Person, invitation: Invitation | None) -> When | Tag:
    if invitation is None:
        return Tag("not yet")
    if invitation.asked_at is None:
        return Tag("waits for their hours")
    return When(invitation.asked_at, person.zone)


def show_invite_interested(visit: Visit) -> ResponseReturnValue:
    """Say how many would be invited and how, before it is done."""
    return _asking(visit, Form())


def _asking(visit: Visit, form: Form) -> str:
    waiting = has_left_interest(), ~is_invited(), visit.scope.people()
    rows = visit.session.execute(
        select(Person.mode, func.count(Person.id)).where(*waiting).group_by(Person.mode)
    ).all()
    texts = sum(count for mode, count in rows if mode is Mode.TEXT)
    count = sum(count for _, count in rows)
    return render(
        "interest_invite.html",
        visit,
        form=form,
        texts=texts,
        calls=count - texts,
        count=count,
        most=MOST_AT_ONCE,
    )


def invite_all_interested(visit: Visit) -> ResponseReturnValue:
    """Invite everybody in scope who was not invited yet."""
    form, done = sent(Form), 0

    def work() -> None:
        nonlocal done
        done = invite_interested(visit.session, visit.scope.people(), now=visit.now)

    if not attempt(visit, form, work):
        return _asking(visit, form), 422
    if done:
        write_audit(
            visit.session,
            actor=visit.actor,
            action=f"invited {done} who left their interest",
            entity="interest",
            entity_id="all",
            reason="the programme is live",
            now=visit.now,
        )
    who = "1 person is" if done == 1 else f"{done} people are"
    flash(f"{who} called or texted, each in their own hours.", "done")
    return redirect(url_for("desk.list_interest"), 303)
