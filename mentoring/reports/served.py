"""How many people are served: for the report to funders, beside the indicators."""

from mentoring.reports.cases import Case, Cases, Indicator, Kind, Measure, Missing
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
    (
        Missing(
            "quotes with permission",
            "nobody is asked whether their words may be quoted",
            "Ask for it as a part of the consent of its own before any words are used.",
        ),
        Missing(
            "changes made from feedback",
            "what staff change after a debrief is not kept as an action with a day",
            "Write them down by hand until there is a list of actions.",
        ),
    ),
)
