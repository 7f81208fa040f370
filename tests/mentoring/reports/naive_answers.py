"""The figures about answers once more, straight from the rows: E9 to E14, and every survey."""

from collections.abc import Callable
from fractions import Fraction

from tests.mentoring.reports.naive import Naive, Told


def _has_answer(log: Naive, invitation_id: int) -> bool:
    return any(
        log.conversations[answer.conversation_id].invitation_id == invitation_id
        and answer.question in ("CKA", "CK1", "CK2", "CK3", "CK4")
        for answer in log.answers
    )


def some(log: Naive) -> Told:
    asked = log.asked("checkin_first", "checkin")
    return log.share([_has_answer(log, each.id) for each in asked])


def complete(log: Naive) -> Told:
    return log.share([each.state == "answered" for each in log.asked("checkin_first", "checkin")])


def answered(log: Naive) -> Told:
    asked = log.asked("checkin_first", "checkin")
    return log.total(sum(_has_answer(log, each.id) for each in asked))


def how_far(log: Naive) -> Told:
    words = ["none", "some", "half", "nearly", "done"]
    given = [
        log.answer(each, "MS1")
        for each in log.asked("milestone")
        if log.people[each.person_id].role == "protege"
    ]
    return log.mean([Fraction(words.index(value) + 1) for value in given if value])


def change(log: Naive) -> Told:
    amounts = []
    for invitation in log.asked("survey_protege_1"):
        after = log.answer(invitation, "CS4")
        before = [
            answer
            for answer in log.answers
            if answer.question == "GP0"
            and answer.person_id == invitation.person_id
            and log.conversations[answer.conversation_id].match_id == invitation.match_id
        ]
        before.sort(key=lambda answer: (answer.at, answer.turn))
        if after and before:
            amounts.append(Fraction(int(after) - int(before[0].value)))
    return log.mean(amounts)


def moved_up(log: Naive) -> Told:
    cases: list[bool | None] = []
    for invitation in log.asked("survey_protege_1"):
        stage = log.people[invitation.person_id].profile["stage"]
        now = log.answer(invitation, "CS5")
        if stage in "12":
            higher = {"1": ("ready", "open"), "2": ("open",)}[stage]
            cases.append(None if now is None else now in higher)
    return log.ternary(cases)


def score(log: Naive) -> Told:
    given = [
        int(value)
        for each in log.asked("survey_protege_2", "survey_mentor_2")
        if (value := log.answer(each, "CS8")) is not None
    ]
    return log.mean([Fraction((v >= 9) - (v <= 6)) for v in given], 100)


def good(value: str) -> bool:
    return value in ("4", "5")


def survey(question: str, judge: Callable[[str], bool], *flows: str) -> Callable[[Naive], Told]:
    return lambda log: log.surveyed(question, judge, *flows)
