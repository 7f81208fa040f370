"""Reports: the week, which reports there are, and asking for one about some days."""

from collections.abc import Iterator
from datetime import timedelta

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.orm import defer
from wtforms import Form, SelectField, StringField

from admin.forms import OneOf, ShortEnough, attempt, choices, sent
from admin.lists import Cell, Column, Filter, Link, Listing, When, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render
from mentoring.clock import spoken_date
from mentoring.models import Person, ReportRun
from mentoring.reports.digest import weekly_digest
from mentoring.reports.periods import Period, month_of, quarter_of, read_period, year_of
from mentoring.reports.runs import IS_WAITING, ask_for_report

OWN = "own"
# The page shows so many; the list has all.
_SHOWN = 50
_MOST_COMMUNITIES = 200
_TITLES = ("Days", "About", "Worked out", "State")
_EVERYBODY = "the whole programme"
_WAITS, _DONE = "is being worked out", "done"
_FILTERS = (
    Filter("state", "State", [("waiting", _WAITS), ("done", _DONE)]),
    Filter("about", "About", hint="A community."),
)


class PeriodForm(Form):
    """About which days and whom a report is."""

    which = SelectField("Which days?", validate_choice=False)
    since = StringField(
        "First day",
        [ShortEnough(20)],
        description="Only for months of your own. The first day of one, like 2026-01-01.",
    )
    until = StringField(
        "Last day",
        [ShortEnough(20)],
        description="Only for months of your own. The last day of one, like 2026-03-31.",
    )
    community = SelectField("About whom?", validate_choice=False)


def add_to(pages: Pages) -> None:
    """Add the first page of the reports, and what is done on it."""
    pages.get("/reports", Permission.SEE, list_reports)
    pages.post("/reports", Permission.SEE, list_reports)
    pages.get("/reports/kept", Permission.SEE, list_kept_reports)
    pages.post("/reports/<int:number>/again", Permission.SEE, work_out_again)


def list_reports(visit: Visit) -> ResponseReturnValue:
    """Show the week and the reports; sent, let a report be worked out."""
    form = sent(PeriodForm)
    periods, whom = _periods(visit), _whom(visit)
    days = [*((key, words) for key, words, _ in periods), (OWN, "my own months, written below")]
    for field, offered, sentence in (
        (form.which, days, "Choose the days."),
        (form.community, whom, "Choose whom it is about."),
    ):
        field.choices = choices(offered)
        field.validators = [OneOf([value for value, _ in offered], sentence)]
    if request.method == "POST" and form.validate():
        made: list[ReportRun] = []
        if attempt(visit, form, lambda: made.append(_ask(visit, form, periods))):
            return redirect(url_for("desk.show_report", number=made[0].id), 303)
    digest = weekly_digest(
        visit.session, people=visit.scope.people(), tasks=visit.scope.tasks(), now=visit.now
    )
    page = render(
        "reports.html", visit, form=form, digest=digest, titles=_TITLES, rows=list(_rows(visit))
    )
    return page, 422 if form.errors else 200


def _periods(visit: Visit) -> list[tuple[str, str, Period]]:
    """Return the months, quarters and years that are offered, the newest first."""
    today = visit.now.astimezone(visit.zone).date()
    found = []
    for kind, of, back in (
        ("month", month_of, 3),
        ("quarter", quarter_of, 3),
        ("year", year_of, 2),
    ):
        day = today
        for _ in range(back):
            period = of(day)
            found.append((f"{kind}:{period.since}", f"{kind}: {days_words(period)}", period))
            day = period.since - timedelta(days=1)
    return found


def _whom(visit: Visit) -> list[tuple[str, str]]:
    """Return about whom somebody may ask: a community of theirs or, if they see all, everybody."""
    seen = visit.scope.communities
    if seen is not None:
        return [(name, name) for name in seen if name]
    named = visit.session.scalars(
        select(Person.community)
        .where(Person.community != "")
        .distinct()
        .order_by(Person.community)
        .limit(_MOST_COMMUNITIES)
    )
    return [("", _EVERYBODY), *((name, name) for name in named)]


