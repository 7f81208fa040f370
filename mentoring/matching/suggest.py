"""Whom to suggest to whom: the best whole assignment, the top three of each protege, near misses.

The same people always give the same result, in whatever order they were read.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from mentoring.matching.candidates import Candidate, Pool
from mentoring.matching.constraints import CONSTRAINTS, Case, failing
from mentoring.matching.explain import explain
from mentoring.matching.judged import (
    DECLINED,
    Failed,
    Judged,
    PartScore,
    Plan,
    Suggestions,
    bonus_of,
)
from mentoring.matching.pairs import Numbers, Pairs, Truths
from mentoring.matching.rules import MatchingRules
from mentoring.matching.scores import PARTS, Part, Seen, scores_of
from mentoring.programme import Programme

# Of mentors who fail more constraints than this nothing is said: they are no near miss.
_NEAR = 2
# More than any score: whoever misses less stands before whoever has more points.
_A_MISS = 1000


def plan_for(pool: Pool, programme: Programme) -> Plan:
    """Return the best set of pairs under the capacities of all mentors."""
    pairs, rules = Pairs(pool, programme), programme.matching
    score = _total(scores_of(pairs))
    misses = _misses(failing(pairs), score, rules)
    fits = misses == 0
    bonus = np.array([bonus_of(each, rules) for each in pool.proteges], dtype=np.int64)
    gain = np.where(fits, score + bonus[:, None], 0)
    places = np.array([mentor.open_places for mentor in pool.mentors], dtype=np.int64)
    picks = {
        pool.proteges[row].code: pool.mentors[column].code for row, column in _assign(gain, places)
    }
    top = _best(pool, np.where(fits, score, -1), rules.shown)
    is_near = (misses > 0) & (misses <= _NEAR)
    nearest = _best(
        pool, np.where(is_near, (_NEAR + 1 - misses) * _A_MISS + score, -1), rules.shown
    )
    without = [each for each in pool.proteges if not top[each.code] and each.could_be_matched]
    near = {code: tuple(mentor for mentor, _ in found) for code, found in nearest.items()}
    return Plan(picks, top, near, tuple(without))


def _best(pool: Pool, score: Numbers, shown: int) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return for each protege the mentors with the most points, by code where they are equal."""
    order = np.argsort(-score, axis=1, kind="stable")[:, :shown]
    return {
        protege.code: tuple(
            (pool.mentors[place].code, int(points[place])) for place in places if points[place] >= 0
        )
        for protege, places, points in zip(pool.proteges, order, score, strict=True)
    }


