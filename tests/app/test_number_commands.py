"""`bridgeline people number`: the right number of somebody, or that it is right after all."""

import pytest
from sqlalchemy import select

from mentoring.db import Database
from mentoring.models import AuditEntry, StaffTask
from mentoring.people import number_of, person_with_code
from mentoring.wrong_numbers import disown
from tests.app.conftest import Bridgeline
from tests.make import NOW

DENISE = "+15155550135"
NEW = "515 555 0160"


def audits(database: Database) -> list[tuple[str, str, str]]:
    """Return what staff have done, as the audit log tells it."""
    with database.transaction() as session:
        entries = select(AuditEntry).where(AuditEntry.actor.startswith("staff:"))
        return [(e.action, e.entity_id, e.reason) for e in session.scalars(entries)]


def test_the_right_number_is_written_down_and_ends_what_asked_for_it(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    with seeded.transaction() as session:
        denise = person_with_code(session, "P05")
        disown(session, denise.phone, how="by text", now=NOW)
    assert "a wrong number, they say" in bridgeline("people", "show", "P05").out

    answer = bridgeline("people", "number", "P05", NEW, "--reason", "she called us")

    assert (answer.code, answer.err) == (0, "")
    assert "P05 is called and texted at the number that is written down now." in answer.out
    with seeded.transaction() as session:
        denise = person_with_code(session, "P05")
        assert number_of(session, denise.phone) == "+15155550160"
        alert = session.scalars(select(StaffTask).where(StaffTask.words.contains("wrong number")))
        assert [each.outcome for each in alert] == ["number_corrected: she called us"]
    assert ("changed number", "P05", "she called us") in audits(seeded)


def test_a_number_that_is_right_after_all_is_used_again(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    for wrong in (True, False):
        with seeded.transaction() as session:
            denise = person_with_code(session, "P05")
            if wrong:
                disown(session, denise.phone, how="by text", now=NOW)
        answer = bridgeline("people", "number", "P05", "--reason", "she was there")
        assert answer.code == (0 if wrong else 1)
    assert "The number of P05 is in use." in answer.err
    with seeded.transaction() as session:
        assert person_with_code(session, "P05").phone.unusable_at is None


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("515 555 0100", "one of our own lines"),
        ("515 555 0111", "belongs to M01 already"),
        ("515 555 0135", "the number that we have of P05"),
        ("911", "not a valid phone number"),
    ],
)
def test_a_new_number_is_held_against_what_we_know(
    bridgeline: Bridgeline, number: str, why: str
) -> None:
    shown = frozenset({DENISE})
    answer = bridgeline("people", "number", "P05", number, "--reason", "x", shows=shown)
    assert answer.code == 1
    assert why in answer.err
