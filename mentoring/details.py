"""What is written down about somebody, and how staff change it: each change is kept (S26).

Every detail is read and written as a short text of codes, `` for nothing. So a page can show what
it saw, and hand it back with what is wanted: what somebody else has changed meanwhile is found out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mentoring.applications.own_line import OWN_LINE, checked_own_line
from mentoring.audit import write_about
from mentoring.calendar.modes import write_mode
from mentoring.calendar.zones import write_zone
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.matching.sectors import SECTORS
from mentoring.matching.words import LANGUAGES
from mentoring.models import LineType, Mode, Person, Role
from mentoring.tasks import end_open_task

NAME_LIMIT, COMMUNITY_LIMIT = 40, 60
_COLUMNS = ("first_name", "language", "zone", "mode", "safe_contact", "profile", "community")
_YES_OR_NO = ("", "yes", "no")


class ChangedMeanwhileError(ProgrammeError):
    """Somebody else was quicker. `changed` are the keys of what is not as it was shown."""

    def __init__(self, changed: Sequence[str]) -> None:
        super().__init__("Somebody else has changed this person meanwhile. Nothing was written.")
        self.changed = tuple(changed)


class RefusedDetailsError(ProgrammeError):
    """Some details cannot be so; `faults` says of each, by key, why."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


@dataclass(frozen=True)
class _Detail:
    """One detail: how it is read, how a typed text is read (ProgrammeError), how it is written."""

    read: Callable[[Person], str]
    check: Callable[[Person, str], str]
    write: Callable[[Session, Person, str, datetime], None]


def details_of(person: Person) -> dict[str, str]:
    """Return everything that staff may change about somebody, by key."""
    return {key: detail.read(person) for key, detail in _DETAILS.items()}


def change_details(
    session: Session,
    person: Person,
    wanted: Mapping[str, str],
    *,
    actor: str,
    now: datetime,
    shown: Mapping[str, str] | None = None,
) -> list[str]:
    """Change some details of a person; returns the keys of those that were not so already.

    `shown` is what the page showed that this comes from: ChangedMeanwhileError when that is not so
    any more. What cannot be is a RefusedDetailsError, and nothing is changed.
    """
    session.refresh(person, _COLUMNS, with_for_update=True)
    session.refresh(person.phone, ["slow", "line_type"], with_for_update=True)
    present = details_of(person)
    fresh = _fresh(person, wanted, present)
    if not fresh:
        return []
    stale = [] if shown is None else [key for key in present if shown.get(key) != present[key]]
    if stale:
        raise ChangedMeanwhileError(stale)
    for key, value in fresh.items():
        _DETAILS[key].write(session, person, value, now)
        write_about(
            session,
            person,
            f"changed {key.replace('_', ' ')}",
            actor=actor,
            reason=f"{present[key] or 'nothing'} -> {value or 'nothing'}",
            now=now,
        )
    session.flush()
    return list(fresh)


def _fresh(person: Person, wanted: Mapping[str, str], present: Mapping[str, str]) -> dict[str, str]:
    """Return what is wanted and not so already. What stays as it is need not be right."""
    fresh, faults = {}, {}
    for key, typed in wanted.items():
        value = typed.strip()
        if value == present[key]:
            continue
        try:
            value = _DETAILS[key].check(person, value)
        except ProgrammeError as error:
            faults[key] = str(error)
            continue
        if value != present[key]:
            fresh[key] = value
    if faults:
        raise RefusedDetailsError(faults)
    return fresh


def checked_name(name: str) -> str:
    """Return a typed first name; raises ProgrammeError with a sentence."""
    name = name.strip()
    if not name or len(name) > NAME_LIMIT or not name.isprintable():
        raise ProgrammeError(f"A first name has 1 to {NAME_LIMIT} letters on one line.")
    return name


def checked_zone(name: str) -> str:
    """Return a typed time zone; raises ProgrammeError with a sentence."""
    if zone_named(name) is None:
        raise ProgrammeError(
            f"There is no time zone called {name[:40]}. Write it like America/Chicago, or"
            " America/New_York."
        )
    return name


def _write_name(session: Session, person: Person, value: str, now: datetime) -> None:
    person.first_name = value
    end_open_task(session, f"name:{person.id}", outcome="written down", now=now)


def _write_zone(session: Session, person: Person, value: str, now: datetime) -> None:
    write_zone(session, person, value, now=now)
    end_open_task(session, f"zone:{person.code}", outcome="written down", now=now)


def _checked_mode(person: Person, value: str) -> str:
    if value not in [mode.value for mode in Mode]:
        raise ProgrammeError("Choose how they like to talk.")
    if value == Mode.TEXT and person.phone.line_type is LineType.LANDLINE:
        raise ProgrammeError(
            f"The phone of {person.code} gets no texts, so they cannot like texts alone."
        )
    return value


