"""E20: what a match costs, from the rates in COSTS."""

from mentoring.reports.cases import Case, Cases, Indicator, Kind, Measure, Missing
from mentoring.reports.facts import Facts

_GOAL = ("most", "all")


def _cost(facts: Facts) -> Cases:
    if facts.costs is None:
        return {}
    spent = [Case(each.month, None, each.total, weight=0) for each in facts.costs]
    started = [
        Case(facts.day(pair.opened_at), pair.protege, 0)
        for pair in facts.pairs.values()
        if facts.day(pair.opened_at) in facts.period
    ]
    reached = [
        Case(facts.day(asked.at), asked.person, 0)
        for asked in facts.asked_of("survey_protege_1")
        if facts.answer(asked, "CS2") in _GOAL
    ]
    return {
        "E20.spent": spent,
        "E20.match": [*spent, *started],
        "E20.goal": [*spent, *reached],
    }


_SPENT = "minutes of calls, texts, lines and hours of staff, each times its rate"

E20 = Indicator(
    "E20",
    "Cost",
    (
        Measure(
            *("E20.spent", "Cost of the period", Kind.TOTAL, _SPENT, ""),
            unit="in the currency of COSTS",
            places=2,
        ),
        Measure(
            *("E20.match", "Cost of a match that was started", Kind.RATIO),
            *(_SPENT, "matches opened in the period"),
            unit="in the currency of COSTS",
            places=2,
        ),
        Measure(
            *("E20.goal", "Cost of a goal that was reached", Kind.RATIO, _SPENT),
            "proteges who were asked at the end in the period and reached most or all (CS2)",
            unit="in the currency of COSTS",
            places=2,
        ),
    ),
    _cost,
    (
        Missing(
            "what the carrier really bills",
            "a text counts as one segment here, a call as whole minutes of each of its legs, and"
            " hours of staff are those of the setting",
            "Compare with the invoice of the carrier once a quarter.",
        ),
    ),
)
