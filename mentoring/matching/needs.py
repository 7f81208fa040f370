"""The recruitment board: who is needed, as how many wait against how many places are open."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from mentoring.matching.candidates import Candidate, Pool
from mentoring.matching.words import HOURS, LANGUAGES, TOPICS
from mentoring.models import PersonState

_SERVING = (PersonState.AVAILABLE, PersonState.OFFERED, PersonState.ACTIVE)


@dataclass(frozen=True)
class Need:
    """One topic, language or part of the day: how many wait for it, how many places serve it."""

    kind: str
    code: str
    waiting: int
    places: int


def _topics(person: Candidate) -> Iterable[str]:
    return person.topics


def _languages(person: Candidate) -> Iterable[str]:
    return person.languages


def _hours(person: Candidate) -> Iterable[str]:
    # Whoever has named no part of the day is free in all of them.
    return person.hours.split(",") if person.hours else HOURS


_KINDS: Mapping[str, tuple[Mapping[str, str], Callable[[Candidate], Iterable[str]]]] = {
    "topic": (TOPICS, _topics),
    "language": (LANGUAGES, _languages),
    "hours": (HOURS, _hours),
}


def needs_of(pool: Pool) -> tuple[Need, ...]:
    """Return what is needed and what there is. Somebody with two topics counts for both."""
    needs = []
    for kind, (words, codes_of) in _KINDS.items():
        waiting, places = Counter[str](), Counter[str]()
        for protege in pool.proteges:
            if protege.state is PersonState.WAITING and not protege.has_proposal:
                waiting.update(set(codes_of(protege)))
        for mentor in pool.mentors:
            if mentor.state in _SERVING and mentor.open_places:
                places.update(dict.fromkeys(codes_of(mentor), mentor.open_places))
        codes = sorted({*words, *waiting, *places})
        needs += [Need(kind, code, waiting[code], places[code]) for code in codes]
    return tuple(needs)


def need_words(kind: str, code: str) -> str:
    """Return a topic, a language or a part of the day in words."""
    words, _ = _KINDS[kind]
    return words.get(code, code)
