"""How to use the page: always in the same place, for everybody (WCAG 3.2.6)."""

from flask import abort
from flask.typing import ResponseReturnValue

from admin.office import Office, Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render

# What a key does, as the script has it; a key alone works only outside of fields.
SHORTCUTS = (
    ("g then t", "today"),
    ("g then p", "people"),
    ("g then m", "matches"),
    ("g then c", "contacts"),
    ("g then a", "alerts"),
    ("g then k", "tasks"),
    ("g then l", "lines and delivery"),
    ("g then s", "settings"),
    ("/", "look for somebody"),
    ("?", "this page"),
)


def add_to(pages: Pages) -> None:
    """Add the page of help."""
    pages.get("/help", Permission.SEE, show_help)
    pages.open("/about", "GET", show_about)
    pages.get("/<path:rest>", Permission.SEE, show_nothing)


def show_help(visit: Visit) -> ResponseReturnValue:
    """Show how to use the page, with its keys."""
    return render("help.html", visit, shortcuts=SHORTCUTS)


def show_nothing(_visit: Visit, rest: str) -> ResponseReturnValue:
    """Say that there is no such page, in a page."""
    del rest
    abort(404)


def show_about(_session: object, _office: Office) -> ResponseReturnValue:
    """Tell who is not signed in yet what this is and whom to ask."""
    return render("about.html")
