"""E19: whether the line does what people call it for."""

from mentoring.reports.answered import rated_well
from mentoring.reports.cases import Case, Cases, Indicator, Kind, Measure, yes
from mentoring.reports.facts import Facts


def _calls(facts: Facts) -> Cases:
    finished, misheard, asked, lost, left = [], [], [], [], []
    for call in facts.calls:
        day = facts.day(call.at)
        if day in facts.period:
            finished.append(Case(day, call.person, yes(call.is_finished)))
            misheard.append(Case(day, call.person, call.misheard, weight=call.heard))
            asked.append(Case(day, call.person, 0, weight=1))
            lost.append(Case(day, call.person, 0, weight=1))
            if not call.is_finished:
                left.append(Case(day, call.person, 1, groups={"place": call.place}))
    for person, at in facts.calls_for_a_person:
        if facts.day(at) in facts.period:
            asked.append(Case(facts.day(at), person, 1, weight=0))
    for person, at in facts.lost:
        if facts.day(at) in facts.period:
            lost.append(Case(facts.day(at), person, 1, weight=0))
    return {
        "E19.finished": finished,
        "E19.misheard": misheard,
        "E19.person": asked,
        "E19.lost": lost,
        "E19.left": left,
        "E19.easy": rated_well(facts, "CS7", "survey_protege_2"),
    }


_CALLS = "calls in the period in which somebody talked with the line itself"

E19 = Indicator(
    "E19",
    "Phone system",
    (
        Measure(
            *("E19.finished", "Calls that finished a task", Kind.SHARE),
            "calls in which a conversation came to its end",
            _CALLS,
            known="Everybody is known. Whoever hung up in the middle counts as a no.",
        ),
        Measure(
            *("E19.misheard", "Answers that were not understood", Kind.RATIO),
            "answers that were asked for once more, or read back and not meant so",
            "answers by key or voice in calls of the period; silence is none",
            scale=100,
        ),
        Measure(
            *("E19.person", "Wishes for a person, for each 100 calls", Kind.RATIO),
            "alerts in the period that somebody asked for a person, by key, word, text or message",
            _CALLS,
            unit="for each 100 calls",
            scale=100,
        ),
        Measure(
            *("E19.lost", "Brought to a person after three failed tries, for each 100 calls"),
            Kind.RATIO,
            "alerts in the period that the line was no help, on the phone or by text (O14)",
            _CALLS,
            unit="for each 100 calls",
            scale=100,
        ),
        Measure(
            *("E19.left", "Calls that ended in the middle, by place", Kind.TOTAL),
            "calls in which no conversation came to its end, by the question that was open",
            "",
            unit="calls",
            places=0,
            splits=("place",),
        ),
        Measure(
            *("E19.easy", "Found the line easy", Kind.SHARE),
            *("proteges who answer 4 or 5 (CS7)", "proteges who were asked and answered"),
            known="Known where they answered this question.",
            lower_bound=True,
        ),
    ),
    _calls,
)
