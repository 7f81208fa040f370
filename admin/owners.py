"""Who of the staff answers for something: offered by a form, and read from it."""

from sqlalchemy import select
from wtforms import Form

from admin.forms import OneOf, choices
from admin.office import Visit
from mentoring.models import Staff


def offer_owners(visit: Visit, form: Form) -> None:
    """Let a form offer everybody who is on call, and nobody yet."""
    names = visit.session.execute(select(Staff.id, Staff.name).order_by(Staff.name)).all()
    offered = [(str(number), name) for number, name in names]
    owner = form["owner"]
    owner.choices = choices(offered, first="nobody yet")  # type: ignore[attr-defined]
    known = OneOf(["", None, *(number for number, _ in offered)], "Choose who does it.")
    owner.validators = [known]


def chosen_owner(visit: Visit, form: Form) -> Staff | None:
    """Return whom a form names, or None for nobody yet."""
    number = str(form["owner"].data or "")
    return visit.session.get(Staff, int(number)) if number else None
