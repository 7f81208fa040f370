"""The facts that fill a prompt's placeholders, looked up only when a prompt names them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import object_session

from mentoring.clock import spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.flows.catalog import FALLBACK, Catalog
from mentoring.languages import LANGUAGES, spoken_clock, staff_named
from mentoring.lines import main_number
from mentoring.models import Person, Phone
from mentoring.people import number_of
from mentoring.phone import zones_of
from mentoring.safety.numbers import CrisisNumbers


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
        makers = {name: partial(_itself, value) for name, value in known.items()}
        return Params({**self._makers, **makers})

    def later(self, **makers: Callable[[], str]) -> "Params":
        """Return these placeholders with some more that are computed when they are asked for."""
        return Params({**self._makers, **makers})


def _itself(value: str) -> str:
    return value


def params_for(
    session: Session, *, phone: Phone | None, person: Person | None, now: datetime
) -> Params:
    """Return the placeholders that any prompt to this person may use.

    `{date}` is the day by which staff answer, in words; `{time}` is the time now where the person
    is, as far as we know; `{from}` and `{until}` are the hours in which we ring and text; `{num}`
    is the main line, and `{emergency}` and `{crisis}` are whom somebody in danger calls where they
    are: the only numbers that a prompt ever holds.
    """
    programme = session.programme

    def in_danger() -> CrisisNumbers:
        return programme.crisis_numbers_for(number_of(session, phone) if phone else "")

    return Params(
        {
            "org": lambda: programme.org_name,
            "staff": lambda: staff_named(programme.staff_name),
            "num": lambda: main_number(session),
            "name": lambda: person.first_name if person else "",
            "date": lambda: spoken_day(
                programme.add_working_days(now, programme.call_back_working_days),
                programme.office,
            ),
            "time": lambda: spoken_time(now, likely_zone(session, phone, person)),
            "from": lambda: _spoken_hour(programme.calling_from),
            "until": lambda: _spoken_hour(programme.calling_until),
            "emergency": lambda: in_danger().emergency,
            "crisis": lambda: in_danger().crisis_line,
        }
    )


def _spoken_hour(hour: time) -> str:
    return spoken_clock(f"{hour:%H:%M}")


def language_for(person: Person | None) -> str:
    """Return the language to speak and write to a person in: theirs, where it is offered.

    Words of one language are never spoken by the computer voice of another (A20).
    """
    if person is None or person.language not in Catalog.load().languages:
        return FALLBACK
    session = object_session(person)
    # Whoever is not in a transaction is only read, and not spoken to.
    if isinstance(session, Session) and person.language not in session.programme.languages:
        return FALLBACK
    return person.language


def language_words(person: Person) -> str:
    """Return a person's language for staff, and whether they are spoken to in another one."""
    own = LANGUAGES.get(person.language)
    name = own.english_name if own else person.language
    return name if language_for(person) == person.language else f"{name}; hears English"


def likely_zone(session: Session, phone: Phone | None, person: Person | None) -> ZoneInfo:
    """Return the confirmed zone, else a guess by the number's prefix, else the office's."""
    confirmed = zone_named(person.zone) if person else None
    if confirmed is not None:
        return confirmed
    guesses = zones_of(number_of(session, phone)) if phone else ()
    return zone_named(guesses[0] if guesses else None) or session.programme.office
