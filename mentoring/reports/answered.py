"""E9 to E15: what people answered. Who did not answer is not counted as a success.

Everybody counts who was asked in the period, whenever they answered.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from mentoring.calendar.days import CHECK_INS
from mentoring.models import Role
from mentoring.reports.cases import Case, Cases, Indicator, Kind, Measure, Missing, yes
from mentoring.reports.contact import talks_by_month
from mentoring.reports.facts import Facts, in_hours

# Whether somebody has time now is no answer yet.
_NO_ANSWER = ("CK0", "MS0", "GPN")
_ORDINALS = ("first", "second", "third")
_CLOSING_PROTEGE, CLOSING_MENTOR = "survey_protege_1", "survey_mentor_1"
_SECOND_DAY = ("survey_protege_2", "survey_mentor_2")
# PB1 as the intake keeps it, and CS5: how far a business is.
_STAGES = {"1": 1, "2": 2, "3": 3, "4": 3}
_LATER_STAGES = {"idea": 1, "ready": 2, "open": 3}
_OPEN_STAGE = 3
_HOW_FAR = {"none": 1, "some": 2, "half": 3, "nearly": 4, "done": 5}

Judge = Callable[[str], bool]


def _at_least(lowest: int, value: str) -> bool:
    return value.isdecimal() and int(value) >= lowest


_GOOD = partial(_at_least, 4)


def _share(facts: Facts, question: str, judge: Judge, *flows: str) -> list[Case]:
    """Return a case of everybody who was asked these questions: no answer is not known."""
    cases = []
    for asked in facts.asked_of(*flows):
        value = facts.answer(asked, question)
        cases.append(
            Case(facts.day(asked.at), asked.person, None if value is None else int(judge(value)))
        )
    return cases


def rated_well(facts: Facts, question: str, *flows: str) -> list[Case]:
    """Return who rated something 4 or 5 of those who were asked."""
    return _share(facts, question, _GOOD, *flows)


def _check_ins(facts: Facts) -> Cases:
    first: dict[int, tuple[str, int]] = {}
    for reply in facts.replies:
        if reply.invitation is not None and reply.question not in _NO_ANSWER:
            tried = sum(at <= reply.at for at in facts.tries.get(reply.invitation, ()))
            first.setdefault(reply.invitation, (reply.channel, tried))
    some, complete, answers = [], [], []
    for asked in facts.asked_of(*CHECK_INS):
        day, found = facts.day(asked.at), first.get(asked.id)
        some.append(Case(day, asked.person, yes(found is not None)))
        complete.append(Case(day, asked.person, yes(asked.is_complete)))
        if found is not None:
            channel, tried = found
            groups = {"channel": channel, "try": _ORDINALS[min(max(tried, 1), 3) - 1]}
            answers.append(Case(day, asked.person, 1, groups=groups))
    return {"E9.some": some, "E9.complete": complete, "E9.answers": answers}


def _goals(facts: Facts) -> Cases:
    return {
        "E11.reached": _share(
            facts, "CS2", lambda value: value in ("most", "all"), _CLOSING_PROTEGE
        ),
        "E11.so_far": [
            Case(facts.day(asked.at), asked.person, _HOW_FAR.get(facts.answer(asked, "MS1") or ""))
            for asked in facts.asked_of("milestone")
            if facts.people[asked.person].role == "protege"
        ],
    }


def _confidence(facts: Facts) -> Iterator[Case]:
    for asked in facts.asked_of(_CLOSING_PROTEGE):
        after = facts.answer(asked, "CS4")
        before = facts.by_match.get((asked.match or 0, asked.person, "GP0"), ())
        paired = after is not None and after.isdecimal() and before and before[0].value.isdecimal()
        change = int(after or 0) - int(before[0].value) if paired else None
        yield Case(facts.day(asked.at), asked.person, change)


def _business(facts: Facts) -> Cases:
    moved = []
    for asked in facts.asked_of(_CLOSING_PROTEGE):
        before = _STAGES.get(facts.people[asked.person].stage)
        now = facts.answer(asked, "CS5")
        if before is None or before >= _OPEN_STAGE:
            continue
        rose = None if now is None else _LATER_STAGES.get(now, 0) > before
        moved.append(Case(facts.day(asked.at), asked.person, yes(rose)))
    return {
        "E13.moved_up": moved,
        "E13.open": _share(facts, "CS5", lambda value: value == "open", _CLOSING_PROTEGE),
        "E13.open_6": _share(facts, "FU6", lambda value: value == "yes", "follow_up_6"),
        "E13.open_12": _share(facts, "FU12", lambda value: value == "yes", "follow_up_12"),
        **{
            key: _share(facts, "CS6", partial(_picked, letter), _CLOSING_PROTEGE)
            for key, letter in (("E13.sale", "A"), ("E13.funds", "B"), ("E13.hire", "C"))
        },
    }


def _picked(letter: str, value: str) -> bool:
    return letter in value.split(",")


def _recommend(facts: Facts) -> Iterator[Case]:
    for asked in facts.asked_of(*_SECOND_DAY):
        value = facts.answer(asked, "CS8")
        points = None
        if value is not None and value.isdecimal():
            points = int(int(value) >= 9) - int(int(value) <= 6)
        yield Case(facts.day(asked.at), asked.person, points)


def _hours_of_mentors(facts: Facts) -> list[Case]:
    return [
        Case(first, pair.mentor, in_hours(length))
        for pair in facts.pairs.values()
        for first, (_, length) in talks_by_month(facts, pair).items()
    ]


def _hours_of_notes(facts: Facts) -> list[Case]:
    """Return how long each mentor spoke in voice notes."""
    found = []
    for note in facts.notes:
        person = facts.people.get(note.person) if note.person is not None else None
        if person is not None and person.role is Role.MENTOR and facts.day(note.at) in facts.period:
            length = in_hours(timedelta(seconds=note.seconds))
            found.append(Case(facts.day(note.at), person.id, length))
    return found


def survey(key: str, title: str, numerator: str, **more: object) -> Measure:
    """Return the share of an answer among those who gave one, with the lower bound."""
    return Measure(
        key,
        title,
        Kind.SHARE,
        numerator,
        "people who were asked in the period and answered",
        known="Known where they answered this question.",
        lower_bound=True,
        **more,  # type: ignore[arg-type]
    )


E9 = Indicator(
    "E9",
    "Check-ins answered",
    (
        Measure(
            *("E9.some", "Check-ins with an answer", Kind.SHARE),
            *(
                "check-ins of which one question or more was answered",
                "check-ins sent in the period",
            ),
            known="Everybody is known: no answer is a no.",
        ),
        Measure(
            *("E9.complete", "Check-ins answered to the end", Kind.SHARE),
            *("check-ins of which every question was answered", "check-ins sent in the period"),
            known="Everybody is known: no answer is a no.",
        ),
        Measure(
            *("E9.answers", "Answered check-ins, by channel and try", Kind.TOTAL),
            *("check-ins sent in the period with an answer", ""),
            unit="check-ins",
            places=0,
            splits=("channel", "try"),
        ),
    ),
    _check_ins,
)
E10 = Indicator(
    "E10",
    "Satisfaction",
    (
        survey(
            "E10.satisfied", "Satisfied with the match", "people who rate the match 4 or 5 (CS1)"
        ),
        survey("E10.respect", "Felt respected", "proteges who rate respect 4 or 5 (CS3)"),
    ),
    lambda facts: {
        "E10.satisfied": rated_well(facts, "CS1", _CLOSING_PROTEGE, CLOSING_MENTOR),
        "E10.respect": rated_well(facts, "CS3", _CLOSING_PROTEGE),
    },
)
E11 = Indicator(
    "E11",
    "Goal reached",
    (
        survey("E11.reached", "Reached most or all of the goal", "proteges who say so (CS2)"),
        Measure(
            *("E11.so_far", "How far on the goal, at the milestones", Kind.MEAN),
            *("answers from 1 (not started) to 5 (done) by proteges (MS1)", "answers"),
            known="Known where they answered this question.",
            unit="of 5",
        ),
    ),
    _goals,
)
E12 = Indicator(
    "E12",
    "Change of confidence",
    (
        Measure(
            *("E12.change", "Points of confidence gained", Kind.MEAN),
            *("the answer at the end less the one at the beginning, each 1 to 5 (CS4, GP0)",),
            "proteges who were asked at the end in the period and answered both",
            known="Only those count who answered both times.",
            unit="points",
        ),
    ),
    lambda facts: {"E12.change": list(_confidence(facts))},
)
E13 = Indicator(
    "E13",
    "Business progress",
    (
        survey(
            *("E13.moved_up", "Moved up a stage"),
            "proteges who began with an idea or getting ready, and are a stage further (PB1, CS5)",
        ),
        survey("E13.open", "Open at the end of the match", "proteges whose business is open (CS5)"),
        survey("E13.open_6", "Open 6 months later", "former proteges whose business is open (FU6)"),
        survey(
            "E13.open_12", "Open 12 months later", "former proteges whose business is open (FU12)"
        ),
        survey("E13.sale", "Made a sale", "proteges with a sale in the last 3 months (CS6)"),
        survey("E13.funds", "Got funds", "proteges with funds in the last 3 months (CS6)"),
        survey("E13.hire", "Hired help", "proteges who hired help in the last 3 months (CS6)"),
    ),
    _business,
)
E14 = Indicator(
    "E14",
    "Recommend score",
    (
        Measure(
            *("E14.score", "Recommend score", Kind.SCORE),
            *("those who answer 9 or 10, less those who answer 0 to 6 (CS8)",),
            "people who were asked in the period and answered",
            known="Known where they answered this question.",
            unit="points from -100 to 100",
        ),
    ),
    lambda facts: {"E14.score": list(_recommend(facts))},
)
E15 = Indicator(
    "E15",
    "Mentors who stay",
    (
        survey(
            *("E15.stay", "Mentors who want another match"),
            "mentors who want a new match now or after a break (CM7)",
        ),
        Measure(
            *("E15.hours", "Hours given by mentors", Kind.TOTAL),
            *("hours of two-way calls in the period, counted once for each mentor in them", ""),
            unit="hours",
        ),
        Measure(
            *("E15.notes", "Hours of voice notes by mentors", Kind.TOTAL),
            *("hours that mentors spoke in voice notes of the period", ""),
            unit="hours",
        ),
    ),
    lambda facts: {
        "E15.stay": _share(facts, "CM7", lambda value: value in ("now", "later"), _SECOND_DAY[1]),
        "E15.hours": _hours_of_mentors(facts),
        "E15.notes": _hours_of_notes(facts),
    },
    (
        Missing(
            "hours that mentors give outside of calls and voice notes",
            "nobody is asked how long they prepare, read or write",
            "Ask mentors for it in a check-in, as a question of its own with a key.",
        ),
    ),
)
