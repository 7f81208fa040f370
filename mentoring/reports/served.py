"""How many people are served: for the report to funders, beside the indicators."""

from mentoring.reports.cases import Case, Cases, Indicator, Kind, Measure
from mentoring.reports.facts import Facts
from mentoring.reports.safety import days_open


def _served(facts: Facts) -> Cases:
    mentors = days_open(facts, of=lambda pair: pair.mentor)
    return {
        "S1.proteges": list(days_open(facts)),
        "S1.mentors": list(mentors),
        "S1.new": [
            Case(facts.day(person.created_at), person.id, 1)
            for person in facts.people.values()
            if facts.day(person.created_at) in facts.period
        ],
    }


S1 = Indicator(
    "S1",
    "People served",
    (
        Measure(
            *("S1.proteges", "Proteges in a match", Kind.PEOPLE),
            *("proteges with a match that was open on a day of the period", ""),
            unit="people",
            places=0,
        ),
        Measure(
            *("S1.mentors", "Mentors in a match", Kind.PEOPLE),
            *("mentors with a match that was open on a day of the period", ""),
            unit="people",
            places=0,
        ),
        Measure(
            *("S1.new", "New people", Kind.PEOPLE),
            *("people who were in contact with us for the first time in the period", ""),
            unit="people",
            places=0,
        ),
    ),
    _served,
)
