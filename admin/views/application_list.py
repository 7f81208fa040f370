"""The list of applications: what is missing in each, and what comes next."""

from collections.abc import Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from admin.labels import in_words, options, state_of_person
from admin.lists import Cell, Column, Filter, Link, Listing, Tag, When, show
from admin.office import Visit
from admin.queries import person_link, task_address
from mentoring.applications.checklist import File, files_of
from mentoring.applications.screening import APPLYING
from mentoring.applications.steps import NextStep, next_steps
from mentoring.models import Person, PersonState, Role

_FILTERS = (
    Filter("role", "Role", options(Role)),
    Filter("state", "State", [(state.value, in_words(state.value)) for state in APPLYING]),
)


def list_applications(visit: Visit) -> ResponseReturnValue:
    """List everybody in scope who applies, the longest first."""
    role, state = (each.value() for each in _FILTERS)
    chosen = select(Person).where(Person.state.in_(APPLYING), visit.scope.people())
    if role:
        chosen = chosen.where(Person.role == role)
    if state:
        chosen = chosen.where(Person.state == state)

    def rows_of(found: Sequence[Any]) -> list[tuple[Person, File, NextStep | None]]:
        people = [row[0] for row in found]
        files, steps = files_of(visit.session, people), next_steps(visit.session, people)
        return [(person, files[person.id], steps.get(person.id)) for person in people]

    return show(
        visit,
        Listing(
            title="Applications",
            statement=chosen,
            order=(Person.state_since, Person.id),
            tie=Person.id,
            filters=_FILTERS,
            empty="Nobody applies right now. Who finishes the intake appears here.",
            rows_of=rows_of,
            columns=(
                Column(
                    "Name",
                    lambda row: person_link(row[0], "desk.show_application"),
                    Person.first_name,
                ),
                Column("Code", lambda row: row[0].code, Person.code),
                Column("Role", lambda row: row[0].role.value, Person.role),
                Column("State", lambda row: state_of_person(row[0]), Person.state),
                Column(
                    "Since", lambda row: When(row[0].state_since, row[0].zone), Person.state_since
                ),
                Column("Missing", lambda row: missing_words(row[1])),
                Column("Next step", lambda row: step_cell(row[2])),
                Column("Due", lambda row: When(row[2].at, row[0].zone) if row[2] else None),
            ),
        ),
    )


def missing_words(file: File) -> str | None:
    """Return what somebody lacks to go on."""
    if file.person.state is PersonState.SCREENING:
        return ", ".join(file.missing_to_decide()) or "the decision"
    if file.person.role is Role.MENTOR:
        return ", ".join(file.missing_to_serve()) or None
    return None if file.promised else "the lessons and the promise"


def step_cell(step: NextStep | None) -> Cell:
    """Return what comes next, with its page; that nothing does is a fault, and looks like one."""
    if step is None:
        return Tag("nothing is planned", "high")
    if step.task_id is None:
        return step.words
    return Link(step.words, task_address(step.task_id, is_alert=step.is_alert))
