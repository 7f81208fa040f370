"""`bridgeline log`: the contact log, newest last. Who, when, how long, how it ended; no content."""

import re
from argparse import ArgumentTypeError, Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select

from app.commands.desk import Desk
from app.commands.menu import Menu
from app.tables import Cell, Moment, Reply, Table
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.matches import match_with_code
from mentoring.models import Contact, Line, Match, Person
from mentoring.people import person_with_code

_DAYS = re.compile(r"(\d{1,4})d")


def add_to(menu: Menu) -> None:
    """Add the command."""
    command = menu.command("log", "the contact log, newest entry last", show_log)
    command.add_argument("--match", metavar="CODE", help="only this match, such as K01")
    command.add_argument("--person", metavar="CODE", help="only this person, such as P05")
    command.add_argument(
        "--since", type=read_since, metavar="WHEN", help="a date like 2026-03-31, or 14d"
    )
    command.add_argument("--limit", type=read_limit, default=50, help="entries at most (50)")


def read_since(text: str) -> date | timedelta:
    """Read `2026-03-31` as that day, and `14d` as so many days before now."""
    days = _DAYS.fullmatch(text)
    if days:
        return timedelta(days=int(days[1]))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("write a date like 2026-03-31, or days like 14d") from None


def read_limit(text: str) -> int:
    """Read a count from 1 to 100000."""
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise ArgumentTypeError("write a number from 1 to 100000")
    return int(text)


@dataclass(frozen=True)
class _Names:
    """What the ids of the log stand for."""

    people: Mapping[int, Person]
    lines: Mapping[int, str]
    matches: Mapping[int, str]

    def person(self, person_id: int | None) -> str | None:
        if person_id is None:
            return None
        person = self.people[person_id]
        return f"{person.code} {person.first_name}".rstrip()


def show_log(desk: Desk, args: Namespace) -> Reply:
    """Show the newest entries, in office time; with --person also in that person's own time."""
    with desk.database().transaction() as session:
        office = session.programme.office
        person = person_with_code(session, args.person) if args.person else None
        conditions = _conditions(session, args, person, _start(args.since, desk.now, office))
        newest = session.scalars(
            select(Contact)
            .where(*conditions)
            .order_by(Contact.started_at.desc(), Contact.id.desc())
            .limit(args.limit + 1)
        ).all()
        names = _names(session)
        shown = newest[: args.limit][::-1]
        theirs = zone_named(person.zone) if person else None
        rows = [_row(contact, names, office, theirs) for contact in shown]
    when = ("when", "their time") if theirs else ("when",)
    return Table(
        (*when, "kind", "match", "from", "to", "line", "outcome", "reason", "seconds", "two-way"),
        rows,
        empty="There is no such entry in the contact log.",
        note="There are more entries: --limit shows them." if len(newest) > args.limit else "",
    )


def _start(since: date | timedelta | None, now: datetime, office: ZoneInfo) -> datetime | None:
    if isinstance(since, timedelta):
        return now - since
    return datetime.combine(since, time(), tzinfo=office) if since else None


def _conditions(
    session: Session, args: Namespace, person: Person | None, start: datetime | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if args.match:
        conditions.append(Contact.match_id == match_with_code(session, args.match).id)
    if person is not None:
        conditions.append(
            or_(Contact.from_person_id == person.id, Contact.to_person_id == person.id)
        )
    if start is not None:
        conditions.append(Contact.started_at >= start)
    return conditions


def _names(session: Session) -> _Names:
    return _Names(
        people={person.id: person for person in session.scalars(select(Person))},
        lines={line.id: line.number for line in session.scalars(select(Line))},
        matches={row.id: row.code for row in session.execute(select(Match.id, Match.code))},
    )


def _row(
    contact: Contact, names: _Names, office: ZoneInfo, theirs: ZoneInfo | None
) -> tuple[Cell, ...]:
    when = [Moment(contact.started_at, zone) for zone in (office, theirs) if zone]
    return (
        *when,
        contact.kind.value,
        names.matches.get(contact.match_id) if contact.match_id else None,
        names.person(contact.from_person_id) or _stranger(contact),
        names.person(contact.to_person_id),
        names.lines.get(contact.line_id) if contact.line_id else None,
        contact.outcome.value,
        contact.reason,
        contact.seconds,
        contact.two_way,
    )


def _stranger(contact: Contact) -> str | None:
    """Return a name for a caller of whom only the blind index is kept: the same for each call."""
    return f"stranger {contact.caller_index[:4].hex()}" if contact.caller_index else None
