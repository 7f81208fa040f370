"""All pairs of a pool as tables of numbers: what constraints and scores are worked out from.

A rule is written once, as arithmetic on these tables. For one pair it is the same rule on a table
with one cell, so a page about one protege and the plan for all of them can never disagree.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mentoring.matching.candidates import WAYS, Apart, Candidate, Pool
from mentoring.matching.weekly_hours import HOURS_OF_A_WEEK, free_hours
from mentoring.models import Mode
from mentoring.programme import Programme

Truths = NDArray[np.bool_]
Numbers = NDArray[np.int16]
Weighty = NDArray[np.float32]


@dataclass(frozen=True)
class Pairs:
    """The proteges (rows) and mentors (columns) of a pool under the rules of a programme."""

    pool: Pool
    programme: Programme

    @property
    def shape(self) -> tuple[int, int]:
        """How many proteges and how many mentors there are."""
        return len(self.pool.proteges), len(self.pool.mentors)

    def of_protege(self, fact: Callable[[Candidate], bool]) -> Truths:
        """Return a fact about each protege as one column, to be set against all mentors."""
        return np.array([fact(each) for each in self.pool.proteges], dtype=bool)[:, None]

    def of_mentor(self, fact: Callable[[Candidate], bool]) -> Truths:
        """Return a fact about each mentor as one row, to be set against all proteges."""
        return np.array([fact(each) for each in self.pool.mentors], dtype=bool)[None, :]

    def shared(self, words: Callable[[Candidate], Iterable[str]]) -> Truths:
        """Return which pairs have at least one word in common, such as a language."""
        mine, theirs = self.words_of(words)
        return product(mine, theirs) > 0

    def words_of(
        self,
        words: Callable[[Candidate], Iterable[str]],
        theirs: Callable[[Candidate], Iterable[str]] | None = None,
    ) -> tuple[Weighty, Weighty]:
        """Return how often each word is said of each protege, and of each mentor."""
        mine = [tuple(words(each)) for each in self.pool.proteges]
        others = [tuple((theirs or words)(each)) for each in self.pool.mentors]
        places = {word: place for place, word in enumerate(sorted(set().union(*mine, *others)))}
        return _counts(mine, places), _counts(others, places)

    def equal(self, code: Callable[[Candidate], int | str]) -> Truths:
        """Return which pairs have the same code."""
        mine = np.array([code(each) for each in self.pool.proteges])[:, None]
        theirs = np.array([code(each) for each in self.pool.mentors])[None, :]
        if 0 in self.shape:
            return np.zeros(self.shape, dtype=bool)
        return np.asarray(mine == theirs, dtype=bool)

    @cached_property
    def same_mode(self) -> Truths:
        """Which pairs can talk in the way that both like; unasked counts as both ways."""
        return self.shared(lambda each: ways_to_talk(each.mode))

    @cached_property
    def only_text(self) -> Truths:
        """Which pairs have nobody in them who likes to talk."""
        return self.of_protege(_texts) & self.of_mentor(_texts)

    @cached_property
    def shared_slots(self) -> Numbers:
        """How many one-hour slots of a week both sides of each pair are free."""
        mine, theirs = (self._free(people) for people in (self.pool.proteges, self.pool.mentors))
        return product(mine, theirs).astype(np.int16)

    def _free(self, people: Sequence[Candidate]) -> Weighty:
        table = np.zeros((len(people), HOURS_OF_A_WEEK), dtype=np.float32)
        for row, person in enumerate(people):
            table[row] = free_hours(person.zone, person.hours, self.programme)
        return table

    @cached_property
    def apart(self) -> Truths:
        """Which pairs are kept apart by staff or by what happened."""
        return self._marked(self.pool.apart)

    @cached_property
    def declined(self) -> Truths:
        """Of those, which pairs only because one of them has lately said no."""
        apart = self.pool.apart
        return self._marked(pair for pair, why in apart.items() if why is Apart.DECLINED)

    def _marked(self, marked: Iterable[tuple[int, int]]) -> Truths:
        rows = {each.id: place for place, each in enumerate(self.pool.proteges)}
        columns = {each.id: place for place, each in enumerate(self.pool.mentors)}
        kept = np.zeros(self.shape, dtype=bool)
        for protege, mentor in marked:
            if protege in rows and mentor in columns:
                kept[rows[protege], columns[mentor]] = True
        return kept

    @cached_property
    def ways_alike(self) -> Numbers:
        """In how many of the three ways of working both are alike; unasked counts as either."""
        alike = np.full(self.shape, len(WAYS), dtype=np.int16)
        for pair in WAYS:
            for mine, theirs in (pair, reversed(pair)):
                alike -= self.of_protege(_works(mine)) & self.of_mentor(_works(theirs))
        return alike


def ways_to_talk(mode: Mode | None) -> tuple[Mode, ...]:
    """Return what somebody likes; who has not been asked, or likes both, likes either."""
    return (mode,) if mode in (Mode.VOICE, Mode.TEXT) else (Mode.VOICE, Mode.TEXT)


def _texts(person: Candidate) -> bool:
    return person.mode is Mode.TEXT


def _works(way: str) -> Callable[[Candidate], bool]:
    return lambda person: way in person.way


def product(mine: Weighty, theirs: Weighty) -> Weighty:
    """Return how often each protege and each mentor meet in the columns of two tables.

    The library's product of small tables may raise the flags of numbers that it has not used.
    Counts as small as these are exact, so the flags say nothing.
    """
    with np.errstate(all="ignore"):
        return np.asarray(mine @ theirs.T, dtype=np.float32)


def _counts(people: Sequence[Sequence[str]], places: dict[str, int]) -> Weighty:
    table = np.zeros((len(people), len(places)), dtype=np.float32)
    for row, words in enumerate(people):
        for word in words:
            table[row, places[word]] += 1
    return table