def _write_mode(session: Session, person: Person, value: str, now: datetime) -> None:
    write_mode(session, person, Mode(value), now=now)


def _write_safe_contact(_session: Session, person: Person, value: str, _now: datetime) -> None:
    person.safe_contact = int(value)


def _write_slow(_session: Session, person: Person, value: str, _now: datetime) -> None:
    person.phone.slow = value == "yes"


def _checked_community(_person: Person, value: str) -> str:
    value = " ".join(value.split())
    if len(value) > COMMUNITY_LIMIT or "," in value or not value.isprintable():
        raise ProgrammeError(
            f"The name of a community has up to {COMMUNITY_LIMIT} letters and no comma."
        )
    return value


def _checked_own_line(_person: Person, value: str) -> str:
    return checked_own_line(value)


def _one_of(offered: Sequence[str], sentence: str) -> Callable[[Person, str], str]:
    def check(_person: Person, value: str) -> str:
        if value not in offered:
            raise ProgrammeError(sentence)
        return value

    return check


def _some_of(offered: Sequence[str], sentence: str) -> Callable[[Person, str], str]:
    """Return the check of several codes; they are kept in the order of the table, each once."""

    def check(_person: Person, value: str) -> str:
        chosen = {code for code in value.split(",") if code}
        if not chosen <= set(offered):
            raise ProgrammeError(sentence)
        return ",".join(code for code in offered if code in chosen)

    return check


def _column(name: str) -> tuple[Callable[[Person], str], Callable[..., None]]:
    """Return how a column of a person is read and written."""

    def read(person: Person) -> str:
        return str(getattr(person, name) or "")

    def write(_session: Session, person: Person, value: str, _now: datetime) -> None:
        setattr(person, name, value)

    return read, write


def _answer(key: str, check: Callable[[Person, str], str]) -> _Detail:
    """Return a detail that is kept as a coded answer in the profile; nothing leaves no answer."""

    def read(person: Person) -> str:
        return str(person.profile.get(key) or "")

    def write(_session: Session, person: Person, value: str, _now: datetime) -> None:
        kept = {name: said for name, said in person.profile.items() if name != key}
        person.profile = {**kept, key: value} if value else kept

    return _Detail(read, check, write)


def _of_mentors(check: Callable[[Person, str], str], asked: str) -> Callable[[Person, str], str]:
    """Return a check for what only mentors are asked: `asked` says what that is."""

    def check_role(person: Person, value: str) -> str:
        if person.role is not Role.MENTOR:
            raise ProgrammeError(f"Only mentors are asked whether {asked}.")
        return check(person, value)

    return check_role


_read_language, _write_language = _column("language")
_read_community, _write_community = _column("community")
_answered = _one_of(_YES_OR_NO, "Choose yes, no, or not asked yet.")
_DETAILS: Mapping[str, _Detail] = {
    "name": _Detail(
        lambda person: person.first_name, lambda _, name: checked_name(name), _write_name
    ),
    "language": _Detail(
        _read_language, _one_of(list(LANGUAGES), "Choose a language."), _write_language
    ),
    "zone": _Detail(
        lambda person: person.zone or "", lambda _, zone: checked_zone(zone), _write_zone
    ),
    "mode": _Detail(
        lambda person: person.mode.value if person.mode else "", _checked_mode, _write_mode
    ),
    "safe_contact": _Detail(
        lambda person: str(person.safe_contact),
        _one_of(["1", "2", "3"], "Choose what a message may say."),
        _write_safe_contact,
    ),
    "slow": _Detail(
        lambda person: "yes" if person.phone.slow else "no",
        _one_of(["yes", "no"], "Choose whether the voice speaks slowly."),
        _write_slow,
    ),
    "community": _Detail(_read_community, _checked_community, _write_community),
    "languages": _answer("languages", _some_of(list(LANGUAGES), "Choose languages offered.")),
    "sectors": _answer("sectors", _some_of(list(SECTORS), "Choose kinds of business offered.")),
    "slow_welcome": _answer("slow_welcome", _of_mentors(_answered, "a slow pace suits them")),
    "described": _answer("described", _of_mentors(_answered, "those who wait may hear of them")),
    OWN_LINE: _answer(OWN_LINE, _of_mentors(_checked_own_line, "they say a line of their own")),
    "cross_mode": _answer("cross_mode", _answered),
    # Said to whoever they ring before the two are joined: telephony/bridging.py.
    "relay_announced": _answer("relay_announced", _answered),
}
