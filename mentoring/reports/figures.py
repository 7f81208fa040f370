"""One figure from its cases: exact to the end, rounded once, half up."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from mentoring.reports.cases import Case, Kind, Measure

PLACES = 1


@dataclass(frozen=True)
class Figure:
    """One figure as it is shown and kept. Without `value` there is nothing to divide by.

    `known` of the `asked` cases are known. Numbers are written out, so that nothing is lost on the
    way: `value` and `lower` in the unit of the measure, `numerator` and `denominator` as counted.
    A `hidden` one holds nothing, for it would tell about too few people.
    """

    hidden: bool = False
    value: str | None = None
    lower: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    known: int = 0
    asked: int = 0
    response: str | None = None
    # Of a group: how many times as large as that of all.
    ratio: str | None = None
    flagged: bool = False

    def data(self) -> dict[str, Any]:
        """Return it as JSON can keep it."""
        return {
            key: value
            for key, value in asdict(self).items()
            if value is not None and value is not False
        }


HIDDEN = Figure(hidden=True)


def figure_from(data: dict[str, Any]) -> Figure:
    """Return a figure as it was kept."""
    return Figure(**data)


def written(amount: Fraction | int, places: int = PLACES) -> str:
    """Return a number with so many places, halves rounded away from zero: `31.5`."""
    scaled = abs(Fraction(amount)) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    number = Decimal(whole).scaleb(-places)
    return str(-number if amount < 0 and whole else number)


def value_of(measure: Measure, cases: Sequence[Case]) -> Fraction | None:
    """Return the exact value of a measure over its cases; None when there is nothing to divide."""
    if measure.kind is Kind.PEOPLE:
        return Fraction(len({case.person for case in cases}))
    # Most are whole numbers, whose sum takes a tenth of the time of that of fractions.
    amounts = [case.amount for case in cases if case.amount is not None]
    total = Fraction(sum(amounts))
    if measure.kind is Kind.TOTAL:
        return total
    if measure.kind is Kind.RATIO:
        weight = sum(case.weight for case in cases)
        return total * measure.scale / weight if weight else None
    if not amounts:
        return None
    if measure.kind is Kind.MEDIAN:
        return Fraction(median(Fraction(amount) for amount in amounts))
    scale = 1 if measure.kind is Kind.MEAN else 100
    return total * scale / len(amounts)


def figure_of(measure: Measure, cases: Sequence[Case]) -> Figure:
    """Return the figure of a measure over its cases."""
    value = value_of(measure, cases)
    known = [case for case in cases if case.amount is not None]
    asked = len(cases)
    counts: dict[str, Any] = {"known": len(known), "asked": asked}
    if measure.kind in (Kind.SHARE, Kind.MEAN, Kind.SCORE, Kind.RATIO):
        weights = sum(case.weight for case in cases)
        counts["numerator"] = _plain(Fraction(sum(c.amount or 0 for c in known)))
        counts["denominator"] = str(weights if measure.kind is Kind.RATIO else len(known))
    if measure.lower_bound and asked:
        counts["lower"] = written(Fraction(100 * sum(int(c.amount or 0) for c in known), asked))
    if asked and measure.kind not in (Kind.TOTAL, Kind.PEOPLE, Kind.RATIO):
        counts["response"] = written(Fraction(100 * len(known), asked))
    return Figure(value=None if value is None else written(value, measure.places), **counts)


def _plain(amount: Fraction) -> str:
    return str(amount.numerator) if amount.denominator == 1 else written(amount, 2)
