"""One report: its figures, one indicator of it with charts and tables, and how groups compare."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from admin.charts import NARROW, WIDE, Bar, bar_chart, told
from admin.labels import language_name
from admin.lists import Cell, Link, Tag
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render, render_news
from admin.views.reports import about_words, days_words, run_of
from mentoring.matching.words import TOPICS
from mentoring.models import ReportRun
from mentoring.reports.annual import figure_beside, goals_in, owner_of
from mentoring.reports.cases import Indicator, Measure
from mentoring.reports.catalog import (
    EQUITY,
    EQUITY_GROUPS,
    EQUITY_ID,
    EQUITY_TITLE,
    INDICATORS,
    MEASURES,
    SETS,
)
from mentoring.reports.figures import Figure
from mentoring.reports.periods import Period
from mentoring.reports.runs import overlapping
from mentoring.reports.summary import Summary
from mentoring.reports.told import (
    CHANGES,
    NO_CHANGES,
    NO_QUOTES,
    QUOTES,
    changes_in,
    quotes_in,
)
from mentoring.reports.words import (
    SPLITS,
    counted_words,
    group_words,
    parts_of,
    splits_of,
    value_words,
)
from mentoring.reports.work import Report

TITLES = {
    "board": "Report to the board",
    "funder": "Report to funders",
    "annual": "Annual report",
    "all": "All indicators",
}
_FIGURE_TITLES = ("Indicator", "Figure", "Value", "At least", "Counted")
_PART_TITLES = ("Group", "Value", "At least", "Counted", "Of all")
_TOO_FEW = "It would tell about fewer than 5 people. Choose more days to see it."
_EQUITY_TITLES = ("Figure", "Split", "Group", "Value", "Of all", "Look")


def add_to(pages: Pages) -> None:
    """Add the pages of a report."""
    pages.get("/reports/<int:number>", Permission.SEE, show_report)
    pages.get("/reports/<int:number>/news", Permission.SEE, report_news)
    pages.get("/reports/<int:number>/<kind>", Permission.SEE, show_set)
    pages.get("/reports/<int:number>/indicators/<indicator>", Permission.SEE, show_indicator)
    pages.get("/reports/<int:number>/charts/<measure>/<split>.svg", Permission.SEE, show_chart)


def show_report(visit: Visit, number: int) -> ResponseReturnValue:
    """Show how far a report is and, once it is worked out, all of it."""
    run = run_of(visit, number)
    return render("report.html", visit, **_facts(visit, run), **_progress(run))


def report_news(visit: Visit, number: int) -> ResponseReturnValue:
    """Return the moving part of the page of a report, if it is not what the browser has already."""
    run = run_of(visit, number)
    facts = _facts(visit, run) | _progress(run)
    return render_news("report_part.html", visit, facts)


def _facts(visit: Visit, run: ReportRun) -> dict[str, object]:
    period = Period(run.since, run.until)
    return {
        "run": run,
        "days": days_words(period),
        "about": about_words(run),
        "overlaps": [
            Link(
                days_words(Period(each.since, each.until)),
                url_for("desk.show_report", number=each.id),
            )
            for each in overlapping(visit.session, run)
        ],
    }


def _progress(run: ReportRun) -> dict[str, object]:
    """Return how far a report is, in a sentence, and its rows once there are any."""
    said = "It is being worked out. That takes a few seconds, in a large programme a minute."
    if not run.is_waiting:
        said = "It is worked out."
    report = Report(run.figures) if run.figures is not None else None
    rows = figure_rows(run, report, SETS["all"]) if report is not None else []
    return {"said": said, "titles": _FIGURE_TITLES, "rows": rows}


def report_of(run: ReportRun) -> Report:
    """Return the figures of a report; a page that is not there as long as it has none."""
    if run.figures is None:
        abort(404, "This report is still being worked out. Open it again in a minute.")
    return Report(run.figures)


def figure_rows(run: ReportRun, report: Report, ids: Sequence[str]) -> list[tuple[Cell, ...]]:
    """Return the figures of some indicators as rows, each leading to its indicator."""
    rows: list[tuple[Cell, ...]] = []
    for indicator in (INDICATORS[each] for each in ids):
        address = url_for("desk.show_indicator", number=run.id, indicator=indicator.id)
        for measure in indicator.measures:
            link = Link(indicator.id, address)
            summary = report.summary(measure.key)
            if summary is None:
                why = f"not known, because {report.why_not(indicator.id)}"
                rows.append((link, measure.title, why, None, None))
                continue
            rows.append((link, measure.title, *_figure_cells(measure, summary.total)))
    return rows


def _figure_cells(measure: Measure, figure: Figure) -> tuple[Cell, Cell, Cell]:
    lower = f"{figure.lower} %" if figure.lower is not None else None
    return value_words(measure, figure), lower, counted_words(measure, figure) or None


def show_set(visit: Visit, number: int, kind: str) -> ResponseReturnValue:
    """Show the report to the board, to funders, or all indicators with what is not known."""
    run = run_of(visit, number)
    if kind not in SETS:
        abort(404)
    report = report_of(run)
    return render(
        "report_set.html",
        visit,
        **_facts(visit, run),
        kind=kind,
        title=TITLES[kind],
        titles=_FIGURE_TITLES,
        rows=figure_rows(run, report, SETS[kind]),
        equity=_equity_rows(report) if kind in ("funder", "all") else [],
        equity_titles=_EQUITY_TITLES,
        waiting=_waiting(report) if kind in ("board", "all") else None,
        purpose=visit.session.programme.purpose,
        told=_told(visit, run, kind) if kind in ("funder", "annual") else None,
        goals=_goals(visit, run, report) if kind == "annual" else None,
        heard=_languages_heard(visit),
        may_tell=visit.may(Permission.GOALS) and visit.scope.communities is None,
        missing=[(each, missing) for each in SETS[kind] for missing in INDICATORS[each].missing],
    )


def _languages_heard(visit: Visit) -> list[str]:
    """Return the languages in which callers may hear the annual message."""
    programme = visit.session.programme
    return [language_name(each) for each in programme.languages if each in programme.annual]


def _goals(visit: Visit, run: ReportRun, report: Report) -> list[tuple[Cell, ...]]:
    """Return the goals of the days of a report, each beside the figure that tells about it."""
    return [
        (
            Link(goal.words, url_for("desk.show_goal", number=goal.id)),
            goal.target,
            figure_beside(goal, report),
            goal.due_on,
            owner_of(goal),
            goal.outcome.value if goal.outcome else Tag("open"),
            goal.result,
        )
        for goal in goals_in(visit.session, Period(run.since, run.until), run.community)
    ]


def _told(visit: Visit, run: ReportRun, kind: str) -> dict[str, object]:
    """Return what the report tells in sentences, as it is at this moment.

    Whoever permitted a quote did so for funders, so no other report holds it.
    """
    period = Period(run.since, run.until)
    changes = changes_in(visit.session, period, run.community)
    return {
        "changes_title": CHANGES,
        "changes": [(each.day, each.words) for each in changes],
        "no_changes": NO_CHANGES,
        "quotes_title": QUOTES,
        "quotes": quotes_in(visit.session, period, run.community) if kind == "funder" else None,
        "no_quotes": NO_QUOTES,
    }


def _waiting(report: Report) -> dict[str, object]:
    few = "fewer than 5"
    everybody = report.waiting_in_all
    return {
        "all": few if everybody is None else everybody,
        "rows": [
            (TOPICS.get(topic, topic), few if count is None else count)
            for topic, count in report.waiting
        ],
    }


def _equity_rows(report: Report) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for key in EQUITY:
        summary = report.summary(key)
        if summary is None:
            continue
        for split in EQUITY_GROUPS:
            for group, figure in parts_of(summary, split).items():
                cells = (value_words(MEASURES[key], figure), figure.ratio, _look(figure))
                name = group_words(split, group)
                rows.append((MEASURES[key].title, SPLITS[split], name, *cells))
    return rows


def _look(figure: Figure) -> Cell:
    if figure.hidden or figure.ratio is None:
        return None
    return Tag("look at it", "high") if figure.flagged else "alike"


@dataclass(frozen=True)
class _Shown:
    """One measure on the page of its indicator."""

    measure: Measure
    value: str
    lower: str | None
    counted: str
    why_not: str
    chart: str
    narrow: str
    told: str
    rows: Sequence[tuple[Cell, ...]]
    empty: str = "There is nothing to count in these days."


def show_indicator(visit: Visit, number: int, indicator: str) -> ResponseReturnValue:
    """Show one indicator: what is counted, its figures, and a chart and table of one split."""
    run = run_of(visit, number)
    report = report_of(run)
    if indicator == EQUITY_ID:
        return render(
            "report_equity.html",
            visit,
            **_facts(visit, run),
            title=f"{EQUITY_ID}: {EQUITY_TITLE}",
            titles=_EQUITY_TITLES,
            rows=_equity_rows(report),
        )
    found = INDICATORS.get(indicator)
    if found is None:
        abort(404)
    offered = _splits(report, found)
    asked = request.args.get("by", "month")
    split = asked if asked in offered else "month"
    return render(
        "report_indicator.html",
        visit,
        **_facts(visit, run),
        indicator=found,
        splits=[(each, SPLITS[each]) for each in offered],
        split=split,
        by=SPLITS[split],
        titles=_PART_TITLES,
        measures=list(_shown(run, report, found, split)),
    )


def _splits(report: Report, indicator: Indicator) -> list[str]:
    """Return by what some measure of an indicator is split, in the order of the table of words."""
    found = {
        split
        for measure in indicator.measures
        if (summary := report.summary(measure.key)) is not None
        for split in splits_of(summary)
    }
    return [split for split in SPLITS if split in found]


def _shown(run: ReportRun, report: Report, indicator: Indicator, split: str) -> Iterator[_Shown]:
    for measure in indicator.measures:
        summary = report.summary(measure.key)
        if summary is None:
            yield _Shown(measure, "", None, "", report.why_not(indicator.id), "", "", "", ())
            continue
        value, lower, counted = _figure_cells(measure, summary.total)
        # What is hidden in all is hidden in every part.
        parts = {} if summary.total.hidden else parts_of(summary, split)
        chart = url_for("desk.show_chart", number=run.id, measure=measure.key, split=split)
        yield _Shown(
            measure,
            str(value),
            None if lower is None else str(lower),
            str(counted or ""),
            why_not="",
            chart=chart,
            narrow=f"{chart}?narrow",
            told=told(_chart_title(measure, split), _bars(measure, summary, split)),
            rows=[
                (group_words(split, name), *_figure_cells(measure, figure), _ratio(figure))
                for name, figure in parts.items()
            ],
            empty=_TOO_FEW if summary.total.hidden else _Shown.empty,
        )


def _ratio(figure: Figure) -> Cell:
    if figure.ratio is None:
        return None
    words = f"{figure.ratio} times that of all"
    return Tag(f"{words}: look at it", "high") if figure.flagged else words


def show_chart(visit: Visit, number: int, measure: str, split: str) -> ResponseReturnValue:
    """Return the picture of one measure by month or by group, on request as narrow as a phone."""
    report = report_of(run_of(visit, number))
    known, summary = MEASURES.get(measure), report.summary(measure)
    if known is None or summary is None or split not in splits_of(summary):
        abort(404)
    sheet = NARROW if "narrow" in request.args else WIDE
    drawn = bar_chart(_chart_title(known, split), _bars(known, summary, split), sheet)
    return Response(drawn, mimetype="image/svg+xml")


def _chart_title(measure: Measure, split: str) -> str:
    return f"{measure.title}, by {SPLITS[split]}"


def _bars(measure: Measure, summary: Summary, split: str) -> list[Bar]:
    return [
        Bar(group_words(split, name), _number(figure), _short(measure, figure))
        for name, figure in parts_of(summary, split).items()
    ]


def _number(figure: Figure) -> Decimal | None:
    return None if figure.value is None else Decimal(figure.value)


def _short(measure: Measure, figure: Figure) -> str:
    """Return a figure in few words: they stand beside a bar, and its unit below the title."""
    if figure.hidden:
        return "hidden (few people)"
    if figure.value is None:
        return "nothing to count"
    return f"{figure.value} %" if measure.unit == "%" else figure.value
