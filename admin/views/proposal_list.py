"""The list of proposals, open and past; and the open ones as a short table on the page Matching."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from admin.labels import in_words, who_did
from admin.lists import Cell, Column, Filter, Link, Listing, When, show
from admin.office import Visit
from mentoring.models import Person, Proposal, ProposalState
from mentoring.proposals.told import Standing, standings

# The page Matching shows so many; the list has all.
_SHOWN = 50
_OPEN = "open"
_FILTERS = (
    Filter(
        "state",
        "State",
        [(_OPEN, _OPEN), *((each.value, in_words(each.value)) for each in ProposalState)],
    ),
    Filter("q", "Person", hint="A code or a name, such as P05, M03 or Rosa."),
)


def in_scope(visit: Visit) -> ColumnElement[bool]:
    """Return the condition that both people of a proposal are seen."""
    seen = select(Person.id).where(visit.scope.people())
    return Proposal.protege_id.in_(seen) & Proposal.mentor_id.in_(seen)


def list_proposals(visit: Visit) -> ResponseReturnValue:
    """List the proposals in scope, open and past, the newest first."""
    protege, mentor = aliased(Person), aliased(Person)
    chosen = (
        select(Proposal)
        .join(protege, protege.id == Proposal.protege_id)
        .join(mentor, mentor.id == Proposal.mentor_id)
        .where(in_scope(visit))
        .options(
            contains_eager(Proposal.protege.of_type(protege)),
            contains_eager(Proposal.mentor.of_type(mentor)),
        )
    )
    return show(
        visit,
        Listing(
            title="Proposals",
            statement=_filtered(chosen, protege, mentor),
            order=(Proposal.id.desc(),),
            tie=Proposal.id,
            filters=_FILTERS,
            links=(Link("Matching", url_for("desk.list_matching")),),
            empty="There was no proposal yet. The page Matching shows who waits and who fits them.",
            rows_of=lambda found: standings(visit.session, [row[0] for row in found]),
            columns=(
                Column("Proposal", lambda row: proposal_link(row.proposal), protege.first_name),
                Column("State", lambda row: row.state, Proposal.state),
                Column("Next step", lambda row: row.next_step or None),
                Column("Runs out", until),
                Column(
                    "Picked", lambda row: _moment(row, row.proposal.created_at), Proposal.created_at
                ),
                Column("Picked by", lambda row: who_did(row.proposal.actor), Proposal.actor),
                Column(
                    "Ended", lambda row: _moment(row, row.proposal.settled_at), Proposal.settled_at
                ),
            ),
        ),
    )


def _filtered(chosen: Select[Any], *both: type[Person]) -> Select[Any]:
    state, words = (each.value() for each in _FILTERS)
    if state == _OPEN:
        chosen = chosen.where(Proposal.settled_at.is_(None))
    elif state:
        chosen = chosen.where(Proposal.state == state)
    if not words:
        return chosen
    protege, mentor = both
    code = words.upper()
    return chosen.where(
        (protege.code == code)
        | (mentor.code == code)
        | protege.first_name.icontains(words, autoescape=True)
        | mentor.first_name.icontains(words, autoescape=True)
    )


def _moment(standing: Standing, at: datetime | None) -> When | None:
    """Return a moment of a proposal by the clocks of staff and of both (A33)."""
    both = standing.proposal.protege.zone, standing.proposal.mentor.zone
    return When(at, *both) if at is not None else None


def open_rows(visit: Visit) -> list[tuple[Cell, ...]]:
    """Return the open proposals in scope, the oldest first: who, how it stands, what comes next."""
    found: Sequence[Proposal] = visit.session.scalars(
        select(Proposal)
        .where(Proposal.settled_at.is_(None), in_scope(visit))
        .order_by(Proposal.id)
        .limit(_SHOWN)
        .options(joinedload(Proposal.protege), joinedload(Proposal.mentor))
    ).all()
    return [
        (proposal_link(each.proposal), each.state, until(each), each.next_step)
        for each in standings(visit.session, list(found))
    ]


def proposal_link(proposal: Proposal) -> Link:
    """Return who is proposed to whom, leading to the page of the proposal."""
    protege, mentor = proposal.protege, proposal.mentor
    words = f"{protege.shown_name} ({protege.code}) and {mentor.shown_name} ({mentor.code})"
    return Link(words, url_for("desk.show_proposal", number=proposal.id))


def until(standing: Standing) -> Cell:
    """Return when it runs out, by the clocks of whoever is asked; a draft, of both (A33)."""
    if standing.until is None:
        return None
    protege, mentor = standing.proposal.protege.zone, standing.proposal.mentor.zone
    match standing.proposal.state:
        case ProposalState.ASKING_MENTOR:
            return When(standing.until, mentor)
        case ProposalState.ASKING_PROTEGE:
            return When(standing.until, protege)
    return When(standing.until, protege, mentor)
