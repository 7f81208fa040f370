"""Proposals: staff pick a mentor for somebody, send it, look how it stands, or take it back."""

from collections.abc import Sequence
from datetime import datetime

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import Form, SelectField

from admin.forms import OneOf, attempt, choices, sent
from admin.labels import in_words, options, who_did
from admin.lists import Cell, Link, When
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import person_of
from admin.reasons import ReasonForm, act
from admin.rendering import render
from admin.views.proposal_list import in_scope, list_proposals, proposal_link, until
from mentoring.matching.kept_plan import planned_pick
from mentoring.models import Match, Person, Proposal, ProposalState, Role
from mentoring.proposals.proposing import (
    OverrideReason,
    propose,
    send_proposal,
    why_not_picked,
    withdraw_proposal,
)
from mentoring.proposals.records import proposals_of, said_no_lately, said_of_other
from mentoring.proposals.told import Standing, standings

_OF_ONE_SHOWN = 20


class OverrideForm(Form):
    """Why staff pick somebody else than the plan does."""

    reason = SelectField(
        "Why not whom the plan picks?",
        [OneOf([each.value for each in OverrideReason], "Choose why you pick somebody else.")],
        choices=choices(options(OverrideReason), first="choose"),
        validate_choice=False,
    )


def add_to(pages: Pages) -> None:
    """Add the pages about proposals."""
    pages.get("/matching/<code>/<mentor>", Permission.WORK, pick_mentor)
    pages.post("/matching/<code>/<mentor>", Permission.WORK, pick_mentor)
    pages.get("/proposals", Permission.SEE, list_proposals)
    pages.get("/proposals/<int:number>", Permission.SEE, show_proposal)
    pages.post("/proposals/<int:number>/send", Permission.WORK, send)
    pages.get("/proposals/<int:number>/withdraw", Permission.WORK, withdraw)
    pages.post("/proposals/<int:number>/withdraw", Permission.WORK, withdraw)


def _proposal_of(visit: Visit, number: int) -> Proposal:
    found = visit.session.scalar(
        select(Proposal)
        .where(Proposal.id == number, in_scope(visit))
        .options(joinedload(Proposal.protege), joinedload(Proposal.mentor))
    )
    if found is None:
        abort(404)
    return found


def rows_of_person(visit: Visit, person: Person) -> list[tuple[Cell, ...]]:
    """Return the proposals of one person, the newest first. Who is not seen is not named."""
    found = list(proposals_of(visit.session, person, limit=_OF_ONE_SHOWN))
    others = {each.mentor_id if person.role is Role.PROTEGE else each.protege_id for each in found}
    seen = set(
        visit.session.scalars(select(Person.id).where(Person.id.in_(others), visit.scope.people()))
    )
    rows: list[tuple[Cell, ...]] = []
    for each in standings(visit.session, found):
        proposal = each.proposal
        other = proposal.mentor if person.role is Role.PROTEGE else proposal.protege
        if other.id in seen:
            made = When(proposal.created_at, person.zone, other.zone)
            rows.append((proposal_link(proposal), each.state, made, who_did(proposal.actor)))
        else:
            elsewhere = "somebody of another community"
            made = When(proposal.created_at, person.zone)
            rows.append((elsewhere, in_words(proposal.state.value), made, ""))
    return rows


