"""The figures of a report agree with those that are counted straight from the log, to the digit."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import Engine

from mentoring.crypto import Vault
from mentoring.db import Database, Session, make_engine
from mentoring.models import Person
from mentoring.programme import Programme
from mentoring.reports.catalog import EQUITY, MEASURES
from mentoring.reports.figures import Figure
from mentoring.reports.periods import Period
from mentoring.reports.rates import Rates
from mentoring.reports.work import Report, work_out
from tests.databases import Databases
from tests.mentoring.reports.little_programme import LittleProgramme
from tests.mentoring.reports.naive import Keep, Naive
from tests.mentoring.reports.naive_answers import answered_at_try, answered_in
from tests.mentoring.reports.naive_figures import FIGURES, closed_at_age, closed_for
from tests.mentoring.reports.naive_offers import declined_for
from tests.mentoring.reports.naive_safety import left_at
from tests.mentoring.reports.naive_training import minutes_of

NOW = datetime(2026, 3, 31, 17, 0, tzinfo=UTC)
RATES = Rates(Decimal("0.014"), Decimal("0.0079"), Decimal("1.15"), Decimal(32), Decimal(60))
YEAR = Period(date(2025, 4, 1), date(2026, 4, 1))
# The clock of the office is put forward on March 8, and was put back on November 2.
SPRING = Period(date(2026, 1, 1), date(2026, 4, 1))
PERIODS = (YEAR, SPRING, Period(date(2025, 9, 1), date(2025, 12, 1)))


@pytest.fixture(scope="module")
def programme_of_dice(databases: Databases) -> Iterator[Database]:
    """A database with everything that happened to forty pairs."""
    engine: Engine = make_engine(databases.fresh())
    programme = replace(Programme(), rates=RATES)
    database = Database(engine, vault=Vault({1: b"1" * 32}, b"i" * 32), programme=programme)
    with database.transaction() as session:
        LittleProgramme(session, now=NOW, pairs=40)
    yield database
    engine.dispose()


@pytest.fixture
def session(programme_of_dice: Database) -> Iterator[Session]:
    with programme_of_dice.transaction() as opened:
        yield opened


def naive(session: Session, period: Period, keep: Keep) -> Naive:
    since, until = period.moments(session.programme.office)
    return Naive(session, since=since, until=until, now=NOW, keep=keep)


def differences(found: dict[str, Figure], log: Naive) -> dict[str, object]:
    """Return the figures that are not as they are counted from the log."""
    wrong: dict[str, object] = {}
    for key, figure in found.items():
        if figure.hidden:
            continue
        told = FIGURES[key](log)
        wanted = [told.value]
        given = [figure.value]
        wanted.append(told.response)
        given.append(figure.response)
        if told.numerator is not None:
            wanted += [told.numerator, told.denominator]
            given += [figure.numerator, figure.denominator]
        if MEASURES[key].lower_bound:
            wanted.append(told.lower)
            given.append(figure.lower)
        if wanted != given:
            wrong[key] = (given, wanted)
    return wrong


@pytest.mark.parametrize("period", PERIODS)
def test_every_figure_of_a_period_agrees(session: Session, period: Period) -> None:
    report = Report(work_out(session, period=period, community="", now=NOW))
    totals = {key: summary.total for key in MEASURES if (summary := report.summary(key))}

    assert totals.keys() == FIGURES.keys()
    assert differences(totals, naive(session, period, lambda _person: True)) == {}
    if period is YEAR:
        # Else little would be compared.
        assert sum(figure.hidden for figure in totals.values()) <= 4


def is_in(person: Person | None, kind: str, group: str) -> bool:
    """Tell whether somebody belongs to a group of a kind."""
    value = getattr(person, kind, None)
    nothing = {"mode": "not asked", "community": "no community", "language": ""}[kind]
    return person is not None and (value or nothing) == group


@pytest.mark.parametrize("kind", ["mode", "community", "language"])
def test_every_group_agrees(session: Session, kind: str) -> None:
    report = Report(work_out(session, period=YEAR, community="", now=NOW))
    by_group: dict[str, dict[str, Figure]] = {}
    for key in MEASURES:
        summary = report.summary(key)
        assert summary is not None
        if not key.startswith("E20"):
            for group, figure in summary.groups[kind].items():
                by_group.setdefault(group, {})[key] = figure

    for group in sorted(by_group.keys() - {"not known"}):
        log = naive(session, YEAR, lambda person, group=group: is_in(person, kind, group))  # type: ignore[misc]
        assert differences(by_group[group], log) == {}, group


def compared(ratio: Fraction) -> tuple[str, bool]:
    """Return a ratio as it is shown, and whether it wants an eye: rounded up from the half."""
    hundredths = (ratio * 200 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02d}", ratio < Fraction(
        4, 5
    ) or ratio > Fraction(5, 4)


@pytest.mark.parametrize("kind", ["mode", "community", "language"])
def test_how_groups_compare_to_all_agrees(session: Session, kind: str) -> None:
    """E18: each group's figure by that of all, and which of them want an eye."""
    report = Report(work_out(session, period=YEAR, community="", now=NOW))
    everybody = naive(session, YEAR, lambda _person: True)
    seen = []
    for key in EQUITY:
        summary = report.summary(key)
        assert summary is not None
        of_all = FIGURES[key](everybody)
        for group, figure in summary.groups[kind].items():
            if figure.hidden or figure.value is None:
                continue
            log = naive(session, YEAR, lambda person, group=group: is_in(person, kind, group))  # type: ignore[misc]
            told = FIGURES[key](log)
            exact = [
                each.exact if each.exact is not None else Fraction(each.value or 0)
                for each in (told, of_all)
            ]
            seen.append((figure.ratio, figure.flagged) == compared(exact[0] / exact[1]))
    assert seen
    assert all(seen)


