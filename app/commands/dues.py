"""`bridgeline due`: what will happen to whom in the next days, and why."""

from argparse import Namespace

from app.commands.desk import Desk, UsageError
from app.commands.menu import Menu
from app.tables import Moment, Reply, Table
from mentoring.calendar.outlook import outlook
from mentoring.clock import zone_named
from mentoring.people import person_with_code


def add_to(menu: Menu) -> None:
    """Add the command."""
    command = menu.command("due", "what will happen to whom in the next days, and why", list_dues)
    command.add_argument("--days", metavar="N", type=int, default=7, help="how far ahead (7)")
    command.add_argument("--person", metavar="CODE", help="only what concerns this person")


def list_dues(desk: Desk, args: Namespace) -> Reply:
    """List what waits, each in the zone of the person whom it concerns, else the office's."""
    if args.days < 1:
        raise UsageError("--days must be at least 1.")
    with desk.database().transaction() as session:
        person = person_with_code(session, args.person) if args.person else None
        office = session.programme.office
        rows = [
            (
                Moment(each.at, zone_named(each.zone) or office),
                each.person,
                each.match,
                each.what,
                each.why,
            )
            for each in outlook(
                session, now=desk.now, days=args.days, person_id=person.id if person else None
            )
        ]
    return Table(
        ("when", "person", "match", "what happens", "why"),
        rows,
        empty="Nothing is planned for these days.",
    )
