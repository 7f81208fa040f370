"""How to use the page: always in the same place, for everybody (WCAG 3.2.6)."""

from flask import abort
from flask.typing import ResponseReturnValue

from admin.office import Office, Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render
from admin.shortcuts import SHORTCUTS


def add_to(pages: Pages) -> None:
    """Add the page of help."""
    pages.get("/help", Permission.SEE, show_help)
    pages.open("/about", "GET", show_about)
    pages.get("/<path:rest>", Permission.SEE, show_nothing)


def show_help(visit: Visit) -> ResponseReturnValue:
    """Show how to use the page, with its keys."""
    rows = [(each.press, each.purpose) for each in SHORTCUTS]
    return render("help.html", visit, keys=rows)


def show_nothing(_visit: Visit, rest: str) -> ResponseReturnValue:
    """Say that there is no such page, in a page."""
    del rest
    abort(404)


def show_about(_session: object, _office: Office) -> ResponseReturnValue:
    """Tell who is not signed in yet what this is and whom to ask."""
    return render("about.html")
