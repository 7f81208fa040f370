"""A prefix of text relay is kept apart from the number: staff dial it, the service never does."""

from dataclasses import replace

import pytest

from mentoring.audit import reveal_number
from mentoring.clock import ManualClock
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Person, Role
from mentoring.people import find_phone, forget_number, number_of
from mentoring.right_numbers import change_number
from tests.make import make_person

LONDON = "+442079460018"


@pytest.fixture
def rosa(session: Session) -> Person:
    session.programme = replace(session.programme, dial_regions=("US", "GB"))
    return make_person(session, Role.PROTEGE)


def written_down(session: Session, rosa: Person, typed: str, clock: ManualClock) -> None:
    change_number(session, rosa, typed, actor="staff", reason="asked", now=clock.now())


def shown(session: Session, rosa: Person, clock: ManualClock) -> str:
    about = {"entity": "person", "entity_id": rosa.code, "actor": "staff", "reason": "to call"}
    return reveal_number(session, rosa.phone, **about, now=clock.now())


def test_the_number_is_found_and_rung_without_the_prefix(
    session: Session, rosa: Person, clock: ManualClock
) -> None:
    written_down(session, rosa, "18002 020 7946 0018", clock)
    assert number_of(session, rosa.phone) == LONDON
    assert find_phone(session, LONDON) is rosa.phone
    assert rosa.phone.relay_prefix == "18002"


def test_staff_see_what_they_have_to_dial(
    session: Session, rosa: Person, clock: ManualClock
) -> None:
    written_down(session, rosa, "18002 020 7946 0018", clock)
    assert shown(session, rosa, clock) == f"18002 {LONDON}"
    written_down(session, rosa, "+44 20 7946 0018", clock)
    assert shown(session, rosa, clock) == LONDON
    with pytest.raises(ProgrammeError, match="That is the number that we have"):
        written_down(session, rosa, "+44 20 7946 0018", clock)


def test_it_is_forgotten_with_the_number(
    session: Session, rosa: Person, clock: ManualClock
) -> None:
    written_down(session, rosa, "18002 020 7946 0018", clock)
    forget_number(rosa.phone)
    assert rosa.phone.relay_prefix == ""
