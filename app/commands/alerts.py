"""`bridgeline alerts`: what the rules of oversight have found, who looks after it, how it ended."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.commands.desk import Desk
from app.commands.menu import Menu
from app.tables import Cell, Done, Moment, Reply, Table
from mentoring.alerts import assign_alert, close_alert, list_alerts
from mentoring.db import Session
from mentoring.models import Match, Person, Staff, StaffTask
from mentoring.oversight.rules import RULES, OutcomeCode


def add_to(menu: Menu) -> None:
    """Add the group of commands about alerts."""
    group = menu.group("alerts", "pairs and people who need a person's eye", lists=True)
    listing = group.command("list", "list the open alerts, the most severe first", list_all)
    listing.add_argument("--all", action="store_true", help="closed alerts as well")
    giving = group.command("assign", "give an alert to a member of staff", assign)
    giving.add_argument("id", metavar="ID", type=int)
    giving.add_argument("name", metavar="NAME", help="as `bridgeline staff` shows it")
    closing = group.command("close", "close an alert with what came of it", close)
    closing.add_argument("id", metavar="ID", type=int)
    codes = [code.value for code in OutcomeCode]
    closing.add_argument("code", metavar="CODE", choices=codes, help=", ".join(codes))
    closing.add_argument("--note", default="", help="whatever else is to be known")


def list_all(desk: Desk, args: Namespace) -> Reply:
    """List alerts by severity and then by the day they are due, in the office's zone."""
    with desk.database().transaction() as session:
        names = _Names(
            people={row.id: row.code for row in session.execute(select(Person.id, Person.code))},
            matches={row.id: row.code for row in session.execute(select(Match.id, Match.code))},
            owners={row.id: row.name for row in session.execute(select(Staff.id, Staff.name))},
        )
        alerts = list_alerts(session, closed_too=args.all)
        rows = [_row(session, desk, alert, names) for alert in alerts]
    return Table(
        (
            *("id", "severity", "rule", "kind", "match", "person", "due"),
            *("overdue", "owner", "what was found", "outcome"),
        ),
        rows,
        empty="No alert is open.",
    )


@dataclass(frozen=True)
class _Names:
    """How people, matches and staff are called, by their ids."""

    people: Mapping[int | None, str]
    matches: Mapping[int | None, str]
    owners: Mapping[int | None, str]


def _row(session: Session, desk: Desk, alert: StaffTask, names: _Names) -> tuple[Cell, ...]:
    return (
        alert.id,
        alert.severity.value if alert.severity else None,
        alert.rule,
        RULES[alert.rule].title,
        names.matches.get(alert.match_id),
        names.people.get(alert.person_id),
        Moment(alert.due_at, session.programme.office),
        alert.done_at is None and alert.due_at < desk.now,
        names.owners.get(alert.owner_id),
        alert.words,
        alert.outcome,
    )


def assign(desk: Desk, args: Namespace) -> Reply:
    """Give an alert to somebody; it is theirs until it is closed or given to somebody else."""
    with desk.database().transaction() as session:
        alert, member = assign_alert(session, args.id, args.name, actor=desk.actor, now=desk.now)
        return Done(
            f"Alert {alert.id} is with {member.name} now.",
            (("id", alert.id), ("owner", member.name)),
        )


def close(desk: Desk, args: Namespace) -> Reply:
    """Close an alert with one of the outcome codes."""
    code = OutcomeCode(args.code)
    with desk.database().transaction() as session:
        alert = close_alert(
            session, args.id, code=code, note=args.note, actor=desk.actor, now=desk.now
        )
        return Done(
            f"Alert {alert.id} is closed: {(alert.outcome or '').removesuffix('.')}.",
            (("id", alert.id), ("outcome", alert.outcome)),
        )
