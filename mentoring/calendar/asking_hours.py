"""When somebody is asked a set of questions: the hours at their own place, and rests of a match."""

from mentoring.calendar.ladders import LADDERS, Way
from mentoring.hours import Hours, check_in_hours, daily_hours, hard_hours
from mentoring.models import RESTING, MatchState, Person
from mentoring.programme import Programme


def asking_hours(flow: str | None, person: Person, programme: Programme) -> Hours:
    """Return the hours for a check-in, or those of any day for what cannot wait for one.

    What goes by the clock of a talk comes at the hour of that talk, whatever a person has chosen.
    """
    ladder = LADDERS.get(flow or "")
    if ladder is None or not ladder.any_day:
        return check_in_hours(person, programme)
    return hard_hours(programme) if ladder.by_the_clock else daily_hours(person, programme)


def is_asked_once(flow: str | None) -> bool:
    """Tell whether no later try stands in for a question that does not leave."""
    ladder = LADDERS.get(flow or "")
    return ladder is not None and all(
        rung.way in (Way.STAFF, Way.GIVE_UP) for rung in ladder.rungs[1:]
    )


def is_past(flow: str | None, person: Person | None) -> bool:
    """Tell whether a question belongs to a time that is over for its person, such as the wait."""
    ladder = LADDERS.get(flow or "")
    if ladder is None or not ladder.asked_in or person is None:
        return False
    return person.state not in ladder.asked_in


def rests_with_match(
    flow: str | None, match_state: MatchState | None, *, one_is_out: bool | None
) -> bool:
    """Tell whether a set of questions waits because the match that it is about rests.

    It does so as well while one of the two is suspended or gone (mentoring/calendar/pairs.py).
    """
    ladder = LADDERS.get(flow or "")
    if ladder is None or ladder.after_closing:
        return False
    if ladder.while_resting and match_state is MatchState.PAUSED:
        return False
    return bool(one_is_out) or match_state in RESTING