def _assign(gain: NDArray[np.int64], places: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the pairs (row, column) of the largest total gain; a gain of 0 is no pair.

    A mentor stands in as many columns as places are open. Of two plans with the same total the one
    is better whose proteges have waited longer: rows stand in that order, so an earlier one weighs
    a little more. All numbers are whole and small enough to be exact.
    """
    rows = np.flatnonzero(gain.any(axis=1))
    columns = np.repeat(np.arange(len(places)), places)
    columns = columns[np.asarray(gain.any(axis=0), dtype=bool)[columns]]
    if not len(rows) or not len(columns):
        return []
    chosen = gain[np.ix_(rows, columns)]
    first_comes = np.arange(len(rows), 0, -1, dtype=np.int64)[:, None]
    # Larger than all that the waits of all rows together can add.
    step = int(first_comes.sum()) + 1
    weights = np.where(chosen > 0, chosen * step + first_comes, 0).astype(np.float64)
    found = linear_sum_assignment(weights, maximize=True)
    return [
        (int(rows[row]), int(columns[column]))
        for row, column in zip(*found, strict=True)
        if chosen[row, column] > 0
    ]


def _total(parts: Mapping[str, Numbers]) -> Numbers:
    return np.asarray(sum(parts.values()), dtype=np.int16)


def _misses(failed: Mapping[str, Truths], score: Numbers, rules: MatchingRules) -> Numbers:
    """Return how many things keep each pair from being suggested; too low a score is one."""
    misses = np.less(score, rules.least_score).astype(np.int16)
    for fails in failed.values():
        misses += fails
    return misses


def suggestions_for(
    protege: Candidate, pool: Pool, pick: str | None, programme: Programme
) -> Suggestions:
    """Return what staff see about one protege; `pick` is the code of whom the plan picks."""
    judge = _Judge(Pairs(pool.only(protege), programme))
    rules = programme.matching
    fits = sorted(
        (place for place in range(len(pool.mentors)) if judge.fits(place)), key=judge.order
    )
    near = sorted(
        (place for place in range(len(pool.mentors)) if 0 < judge.misses(place) <= _NEAR),
        key=lambda place: (judge.misses(place), *judge.order(place)),
    )
    return Suggestions(
        protege=protege,
        bonus=bonus_of(protege, rules),
        pick=pick,
        top=tuple(judge.judged(place) for place in fits[: rules.shown]),
        near_misses=tuple(judge.judged(place) for place in near[: rules.shown]),
        fitting=frozenset(pool.mentors[place].code for place in fits),
        declined=frozenset(
            pool.mentors[place].code for place in near if judge.only_declined(place)
        ),
    )


def judged_pair(
    protege: Candidate, mentor_code: str, pool: Pool, programme: Programme
) -> Judged | None:
    """Return what staff see of one mentor for one protege; None for whoever is no mentor here."""
    codes = [each.code for each in pool.mentors]
    if mentor_code not in codes:
        return None
    return _Judge(Pairs(pool.only(protege), programme)).judged(codes.index(mentor_code))


class _Judge:
    """Judges every mentor for the one protege of a table with a single row."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs
        self._pool, self._rules = pairs.pool, pairs.programme.matching
        self._parts = scores_of(pairs)
        self._score = _total(self._parts).ravel()
        self._failed = failing(pairs)

    def misses(self, place: int) -> int:
        """Return how many things keep a mentor from being suggested; too low a score is one."""
        failed = sum(bool(fails[0, place]) for fails in self._failed.values())
        return failed + self._scores_too_low(place)

    def fits(self, place: int) -> bool:
        """Tell whether a mentor may be suggested."""
        return self.misses(place) == 0

    def only_declined(self, place: int) -> bool:
        """Tell whether nothing but a recent no keeps a mentor from being suggested."""
        return self.misses(place) == 1 and bool(self._failed[DECLINED][0, place])

    def order(self, place: int) -> tuple[int, str]:
        """Return by what mentors are sorted: the best score first, then the code."""
        return -int(self._score[place]), self._pool.mentors[place].code

    def judged(self, place: int) -> Judged:
        """Return everything that staff see of one mentor."""
        protege, mentor = self._pool.proteges[0], self._pool.mentors[place]
        return Judged(
            mentor=mentor,
            score=int(self._score[place]),
            parts=tuple(self._part(part, protege, mentor, place) for part in PARTS),
            explanation=explain(protege, mentor),
            failed=self._failures(protege, mentor, place),
        )

    def _part(self, part: Part, protege: Candidate, mentor: Candidate, place: int) -> PartScore:
        seen = Seen(protege, mentor, int(self._pairs.shared_slots[0, place]))
        points = int(self._parts[part.id][0, place])
        return PartScore(part.title, points, part.most(self._rules.weights), part.words(seen))

    def _failures(self, protege: Candidate, mentor: Candidate, place: int) -> tuple[Failed, ...]:
        case = Case(
            protege=protege,
            mentor=mentor,
            rules=self._rules,
            shared_slots=int(self._pairs.shared_slots[0, place]),
            apart=self._pool.apart.get((protege.id, mentor.id)),
        )
        failures = [
            Failed(each.id, each.title, each.failed(case), each.change(case))
            for each in CONSTRAINTS
            if self._failed[each.id][0, place]
        ]
        if self._scores_too_low(place):
            least = self._rules.least_score
            words = f"They fit for {self._score[place]} points, and {least} are needed."
            change = "More that both share: topics, times, a kind of business."
            failures.append(Failed("score", "fits well enough", words, change))
        return tuple(failures)

    def _scores_too_low(self, place: int) -> bool:
        return bool(self._score[place] < self._rules.least_score)
