"""Lines and delivery: what waits, who is at work, what arrived, and what to do about the rest."""

import threading
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.settings import read_settings
from app.site import alarm_about_webhooks
from app.wiring import assemble
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.lines import main_line, note_check
from mentoring.marks import MarkName, set_mark
from mentoring.models import Delivery, DeliveryKind, DeliveryStatus, Person, StaffTask
from mentoring.people import person_with_code
from mentoring.trouble import pause_sending, tell_about_webhooks
from tests.admin.conftest import Screen, Site
from tests.databases import StatementCounter
from tests.recording_carrier import RecordingCarrier

MOST = 15


def sends(
    site: Site, code: str, status: DeliveryStatus, *, error: int | None = None, days: float = 0
) -> None:
    """Leave a text of that fate to somebody, written so many days ago."""
    at = site.clock.now() - timedelta(days=days, minutes=20)
    with site.db.transaction() as session:
        person = person_with_code(session, code)
        session.add(
            Delivery(
                key=uuid4(),
                kind=DeliveryKind.NOTICE,
                status=status,
                to_phone_id=person.phone_id,
                to_person_id=person.id,
                from_line_id=main_line(session).id,
                dedupe_key=f"{code}:{status}:{days}:{uuid4()}",
                not_before=at,
                expires_at=at + timedelta(days=1),
                error_code=error,
                created_at=at,
            )
        )


@pytest.fixture
def quiet(site: Site) -> Site:
    """The programme without the texts and tasks of the story itself."""
    with site.db.transaction() as session:
        for delivery in session.scalars(select(Delivery)):
            session.delete(delivery)
        set_mark(session, MarkName.SWEPT, site.clock.now())
    return site


def test_all_is_well_and_every_number_of_ours_is_there(quiet: Site, charlotte: Screen) -> None:
    with quiet.db.transaction() as session:
        line = main_line(session)
        note_check(session, line.number, fault="", now=quiet.clock.now())
    charlotte.opens("/desk/lines")

    assert "Worker and beat both are at work" in charlotte.words
    assert "515 555 0100 the main line everybody's" in charlotte.words
    assert "points here Tue, Mar 3, 11 am" in charlotte.words
    assert "not known: run bridgeline numbers sync" in charlotte.words
    assert "515 555 0101 a pair line" in charlotte.words
    assert "The carrier has reported no error in a week." in charlotte.words


def test_what_was_not_delivered_is_counted_and_told_in_words(
    quiet: Site, charlotte: Screen
) -> None:
    sends(quiet, "P05", DeliveryStatus.UNDELIVERED, error=30003)
    sends(quiet, "P05", DeliveryStatus.UNDELIVERED, error=30003, days=3)
    sends(quiet, "P01", DeliveryStatus.DELIVERED, days=3)
    sends(quiet, "P01", DeliveryStatus.FAILED, error=21610, days=8)
    charlotte.opens("/desk/lines")

    assert "not delivered 1 2 0 0" in charlotte.words
    assert "delivered 0 1 0 0" in charlotte.words
    assert "The phone was off or out of reach for a day." in charlotte.words
    assert "30003 1 2" in charlotte.words
    assert "21610" not in charlotte.words
    assert "Denise 2" in charlotte.words


def test_nobody_of_another_community_is_named(quiet: Site) -> None:
    sends(quiet, "P05", DeliveryStatus.UNDELIVERED, error=30003)
    with quiet.db.transaction() as session:
        elsewhere = session.scalars(
            select(Person.community).where(Person.community != "", Person.code != "P05")
        ).all()
        home = person_with_code(session, "P05").community
    other = next(each for each in elsewhere if each != home)
    ines = quiet.sign_in(quiet.add("ines@example.org", communities=[other]))
    ines.opens("/desk/lines")

    assert "30003 1 1" in ines.words
    assert "Denise" not in ines.words


def test_what_is_stuck_is_said_first_and_announced(quiet: Site, charlotte: Screen) -> None:
    sends(quiet, "P01", DeliveryStatus.QUEUED)
    quiet.clock.advance(180)
    with quiet.db.transaction() as session:
        pause_sending(session, code=20003, words="The login is wrong.", now=quiet.clock.now())
    charlotte.opens("/desk/lines")

    assert "Look at: worker and beat, oldest text or call, " in charlotte.words
    assert "sending, 1 refused by the carrier." in charlotte.words
    assert "nothing was looked after for 3 minutes: run bridgeline doctor" in charlotte.words
    assert "due for 23 minutes" in charlotte.words
    assert "No text leaves. The login is wrong." in charlotte.words


def test_the_page_is_looked_up_anew_only_when_something_has_changed(
    quiet: Site, charlotte: Screen
) -> None:
    first = charlotte.opens("/desk/lines/news", **{"X-By-Itself": "1"}).json
    assert first is not None
    again = charlotte.client.get(f"/desk/lines/news?version={first['version']}")
    assert again.status_code == 304
    sends(quiet, "P01", DeliveryStatus.DELIVERED)

    newer = charlotte.client.get(f"/desk/lines/news?version={first['version']}")
    assert newer.status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/desk/lines", "/desk/settings", "/desk/setup", "/desk/setup/lines", "/desk/rehearsal"],
)
def test_no_page_asks_the_database_too_often(site: Site, charlotte: Screen, address: str) -> None:
    charlotte.opens(address)
    with StatementCounter(site.db.bind.engine)() as statements:
        charlotte.opens(address)

    assert 0 < len(statements) <= MOST


def test_the_alert_about_webhooks_is_one_and_is_for_everybody(
    db: Database, clock: ManualClock
) -> None:
    for failed in (3, 9):
        with db.transaction() as session:
            tell_about_webhooks(session, failed=failed, total=100, now=clock.now())

    with db.transaction() as session:
        [alert] = session.scalars(select(StaffTask)).all()
        assert (alert.rule, alert.severity, alert.person_id) == ("O22", "high", None)
        assert alert.words.startswith("3 of the last 100 requests of the carrier failed")
        assert alert.due_at - clock.now() == timedelta(hours=1)


def test_the_alarm_opens_the_alert_while_the_caller_has_long_been_answered(
    db: Database, clock: ManualClock, tmp_path: Path
) -> None:
    settings = read_settings(KEY_FILE=tmp_path / "keys.json")
    parts = assemble(settings, db=db, carrier=RecordingCarrier(), clock=clock)
    alarm_about_webhooks(parts)(3, 100)
    for thread in threading.enumerate():
        if thread.name == "alarm":
            thread.join(10)

    with db.transaction() as session:
        assert [task.rule for task in session.scalars(select(StaffTask))] == ["O22"]
