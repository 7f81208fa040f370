"""The hours in which somebody is asked a set of questions, at their own place."""

from mentoring.calendar.ladders import LADDERS, Way
from mentoring.hours import Hours, check_in_hours, hard_hours
from mentoring.models import Person
from mentoring.programme import Programme


def asking_hours(flow: str | None, person: Person, programme: Programme) -> Hours:
    """Return the hours for a check-in; or all in which anybody may be rung, if it cannot wait."""
    ladder = LADDERS.get(flow or "")
    if ladder is not None and ladder.any_day:
        return hard_hours(programme)
    return check_in_hours(person, programme)


def is_asked_once(flow: str | None) -> bool:
    """Tell whether no later try stands in for a question that does not leave."""
    ladder = LADDERS.get(flow or "")
    return ladder is not None and all(
        rung.way in (Way.STAFF, Way.GIVE_UP) for rung in ladder.rungs[1:]
    )
