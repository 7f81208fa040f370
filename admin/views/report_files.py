"""Reports as CSV. The one about single people needs a reason, and the look at it is kept."""

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from admin.forms import sent
from admin.lists import csv_file
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.reasons import ReasonForm, ask_why, reason_in
from admin.views.report_pages import report_of
from admin.views.reports import run_of
from mentoring.models import ReportRun
from mentoring.reports.catalog import SETS
from mentoring.reports.counselling import COLUMNS as CLIENT_COLUMNS
from mentoring.reports.counselling import kept_clients
from mentoring.reports.periods import Period
from mentoring.reports.set_rows import rows_of_set
from mentoring.reports.words import COLUMNS


def add_to(pages: Pages) -> None:
    """Add the files of a report."""
    pages.get("/reports/<int:number>/<kind>.csv", Permission.EXPORT, export_set)
    pages.get("/reports/<int:number>/counselling", Permission.EXPORT, export_counselling)
    pages.post("/reports/<int:number>/counselling", Permission.EXPORT, export_counselling)


def export_set(visit: Visit, number: int, kind: str) -> ResponseReturnValue:
    """Return one report: to the board, to funders, to everybody, or all with months and groups."""
    run = run_of(visit, number)
    if kind not in SETS:
        abort(404)
    report = report_of(run)
    period = Period(run.since, run.until)
    rows = rows_of_set(visit.session, report, kind, period=period, community=run.community)
    return csv_file(_name(kind, run), COLUMNS, rows)


def export_counselling(visit: Visit, number: int) -> ResponseReturnValue:
    """Ask why, then return one row for each client, and keep who took them."""
    run, form = run_of(visit, number), sent(ReasonForm)
    report_of(run)
    asked = ask_why(
        visit,
        form,
        title="Export for business counselling",
        words="The file has one row for each protege who was in a match in these days, by code and"
        " without a name. It tells about single people: give it only to who may have it.",
        button="Download as CSV",
        back=url_for("desk.show_report", number=number),
    )
    if asked is not None:
        return asked
    rows = kept_clients(
        visit.session, run, actor=visit.actor, reason=reason_in(form), now=visit.now
    )
    return csv_file(_name("counselling", run), CLIENT_COLUMNS, rows)


def _name(kind: str, run: ReportRun) -> str:
    return f"{kind}-{run.since}-to-{Period(run.since, run.until).last_day}"
