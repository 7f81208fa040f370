"""The figures about answers once more, straight from the rows: E9 to E14, and every survey."""

from collections.abc import Callable
from fractions import Fraction

from mentoring.models import Answer, Due, Invitation
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


def _first_answers(log: Naive) -> list[tuple[Invitation, Answer]]:
    """Each check-in that was answered, with the first answer that says something."""
    found = []
    for invitation in log.asked("checkin_first", "checkin"):
        mine = [
            answer
            for answer in log.answers
            if log.conversations[answer.conversation_id].invitation_id == invitation.id
            and answer.question in ("CKA", "CK1", "CK2", "CK3", "CK4")
        ]
        if mine:
            found.append((invitation, min(mine, key=lambda answer: (answer.at, answer.turn))))
    return found


def answered_in(log: Naive, channel: str) -> Told:
    return log.total(sum(answer.channel == channel for _, answer in _first_answers(log)))


def answered_at_try(log: Naive, name: str) -> Told:
    """A try counts when it reached somebody, which is written in its outcome, before the answer."""
    wanted, count = ("first", "second", "third").index(name) + 1, 0
    dues = log.all(Due)
    for invitation, answer in _first_answers(log):
        tries = [
            each
            for each in dues
            if each.invitation_id == invitation.id
            and each.kind == "invite"
            and each.outcome in ("texted", "to be called")
            and each.done_at is not None
            and each.done_at <= answer.at
        ]
        count += max(1, min(3, len(tries))) == wanted
    return log.total(count)


def how_far(log: Naive) -> Told:
    words = ["none", "some", "half", "nearly", "done"]
    given = [
        log.answer(each, "MS1")
        for each in log.asked("milestone")
        if log.people[each.person_id].role == "protege"
    ]
    points = [Fraction(words.index(value) + 1) for value in given if value]
    return log.mean(points, asked=len(given))


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
    return log.mean(amounts, asked=len(log.asked("survey_protege_1")))


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
    given = [log.answer(each, "CS8") for each in log.asked("survey_protege_2", "survey_mentor_2")]
    points = [Fraction((int(v) >= 9) - (int(v) <= 6)) for v in given if v is not None]
    return log.mean(points, 100, asked=len(given))


def good(value: str) -> bool:
    return value in ("4", "5")


def survey(question: str, judge: Callable[[str], bool], *flows: str) -> Callable[[Naive], Told]:
    return lambda log: log.surveyed(question, judge, *flows)