def pick_mentor(visit: Visit, code: str, mentor: str) -> ResponseReturnValue:
    """Pick a mentor for a protege, and ask them or keep a draft; with a reason against the plan."""
    protege, other = person_of(visit, code), person_of(visit, mentor)
    if request.method == "GET":
        # Said before anybody fills in a form that could only be refused.
        why_not = why_not_picked(visit.session, protege, other, now=visit.now)
        if why_not is not None:
            flash(why_not, "error")
            return redirect(url_for("desk.show_matching", code=protege.code))
    is_pick = planned_pick(visit.session, protege) == other.code
    overrides = not is_pick or said_no_lately(visit.session, protege, other, now=visit.now)
    form: Form = sent(OverrideForm) if overrides else sent(Form)
    made: list[Proposal] = []

    def work() -> None:
        made.append(
            propose(
                visit.session,
                protege=protege,
                mentor=other,
                reason=OverrideReason(str(form.data["reason"])) if overrides else None,
                send=request.form.get("how") != "draft",
                actor=visit.actor,
                now=visit.now,
            )
        )

    if request.method == "POST" and form.validate() and attempt(visit, form, work):
        is_draft = made[0].state is ProposalState.DRAFT
        flash(
            "The draft is kept for 7 days. Nobody is asked yet."
            if is_draft
            else f"{protege.code} is asked in their own hours. {other.code} is asked after a yes.",
            "done",
        )
        return redirect(url_for("desk.show_proposal", number=made[0].id), 303)
    page = render("proposal_new.html", visit, form=form, protege=protege, mentor=other)
    return page, 422 if form.errors else 200


def show_proposal(visit: Visit, number: int) -> ResponseReturnValue:
    """Show one proposal: how it stands, what each hears of the other, and what can be done."""
    proposal = _proposal_of(visit, number)
    (standing,) = standings(visit.session, [proposal])
    return render(
        "proposal.html",
        visit,
        proposal=proposal,
        standing=standing,
        facts=_facts(visit, standing),
        told=[(role.value, said_of_other(proposal, role, "more")) for role in Role],
        may_send=proposal.state is ProposalState.DRAFT,
    )


def _facts(visit: Visit, standing: Standing) -> Sequence[tuple[str, Cell]]:
    proposal = standing.proposal
    both = proposal.protege.zone, proposal.mentor.zone
    match = visit.session.get(Match, proposal.match_id) if proposal.match_id else None
    return [
        ("Protege", _person(proposal.protege)),
        ("Mentor", _person(proposal.mentor)),
        ("State", standing.state),
        ("Next step", standing.next_step or None),
        ("Runs out", until(standing)),
        ("Points", proposal.score),
        ("Picked by", who_did(proposal.actor)),
        ("Picked against the plan", in_words(proposal.override_reason or "") or None),
        ("Picked", _moment(proposal.created_at, *both)),
        ("Sent", _moment(proposal.sent_at, *both)),
        ("Protege answered", _moment(proposal.protege_said_at, proposal.protege.zone)),
        ("Mentor answered", _moment(proposal.mentor_said_at, proposal.mentor.zone)),
        ("Ended", _moment(proposal.settled_at, *both)),
        (
            "Match",
            Link(match.code, url_for("desk.show_match", code=match.code)) if match else None,
        ),
    ]


def _moment(at: datetime | None, *zones: str | None) -> Cell:
    """Return a moment by the clocks of staff and of those whom it concerns (A33)."""
    return When(at, *zones) if at is not None else None


def _person(person: Person) -> Link:
    address = url_for("desk.show_person", code=person.code)
    return Link(f"{person.shown_name} ({person.code})", address)


def send(visit: Visit, number: int) -> ResponseReturnValue:
    """Send a draft."""
    proposal, form = _proposal_of(visit, number), sent(Form)
    if attempt(visit, form, lambda: send_proposal(visit.session, proposal, now=visit.now)):
        flash(f"{proposal.protege.code} is asked in their own hours.", "done")
    else:
        flash(" ".join(form.form_errors), "error")
    return redirect(url_for("desk.show_proposal", number=proposal.id), 303)


def withdraw(visit: Visit, number: int) -> ResponseReturnValue:
    """Take a proposal back, with a reason that only staff see."""
    proposal, form = _proposal_of(visit, number), sent(ReasonForm)
    return act(
        visit,
        form,
        lambda why: withdraw_proposal(
            visit.session, proposal, reason=why, actor=visit.actor, now=visit.now
        ),
        title=f"Withdraw the proposal of {proposal.protege.code} and {proposal.mentor.code}",
        words="Nobody is asked any more. Whoever was asked hears that it is off, and not why."
        f" {proposal.protege.code} keeps their place in the line.",
        button="Withdraw it",
        done="The proposal is withdrawn. Whoever was asked is told in neutral words.",
        back=url_for("desk.show_proposal", number=proposal.id),
    )
