"""Periods are whole days at the office, also where the clock changes."""

from datetime import UTC, date, datetime

import pytest

from mentoring.errors import ProgrammeError
from mentoring.reports.periods import Period, month_of, quarter_of, read_period, year_of
from tests.make import CHICAGO

TODAY = date(2026, 3, 3)


def test_a_period_begins_and_ends_at_midnight_of_the_office() -> None:
    since, until = month_of(TODAY).moments(CHICAGO)

    # The clock is put forward on March 8: the month begins at UTC-6 and ends at UTC-5.
    assert since == datetime(2026, 3, 1, 6, tzinfo=UTC)
    assert until == datetime(2026, 4, 1, 5, tzinfo=UTC)


def test_months_of_a_period_touch_each_other_and_are_cut_at_its_ends() -> None:
    months = list(Period(date(2025, 11, 15), date(2026, 2, 10)).months())

    assert [name for name, _ in months] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months[0][1] == Period(date(2025, 11, 15), date(2025, 12, 1))
    assert months[-1][1] == Period(date(2026, 2, 1), date(2026, 2, 10))


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 3, 31), Period(date(2026, 1, 1), date(2026, 4, 1))),
        (date(2026, 12, 1), Period(date(2026, 10, 1), date(2027, 1, 1))),
    ],
)
def test_the_quarter_of_a_day(day: date, quarter: Period) -> None:
    assert quarter_of(day) == quarter
    assert year_of(day) == Period(date(2026, 1, 1), date(2027, 1, 1))


def test_the_last_day_that_is_typed_belongs_to_the_period() -> None:
    period = read_period(" 2026-01-01 ", "2026-01-31", today=TODAY)

    assert period == month_of(date(2026, 1, 15))
    assert period.last_day == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        ("", "2026-01-31", "Write each day like 2026-03-31."),
        ("2026-02-30", "2026-03-31", "Write each day like"),
        ("2026-02-01", "2026-01-31", "The last day comes before the first one."),
        ("2026-01-01", "2026-01-27", "A report is about whole months"),
        ("2026-01-02", "2026-01-31", "A report is about whole months"),
        ("2025-12-31", "2026-02-28", "A report is about whole months"),
        ("2020-01-01", "2026-01-31", "A report is about three years at most."),
        ("2026-03-04", "2026-05-31", "Choose a first day between 2000-01-01 and 2026-03-03."),
        ("1999-12-31", "2000-03-01", "Choose a first day"),
        ("0001-01-01", "9999-12-31", "Choose a first day"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(since: str, until: str, sentence: str) -> None:
    with pytest.raises(ProgrammeError, match=sentence):
        read_period(since, until, today=TODAY)


def test_the_last_day_of_all_days_can_be_asked_for_without_a_fault() -> None:
    with pytest.raises(ProgrammeError):
        read_period("2026-01-01", "9999-12-31", today=TODAY)
