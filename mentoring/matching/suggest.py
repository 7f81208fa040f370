"""Whom to suggest to one protege: the best mentors, near misses, and what is said of each pair."""

from collections.abc import Mapping

import numpy as np

from mentoring.matching.candidates import Candidate, Pool
from mentoring.matching.constraints import CONSTRAINTS, Case, failing
from mentoring.matching.explain import explain
from mentoring.matching.judged import (
    DECLINED,
    Failed,
    Judged,
    PartScore,
    Suggestions,
    bonus_of,
)
from mentoring.matching.pairs import Numbers, Pairs, Truths
from mentoring.matching.rules import MatchingRules
from mentoring.matching.scores import PARTS, Part, Seen, scores_of
from mentoring.programme import Programme

# Of mentors who fail more constraints than this nothing is said: they are no near miss.
NEAR = 2


def total(parts: Mapping[str, Numbers]) -> Numbers:
    return np.asarray(sum(parts.values()), dtype=np.int16)


def misses_of(failed: Mapping[str, Truths], score: Numbers, rules: MatchingRules) -> Numbers:
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
        (place for place in range(len(pool.mentors)) if 0 < judge.misses(place) <= NEAR),
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
        self._score = total(self._parts).ravel()
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
