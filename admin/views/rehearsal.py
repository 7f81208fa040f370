"""The rehearsal: how staff play the programme through without any real person or number."""

from flask.typing import ResponseReturnValue

from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render


def add_to(pages: Pages) -> None:
    """Add the page."""
    pages.get("/rehearsal", Permission.SEE, show_rehearsal)


def show_rehearsal(visit: Visit) -> ResponseReturnValue:
    """Tell how a rehearsal is started and what to try; in one, lead to its phones."""
    return render("rehearsal.html", visit, handsets=visit.office.handsets)
