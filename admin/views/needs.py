"""The recruitment board: whom the programme needs, against whom it has."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from admin.lists import Column, Filter, Link, Listing, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.views.interest import by_need
from mentoring.clock import spoken_day, spoken_time
from mentoring.matching.kept_plan import planned_at
from mentoring.matching.needs import need_words
from mentoring.models import PlannedNeed

_FILTER = Filter("kind", "Kind", [(kind, kind) for kind in ("topic", "language", "hours")])


def add_to(pages: Pages) -> None:
    """Add the recruitment board."""
    pages.get("/needs", Permission.SEE, list_needs)


def list_needs(visit: Visit) -> ResponseReturnValue:
    """List topics, languages and hours, with who waits for them and which places serve them."""
    kind, made = _FILTER.value(), planned_at(visit.session)
    chosen = select(PlannedNeed)
    if kind:
        chosen = chosen.where(PlannedNeed.kind == kind)
    early = "" if visit.session.programme.is_live else " Before the start look at Interest by need."
    at = f"{spoken_day(made, visit.zone)}, {spoken_time(made, visit.zone)}" if made else "not yet"
    return show(
        visit,
        Listing(
            title="Recruitment board",
            lead="How many wait against how many places of mentors are open, in the whole"
            f" programme. Whoever has two topics counts for both. Worked out: {at}.{early}",
            statement=chosen,
            order=((PlannedNeed.places - PlannedNeed.waiting).asc(), PlannedNeed.code),
            tie=PlannedNeed.code,
            filters=(_FILTER,),
            links=(
                Link("Matching", url_for("desk.list_matching")),
                *(() if visit.session.programme.is_live else (by_need(),)),
            ),
            empty="The plan was not worked out yet. The page Matching has a button for it.",
            rows_of=_rows,
            columns=(
                Column("Needed", lambda row: need_words(row.kind, row.code), PlannedNeed.code),
                Column("Kind", lambda row: row.kind, PlannedNeed.kind),
                Column("Waiting", lambda row: row.waiting, PlannedNeed.waiting),
                Column("Open places", lambda row: row.places, PlannedNeed.places),
                Column(
                    "Missing",
                    lambda row: max(0, row.waiting - row.places),
                    PlannedNeed.waiting - PlannedNeed.places,
                ),
            ),
        ),
    )


def _rows(found: Sequence[Any]) -> list[PlannedNeed]:
    return [row[0] for row in found]
