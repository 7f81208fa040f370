"""What keeps a programme from going live: whatever of it is empty or contradicts itself."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from sqlalchemy import select

from mentoring.db import Session
from mentoring.going_live import Part, what_is_missing
from mentoring.lines import note_check
from mentoring.models import Line
from mentoring.operators import put_on_call
from mentoring.programme import Programme
from mentoring.safety.numbers import CRISIS_NUMBERS, CrisisNumbers
from tests.make import NOW, make_lines


@pytest.fixture
def ready(session: Session) -> Programme:
    """A programme from which nothing is missing, with its lines and somebody on call."""
    make_lines(session, 1)
    for line in session.scalars(select(Line)).all():
        note_check(session, line.number, fault="", now=NOW)
    put_on_call(session, name="Ines", typed="515 555 0191", now=NOW)
    session.flush()
    return replace(
        session.programme,
        purpose="We bring owners of small businesses together.",
        place="Polk County",
        businesses="Any lawful one.",
    )


def missing(session: Session, programme: Programme) -> list[Part]:
    session.programme = programme
    return [lack.part for lack in what_is_missing(session)]


def test_nothing_is_missing_from_one_that_is_ready(session: Session, ready: Programme) -> None:
    assert missing(session, ready) == []


@pytest.mark.parametrize(
    ("part", "facts"),
    [
        (Part.PURPOSE, {"purpose": ""}),
        (Part.ELIGIBILITY, {"place": ""}),
        (Part.ELIGIBILITY, {"businesses": ""}),
        (Part.HOURS, {"calling_from": time(21), "calling_until": time(8)}),
        (Part.HOURS, {"calling_from": time(8), "calling_until": time(8)}),
        (Part.HOURS, {"check_in_from": time(19), "check_in_until": time(9)}),
        (Part.HOURS, {"check_in_from": time(21), "check_in_until": time(22)}),
        (Part.HOURS, {"check_in_until": time(22)}),
        (Part.HOURS, {"office_zone": ""}),
        (Part.HOURS, {"office_zone": "America/Nowhere"}),
        (Part.CRISIS, {"crisis_numbers": {**CRISIS_NUMBERS, "CA": CrisisNumbers("911", "")}}),
        (Part.CRISIS, {"crisis_numbers": {**CRISIS_NUMBERS, "PR": CrisisNumbers("", "988")}}),
        (Part.CRISIS, {"dial_regions": ("US", "GB")}),
        (Part.LANGUAGES, {"languages": ()}),
    ],
)
def test_one_thing_that_is_empty_or_nonsense_is_missed(
    session: Session, ready: Programme, part: Part, facts: dict[str, Any]
) -> None:
    assert missing(session, replace(ready, **facts)) == [part]


@pytest.mark.parametrize("country", ["", "XX"])
def test_a_country_that_is_none_has_neither_holidays_nor_numbers(
    session: Session, ready: Programme, country: str
) -> None:
    assert missing(session, replace(ready, country=country)) == [Part.HOURS, Part.CRISIS]
