"""A measure, and the cases that it counts: each belongs to one day and one person, or to nobody.

So the cases of a quarter are those of its three months, and no case is counted twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from mentoring.reports.facts import Facts

Amount = int | Fraction


class Kind(StrEnum):
    """How one figure comes from many cases."""

    # How many of those who are known fulfil it, in percent.
    SHARE = "share"
    # All amounts together, divided by all weights together.
    RATIO = "ratio"
    MEDIAN = "median"
    MEAN = "mean"
    # Those for it less those against it, in points from -100 to 100.
    SCORE = "score"
    TOTAL = "total"
    # How many different people there are.
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that is counted. `amount` is None where it is not known, such as no answer.

    `person` is whom it tells about: a figure about too few of them is hidden. `groups` are further
    groups that it falls into, beside those of the person.
    """

    day: date
    person: int | None
    amount: Amount | None
    weight: int = 1
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """One figure, in words. `numerator` and `denominator` say what is divided by what.

    With `lower_bound` those who are not known are counted as a no as well, in a second figure.
    `splits` names the groups of its own cases, by which it is shown as well. `places` are the
    digits of its value behind the point.
    """

    key: str
    title: str
    kind: Kind
    numerator: str
    denominator: str
    known: str = "Everybody is known from the log."
    unit: str = "%"
    lower_bound: bool = False
    scale: int = 1
    places: int = 1
    splits: tuple[str, ...] = ()

    @property
    def indicator(self) -> str:
        """The indicator that it belongs to, such as E7."""
        return self.key.partition(".")[0]


@dataclass(frozen=True)
class Missing:
    """What cannot be known yet from the log, why, and how to make it known."""

    what: str
    because: str
    remedy: str


Cases = Mapping[str, Sequence[Case]]


@dataclass(frozen=True)
class Indicator:
    """One indicator: its figures, how its cases are found, and what is not known of it."""

    id: str
    title: str
    measures: tuple[Measure, ...]
    find: Callable[[Facts], Cases]
    missing: tuple[Missing, ...] = ()


def yes(holds: bool | None) -> int | None:
    """Return a yes as 1, a no as 0, and what is not known as nothing."""
    return None if holds is None else int(holds)


def within(facts: Facts, cases: Iterable[Case]) -> list[Case]:
    """Return the cases that belong to the period."""
    return [case for case in cases if case.day in facts.period]
