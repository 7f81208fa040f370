"""What the groups of a report are called, and its figures row by row, as words."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from mentoring.matching.words import LANGUAGES
from mentoring.reports.cases import Kind, Measure
from mentoring.reports.catalog import EQUITY, EQUITY_GROUPS, INDICATORS, MEASURES
from mentoring.reports.figures import Figure
from mentoring.reports.summary import Summary
from mentoring.reports.work import Report

SPLITS: Mapping[str, str] = {
    "month": "month",
    "role": "role",
    "mode": "way to talk",
    "language": "language",
    "access": "access option",
    "community": "community",
    "channel": "channel",
    "reason": "reason",
    "age": "age of the match",
    "try": "try",
    "place": "place",
    "training": "kind of training",
}
_GROUPS: Mapping[tuple[str, str], str] = {
    ("mode", "voice"): "phone calls",
    ("mode", "text"): "texts",
    ("mode", "both"): "calls and texts",
    ("access", "slow"): "slow voice",
    ("access", "texts"): "texts only",
    ("access", "relay"): "relay or a helper",
    ("access", "other"): "something else",
    ("access", "none"): "none",
    ("reason", "feeling"): "it did not feel right",
    **{("language", code): words for code, words in LANGUAGES.items()},
}
HIDDEN = "hidden: too few people"
NOTHING = "nothing to count"

COLUMNS = (
    *("Indicator", "Figure", "Split", "Group", "Value", "Unit", "At least"),
    *("Numerator", "Denominator", "Known", "Asked", "Response %", "Of all", "Note"),
)
Row = tuple[str | int | Decimal | None, ...]


def group_words(split: str, group: str) -> str:
    """Return a group in words, such as `phone calls` for the mode `voice`."""
    return _GROUPS.get((split, group), group.replace("_", " "))


def value_words(measure: Measure, figure: Figure) -> str:
    """Return a figure as people read it: `45.5 %`, `12.0 days`, or why there is none."""
    if figure.hidden:
        return HIDDEN
    if figure.value is None:
        return NOTHING
    return f"{figure.value} {measure.unit}".rstrip()


def counted_words(measure: Measure, figure: Figure) -> str:
    """Return from how many it comes: `5 of 11`, and the response rate where some are not known."""
    if figure.hidden:
        return ""
    parts = []
    if measure.kind in (Kind.SHARE, Kind.MEAN, Kind.SCORE, Kind.RATIO):
        parts.append(f"{figure.numerator} of {figure.denominator}")
    if figure.response is not None:
        parts.append(f"{figure.known} of {figure.asked} known ({figure.response} %)")
    return "; ".join(parts)


def parts_of(summary: Summary, split: str) -> Mapping[str, Figure]:
    """Return the figures of a measure by month, or by another split."""
    return summary.months if split == "month" else summary.groups.get(split, {})


def splits_of(summary: Summary) -> Sequence[str]:
    """Return by what the figures of a measure are split."""
    return ("month", *summary.groups)


def rows_of(report: Report, indicators: Sequence[str], *, with_parts: bool) -> Iterator[Row]:
    """Return the figures of some indicators under COLUMNS; with `with_parts` by month and group."""
    for indicator in (INDICATORS[each] for each in indicators):
        for measure in indicator.measures:
            summary = report.summary(measure.key)
            if summary is None:
                yield figure_row(measure, note=f"not known: {report.why_not(indicator.id)}")
                continue
            yield figure_row(measure, summary.total)
            if with_parts:
                yield from _parts(measure, summary, splits_of(summary))
        for missing in indicator.missing:
            note = f"not known, because {missing.because}. {missing.remedy}"
            yield (indicator.id, missing.what, *[None] * 11, note)


def equity_rows(report: Report) -> Iterator[Row]:
    """Return the groups that E18 compares, under COLUMNS."""
    for key in EQUITY:
        summary = report.summary(key)
        if summary is not None:
            yield from _parts(MEASURES[key], summary, EQUITY_GROUPS)


def _parts(measure: Measure, summary: Summary, splits: Sequence[str]) -> Iterator[Row]:
    for split in splits:
        for group, figure in parts_of(summary, split).items():
            yield figure_row(measure, figure, SPLITS[split], group_words(split, group))


def figure_row(
    measure: Measure,
    figure: Figure | None = None,
    split: str = "all",
    group: str | None = None,
    *,
    note: str | None = None,
) -> Row:
    """Return one figure under COLUMNS; without one, `note` says why."""
    if figure is None or figure.hidden:
        said = note if figure is None else HIDDEN
        return (measure.indicator, measure.title, split, group, *[None] * 9, said)
    return (
        *(measure.indicator, measure.title, split, group, _number(figure.value), measure.unit),
        *(_number(figure.lower), _number(figure.numerator), _number(figure.denominator)),
        *(figure.known, figure.asked, _number(figure.response), _number(figure.ratio)),
        "wants an eye: less than 0.8 or more than 1.25 of all" if figure.flagged else None,
    )


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
