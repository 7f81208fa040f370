"""The check-ins of the last two months: who was asked on which day, and how it was going."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple

from app.seed_answers import Asked, Occasion
from app.seed_story import Story
from mentoring.calendar.days import FIRST_DAYS, days_of_a_match, flow_on
from mentoring.models import ClosureReason, DueKind, Match, MatchState, Person

_SINCE = timedelta(days=60.5)
# Whoever was asked later may still be on their way to an answer.
_OVER = timedelta(days=3)
# A check-in is tried for a week, and a phone has one open question at a time: whoever answers none
# is asked nothing else meanwhile. After a month the question that was left open is forgotten.
_LAPSE_TAKES, _FORGOTTEN_AFTER = timedelta(days=11), timedelta(days=30)
# So long the next one waits for the one before, where somebody has two matches.
_ANSWER_TAKES = timedelta(days=4)
_LAPSES, _SECOND_TRIES, _GOES_ON_AS_IT_WAS = 0.7, 0.3, 0.4
_UNHAPPY = (ClosureReason.POOR_FIT_TIME, ClosureReason.NO_CONTACT)


class _Day(NamedTuple):
    """One day of a match on which somebody was asked how it goes."""

    at: datetime
    day: int
    match: Match


def check_ins(story: Story) -> Iterator[Asked]:
    """Yield what everybody was asked, and what they answered where they did."""
    for person in story.people.values():
        days = sorted(_days_of(story, person), key=lambda day: day.at)
        lapsed = _lapsed(story, days)
        free_at = story.now - timedelta(days=365)
        for one, after in zip_longest(days, days[1:]):
            takes_long = story.dice.random() < _SECOND_TRIES and _has_time(story, one, after)
            yield Asked(
                occasion=Occasion(DueKind.CALENDAR, one.match, one.day, one.at, flow_on(one.day)),
                person=person,
                flow=flow_on(one.day),
                number=one.day,
                free_at=free_at,
                said={} if one in lapsed else _said(story, one),
                in_try=2 if takes_long else 1,
            )
            free_at = one.at + _ANSWER_TAKES


def _days_of(story: Story, person: Person) -> Iterator[_Day]:
    for match in story.matches.values():
        if any(side.person is person for side in match.sides):
            yield from _days(story, match)


def _days(story: Story, match: Match) -> Iterator[_Day]:
    last = min(match.closed_at or story.now, story.now - _OVER)
    for day in days_of_a_match():
        at = match.opened_at + timedelta(days=day)
        if at > last:
            return
        if at >= story.now - _SINCE and flow_on(day) != "milestone":
            yield _Day(at, day, match)


def _has_time(story: Story, one: _Day, after: _Day | None) -> bool:
    """Tell whether all tries can have been made before the next question, or by now."""
    until = after.at if after is not None else story.now
    return until - one.at >= _LAPSE_TAKES


def _lapsed(story: Story, days: Sequence[_Day]) -> Collection[_Day]:
    """Choose what was not answered: never two in a row, for that would be an alert (O9)."""
    lapsed: set[_Day] = set()
    for before, one, after in zip([None, *days], days, [*days[1:], None], strict=False):
        is_over = after is not None or one.at < story.now - _FORGOTTEN_AFTER
        may_lapse = before not in lapsed and is_over and _has_time(story, one, after)
        if may_lapse and story.dice.random() < _LAPSES:
            lapsed.add(one)
    return lapsed


def _said(story: Story, one: _Day) -> Mapping[str, str]:
    """Return the answers: nobody is so unhappy, or wants a call, that it would be an alert."""
    if flow_on(one.day) == "checkin_first":
        # Until the first two-way contact a match stays as it was opened.
        return {"CKA": "tried" if one.match.state is MatchState.INTRO else "yes"}
    unhappy = one.match.closure_reason in _UNHAPPY
    is_first = one.day == FIRST_DAYS[1]
    return {
        "CK0": "start",
        "CK1": "3" if unhappy else story.dice.choice(("4", "5", "5")),
        # The wrong amount twice in a row would be an alert as well (O7).
        "CK2": "little" if is_first and (unhappy or story.dice.random() < 0.2) else "right",
        "CK3": "same" if unhappy or story.dice.random() < _GOES_ON_AS_IT_WAS else "yes",
        "CK4": "no",
    }
