"""The gap report: what mentors are missing, told by those who wait and fit nobody."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from mentoring.db import Session
from mentoring.matching.candidates import Candidate
from mentoring.matching.words import LANGUAGES, hours_words, topics_words
from mentoring.models import Person, PlannedMatch

# Of those who fit nobody and have waited longest.
_LOOKED_AT = 500


@dataclass(frozen=True)
class Gap:
    """People who wait for the same kind of mentor: a language, hours, and a first topic."""

    language: str
    hours: str
    topic: str
    codes: tuple[str, ...]
    # How many days the one who has waited longest has waited.
    longest: int

    @property
    def needed(self) -> str:
        """What is missing, in words: `French, evenings, money`."""
        language = LANGUAGES.get(self.language, self.language)
        topic = topics_words((self.topic,)) if self.topic else "no topic named yet"
        return f"{language}, {hours_words(self.hours)}, {topic}"

    @property
    def words(self) -> str:
        """The whole line of the report."""
        count = len(self.codes)
        people = "1 person" if count == 1 else f"{count} people"
        days = "1 day" if self.longest == 1 else f"{self.longest} days"
        return f"{self.needed}: {people}, longest {days}"


def gaps_of(without: Iterable[Candidate]) -> tuple[Gap, ...]:
    """Return the gaps that people who fit nobody leave, the longest wait first."""
    return _grouped(
        (each.language, each.hours, next(iter(each.topics), ""), each.code, each.days_waiting)
        for each in without
    )


def gaps_of_kept(session: Session, *chosen: ColumnElement[bool], now: datetime) -> tuple[Gap, ...]:
    """Return the gaps in the kept plan, for those of its proteges who are chosen."""
    found = session.execute(
        select(PlannedMatch, Person.code)
        .join(Person, Person.id == PlannedMatch.protege_id)
        .where(PlannedMatch.fits_nobody.is_(True), *chosen)
        .order_by(PlannedMatch.waits_since)
        .limit(_LOOKED_AT)
    )
    return _grouped(
        (row.language, row.hours, row.topic, code, (now - row.waits_since).days)
        for row, code in found
    )


def _grouped(people: Iterable[tuple[str, str, str, str, int]]) -> tuple[Gap, ...]:
    """Put people together by language, hours and topic; each comes with a code and days waited."""
    groups: dict[tuple[str, str, str], list[tuple[str, int]]] = defaultdict(list)
    for language, hours, topic, code, days in people:
        groups[language, hours, topic].append((code, days))
    gaps = [
        Gap(*wanted, tuple(sorted(code for code, _ in group)), max(days for _, days in group))
        for wanted, group in groups.items()
    ]
    return tuple(sorted(gaps, key=lambda gap: (-gap.longest, -len(gap.codes), gap.needed)))
