"""`bridgeline report`: the same figures as on the page, worked out now from the log."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from functools import partial

from admin.lists import csv_text
from app.commands.desk import Desk, reason_given
from app.commands.menu import Menu
from app.tables import Cell, Reply, Table
from mentoring.db import Session
from mentoring.reports.counselling import COLUMNS as CLIENT_COLUMNS
from mentoring.reports.counselling import export_clients
from mentoring.reports.periods import Period, read_period
from mentoring.reports.set_rows import rows_of_set
from mentoring.reports.words import COLUMNS
from mentoring.reports.work import Report, work_out

_SETS = {
    "board": "the figures for the board",
    "funder": "the figures for funders, with how groups compare",
    "annual": "goals and results, with the figures for everybody",
    "all": "every indicator, by month and by group",
}


def add_to(menu: Menu) -> None:
    """Add the command."""
    group = menu.group("report", "the figures of a period", lists=False)
    for kind, words in _SETS.items():
        _add_days(group.command(kind, words, partial(show_figures, kind=kind)))
    clients = group.command("counselling", "one row for each client, by code", show_clients)
    _add_days(clients)
    clients.add_argument("--reason", help="why; it is kept in the audit log")


def _add_days(command: ArgumentParser) -> None:
    days = "a day like 2026-03-31"
    command.add_argument("--from", dest="since", required=True, metavar="DAY", help=days)
    command.add_argument("--until", required=True, metavar="DAY", help=f"the last one, {days}")
    command.add_argument("--community", default="", metavar="NAME", help="only this community")
    command.add_argument("--csv", action="store_true", help="print CSV for a spreadsheet")


def show_figures(desk: Desk, args: Namespace, *, kind: str) -> Reply | None:
    """Work out and show the figures of one report."""
    with desk.database().transaction() as session:
        period = _period(session, desk, args)
        figures = work_out(session, period=period, community=args.community, now=desk.now)
        report, whom = Report(figures), args.community
        rows = rows_of_set(session, report, kind, period=period, community=whom)
    return _shown(args, COLUMNS, rows)


def show_clients(desk: Desk, args: Namespace) -> Reply | None:
    """Show one row for each client of the period; who asked for it is written down."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        clients = export_clients(
            session,
            period=_period(session, desk, args),
            community=args.community,
            actor=desk.actor,
            reason=reason,
            now=desk.now,
        )
    return _shown(args, CLIENT_COLUMNS, [each.row() for each in clients])


def _period(session: Session, desk: Desk, args: Namespace) -> Period:
    today = desk.now.astimezone(session.programme.office).date()
    return read_period(args.since, args.until, today=today)


def _shown(
    args: Namespace, titles: tuple[str, ...], rows: Sequence[Iterable[object]]
) -> Reply | None:
    if args.csv:
        sys.stdout.write(csv_text(titles, [list(row) for row in rows]))
        return None
    cells: list[list[Cell]] = [
        [None if cell is None else str(cell) for cell in row] for row in rows
    ]
    return Table(titles, cells, empty="There was nobody in a match in these days.")
