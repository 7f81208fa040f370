"""What those who left their interest need and offer, counted before the programme is live (Q3)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from mentoring.db import Session
from mentoring.interest import has_left_interest
from mentoring.matching.words import HOURS, LANGUAGES, TOPICS
from mentoring.models import Person, Role

_WORDS: Mapping[str, Mapping[str, str]] = {"topic": TOPICS, "language": LANGUAGES, "hours": HOURS}


@dataclass(frozen=True)
class Interest:
    """One topic, language or part of the day: how many want a mentor with it, how many offer it."""

    kind: str
    words: str
    proteges: int
    mentors: int


def interest_by_need(session: Session, seen: ColumnElement[bool]) -> list[Interest]:
    """Return what those who are `seen` need and offer; nothing that nobody has named.

    Whoever names two topics counts for both, and whoever has not told counts for none. The
    database counts, so it takes no longer with many people.
    """
    told = (
        select(
            Person.role,
            Person.language.label("language"),
            Person.profile["topics"].as_string().label("topic"),
            Person.profile["hours"].as_string().label("hours"),
        )
        .where(has_left_interest(), seen)
        .subquery()
    )
    found = []
    for kind, words in _WORDS.items():
        column = told.c[kind]
        rows = session.execute(
            select(told.c.role, column, func.count()).group_by(told.c.role, column)
        )
        counts: dict[Role, Counter[str]] = {role: Counter() for role in Role}
        for role, codes, count in rows:
            for code in _each(codes):
                counts[role][code] += count
        found += [
            Interest(kind, name, counts[Role.PROTEGE][code], counts[Role.MENTOR][code])
            for code, name in words.items()
            if any(each[code] for each in counts.values())
        ]
    return found


def _each(codes: str | None) -> Iterator[str]:
    return (code for code in (codes or "").replace(" ", "").split(",") if code)