def _ask(visit: Visit, form: PeriodForm, periods: list[tuple[str, str, Period]]) -> ReportRun:
    offered = {key: period for key, _, period in periods}
    period = offered.get(str(form.which.data)) or read_period(
        str(form.since.data or ""),
        str(form.until.data or ""),
        today=visit.now.astimezone(visit.zone).date(),
    )
    return ask_for_report(
        visit.session,
        period=period,
        community=str(form.community.data or ""),
        actor=visit.actor,
        now=visit.now,
    )


def _runs(visit: Visit) -> Select[ReportRun]:
    return select(ReportRun).where(visit.scope.reports()).options(defer(ReportRun.figures))


_NEWEST_FIRST = (ReportRun.asked_at.desc(), ReportRun.id.desc())


def _rows(visit: Visit) -> Iterator[tuple[Cell, ...]]:
    for run in visit.session.scalars(_runs(visit).order_by(*_NEWEST_FIRST).limit(_SHOWN)):
        yield (_link(run), about_words(run), _done(run), _state(run))


def _link(run: ReportRun) -> Link:
    address, days = url_for("desk.show_report", number=run.id), days_words(_period(run))
    return Link(days, address, told=f"{days}, {about_words(run)}")


def _period(run: ReportRun) -> Period:
    return Period(run.since, run.until)


def _done(run: ReportRun) -> When | None:
    return When(run.done_at) if run.done_at else None


def _state(run: ReportRun) -> str:
    return _WAITS if run.is_waiting else _DONE


def list_kept_reports(visit: Visit) -> ResponseReturnValue:
    """List all reports in scope, those that were asked for last first."""
    state, about = (each.value() for each in _FILTERS)
    chosen = _runs(visit)
    if state:
        chosen = chosen.where(IS_WAITING if state == "waiting" else ~IS_WAITING)
    if about:
        chosen = chosen.where(ReportRun.community.icontains(about, autoescape=True))
    return show(
        visit,
        Listing(
            title="Reports kept",
            statement=chosen,
            order=_NEWEST_FIRST,
            tie=ReportRun.id,
            filters=_FILTERS,
            links=(Link("Work out a report", url_for("desk.list_reports")),),
            empty="There is no report yet. The page Reports has a form for one.",
            rows_of=lambda found: [row[0] for row in found],
            columns=(
                Column("Days", _link, ReportRun.since),
                Column("About", about_words, ReportRun.community),
                Column("Asked for", lambda run: When(run.asked_at), ReportRun.asked_at),
                Column("Asked by", lambda run: run.asked_by, ReportRun.asked_by),
                Column("Worked out", _done, ReportRun.done_at),
                Column("State", _state),
            ),
        ),
    )


def work_out_again(visit: Visit, number: int) -> ResponseReturnValue:
    """Let a report be worked out again; its figures stay until the new ones are there."""
    run = run_of(visit, number)
    ask_for_report(
        visit.session,
        period=_period(run),
        community=run.community,
        actor=visit.actor,
        now=visit.now,
    )
    flash("The report is worked out again. This page shows it as soon as it is done.", "done")
    return redirect(url_for("desk.show_report", number=number), 303)


def run_of(visit: Visit, number: int) -> ReportRun:
    """Return a report in scope; a page that is not there otherwise."""
    run = visit.session.scalar(
        select(ReportRun).where(ReportRun.id == number, visit.scope.reports())
    )
    if run is None:
        abort(404)
    return run


def days_words(period: Period) -> str:
    """Return the days of a period in words."""
    first, last = period.since, period.last_day
    return f"{spoken_date(first)}, {first.year}, to {spoken_date(last)}, {last.year}"


def about_words(run: ReportRun) -> str:
    """Return about whom a report is."""
    return run.community or _EVERYBODY
