"""All indicators by their id, and which of them each report shows."""

from collections.abc import Mapping

from mentoring.reports.answered import E9, E10, E11, E12, E13, E14, E15
from mentoring.reports.cases import Indicator, Measure
from mentoring.reports.contact import E5, E6, E7, E8
from mentoring.reports.cost import E20
from mentoring.reports.joining import E1, E2, E3, E4
from mentoring.reports.phone_system import E19
from mentoring.reports.safety import E17
from mentoring.reports.served import S1
from mentoring.reports.training import E16

# E18 has no figures of its own: it compares the groups of these.
EQUITY_ID, EQUITY_TITLE = "E18", "Access equity"
EQUITY = (
    "E2.days",
    "E2.soon",
    "E5.kept",
    "E9.complete",
    "E10.satisfied",
    "E10.respect",
    "E11.reached",
)
EQUITY_GROUPS = ("mode", "language", "access", "community")

INDICATORS: Mapping[str, Indicator] = {
    each.id: each
    for each in (
        *(S1, E1, E2, E3, E4, E5, E6, E7, E8, E9, E10),
        *(E11, E12, E13, E14, E15, E16, E17, E19, E20),
    )
}
MEASURES: Mapping[str, Measure] = {
    measure.key: measure for each in INDICATORS.values() for measure in each.measures
}

BOARD = ("E2", "E4", "E7", "E8", "E10", "E17")
FUNDER = ("S1", "E6", "E5", "E7", "E8", "E9", "E10", "E11", "E12", "E13", "E14")
# For everybody with a stake in the programme: few figures, beside the goals and their results.
ANNUAL = ("S1", "E2", "E4", "E7", "E8", "E10", "E11", "E14")
EVERYTHING = tuple(INDICATORS)
SETS: Mapping[str, tuple[str, ...]] = {
    "board": BOARD,
    "funder": FUNDER,
    "annual": ANNUAL,
    "all": EVERYTHING,
}
