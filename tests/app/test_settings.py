"""Settings: nonsense stops the start with one sentence that names the setting and no secret."""

import base64
import re
import traceback
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings, SettingsError, read_settings
from app.settings_shown import settings_shown
from mentoring.clock import Window
from mentoring.crypto import VaultError
from mentoring.oversight.rules import Thresholds
from mentoring.programme import Programme

SECRET = "hunter2-is-a-secret"
KEY = base64.b64encode(b"k" * 32).decode()
BOUNDS = {
    "RING_SECONDS": (5, 60),
    "WHISPER_SECONDS": (10, 60),
    "CALL_LIMIT_MINUTES": (5, 240),
    "TWO_WAY_SECONDS": (1, 3600),
    "TWO_WAY_TEXT_HOURS": (1, 720),
    "OPERATOR_RING_SECONDS": (10, 60),
    "NOTE_SECONDS": (30, 600),
    "MESSAGE_SECONDS": (30, 600),
    "QUARANTINE_DAYS": (1, 365),
    "RESUME_DAYS": (7, 365),
    "TEXT_DAYS": (7, 3650),
    "TEXT_DAYS_AFTER_CLOSING": (7, 3650),
    "HEARD_NOTE_DAYS": (1, 3650),
    "NOTE_DAYS": (7, 3650),
    "LEAD_DAYS": (7, 3650),
    "REPLY_MINUTES": (1, 60),
    "CALL_BACK_WORKING_DAYS": (1, 5),
}


