"""Whom to suggest to whom: the best whole assignment, the top of each protege, who fits nobody.

The same people always give the same result, in whatever order they were read.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from mentoring.matching.candidates import Pool
from mentoring.matching.constraints import failing
from mentoring.matching.judged import Plan, bonus_of
from mentoring.matching.pairs import Numbers, Pairs
from mentoring.matching.scores import scores_of
from mentoring.matching.suggest import NEAR, misses_of, total
from mentoring.programme import Programme

# More than any score: whoever misses less stands before whoever has more points.
_A_MISS = 1000


def plan_for(pool: Pool, programme: Programme) -> Plan:
    """Return the best set of pairs under the capacities of all mentors."""
    pairs, rules = Pairs(pool, programme), programme.matching
    score = total(scores_of(pairs))
    misses = misses_of(failing(pairs), score, rules)
    fits = misses == 0
    bonus = np.array([bonus_of(each, rules) for each in pool.proteges], dtype=np.int64)
    gain = np.where(fits, score + bonus[:, None], 0)
    places = np.array([mentor.open_places for mentor in pool.mentors], dtype=np.int64)
    picks = {
        pool.proteges[row].code: pool.mentors[column].code for row, column in _assign(gain, places)
    }
    top = _best(pool, np.where(fits, score, -1), rules.shown)
    is_near = (misses > 0) & (misses <= NEAR)
    nearest = _best(pool, np.where(is_near, (NEAR + 1 - misses) * _A_MISS + score, -1), rules.shown)
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
