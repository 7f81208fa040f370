"""`bridgeline alerts accept` and `words`: ending the pages, and reading what was told."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.commands.desk import Desk
from app.settings import Settings, SettingsError
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.models import AuditEntry, Due, Severity, Staff, StaffTask
from mentoring.oversight.sweep import oversee
from mentoring.people import person_with_code
from mentoring.safety.crisis import raise_crisis
from tests.app.conftest import Bridgeline

CRY = "I want to die."


@pytest.fixture
def critical(seeded: Database, clock: ManualClock) -> str:
    """The number of an alert about somebody in danger."""
    with seeded.transaction() as session:
        person = person_with_code(session, "P05")
        alert = raise_crisis(
            session,
            words="wrote words that may be a cry for help.",
            person=person,
            phone=person.phone,
            told=CRY,
            now=clock.now(),
        )
        return str(alert.id)


def waiting(db: Database) -> list[Due]:
    with db.transaction() as session:
        pages = select(Due).where(Due.task_id.is_not(None), Due.done_at.is_(None))
        return list(session.scalars(pages))


def test_a_critical_alert_stands_first_and_says_that_nobody_has_accepted_it(
    bridgeline: Bridgeline, critical: str
) -> None:
    first = bridgeline("alerts", "--json").data[0]
    assert (first["rule"], first["severity"], first["accepted"]) == ("O11", "critical", False)
    assert first["what_was_found"].startswith("P05 wrote words that may be a cry for help.")
    assert CRY not in str(first)


def test_accepting_ends_the_pages_and_says_whose_it_is(
    bridgeline: Bridgeline, seeded: Database, critical: str
) -> None:
    assert len(waiting(seeded)) == 1
    said = bridgeline("alerts", "accept", critical, "ben adler")
    assert said.out == f"Alert {critical} is accepted. Nobody is paged any more.\n"
    assert waiting(seeded) == []
    first = bridgeline("alerts", "--json").data[0]
    assert (first["accepted"], first["owner"]) == (True, "Ben Adler")
    with seeded.transaction() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.entity_id) == ("accepted alert", critical)


def test_an_alert_is_accepted_once(bridgeline: Bridgeline, critical: str) -> None:
    bridgeline("alerts", "accept", critical)
    again = bridgeline("alerts", "accept", critical)
    assert (again.code, again.err) == (1, f"Alert {critical} was accepted already.\n")


def test_nobody_accepts_for_somebody_whom_nobody_knows(
    bridgeline: Bridgeline, critical: str
) -> None:
    said = bridgeline("alerts", "accept", critical, "Nobody")
    assert said.err.startswith("There is no member of staff called Nobody.")


def test_only_what_is_critical_is_accepted(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        oversee(session, now=clock.now())
        high = session.scalars(select(StaffTask).where(StaffTask.severity == Severity.HIGH)).first()
        assert high is not None
        number = str(high.id)
    said = bridgeline("alerts", "accept", number)
    assert said.err == f"Alert {number} is not critical, so nobody is paged about it.\n"


def test_the_words_are_read_for_a_reason_that_is_written_down(
    bridgeline: Bridgeline, seeded: Database, critical: str
) -> None:
    read = bridgeline("alerts", "words", critical, "--reason", "I am on call", "--json")
    assert [row["words"] for row in read.data] == [CRY]
    with seeded.transaction() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert entry.action == f"read words of alert {critical}"
        assert (entry.entity, entry.reason) == ("person", "I am on call")


def test_words_of_no_alert_are_a_sentence(bridgeline: Bridgeline) -> None:
    said = bridgeline("alerts", "words", "99999", "--reason", "a look")
    assert said.err == "There is no alert 99999. `bridgeline alerts` lists them.\n"


def test_the_numbers_of_staff_stay_sealed(seeded: Database) -> None:
    with seeded.transaction() as session:
        assert all(b"555" not in row.number_sealed for row in session.scalars(select(Staff)))


def test_the_line_does_not_go_live_where_we_know_no_crisis_numbers() -> None:
    settings = Settings(COUNTRY="GB", TWILIO_ACCOUNT_SID="AC1", TWILIO_AUTH_TOKEN="t")
    with pytest.raises(SettingsError, match="COUNTRY is GB, but we know no emergency number"):
        settings.require_carrier()


def test_doctor_is_bad_where_we_know_no_crisis_numbers(
    desk: Desk, at_desk: Callable[[Desk], Bridgeline], bridgeline: Bridgeline
) -> None:
    found = [row["check"] for row in bridgeline("doctor", "--json").data]
    assert "crisis numbers" not in found
    abroad = at_desk(replace(desk, settings=desk.settings.model_copy(update={"COUNTRY": "GB"})))
    answer = abroad("doctor", "--json")
    assert answer.code == 1
    assert ("crisis numbers", "bad") in [(row["check"], row["state"]) for row in answer.data]
