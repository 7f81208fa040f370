"""How one figure comes from its cases: exact, rounded once, and honest about what is not known."""

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from mentoring.db import Session
from mentoring.models import Contact, ContactKind, Outcome, PersonState, Role
from mentoring.reports.cases import Case, Kind, Measure
from mentoring.reports.catalog import INDICATORS, MEASURES
from mentoring.reports.figures import figure_of, written
from mentoring.reports.periods import Period, month_of
from mentoring.reports.reading import read_facts
from mentoring.reports.work import Report, work_out
from tests.make import NOW, chicago, make_lines, make_match, make_person, make_phone

DAY = date(2026, 2, 3)
MARCH = month_of(date(2026, 3, 1))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Fraction(1, 20), "0.1"),
        (Fraction(-1, 20), "-0.1"),
        (Fraction(-1, 100), "0.0"),
        (Fraction(2, 3) * 100, "66.7"),
        (Fraction(45, 100) * 5, "2.3"),
        (7, "7.0"),
    ],
)
def test_halves_are_rounded_away_from_zero_and_nothing_is_minus_nothing(
    amount: Fraction, words: str
) -> None:
    assert written(amount) == words


def test_every_measure_says_in_words_what_it_counts() -> None:
    for measure in MEASURES.values():
        assert measure.title, measure.key
        assert measure.numerator, measure.key
        needs = measure.kind not in (Kind.TOTAL, Kind.PEOPLE)
        assert bool(measure.denominator) is needs, measure.key
        assert measure.indicator in INDICATORS


def test_without_anybody_there_is_no_share_and_no_fault() -> None:
    measure = Measure("E1.x", "x", Kind.SHARE, "x", "y", lower_bound=True)

    assert figure_of(measure, []).value is None
    assert figure_of(measure, [Case(DAY, 1, None)]).value is None


def test_the_recommend_score_takes_the_unhappy_from_the_happy() -> None:
    measure = MEASURES["E14.score"]
    cases = [Case(DAY, n, points) for n, points in enumerate([1, 1, 1, 0, -1, None])]

    assert figure_of(measure, cases).value == "40.0"


def test_an_empty_programme_has_a_report_of_nothing(session: Session) -> None:
    report = Report(work_out(session, period=MARCH, community="", now=NOW))

    for key in MEASURES:
        summary = report.summary(key)
        if key.startswith("E20"):
            assert summary is None
            assert "COSTS" in report.why_not("E20")
        else:
            assert summary is not None
            assert summary.total.value in (None, "0.0", "0"), key
    assert (report.waiting_in_all, report.waiting) == (0, [])


def test_a_programme_of_one_pair_tells_nothing_about_it(session: Session) -> None:
    make_lines(session)
    make_match(session)
    report = Report(work_out(session, period=MARCH, community="", now=NOW))

    for key in ("S1.proteges", "E2.days", "E4.prompt", "E17.told"):
        summary = report.summary(key)
        assert summary is not None
        assert summary.total.hidden, key


def waited(session: Session, opened: datetime) -> list[Case]:
    make_lines(session)
    early = opened - timedelta(days=3)
    protege = make_person(session, state=PersonState.WAITING, now=early)
    mentor = make_person(session, Role.MENTOR, "Ada", state=PersonState.AVAILABLE, now=early)
    make_match(session, protege, mentor, now=opened)
    facts = read_facts(session, period=MARCH, community=None, now=chicago(4, 20, 12))
    return list(INDICATORS["E2"].find(facts)["E2.days"])


@pytest.mark.parametrize(
    ("opened", "belongs"),
    [
        (chicago(3, 1, 0) - timedelta(microseconds=1), False),
        (chicago(3, 1, 0), True),
        (chicago(4, 1, 0) - timedelta(microseconds=1), True),
        (chicago(4, 1, 0), False),
    ],
)
def test_midnight_at_the_office_decides_to_which_period_a_match_belongs(
    session: Session, opened: datetime, belongs: bool
) -> None:
    assert bool(waited(session, opened)) is belongs


def test_a_wait_over_the_change_of_the_clock_is_in_days_of_24_hours(session: Session) -> None:
    assert [case.amount for case in waited(session, chicago(3, 9, 12))] == [3]


def test_a_match_is_prompt_on_the_tenth_day_and_not_a_moment_later(session: Session) -> None:
    make_lines(session, 9)
    for place, late in enumerate((timedelta(), timedelta(seconds=1))):
        protege = make_person(session, which=10 + place)
        mentor = make_person(
            session, Role.MENTOR, "Ada", which=20 + place, state=PersonState.AVAILABLE
        )
        match = make_match(session, protege, mentor)
        session.add(
            Contact(
                kind=ContactKind.CALL,
                match_id=match.id,
                outcome=Outcome.TALKED,
                two_way=True,
                seconds=300,
                source_sid=f"CA{place}",
                started_at=NOW + timedelta(days=10) + late,
            )
        )
    session.flush()
    later = NOW + timedelta(days=20)
    facts = read_facts(session, period=MARCH, community=None, now=later)

    assert [c.amount for c in INDICATORS["E4"].find(facts)["E4.prompt"]] == [1, 0]
    # On the tenth day nobody knows yet how it ends.
    facts = read_facts(session, period=MARCH, community=None, now=NOW + timedelta(days=10))
    assert [c.amount for c in INDICATORS["E4"].find(facts)["E4.prompt"]] == [None, None]


def test_a_person_who_is_there_without_a_match_harms_nothing(session: Session) -> None:
    make_person(session, phone=make_phone(session, 30), state=PersonState.EXITED)
    year = Period(date(2026, 1, 1), date(2027, 1, 1))
    report = Report(work_out(session, period=year, community="", now=NOW))

    summary = report.summary("S1.new")
    assert summary is not None
    assert summary.total.hidden
