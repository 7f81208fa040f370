"""What somebody typed into forms that could not be sent, word for word, whatever became of them."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render
from admin.unsent import Unsent, throw_away, unsent_of
from admin.unsent_fields import SHOWN
from mentoring.errors import ProgrammeError


def add_to(pages: Pages) -> None:
    """Add the page of what was not sent."""
    pages.get("/unsent", Permission.SEE, show_unsent)
    pages.post("/unsent", Permission.SEE, drop_unsent)


def show_unsent(visit: Visit) -> ResponseReturnValue:
    """Show all that was typed at this browser by whoever is signed in, and not sent."""
    shown = [(each, _read(each), _page_of(each)) for each in unsent_of(visit)]
    return render("unsent.html", visit, shown=shown)


def drop_unsent(visit: Visit) -> ResponseReturnValue:
    """Throw one of them away."""
    if not throw_away(visit, request.form.get("which", "")):
        raise ProgrammeError("That is not kept any more: it was sent, thrown away, or too old.")
    flash("It is thrown away.", "done")
    return redirect(url_for("desk.show_unsent"), 303)


def _read(form: Unsent) -> list[tuple[str, str, int]]:
    """Return each field by its name in words, what was typed, and how many lines that is."""
    return [
        (
            name.replace("_", " ").capitalize(),
            value,
            min(12, 1 + len(value) // 70 + value.count("\n")),
        )
        for name, value in form.fields
        if name not in SHOWN and value.strip()
    ]


def _page_of(form: Unsent) -> str:
    """Return the page with the form, unless that is this one for want of another."""
    return "" if form.page == url_for("desk.show_unsent") else form.page
