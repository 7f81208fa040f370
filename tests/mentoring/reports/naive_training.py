"""The minutes of training once more, straight from the rows: E16."""

from datetime import UTC, datetime, time
from fractions import Fraction

from mentoring.models import ScreeningCheck, TrainingTalk
from tests.mentoring.reports.naive import Naive, Told


def _talks(log: Naive) -> list[ScreeningCheck]:
    """The live talks with mentors; noon on a day lies on that day at the office."""
    return [
        each
        for each in log.all(ScreeningCheck)
        if each.item == "orientation_talk"
        and log.people[each.person_id].role == "mentor"
        and log.kept(datetime.combine(each.held_on, time(18), tzinfo=UTC), each.person_id)
    ]


def talk_minutes(log: Naive) -> Told:
    talks = _talks(log)
    noted = [Fraction(each.minutes) for each in talks if each.minutes]
    return log.mean(noted, asked=len(talks))


def minutes(log: Naive) -> Fraction:
    total = sum((Fraction(each.minutes or 0) for each in _talks(log)), Fraction())
    return total + lesson_minutes(log) + tips_minutes(log)


def tips_minutes(log: Naive) -> Fraction:
    return sum(
        (
            Fraction(each.minutes)
            for each in log.all(TrainingTalk)
            if log.kept(datetime.combine(each.held_on, time(18), tzinfo=UTC), each.person_id)
        ),
        Fraction(),
    )


def lesson_minutes(log: Naive) -> Fraction:
    """A call counts once, however many answers were given in it."""
    total = Fraction()
    lessons = [answer for answer in log.answers if answer.question.startswith("OM")]
    for leg in log.legs:
        for answer in lessons:
            about = log.conversations[answer.conversation_id]
            in_it = leg.ended_at and leg.started_at <= answer.at <= leg.ended_at
            if (
                answer.channel == "voice"
                and about.phone_id == leg.phone_id
                and in_it
                and log.kept(leg.started_at, about.person_id)
            ):
                total += Fraction(leg.seconds, 60)
                break
    return total


def minutes_of(log: Naive, kind: str) -> Told:
    lessons, tips = lesson_minutes(log), tips_minutes(log)
    of_kind = {"lessons_by_phone": lessons, "tips": tips}
    return log.total(of_kind.get(kind, minutes(log) - lessons - tips), 1)
