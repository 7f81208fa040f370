"""`bridgeline consents`: what somebody agreed to, when, in which words, and the proof."""

from argparse import Namespace

from app.commands.desk import Desk
from app.commands.menu import Menu
from app.commands.people import consent_table
from app.tables import Reply
from mentoring.people import person_with_code


def add_to(menu: Menu) -> None:
    """Add the command."""
    command = menu.command("consents", "what somebody agreed to, with proof", show_consents)
    command.add_argument("code", metavar="CODE", help="such as P05")


def show_consents(desk: Desk, args: Namespace) -> Reply:
    """List every answer to the consent behind one person's phone; the newest per part counts."""
    with desk.database().transaction() as session:
        return consent_table(session, person_with_code(session, args.code))
