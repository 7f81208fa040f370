"""`bridgeline alerts`: what the rules of oversight have found, who looks after it, how it ended."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.commands.desk import Desk, reason_given
from app.commands.menu import Menu
from app.tables import Cell, Done, Moment, Reply, Table
from mentoring.alerts import (
    alert_with_id,
    assign_alert,
    close_alert,
    due_step,
    list_alerts,
    take_step,
)
from mentoring.db import Session
from mentoring.models import Match, Person, Severity, Staff, StaffTask
from mentoring.oversight.rules import RULES, OutcomeCode
from mentoring.safety import alert_words
from mentoring.safety.paging import accept_alert


def add_to(menu: Menu) -> None:
    """Add the group of commands about alerts."""
    group = menu.group("alerts", "pairs and people who need a person's eye", lists=True)
    listing = group.command("list", "list the open alerts, the most severe first", list_all)
    listing.add_argument("--all", action="store_true", help="closed alerts as well")
    giving = group.command("assign", "give an alert to a member of staff", assign)
    giving.add_argument("id", metavar="ID", type=int)
    giving.add_argument("name", metavar="NAME", help="as `bridgeline staff` shows it")
    accepting = group.command("accept", "accept a critical alert, so that paging ends", accept)
    accepting.add_argument("id", metavar="ID", type=int)
    accepting.add_argument("name", metavar="NAME", nargs="?", help="whose it is from now on")
    stepping = group.command("step", "the step of a worry that was due is taken", step)
    stepping.add_argument("id", metavar="ID", type=int)
    reading = group.command("words", "read the words that opened an alert", read_words)
    reading.add_argument("id", metavar="ID", type=int)
    reading.add_argument("--reason", required=True, help="why; it is kept in the audit log")
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
            *("id", "severity", "rule", "kind", "match", "person", "next step", "due"),
            *("overdue", "accepted", "owner", "what was found", "outcome"),
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
    due = due_step(alert)
    return (
        alert.id,
        alert.severity.value if alert.severity else None,
        alert.rule,
        RULES[alert.rule].title,
        names.matches.get(alert.match_id),
        names.people.get(alert.person_id),
        due.title if due is not None else None,
        Moment(alert.due_at, session.programme.office),
        alert.done_at is None and alert.due_at < desk.now,
        alert.accepted_at is not None if alert.severity is Severity.CRITICAL else None,
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


def accept(desk: Desk, args: Namespace) -> Reply:
    """Accept a critical alert: from now on nobody is paged about it."""
    with desk.database().transaction() as session:
        alert = accept_alert(session, args.id, args.name, actor=desk.actor, now=desk.now)
        return Done(f"Alert {alert.id} is accepted. Nobody is paged any more.", (("id", alert.id),))


def step(desk: Desk, args: Namespace) -> Reply:
    """Note that a step is taken, and say what comes next and by when."""
    with desk.database().transaction() as session:
        alert, taken = take_step(session, args.id, actor=desk.actor, now=desk.now)
        following = due_step(alert)
        office = session.programme.office
        title = following.title if following is not None else ""
        return Done(
            f"Alert {alert.id}: {taken.title} is done. Next is {title}, by"
            f" {alert.due_at.astimezone(office):%a %Y-%m-%d}.",
            (("id", alert.id), ("next step", title), ("due", Moment(alert.due_at, office))),
        )


def read_words(desk: Desk, args: Namespace) -> Reply:
    """Show what somebody wrote or said that opened an alert; the look at it is written down."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        alert = alert_with_id(session, args.id)
        told = alert_words.read_words(session, alert, reason=reason, actor=desk.actor, now=desk.now)
        office = session.programme.office
        rows = [(Moment(at, office), words) for at, words in told]
    return Table(("when", "words"), rows, empty="No words are kept with this alert.")


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
