"""E16: whether mentors were ready, and how long they were trained."""

from mentoring.applications.training import LIVE_TALK
from mentoring.reports.answered import CLOSING_MENTOR, rated_well, survey
from mentoring.reports.cases import Case, Cases, Indicator, Kind, Measure, Missing
from mentoring.reports.facts import Facts


def _ready(facts: Facts) -> Cases:
    talks, minutes = [], []
    for each in facts.training:
        if each.kind == LIVE_TALK:
            talks.append(Case(each.day, each.person, each.minutes))
        if each.minutes is not None:
            groups = {"training": each.kind}
            minutes.append(Case(each.day, each.person, each.minutes, groups=groups))
    rated = (("E16.clear", "CM3"), ("E16.helped", "CM4"), ("E16.trained", "CM5"))
    return {
        **{key: rated_well(facts, question, CLOSING_MENTOR) for key, question in rated},
        "E16.talk": talks,
        "E16.minutes": minutes,
    }


E16 = Indicator(
    "E16",
    "Mentors who are ready",
    (
        survey("E16.clear", "Knew what was asked of them", "mentors who answer 4 or 5 (CM3)"),
        survey("E16.helped", "Got help from staff", "mentors who answer 4 or 5 (CM4)"),
        survey("E16.trained", "Training fit what came up", "mentors who answer 4 or 5 (CM5)"),
        Measure(
            *("E16.talk", "Minutes of a live orientation talk", Kind.MEAN),
            "minutes that staff noted",
            "live orientation talks with mentors, held in the period, of which they are noted",
            known="Known where staff noted how long it took.",
            unit="minutes",
        ),
        Measure(
            *("E16.minutes", "Minutes of training", Kind.TOTAL),
            "noted minutes of live talks and of tips, and those of calls with answered lessons",
            "",
            unit="minutes",
            splits=("training",),
        ),
    ),
    _ready,
    (
        Missing(
            "minutes of lessons by text",
            "texts are read at a time and a pace that nobody measures",
            "Count those mentors by the day of their last lesson, without minutes.",
        ),
    ),
)
