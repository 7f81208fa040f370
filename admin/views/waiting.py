"""Who waits for a mentor, with the plan's pick for each: the list, and the longest of the waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, func, select

from admin.lists import Cell, Column, Filter, Link, Listing, When, show
from admin.office import Visit
from mentoring.models import Person, PersonState, PlannedMatch, Proposal, Role

ELSEWHERE = "somebody of another community"
# The page Matching shows so many; the list has all.
_SHOWN = 100
STILL_WAITS = (Person.state == PersonState.WAITING) & ~(
    select(Proposal.id)
    .where(Proposal.protege_id == Person.id, Proposal.settled_at.is_(None))
    .exists()
)
_SINCE = func.coalesce(PlannedMatch.waits_since, Person.state_since)
_FILTERS = (
    Filter(
        "pick",
        "The plan picks",
        [("somebody", "somebody"), ("nobody", "nobody"), ("later", "not in the plan yet")],
    ),
    Filter("q", "Person", hint="A code or a name, such as P05 or Rosa."),
)


@dataclass(frozen=True)
class _Waits:
    """Somebody who waits. `planned` is their row of the plan, if they waited when it was made."""

    planned: PlannedMatch | None
    person: Person
    names: Mapping[str, str]

    @property
    def since(self) -> datetime:
        """Since when they wait, with what they waited before an offer that came to nothing."""
        return self.planned.waits_since if self.planned is not None else self.person.state_since

    @property
    def who(self) -> Link:
        """Who it is, leading to those who fit them."""
        words = f"{self.person.shown_name} ({self.person.code})"
        return Link(words, url_for("desk.show_matching", code=self.person.code))

    @property
    def pick(self) -> str:
        """Whom the plan picks for them."""
        if self.planned is None:
            return "not in the plan yet"
        number = self.planned.mentor_id
        return self.names.get(str(number), ELSEWHERE) if number else "nobody"

    @property
    def best(self) -> str | None:
        """Who fits them best, with points, as far as these may be named."""
        top = self.planned.top if self.planned is not None else []
        named = [f"{self.names[code]} {score}" for code, score in top if code in self.names]
        return ", ".join(named) or None


def list_waiting(visit: Visit) -> ResponseReturnValue:
    """List everybody in scope who waits for a mentor and is in no proposal, the longest first."""
    return show(
        visit,
        Listing(
            title="Who waits for a mentor",
            statement=_filtered(_waiting(visit)),
            order=(_SINCE, Person.code),
            tie=Person.id,
            filters=_FILTERS,
            links=(Link("Matching", url_for("desk.list_matching")),),
            empty="Nobody waits for a mentor but those in a proposal.",
            rows_of=lambda found: _rows(visit, found),
            columns=(
                Column("Who", lambda row: row.who, Person.first_name),
                Column("Waits since", lambda row: When(row.since, row.person.zone), _SINCE),
                Column("The plan picks", lambda row: row.pick),
                Column("Fit best, with points", lambda row: row.best),
            ),
        ),
    )


def _waiting(visit: Visit) -> Select[PlannedMatch, Person]:
    return (
        select(PlannedMatch, Person)
        .select_from(Person)
        .outerjoin(PlannedMatch, PlannedMatch.protege_id == Person.id)
        .where(STILL_WAITS, Person.role == Role.PROTEGE, visit.scope.people())
    )


def _filtered(
    chosen: Select[PlannedMatch, Person],
) -> Select[PlannedMatch, Person]:
    pick, words = (each.value() for each in _FILTERS)
    if pick:
        is_planned = PlannedMatch.protege_id.is_not(None)
        is_picked = PlannedMatch.mentor_id.is_not(None)
        chosen = chosen.where(
            {"somebody": is_picked, "nobody": is_planned & ~is_picked, "later": ~is_planned}[pick]
        )
    if words:
        chosen = chosen.where(
            (Person.code == words.upper()) | Person.first_name.icontains(words, autoescape=True)
        )
    return chosen


def _rows(visit: Visit, found: Sequence[Any]) -> list[_Waits]:
    names = _names(visit, [planned for planned, _ in found if planned is not None])
    return [_Waits(planned, person, names) for planned, person in found]


def _names(visit: Visit, kept: Sequence[PlannedMatch]) -> dict[str, str]:
    """Return how the mentors named in these rows are called, of those whom somebody may see."""
    codes = {code for planned in kept for code, _ in planned.top}
    ids = {planned.mentor_id for planned in kept}
    found = visit.session.execute(
        select(Person.id, Person.code, Person.first_name).where(
            Person.code.in_(codes) | Person.id.in_(ids), visit.scope.people()
        )
    )
    names = {}
    for number, code, name in found:
        names[code] = names[str(number)] = f"{name or code} ({code})"
    return names


def longest_waits(visit: Visit) -> list[tuple[Cell, ...]]:
    """Return who waits longest, as rows: who, how long, the plan's pick, and who fits best."""
    longest = _waiting(visit).order_by(_SINCE, Person.code).limit(_SHOWN)
    rows = _rows(visit, visit.session.execute(longest).all())
    return [(row.who, f"{(visit.now - row.since).days} days", row.pick, row.best) for row in rows]


def how_many_wait(visit: Visit) -> int:
    """Return how many in scope wait for a mentor and are in no proposal."""
    waiting = select(func.count(Person.id)).where(
        STILL_WAITS, Person.role == Role.PROTEGE, visit.scope.people()
    )
    return visit.session.scalar(waiting) or 0