PARTS = {
    ("E3.declined", "reason"): declined_for,
    ("E8.reasons", "reason"): closed_for,
    ("E8.reasons", "age"): closed_at_age,
    ("E9.answers", "channel"): answered_in,
    ("E9.answers", "try"): answered_at_try,
    ("E16.minutes", "training"): minutes_of,
    ("E19.left", "place"): left_at,
}


@pytest.mark.parametrize(("key", "split"), PARTS)
def test_every_part_of_its_own_agrees(
    session: Session, key: str, split: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Most parts of so small a programme would be hidden.
    monkeypatch.setattr("mentoring.reports.hiding.FEWEST", 1)
    report = Report(work_out(session, period=YEAR, community="", now=NOW))
    summary, log = report.summary(key), naive(session, YEAR, lambda _person: True)
    assert summary is not None
    shown = {name: each.value for name, each in summary.groups[split].items()}

    assert shown == {name: PARTS[key, split](log, name).value for name in shown}
    assert len(shown) > 1


def test_every_split_of_a_measure_is_counted_again() -> None:
    splits = {(key, split) for key, measure in MEASURES.items() for split in measure.splits}

    assert splits - {("E1.completed", "channel")} == PARTS.keys()


def test_every_month_agrees(session: Session) -> None:
    report = Report(work_out(session, period=SPRING, community="", now=NOW))

    for name, month in SPRING.months():
        figures = {
            key: summary.months[name] for key in MEASURES if (summary := report.summary(key))
        }
        assert differences(figures, naive(session, month, lambda _person: True)) == {}, name


def test_one_community_agrees(session: Session) -> None:
    report = Report(work_out(session, period=YEAR, community="River", now=NOW))
    totals = {key: summary.total for key in MEASURES if (summary := report.summary(key))}
    log = naive(session, YEAR, lambda person: person is not None and person.community == "River")

    assert totals.keys() == FIGURES.keys() - {"E20.spent", "E20.match", "E20.goal"}
    assert differences(totals, log) == {}
    assert "shared" in report.why_not("E20")


def test_the_same_log_gives_the_same_figures(session: Session) -> None:
    first = work_out(session, period=YEAR, community="", now=NOW)

    assert work_out(session, period=YEAR, community="", now=NOW) == first


def test_the_whole_is_the_sum_of_its_months(session: Session) -> None:
    report = Report(work_out(session, period=YEAR, community="", now=NOW))
    for key in ("E6.talks", "E9.some", "E10.satisfied", "E17.told"):
        summary = report.summary(key)
        assert summary is not None
        if not any(month.hidden for month in summary.months.values()):
            assert summary.total.asked == sum(month.asked for month in summary.months.values())
