"""What the demo answers its page: the contact log, the staff tasks, and a clock to push."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.demo_page import demo_blueprint
from app.settings import read_settings
from app.wiring import assemble
from mentoring.clock import PushedClock
from mentoring.db import Database
from mentoring.models import Contact, ContactKind
from mentoring.people import person_with_code
from tests.recording_carrier import RecordingCarrier


class StoppedClock(PushedClock):
    """A clock that moves only when it is pushed."""

    def now(self) -> datetime:
        return datetime(2026, 3, 3, 17, 0, tzinfo=UTC) + self.pushed


@pytest.fixture
def page(seeded: Database, tmp_path: Path) -> FlaskClient:
    """The demo's page with the fictional programme behind it."""
    clock = StoppedClock()
    settings = read_settings(KEY_FILE=tmp_path / "keys.json")
    parts = assemble(settings, db=seeded, carrier=RecordingCarrier(), clock=clock)
    app = Flask("demo", static_folder=None)
    app.register_blueprint(demo_blueprint(parts, clock, let_pass=clock.advance))
    return app.test_client()


def test_an_unchanged_log_is_not_sent_again(page: FlaskClient) -> None:
    version = page.get("/demo/log").get_json()["version"]

    assert page.get(f"/demo/log?version={version}").status_code == 304


def test_who_has_not_said_a_name_yet_stands_in_the_log_by_code(
    page: FlaskClient, seeded: Database
) -> None:
    with seeded.transaction() as session:
        person_with_code(session, "P01").first_name = ""
    names = {entry["who"] for entry in page.get("/demo/log").get_json()["entries"]}

    assert {"P01", "Denise (P05)"} <= names


def test_a_call_of_ours_stands_in_the_log_as_one_of_the_service(
    page: FlaskClient, seeded: Database
) -> None:
    with seeded.transaction() as session:
        entry = session.scalars(select(Contact).order_by(Contact.started_at.desc()).limit(1)).one()
        entry.kind, entry.from_person_id = ContactKind.SERVICE, None
    newest = page.get("/demo/log").get_json()["entries"][0]

    assert (newest["kind"], newest["who"]) == ("service call", "the service")


def test_the_log_begins_with_what_happened_last_whenever_it_was_written_down(
    page: FlaskClient, seeded: Database
) -> None:
    with seeded.transaction() as session:
        first_written = session.scalars(select(Contact).order_by(Contact.id).limit(1)).one()
        first_written.started_at = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
    times = [entry["at"] for entry in page.get("/demo/log").get_json()["entries"]]

    assert times[0] == "Tue, Mar 3, 11 am"
    assert times.count(times[0]) == 1


def test_a_push_answers_with_the_new_time(page: FlaskClient) -> None:
    answer = page.post("/demo/clock", json={"advance": 3600})

    assert answer.get_json() == {"clock": "2026-03-03T18:00:00+00:00"}


def test_a_push_is_news_for_every_other_tab(page: FlaskClient) -> None:
    before = page.get("/demo/log").get_json()
    page.post("/demo/clock", json={"advance": 3600})
    after = page.get(f"/demo/log?version={before['version']}").get_json()

    moved = datetime.fromisoformat(after["clock"]) - datetime.fromisoformat(before["clock"])
    assert moved == timedelta(hours=1)
    assert after["entries"] == before["entries"]


@pytest.mark.parametrize("seconds", [0, -60, 8 * 24 * 3600, "60", None])
def test_the_clock_goes_forward_only_and_a_week_at_most(page: FlaskClient, seconds: object) -> None:
    answer = page.post("/demo/clock", json={"advance": seconds})

    assert answer.status_code == 400
    assert answer.get_json() == {"error": "The clock goes forward only, a week at most."}
    assert page.get("/demo/log").get_json()["clock"] == "2026-03-03T17:00:00+00:00"
