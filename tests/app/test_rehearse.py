"""A rehearsal takes over the settings of the programme, and nothing that leads to a real person."""

from pathlib import Path

import pytest

from app.demo_place import ACCOUNT, demo_settings
from app.rehearse import what_is_ours
from app.settings import Settings, read_settings
from app.settings_shown import settings_shown
from app.wiring import open_database
from mentoring.clock import SystemClock
from mentoring.programme_editions import change_programme


@pytest.fixture
def real(tmp_path: Path) -> Settings:
    """The settings of a programme that runs on a real carrier."""
    return read_settings(
        DATABASE_URL=f"sqlite:///{tmp_path / 'real' / 'bridgeline.db'}",
        KEY_FILE=tmp_path / "real.json",
        TWILIO_ACCOUNT_SID="AC" + "9" * 32,
        TWILIO_AUTH_TOKEN="a secret",
        ORG_NAME="Rivers",
        CALLING_FROM="09:00",
        DIAL_REGIONS="GB",
        OVERSIGHT='{"silent_days": 28}',
    )


def test_a_rehearsal_has_the_programmes_hours_and_the_demos_carrier(
    real: Settings, tmp_path: Path
) -> None:
    own = what_is_ours(real)
    rehearsed = demo_settings(tmp_path / "rehearsal", "http://127.0.0.1:8000", own)

    assert rehearsed.ORG_NAME == "Rivers"
    assert f"{rehearsed.CALLING_FROM:%H:%M}" == "09:00"
    assert rehearsed.OVERSIGHT.silent_days == 28
    assert rehearsed.DIAL_REGIONS == ("GB", "US", "CA", "PR")
    assert rehearsed.TWILIO_ACCOUNT_SID == ACCOUNT
    assert rehearsed.TWILIO_API_BASE.startswith("http://127.0.0.1")
    assert rehearsed.FICTIONAL_NUMBERS_ONLY
    assert "real" not in rehearsed.DATABASE_URL
    assert "a secret" not in rehearsed.model_dump().values()


def test_what_staff_have_set_comes_along_and_nothing_is_written(real: Settings) -> None:
    assert what_is_ours(real).facts == {}
    assert not Path(real.DATABASE_URL.removeprefix("sqlite:///")).exists()
    database = open_database(real)
    with database.transaction() as session:
        change_programme(
            session,
            {"staff_name": "Inès"},
            follows=0,
            what="a test",
            actor="staff:Ben",
            now=SystemClock().now(),
        )
    database.bind.engine.dispose()

    assert what_is_ours(real).facts == {"staff_name": "Inès"}


def test_the_page_shows_settings_of_the_programme_and_no_secret(real: Settings) -> None:
    shown = {each.name: each for each in settings_shown(real)}

    assert shown["ORG_NAME"].value == "Rivers"
    assert not shown["ORG_NAME"].is_default
    assert shown["RING_SECONDS"].is_default
    assert shown["OVERSIGHT"].value == "silent_days 28"
    assert shown["CALLING_FROM"].fact == "calling_from"
    assert "earliest time" in shown["CALLING_FROM"].does
    secret = {name for name in Settings.model_fields if "TOKEN" in name or "KEY" in name}
    machine = {"DATABASE_URL", "REDIS_URL", "PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID"}
    assert not (secret | machine) & set(shown)
