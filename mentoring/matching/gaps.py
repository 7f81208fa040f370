"""The gap report: what mentors are missing, told by those who wait and fit nobody."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from mentoring.matching.candidates import Candidate
from mentoring.matching.words import LANGUAGES, hours_words, topics_words


@dataclass(frozen=True)
class Gap:
    """People who wait for the same kind of mentor: a language, hours, and a first topic."""

    language: str
    hours: str
    topic: str
    proteges: tuple[Candidate, ...]

    @property
    def longest(self) -> int:
        """How many days the one who has waited longest has waited."""
        return max(each.days_waiting for each in self.proteges)

    @property
    def needed(self) -> str:
        """What is missing, in words: `French, evenings, money`."""
        language = LANGUAGES.get(self.language, self.language)
        topic = topics_words((self.topic,)) if self.topic else "no topic named yet"
        return f"{language}, {hours_words(self.hours)}, {topic}"

    @property
    def words(self) -> str:
        """The whole line of the report."""
        count = len(self.proteges)
        people = "1 person" if count == 1 else f"{count} people"
        days = "1 day" if self.longest == 1 else f"{self.longest} days"
        return f"{self.needed}: {people}, longest {days}"


def gaps_of(without: Iterable[Candidate]) -> tuple[Gap, ...]:
    """Return the gaps that people who fit nobody leave, the longest wait first."""
    groups: dict[tuple[str, str, str], list[Candidate]] = defaultdict(list)
    for each in without:
        groups[each.language, each.hours, next(iter(each.topics), "")].append(each)
    gaps = [
        Gap(language, hours, topic, tuple(sorted(people, key=lambda each: each.code)))
        for (language, hours, topic), people in groups.items()
    ]
    return tuple(sorted(gaps, key=lambda gap: (-gap.longest, -len(gap.proteges), gap.needed)))
