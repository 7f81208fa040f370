"""The facts that fill a prompt's placeholders, looked up only when a prompt names them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from mentoring.clock import spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.flows.catalog import FALLBACK, Catalog
from mentoring.flows.times import spoken_clock
from mentoring.lines import main_number
from mentoring.models import Person, Phone
from mentoring.people import number_of
from mentoring.phone import zones_of


class Params(Mapping[str, str]):
    """Placeholders by name; each is computed when a prompt asks for it, and never before."""

    def __init__(self, makers: Mapping[str, Callable[[], str]]) -> None:
        self._makers = dict(makers)

    def __getitem__(self, name: str) -> str:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def plus(self, **known: str) -> "Params":
        """Return these placeholders with some more, or some replaced, whose values are known."""
        makers = {name: partial(str, value) for name, value in known.items()}
        return Params({**self._makers, **makers})

    def later(self, **makers: Callable[[], str]) -> "Params":
        """Return these placeholders with some more that are computed when they are asked for."""
        return Params({**self._makers, **makers})


def params_for(
    session: Session, *, phone: Phone | None, person: Person | None, now: datetime
) -> Params:
    """Return the placeholders that any prompt to this person may use.

    `{date}` is the day by which staff answer, in words; `{time}` is the time now where the person
    is, as far as we know; `{from}` and `{until}` are the hours in which we ring and text; `{num}`
    is the main line, the only number that a prompt ever holds.
    """
    programme = session.programme
    return Params(
        {
            "org": lambda: programme.org_name,
            "staff": lambda: programme.staff_name,
            "num": lambda: main_number(session),
            "name": lambda: person.first_name if person else "",
            "date": lambda: spoken_day(
                programme.add_working_days(now, programme.call_back_working_days),
                programme.office,
            ),
            "time": lambda: spoken_time(now, likely_zone(session, phone, person)),
            "from": lambda: _spoken_hour(programme.calling_from),
            "until": lambda: _spoken_hour(programme.calling_until),
        }
    )


def _spoken_hour(hour: time) -> str:
    return spoken_clock(f"{hour:%H:%M}")


def language_for(person: Person | None) -> str:
    """Return the language to speak and write to a person in: theirs, where we have its wording.

    Words of one language are never spoken by the computer voice of another (A20).
    """
    if person is not None and person.language in Catalog.load().languages:
        return person.language
    return FALLBACK


def likely_zone(session: Session, phone: Phone | None, person: Person | None) -> ZoneInfo:
    """Return the confirmed zone, else a guess by the number's prefix, else the office's."""
    confirmed = zone_named(person.zone) if person else None
    if confirmed is not None:
        return confirmed
    guesses = zones_of(number_of(session, phone)) if phone else ()
    return zone_named(guesses[0] if guesses else None) or session.programme.office
