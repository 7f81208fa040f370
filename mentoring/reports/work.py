"""Working a report out: the log is read once, then everything is arithmetic."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mentoring.db import Session
from mentoring.models import PersonState, Role
from mentoring.reports.catalog import INDICATORS
from mentoring.reports.facts import Facts
from mentoring.reports.hiding import FEWEST
from mentoring.reports.periods import Period
from mentoring.reports.reading import read_facts
from mentoring.reports.summary import COMMUNITY, Summary, summarise, summary_from

_NO_RATES = "no rates are set. Set COSTS (docs/settings.md) and work the report out again."
_SHARED = "lines and staff are shared by all communities. Look at the report about all of them."


class Report:
    """The figures of one report, as they were worked out or as they were kept."""

    def __init__(self, figures: Mapping[str, Any]) -> None:
        self.figures = figures
        self._summaries = {key: summary_from(each) for key, each in figures["measures"].items()}

    def summary(self, key: str) -> Summary | None:
        """Return the figures of a measure; None when they are not known, as `why_not` says."""
        return self._summaries.get(key)

    def why_not(self, indicator: str) -> str:
        """Return why an indicator has no figures."""
        return str(self.figures["unknown"].get(indicator, "it was not worked out yet."))

    @property
    def waiting(self) -> list[tuple[str, int | None]]:
        """How many proteges wait now with each need; None where they are too few to tell."""
        return [(topic, count) for topic, count in self.figures["waiting"]["topics"]]

    @property
    def waiting_in_all(self) -> int | None:
        """How many proteges wait now; None where they are too few to tell."""
        count: int | None = self.figures["waiting"]["all"]
        return count


def work_out(session: Session, *, period: Period, community: str, now: datetime) -> dict[str, Any]:
    """Return the figures of a period as JSON can keep them; `community` is empty for all."""
    only = community or None
    return figures_of(read_facts(session, period=period, community=only, now=now), only)


def figures_of(facts: Facts, only: str | None) -> dict[str, Any]:
    """Return the figures of facts that were read, of all or of one community."""
    measures, unknown = {}, {}
    for indicator in INDICATORS.values():
        found = indicator.find(facts)
        for measure in indicator.measures:
            if measure.key in found:
                summary = summarise(
                    measure,
                    found[measure.key],
                    period=facts.period,
                    people=facts.people,
                    community=only,
                )
                measures[measure.key] = summary.data()
            else:
                unknown[indicator.id] = _SHARED if only else _NO_RATES
    return {"measures": measures, "unknown": unknown, "waiting": _waiting(facts, only)}


def _waiting(facts: Facts, community: str | None) -> dict[str, Any]:
    """Return who waits for a mentor now, by need. Needs overlap, so none is a remainder."""
    waiting = [
        person
        for person in facts.people.values()
        if person.role is Role.PROTEGE
        and person.state == PersonState.WAITING
        and community in (None, person.groups[COMMUNITY])
    ]
    topics = Counter(topic for person in waiting for topic in person.topics)
    told = [(topic, count if count >= FEWEST else None) for topic, count in sorted(topics.items())]
    return {"all": len(waiting) if len(waiting) >= FEWEST or not waiting else None, "topics": told}
