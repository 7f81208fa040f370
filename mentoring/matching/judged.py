"""What matching finds out, as values: the plan, and how one mentor is judged for one protege."""

from collections.abc import Mapping
from dataclasses import dataclass

from mentoring.matching.candidates import Candidate
from mentoring.matching.explain import Explanation
from mentoring.matching.rules import MatchingRules

# The one constraint that staff may pass over, with a reason.
DECLINED = "H9"


@dataclass(frozen=True)
class Plan:
    """The set of pairs with the largest total: for each protege's code the mentor's code."""

    picks: Mapping[str, str]
    # The best mentors for each protege's code, whoever else they are picked for, with their scores.
    top: Mapping[str, tuple[tuple[str, int], ...]]
    # The codes of those who came near for each protege's code, the nearest first.
    near: Mapping[str, tuple[str, ...]]
    # Whoever waits and fits no mentor at all, the longest wait first.
    without: tuple[Candidate, ...]


@dataclass(frozen=True)
class PartScore:
    """One part of a score as staff see it."""

    title: str
    points: int
    most: int
    words: str


@dataclass(frozen=True)
class Failed:
    """A constraint that keeps two apart, and what would change it."""

    id: str
    title: str
    words: str
    change: str


@dataclass(frozen=True)
class Judged:
    """One mentor in the eyes of one protege."""

    mentor: Candidate
    score: int
    parts: tuple[PartScore, ...]
    explanation: Explanation
    failed: tuple[Failed, ...] = ()


@dataclass(frozen=True)
class Suggestions:
    """What staff see about one protege: the plan's pick, the top three, and near misses."""

    protege: Candidate
    bonus: int
    pick: str | None
    top: tuple[Judged, ...]
    near_misses: tuple[Judged, ...]
    # The codes of all mentors who may be picked: the top three are the first of them.
    fitting: frozenset[str]
    # Those who may be picked with a reason only: one of the two has lately said no.
    declined: frozenset[str]


def bonus_of(protege: Candidate, rules: MatchingRules) -> int:
    """Return the points that a wait adds, so that nobody is passed over for taking longer."""
    bonus = min(rules.most_bonus, protege.days_waiting // rules.bonus_days)
    return bonus + (rules.bad_luck_bonus if protege.had_bad_luck else 0)
