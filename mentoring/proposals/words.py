"""What the two hear of each other in a proposal: facts in few words, each within its width.

It is put together when staff pick. A surname, an employer, a disability, points or a way to reach
somebody are never part of it.
"""

from collections.abc import Sequence

from mentoring.matching.candidates import Candidate
from mentoring.matching.explain import Explanation, explain, explain_to_mentor
from mentoring.matching.sectors import SECTORS
from mentoring.matching.words import hours_words, topics_words
from mentoring.models import Mode

# Prompts are measured with these widths: tests/house/test_prompts.py.
_FIELD, _TOPICS, _WHEN, _MORE = 17, 24, 24, 150

_YEARS = {1: "under 2", 2: "2 to 5", 3: "6 to 10", 4: "over 10"}
_STAGES = {1: "has an idea", 2: "getting ready", 3: "newly open", 4: "open a year"}
_MODES = {Mode.VOICE: "to talk", Mode.TEXT: "to text"}


def said_to_protege(protege: Candidate, mentor: Candidate) -> dict[str, str]:
    """Return what a protege hears of a mentor, by placeholder."""
    wanted = [topic for topic in protege.topics if topic in mentor.topics] or mentor.topics
    return {
        "years": _YEARS.get(mentor.years, "some"),
        "field": _field(mentor, protege),
        "topics": _topics(wanted),
        "when": _when(mentor),
        "more": _fitted(explain(protege, mentor)),
    }


def said_to_mentor(protege: Candidate, mentor: Candidate) -> dict[str, str]:
    """Return what a mentor hears of a protege, by placeholder."""
    return {
        "stage": _STAGES.get(protege.stage, "new to us"),
        "field": _field(protege, mentor),
        "topics": _topics(protege.topics),
        "mode": _MODES.get(protege.mode, "both") if protege.mode else "both",
        "when": _when(protege),
        "more": _fitted(explain_to_mentor(protege, mentor)),
    }


def blurb_of(mentor: Candidate) -> str:
    """Return a mentor in one sentence, for whoever waits."""
    years = _YEARS.get(mentor.years, "some")
    field, topics = _field(mentor, mentor), _topics(mentor.topics)
    return f"{mentor.name}, {years} years in {field}, helps with {topics}"


def _field(person: Candidate, listener: Candidate) -> str:
    """Return the kind of business in words, one that the listener knows as well before others."""
    known = sorted(person.sectors, key=lambda sector: (sector not in listener.sectors, sector))
    fitting = (SECTORS[sector] for sector in known if len(SECTORS[sector]) <= _FIELD)
    return next(fitting, "business")


def _topics(topics: Sequence[str]) -> str:
    """Return as many topics as fit, the first ones first."""
    for count in range(len(topics), 0, -1):
        words = topics_words(topics[:count])
        if len(words) <= _TOPICS:
            return words
    return "many things"


def _when(person: Candidate) -> str:
    if not person.hours:
        return "at many times"
    words = f"on {hours_words(person.hours)}"
    return words if len(words) <= _WHEN else "at many times"


def _fitted(explanation: Explanation) -> str:
    """Return the reasons and the caution in one text; the last reasons are left out if need be."""
    for count in range(len(explanation.reasons), -1, -1):
        shorter = Explanation(explanation.reasons[:count], explanation.caution).spoken
        if shorter and len(shorter) <= _MORE:
            return shorter
    return "We think that you fit well together."
