"""The eight parts of the score, as data. Together they give 0 to 100 points, all of them whole.

What was not asked yet is scored so that it tells no mentor from another: docs/matching.md says how.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentoring.matching.candidates import WAYS, Candidate, stage_of_mentor
from mentoring.matching.pairs import Numbers, Pairs, product
from mentoring.matching.rules import Weights
from mentoring.matching.sectors import neighbours_of, sector_words
from mentoring.matching.words import (
    NOT_ASKED,
    listed,
    slots_words,
    topics_words,
)

_SLOW_LESSON = "OM3"


@dataclass(frozen=True)
class Seen:
    """One pair as the words of a part see it."""

    protege: Candidate
    mentor: Candidate
    shared_slots: int


@dataclass(frozen=True)
class Part:
    """One part of the score. `words` are for staff; a protege is never told the points."""

    id: str
    title: str
    points: Callable[[Pairs, int], NDArray[Any]]
    words: Callable[[Seen], str]

    def most(self, weights: Weights) -> int:
        """Return the most points that this part may give."""
        most: int = getattr(weights, self.id)
        return most


def scores_of(pairs: Pairs) -> dict[str, Numbers]:
    """Return the points of every part for every pair."""
    weights = pairs.programme.matching.weights
    whole = np.zeros(pairs.shape, dtype=np.int16)
    return {
        part.id: (part.points(pairs, part.most(weights)) + whole).astype(np.int16) for part in PARTS
    }


def _share(most: int, share: float | NDArray[Any]) -> NDArray[Any]:
    """Return a share of the points, rounded to whole ones."""
    return np.floor(np.multiply(most, share) + 0.5)


# -- topics ---------------------------------------------------------------------------------------


def _topics(pairs: Pairs, most: int) -> NDArray[Any]:
    # The first-named topic counts double, so it is counted twice.
    wanted, offers = pairs.words_of(
        lambda person: person.topics[:1] + person.topics, lambda person: person.topics
    )
    total = wanted.sum(axis=1, keepdims=True)
    # Somebody who has named no topic gets half the points with everybody.
    share = np.where(total > 0, product(wanted, offers) / np.maximum(total, 1), 0.5)
    return _share(most, share)


def _topics_words(seen: Seen) -> str:
    needs, offers = seen.protege.topics, seen.mentor.topics
    if not needs:
        return f"Topics: {NOT_ASKED}."
    met = [topic for topic in needs if topic in offers]
    missing = [topic for topic in needs if topic not in offers]
    said = [f"Helps with {topics_words(met)}." if met else "Helps with nothing that is needed."]
    if met and missing:
        said.append(f"Not with {topics_words(missing)}.")
    return " ".join(said)


# -- likeness of business, stage ------------------------------------------------------------------


def _business(pairs: Pairs, most: int) -> NDArray[Any]:
    near = pairs.words_of(
        lambda person: person.sectors,
        lambda person: {n for sector in person.sectors for n in neighbours_of(sector)},
    )
    unknown = pairs.of_protege(_no_sector) | pairs.of_mentor(_no_sector)
    close = unknown | (product(*near) > 0)
    same = pairs.shared(lambda person: person.sectors)
    return np.where(same, most, np.where(close, _share(most, 8 / 15), 0))


def _no_sector(person: Candidate) -> bool:
    return not person.sectors


def _business_words(seen: Seen) -> str:
    mine, theirs = seen.protege.sectors, seen.mentor.sectors
    if not mine or not theirs:
        return f"Kind of business: {NOT_ASKED}."
    if mine & theirs:
        return f"The same kind of business: {sector_words(mine & theirs)}."
    if any(neighbours_of(sector) & theirs for sector in mine):
        return f"A business close to it: {sector_words(theirs)}."
    return f"Another kind of business: {sector_words(theirs)}."


def _stage(pairs: Pairs, most: int) -> NDArray[Any]:
    stages = np.array([person.stage for person in pairs.pool.proteges], dtype=np.int16)[:, None]
    came_to = np.array([stage_of_mentor(m) for m in pairs.pool.mentors], dtype=np.int16)[None, :]
    unknown = (stages == 0) | (came_to == 0)
    same = unknown | (came_to == stages)
    return np.where(~unknown & (came_to > stages), most, np.where(same, _share(most, 4 / 10), 0))


def _stage_words(seen: Seen) -> str:
    mine, theirs = seen.protege.stage, stage_of_mentor(seen.mentor)
    if not mine or not theirs:
        return f"Stage of the business: {NOT_ASKED}."
    if theirs > mine:
        return "Has been through the stage that the business is in."
    return "Is at the same stage." if theirs == mine else "Has not come to that stage."


# -- time, mode and pace --------------------------------------------------------------------------


def _time(pairs: Pairs, most: int) -> NDArray[Any]:
    plenty = pairs.programme.matching.plenty_of_slots
    return _share(most, np.minimum(pairs.shared_slots, plenty) / plenty)


def _time_words(seen: Seen) -> str:
    said = [f"{slots_words(seen.shared_slots).capitalize()} at which both are free."]
    said.extend(
        f"Hours of {person.name}: {NOT_ASKED}."
        for person in (seen.protege, seen.mentor)
        if not person.hours
    )
    return " ".join(said)


def _mode(pairs: Pairs, most: int) -> NDArray[Any]:
    pace = _share(most, 4 / 10)
    same = np.where(pairs.same_mode, most - pace, 0)
    return same + np.where(pairs.of_mentor(_takes_time), pace, 0)


def _takes_time(mentor: Candidate) -> bool:
    """Tell whether slow speech and a relay suit a mentor; unasked, the lessons have taught it."""
    passed = mentor.lessons is None or _SLOW_LESSON in mentor.lessons
    return passed and mentor.welcomes_slow is not False


def _mode_words(seen: Seen) -> str:
    mine, theirs = seen.protege.mode, seen.mentor.mode
    if mine is None or theirs is None:
        said = f"Calls or texts: {NOT_ASKED}."
    elif mine == theirs:
        said = f"Both like {'both ways' if mine == 'both' else mine}."
    else:
        said = f"{seen.protege.name} likes {mine}, {seen.mentor.name} {theirs}."
    if seen.mentor.welcomes_slow is None:
        return f"{said} A slow pace: {NOT_ASKED}."
    return f"{said} A slow pace {'suits' if _takes_time(seen.mentor) else 'does not suit'} them."


# -- way of working, lived experience, place ------------------------------------------------------

_WAY_SHARES = np.array([0, 3, 7, 10]) / 10


def _way(pairs: Pairs, most: int) -> NDArray[Any]:
    return _share(most, _WAY_SHARES[pairs.ways_alike])


def _way_words(seen: Seen) -> str:
    if not seen.protege.way or not seen.mentor.way:
        return f"Ways of working: {NOT_ASKED}."
    unlike = [
        f"{mine} and {theirs}"
        for pair in WAYS
        for mine, theirs in (pair, pair[::-1])
        if mine in seen.protege.way and theirs in seen.mentor.way
    ]
    return f"Unlike: {listed(unlike)}." if unlike else "They like to work in the same ways."


def _lived(pairs: Pairs, most: int) -> NDArray[Any]:
    misses = pairs.of_protege(lambda person: person.wants_lived_experience) & pairs.of_mentor(
        lambda person: not person.shares_lived_experience
    )
    return np.where(misses, 0, most)


def _lived_words(seen: Seen) -> str:
    if not seen.protege.wants_lived_experience:
        return "Lived experience was not asked for, so it tells no mentor from another."
    if seen.mentor.shares_lived_experience:
        return "Lived experience is asked for, and the mentor shares it."
    return "Lived experience is asked for; this mentor has not said that it may be shared."


def _place(pairs: Pairs, most: int) -> NDArray[Any]:
    known = pairs.of_protege(lambda person: bool(person.community))
    return np.where(pairs.equal(lambda person: person.community) & known, most, 0)


def _place_words(seen: Seen) -> str:
    mine, theirs = seen.protege.community, seen.mentor.community
    if not mine or not theirs:
        return "Community: not known."
    return f"The same community: {mine}." if mine == theirs else f"Another community: {theirs}."


PARTS = (
    Part("topics", "Topics", _topics, _topics_words),
    Part("business", "Business", _business, _business_words),
    Part("stage", "Stage", _stage, _stage_words),
    Part("time", "Time", _time, _time_words),
    Part("mode", "Mode and pace", _mode, _mode_words),
    Part("way", "Way of working", _way, _way_words),
    Part("lived", "Lived experience", _lived, _lived_words),
    Part("place", "Place", _place, _place_words),
)