@pytest.fixture
def setenv(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a process that is about to start."""
    return monkeypatch


def refusal(setenv: pytest.MonkeyPatch, **values: str) -> str:
    """Return the sentence with which these settings are refused."""
    for name, value in values.items():
        setenv.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    return str(refused.value)


def test_without_any_setting_the_line_has_sensible_ones() -> None:
    settings = read_settings()
    assert settings.programme() == Programme()
    assert settings.PUBLIC_BASE_URL == "http://127.0.0.1:8000"
    assert settings.DATABASE_URL.startswith("sqlite:////")
    assert not settings.FICTIONAL_NUMBERS_ONLY


def test_what_is_set_reaches_the_programme(setenv: pytest.MonkeyPatch) -> None:
    values = {
        "ORG_NAME": "Three Rivers",
        "STAFF_NAME": "Charlotte",
        "OFFICE_ZONE": "America/Toronto",
        "LANGUAGES": " EN, es,es ",
        "DIAL_REGIONS": " us, ca ",
        "CALLING_FROM": "09:00",
        "CALLING_UNTIL": "20:30",
        "FICTIONAL_NUMBERS_ONLY": "true",
        **{name: str(low + 1) for name, (low, _) in BOUNDS.items()},
    }
    for name, value in values.items():
        setenv.setenv(name, value)
    programme = read_settings().programme()

    assert (programme.org_name, programme.staff_name) == ("Three Rivers", "Charlotte")
    assert programme.languages == ("en", "es")
    assert programme.office.key == "America/Toronto"
    assert programme.dial_regions == ("US", "CA")
    assert programme.calling_window == Window(time(9), time(20, 30))
    assert programme.fictional_numbers_only
    assert programme.quarantine == timedelta(days=2)
    for name, (low, _) in BOUNDS.items():
        assert getattr(programme, name.lower()) == low + 1


def test_single_limits_of_oversight_can_be_set_and_the_others_stay(
    setenv: pytest.MonkeyPatch,
) -> None:
    setenv.setenv("OVERSIGHT", '{"silent_days": 28, "quiet_gaps": 1.25, "failed_calls": 5}')
    limits = read_settings().programme().thresholds
    assert limits == Thresholds(silent_days=28, quiet_gaps=1.25, failed_calls=5)


def test_an_empty_setting_counts_as_not_set(setenv: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        setenv.setenv(name, "")
    assert read_settings() == Settings()


def test_settings_of_other_programs_are_left_alone(setenv: pytest.MonkeyPatch) -> None:
    setenv.setenv("ring_seconds", "soon")
    setenv.setenv("BRIDGELINE_EXTRA", "x")
    assert read_settings() == Settings()


def test_settings_cannot_be_changed_while_the_line_runs() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().RING_SECONDS = 30


_COSTS = (
    '{"minute": 0.014, "text": 0.0079, "line_month": 1.15, "staff_hour": 32,'
    ' "staff_hours_month": 60, "currency": "EUR"}'
)


def test_rates_are_read_as_they_are_written(setenv: pytest.MonkeyPatch) -> None:
    setenv.setenv("COSTS", _COSTS)
    rates = read_settings().programme().rates

    assert rates is not None
    assert (rates.minute, rates.text, rates.currency) == (
        Decimal("0.014"),
        Decimal("0.0079"),
        "EUR",
    )


def test_the_page_shows_what_things_cost(setenv: pytest.MonkeyPatch) -> None:
    assert _shown("COSTS") == "not set"
    setenv.setenv("COSTS", _COSTS)
    assert _shown("COSTS") == (
        "minute 0.014, text 0.0079, line_month 1.15, staff_hour 32, staff_hours_month 60, in EUR"
    )


def _shown(name: str) -> str:
    return next(each.value for each in settings_shown(read_settings()) if each.name == name)


NONSENSE = [
    ("DATABASE_URL", "mysql://db/bridgeline"),
    ("DATABASE_URL", "bridgeline.db"),
    ("DATABASE_URL", "postgres://db/bridgeline"),
    ("PUBLIC_BASE_URL", "line.example.org"),
    ("PUBLIC_BASE_URL", "ftp://line.example.org"),
    ("PUBLIC_BASE_URL", "https://"),
    ("PUBLIC_BASE_URL", "https://line.example.org/?a=1"),
    ("PUBLIC_BASE_URL", "https://line.example.org/#top"),
    ("PUBLIC_BASE_URL", "https://my_line.example.org"),
    ("PUBLIC_BASE_URL", "https://[line.example.org"),
    ("PUBLIC_BASE_URL", f"https://user:{SECRET}@line.example.org"),
    ("FALLBACK_BASE_URL", "static.example.org"),
    ("FALLBACK_BASE_URL", "https://static.example.org/line?a=1"),
    ("TWILIO_API_BASE", "somewhere"),
    ("LOG_LEVEL", "LOUD"),
    ("LOG_LEVEL", "20"),
    ("FICTIONAL_NUMBERS_ONLY", "perhaps"),
    ("ORG_NAME", "A name that is far too long for it"),
    ("STAFF_NAME", "A name that is far too long for it"),
    ("OFFICE_ZONE", "Chicago"),
    ("OFFICE_ZONE", "America"),
    ("OFFICE_ZONE", "UTC-6"),
    ("OFFICE_ZONE", "../America/Chicago"),
    ("LANGUAGES", "es"),
    ("LANGUAGES", "en,de"),
    ("LANGUAGES", "en;es"),
    ("LANGUAGES", "English"),
    ("LANGUAGES", ","),
    ("DIAL_REGIONS", "USA"),
    ("DIAL_REGIONS", "US;CA"),
    ("DIAL_REGIONS", "US,"),
    ("DIAL_REGIONS", ","),
    ("DIAL_REGIONS", "1,2"),
    ("DIAL_REGIONS", "*"),
    ("COSTS", "minute=1"),
    ("COSTS", "[]"),
    ("COSTS", '{"minute": 0.014}'),
    ("COSTS", _COSTS.replace("0.014", "-1")),
    ("COSTS", _COSTS.replace("0.014", "true")),
    ("COSTS", _COSTS.replace("0.014", '"0.014"')),
    ("COSTS", _COSTS.replace("0.014", "NaN")),
    ("COSTS", _COSTS.replace("0.014", "1e9")),
    ("COSTS", _COSTS.replace("minute", "hour")),
    ("COSTS", _COSTS.replace("EUR", "money")),
    ("OVERSIGHT", "silent_days=28"),
    ("OVERSIGHT", "28"),
    ("OVERSIGHT", '["silent_days"]'),
    ("OVERSIGHT", '{"silent_weeks": 4}'),
    ("OVERSIGHT", '{"silent_days": 0}'),
    ("OVERSIGHT", '{"silent_days": -1}'),
    ("OVERSIGHT", '{"silent_days": "28"}'),
    ("OVERSIGHT", '{"silent_days": true}'),
    ("OVERSIGHT", '{"silent_days": NaN}'),
    ("OVERSIGHT", '{"silent_days": 1e9}'),
    ("OVERSIGHT", '{"failed_calls": 2.5}'),
    *[
        (name, value)
        for name in ("CALLING_FROM", "CALLING_UNTIL")
        for value in ("9", "9 am", "24:00", "08:60", "-1:00", "28800", "08:00Z", "08:00+02:00")
    ],
    *[
        (name, value)
        for name, (low, high) in BOUNDS.items()
        for value in (str(low - 1), str(high + 1), "soon", "7.5", "-10", "1e1", "nan")
    ],
]


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_is_refused_with_one_sentence_that_names_the_setting(
    setenv: pytest.MonkeyPatch, name: str, value: str
) -> None:
    said = refusal(setenv, **{name: value})
    assert re.fullmatch(rf"{name} [a-z].*[^.]\.", said), said
    assert "\n" not in said
    assert len(said) < 200


@pytest.mark.parametrize("name", BOUNDS)
def test_both_ends_of_what_is_sensible_are_allowed(setenv: pytest.MonkeyPatch, name: str) -> None:
    for value in BOUNDS[name]:
        setenv.setenv(name, str(value))
        assert getattr(read_settings(), name) == value


@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_URL",
        "PUBLIC_BASE_URL",
        "TWILIO_AUTH_TOKEN",
        "TWILIO_API_KEY",
        "TWILIO_API_SECRET",
        "ENCRYPTION_KEYS",
        "INDEX_KEY",
    ],
)
def test_no_refusal_repeats_a_secret(setenv: pytest.MonkeyPatch, name: str) -> None:
    value = f"https://user:{SECRET}@host/x?y" if name.endswith("URL") else SECRET
    said = refusal(setenv, **{name: value})
    assert name in said
    assert SECRET not in said


@pytest.mark.parametrize(
    "name",
    [
        "TWILIO_AUTH_TOKEN",
        "TWILIO_AUTH_TOKEN_SECONDARY",
        "TWILIO_API_SECRET",
        "ENCRYPTION_KEYS",
        "INDEX_KEY",
    ],
)
def test_no_secret_is_shown_with_the_settings(name: str) -> None:
    others = {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "t",
        "TWILIO_API_KEY": "SK1",
        "TWILIO_API_SECRET": "s",
        "ENCRYPTION_KEYS": f"1:{KEY}",
        "INDEX_KEY": KEY,
    }
    assert SECRET not in repr(Settings(**{**others, name: SECRET}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("alone", "said"),
    [
        ({"ENCRYPTION_KEYS": f"1:{KEY}"}, "ENCRYPTION_KEYS and INDEX_KEY must be set together."),
        ({"INDEX_KEY": KEY}, "ENCRYPTION_KEYS and INDEX_KEY must be set together."),
        (
            {"TWILIO_API_KEY": "SK1"},
            "TWILIO_API_KEY and TWILIO_API_SECRET must be set together.",
        ),
        (
            {"TWILIO_ACCOUNT_SID": "AC1"},
            "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set together.",
        ),
        (
            {"TWILIO_AUTH_TOKEN": "t"},
            "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set together.",
        ),
        (
            {"CALLING_FROM": "21:00"},
            "CALLING_FROM must be earlier in the day than CALLING_UNTIL.",
        ),
        (
            {"CALLING_UNTIL": "18:00"},
            "CHECK_IN_FROM to CHECK_IN_UNTIL must lie within the calling hours.",
        ),
        (
            {"CHECK_IN_FROM": "07:59"},
            "CHECK_IN_FROM to CHECK_IN_UNTIL must lie within the calling hours.",
        ),
    ],
)
def test_settings_that_make_no_sense_together_are_refused(
    setenv: pytest.MonkeyPatch, alone: dict[str, str], said: str
) -> None:
    assert refusal(setenv, **alone) == said


def test_without_a_carrier_the_line_does_not_start_and_says_what_to_do() -> None:
    with pytest.raises(SettingsError, match=r"Set TWILIO_ACCOUNT_SID .* python3 run.py demo"):
        Settings().require_carrier()
    Settings(TWILIO_ACCOUNT_SID="AC1", TWILIO_AUTH_TOKEN="t").require_carrier()


def test_two_tokens_are_accepted_while_one_is_replaced() -> None:
    both = Settings(
        TWILIO_ACCOUNT_SID="AC1", TWILIO_AUTH_TOKEN="new", TWILIO_AUTH_TOKEN_SECONDARY="old"
    )
    assert both.auth_tokens == ("new", "old")
    assert Settings().auth_tokens == ()


def test_the_public_address_has_no_slash_at_its_end() -> None:
    assert Settings(PUBLIC_BASE_URL="https://line.example.org/").PUBLIC_BASE_URL == (
        "https://line.example.org"
    )


def test_keys_come_from_the_environment_when_they_are_set_there(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    settings = Settings(ENCRYPTION_KEYS=f"3:{KEY}", INDEX_KEY=KEY, KEY_FILE=path)
    assert settings.vault().current == 3
    assert not path.exists()


def test_keys_come_from_the_key_file_otherwise(tmp_path: Path) -> None:
    settings = Settings(KEY_FILE=tmp_path / "keys.json")
    sealed = settings.vault().seal("Hello", place="here")
    assert settings.vault().open(sealed, place="here") == "Hello"


def test_wrong_keys_are_refused_without_showing_them() -> None:
    settings = Settings(ENCRYPTION_KEYS=f"1:{SECRET}", INDEX_KEY=KEY)
    with pytest.raises(VaultError) as refused:
        settings.vault()
    assert SECRET not in str(refused.value)
    assert "ENCRYPTION_KEYS" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_AUTH_TOKEN", SECRET),
        ("INDEX_KEY", SECRET),
        ("DATABASE_URL", f"mysql://user:{SECRET}@host/x"),
        ("TWILIO_API_BASE", f"https://user:{SECRET}@host"),
    ],
)
def test_no_secret_stands_in_the_log_of_a_web_server_that_cannot_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert SECRET not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIAL_REGIONS", "US,UK"),
        ("DIAL_REGIONS", "ZZ"),
        ("DIAL_REGIONS", "ÜS"),
        ("REDIS_URL", "banana"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "postgresql+asyncpg://host/db"),
        ("PUBLIC_BASE_URL", "https://line.example.org:port"),
        ("PUBLIC_BASE_URL", "https://line .example.org"),
        ("PUBLIC_BASE_URL", "https://line.example.org\n"),
        ("ORG_NAME", "   "),
        ("STAFF_NAME", "   "),
    ],
)
def test_a_setting_that_can_never_work_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        read_settings()


def test_hours_that_lie_in_the_night_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # The two were set the wrong way round: everybody would be rung from nine in the evening on.
    monkeypatch.setenv("CALLING_FROM", "21:00")
    monkeypatch.setenv("CALLING_UNTIL", "08:00")
    with pytest.raises(SettingsError, match="CALLING_FROM"):
        read_settings()
