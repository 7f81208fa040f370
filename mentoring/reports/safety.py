"""E17: worries and dangers that were told, how soon there was contact, and what came of it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from mentoring.reports.cases import Case, Cases, Indicator, Kind, Measure, yes
from mentoring.reports.facts import Concern, Facts, Pair, in_hours

_ONE_DAY = timedelta(days=1)
# A month of a match is 30 days of it.
_MONTH_DAYS = 30


def _protege(pair: Pair) -> int:
    return pair.protege


def days_open(facts: Facts, of: Callable[[Pair], int] = _protege) -> Iterator[Case]:
    """Return how many days each match was open in each month, counted as days at the office.

    Each case tells about the protege, or about whom `of` names.
    """
    today, months = facts.day(facts.now), [month for _, month in facts.period.months()]
    for pair in facts.pairs.values():
        opened = facts.day(pair.opened_at)
        closed = facts.day(pair.closed_at) if pair.closed_at is not None else today + _ONE_DAY
        for month in months:
            first, end = max(opened, month.since), min(closed, month.until)
            if first < end:
                yield Case(first, of(pair), 0, weight=(end - first).days)


def _person(facts: Facts, concern: Concern) -> int | None:
    """Return whom a worry is counted with: who told it, else the protege of the match."""
    if concern.person is None and concern.match is not None:
        return facts.pairs[concern.match].protege
    return concern.person


def _safety(facts: Facts) -> Cases:
    told: list[Case] = list(days_open(facts))
    hours, promised, upheld = [], [], []
    for concern in facts.concerns:
        day, person = facts.day(concern.opened_at), _person(facts, concern)
        if day not in facts.period:
            continue
        told.append(Case(day, person, 1, weight=0))
        first = concern.first_contact_at
        waited = None if first is None else in_hours(first - concern.opened_at)
        hours.append(Case(day, person, waited))
        promised.append(Case(day, person, yes(_in_time(facts, concern))))
        upheld.append(Case(day, person, yes(concern.is_upheld)))
    return {
        "E17.told": told,
        "E17.hours": hours,
        "E17.in_time": promised,
        "E17.upheld": upheld,
    }


def _in_time(facts: Facts, concern: Concern) -> bool | None:
    if concern.first_contact_at is not None:
        return concern.first_contact_at <= concern.promised_by
    return False if facts.now > concern.promised_by else None


_OPENED = "worries and dangers told in the period"

E17 = Indicator(
    "E17",
    "Safety",
    (
        Measure(
            *("E17.told", "Worries told for each 100 months of a match", Kind.RATIO, _OPENED),
            "days on which a match was open in the period (30 of them are a month)",
            unit="for each 100 months",
            scale=100 * _MONTH_DAYS,
        ),
        Measure(
            *("E17.hours", "Hours to the first contact", Kind.MEDIAN),
            "hours from the opening until staff accepted it, took the first step or closed it",
            _OPENED,
            known="Known once there was contact.",
            unit="hours",
        ),
        Measure(
            *("E17.in_time", "First contact in the promised time", Kind.SHARE),
            "those with the first contact by the promised day (danger: within an hour)",
            _OPENED,
            known="Without contact it is known once the promised time is over.",
        ),
        Measure(
            *("E17.upheld", "Upheld", Kind.SHARE),
            "those closed with any outcome but `no action needed` or `false alarm`",
            _OPENED,
            known="Known once it is closed.",
        ),
    ),
    _safety,
)
