"""The page about reports explains every figure in the words in which it is shown."""

import pytest

from mentoring.reports.catalog import INDICATORS, MEASURES
from tests.tree import ROOT

PAGE = (ROOT / "docs" / "reports.md").read_text()


@pytest.mark.parametrize("key", list(MEASURES))
def test_every_figure_stands_there_with_what_is_counted(key: str) -> None:
    measure = MEASURES[key]
    start = f"| {measure.indicator} | {measure.title} | {measure.kind.value} | {measure.numerator}"

    assert start in PAGE
    assert measure.denominator in PAGE


def test_what_is_not_known_stands_there_with_what_to_do() -> None:
    for indicator in INDICATORS.values():
        for missing in indicator.missing:
            row = f"| {indicator.id}: {missing.what} | {missing.because} | {missing.remedy} |"
            assert row in PAGE


def test_all_twenty_indicators_are_there() -> None:
    assert {f"E{number}" for number in range(1, 21)} == INDICATORS.keys() - {"S1"} | {"E18"}
    assert "E18, *access equity*" in PAGE
