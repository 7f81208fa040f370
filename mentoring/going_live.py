"""What must be there before callers are let in: looked over in one place, said in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select

from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.flows.catalog import Catalog
from mentoring.models import Line, LineKind, Staff
from mentoring.phone import written
from mentoring.programme import Programme
from mentoring.programme_editions import fault_of_hours
from mentoring.safety.numbers import has_numbers
from mentoring.working_days import is_country


class Part(StrEnum):
    """The parts of the set-up, in their order."""

    PURPOSE = "purpose"
    ELIGIBILITY = "eligibility"
    HOURS = "hours"
    CRISIS = "crisis"
    LANGUAGES = "languages"
    LINES = "lines"
    STAFF = "staff"


# What does not work as long as something is missing in a part, in a programme that is live.
_HOLDS_BACK = {
    Part.PURPOSE: "It is written down nowhere what the programme is for. Calls are not affected.",
    Part.ELIGIBILITY: "Staff have no rule by which to decide. Calls are not affected.",
    Part.HOURS: "Nobody is called or texted.",
    Part.CRISIS: "Somebody in danger there is told no number to call.",
    Part.LANGUAGES: "Whoever speaks it hears English.",
    Part.LINES: "Who calls or texts that number does not reach us, or we cannot tell.",
    Part.STAFF: "Key 0 leads to a message and to no person, and nobody is paged about danger.",
}


@dataclass(frozen=True)
class Lack:
    """Something that is empty or wrong in one part, in a sentence that says what to do."""

    part: Part
    words: str

    @property
    def holds_back(self) -> str:
        """What does not work until it is done."""
        return _HOLDS_BACK[self.part]


def what_is_missing(session: Session) -> list[Lack]:
    """Return everything that keeps the programme from going live, in the order of the parts."""
    programme = session.programme
    return [
        *_about_purpose(programme),
        *_about_hours(programme),
        *_about_crisis(programme),
        *_about_languages(programme),
        *_about_lines(session),
        *_about_staff(session),
    ]


def _about_purpose(programme: Programme) -> Iterator[Lack]:
    if not programme.purpose:
        yield Lack(Part.PURPOSE, "Say what the programme is for.")
    if not programme.place:
        yield Lack(Part.ELIGIBILITY, "Say where people must live to take part.")
    if not programme.businesses:
        yield Lack(Part.ELIGIBILITY, "Say which businesses the programme is for.")


def _about_hours(programme: Programme) -> Iterator[Lack]:
    fault = fault_of_hours(programme)
    if fault is not None:
        yield Lack(Part.HOURS, f"{fault}.")
    if not is_country(programme.country):
        yield Lack(Part.HOURS, "Enter the country of the office as two letters, such as US.")
    if zone_named(programme.office_zone) is None:
        yield Lack(Part.HOURS, "Enter the time zone of the office, such as America/Chicago.")


def _about_crisis(programme: Programme) -> Iterator[Lack]:
    for country in programme.countries:
        if not has_numbers(country, programme.crisis_numbers):
            yield Lack(
                Part.CRISIS,
                f"{country} has no emergency number or no crisis line. Enter both, or take the"
                " country out of DIAL_REGIONS.",
            )


def _about_languages(programme: Programme) -> Iterator[Lack]:
    if not programme.languages:
        yield Lack(Part.LANGUAGES, "Choose at least one language.")
    for language in programme.languages:
        if language not in Catalog.load().languages:
            yield Lack(Part.LANGUAGES, f"There are no wordings in the language {language}.")


def _about_lines(session: Session) -> Iterator[Lack]:
    lines = session.scalars(
        select(Line).where(Line.retired_at.is_(None)).order_by(Line.id).limit(100)
    ).all()
    kinds = {line.kind for line in lines}
    if LineKind.MAIN not in kinds:
        yield Lack(Part.LINES, "There is no main line. Add its number.")
    if LineKind.PAIR not in kinds:
        yield Lack(Part.LINES, "There is no pair line. Add at least one number.")
    for line in lines:
        if line.checked_at is None:
            yield Lack(
                Part.LINES,
                f"{written(line.number)} was never pointed here. Run: bridgeline numbers sync",
            )
        elif line.fault:
            yield Lack(Part.LINES, f"{written(line.number)}: {line.fault}")


def _about_staff(session: Session) -> Iterator[Lack]:
    if not session.scalar(select(func.count(Staff.id)).where(Staff.on_duty.is_(True))):
        yield Lack(Part.STAFF, "Nobody is on call. Add somebody with a phone.")
