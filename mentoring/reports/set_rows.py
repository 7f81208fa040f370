"""One report as the rows of a file: its figures, and what else belongs to it."""

from mentoring.db import Session
from mentoring.reports.annual import goal_rows
from mentoring.reports.catalog import SETS
from mentoring.reports.periods import Period
from mentoring.reports.told import change_rows, quote_rows
from mentoring.reports.words import Row, equity_rows, rows_of
from mentoring.reports.work import Report


def rows_of_set(
    session: Session, report: Report, kind: str, *, period: Period, community: str
) -> list[Row]:
    """Return the rows of the report to the board, to funders, to everybody, or of all figures."""
    rows = list(rows_of(report, SETS[kind], with_parts=kind == "all"))
    if kind == "funder":
        rows += equity_rows(report)
        rows += change_rows(session, period, community)
        rows += quote_rows(session, period, community)
    if kind == "annual":
        rows = [*goal_rows(session, report, period, community), *rows]
        rows += change_rows(session, period, community)
    purpose = session.programme.purpose
    return [(None, "What it is for", *(None,) * 11, purpose), *rows] if purpose else rows
