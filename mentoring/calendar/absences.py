"""How long somebody who rests is away, and whether one of two is at a certain time."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.models import Person
from mentoring.people import AWAY, away_until


def zone_of(session: Session, person: Person) -> ZoneInfo:
    """Return the clocks by which the days of a pause are counted."""
    return zone_named(person.zone) or session.programme.office


def moment_on(session: Session, person: Person, day: date) -> datetime:
    """Return the morning of a day, on the clock at the person's place whatever its season."""
    at = session.programme.check_in_from
    # Made on its calendar day and only then given its zone: so it keeps its hour by the wall.
    return datetime.combine(day, at, tzinfo=zone_of(session, person)).astimezone(UTC)


def is_over(session: Session, person: Person, *, now: datetime) -> bool:
    """Tell whether the day has come that was told to somebody who rests."""
    until = away_until(person)
    return until is not None and moment_on(session, person, until) <= now


def one_is_away(session: Session, people: Iterable[Person], at: datetime) -> bool:
    """Tell whether one of these rests at a moment, as far as is known now."""
    return any(p.state in AWAY and not is_over(session, p, now=at) for p in people)
