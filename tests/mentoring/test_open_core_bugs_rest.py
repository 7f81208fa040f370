"""More promises that are not kept yet: keys, settings, numbers, time and documents."""

import base64
import traceback
from datetime import UTC, datetime, time
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from twilio.twiml.voice_response import VoiceResponse

from app.settings import SettingsError, read_settings
from mentoring.clock import Window, next_opening
from mentoring.crypto import Vault, VaultError, vault_from_file, vault_from_text
from mentoring.models import (
    Role,
)
from mentoring.phone import reason_not_dialable
from telephony.twiml import Voice, say
from tests.make import (
    MAIN,
    all_at_once,
)
from tests.post import ADA, BEN
from tests.town import Town


def test_17_processes_that_start_together_on_a_first_run_have_the_same_keys(
    tmp_path: Path,
) -> None:
    for step in range(10):
        path = tmp_path / str(step) / "keys.json"
        made = all_at_once(*(lambda path=path: vault_from_file(path).index("x") for _ in range(6)))
        assert len(set(made)) == 1


def test_18_a_key_number_that_is_given_twice_is_refused() -> None:
    one, two = (base64.b64encode(letter * 32).decode() for letter in (b"a", b"b"))
    with pytest.raises(VaultError, match=r"^[A-Z].*\.$"):
        vault_from_text(f"1:{one},1:{two}", one)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01short", b"\x01" + b"n" * 12])
def test_19_a_cut_off_value_is_refused_like_any_other_wrong_one(sealed: bytes) -> None:
    with pytest.raises(VaultError):
        Vault({1: b"1" * 32}, b"i" * 32).open_bytes(sealed, place="here")


@pytest.mark.parametrize(
    "text", ["[]", "null", "1", '{"field_keys": {"1": null}, "index_key": ""}']
)
def test_20_a_key_file_of_another_shape_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(VaultError, match="cannot be read"):
        vault_from_file(path)


# --- settings


SECRET = "hunter2-is-a-secret"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_AUTH_TOKEN", SECRET),
        ("INDEX_KEY", SECRET),
        ("DATABASE_URL", f"mysql://user:{SECRET}@host/x"),
        ("TWILIO_API_BASE", f"https://user:{SECRET}@host"),
    ],
)
def test_21_no_secret_stands_in_the_log_of_a_web_server_that_cannot_start(
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
def test_22_a_setting_that_can_never_work_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        read_settings()


def test_22_hours_that_lie_in_the_night_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # The two were set the wrong way round: everybody would be rung from nine in the evening on.
    monkeypatch.setenv("CALLING_FROM", "21:00")
    monkeypatch.setenv("CALLING_UNTIL", "08:00")
    with pytest.raises(SettingsError, match="CALLING_FROM"):
        read_settings()


# --- numbers, time, documents


@pytest.mark.parametrize("number", ["+1500" + "5550123", "+1212" + "5551212", "+1212" + "9761234"])
def test_23_a_number_that_charges_its_caller_within_an_area_code_is_not_dialled(
    number: str,
) -> None:
    assert reason_not_dialable(number, ("US", "CA", "PR")) is not None


@pytest.mark.parametrize(
    ("now", "opening", "start"),
    [
        # Clocks go forward from two to three, so a window from half past two opens at three.
        (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC), time(2, 30)),
        # Clocks go back from two to one: half past one comes twice, and the first is over.
        (
            datetime(2026, 11, 1, 7, tzinfo=UTC),
            datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
            time(1, 30),
        ),
    ],
)
def test_24_a_window_that_begins_in_the_hour_of_a_clock_change_opens_at_the_right_moment(
    now: datetime, opening: datetime, start: time
) -> None:
    zone = ZoneInfo("America/Chicago")
    assert next_opening(now, zone, Window(start, time(23))) == opening


@pytest.mark.parametrize("letter", ["\x0b", "\x1b", "\x01", "\ufffe", "\ud83d"])
def test_25_a_sign_that_no_document_may_hold_is_left_out(letter: str) -> None:
    response = VoiceResponse()
    say(response, [f"From A{letter}da."], Voice())
    document = str(response).encode()
    verb = ElementTree.fromstring(document)[0]  # noqa: S314 - our own document.
    assert verb.text == "From Ada."


def test_26_a_text_that_is_read_aloud_cannot_make_us_play_another_address(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", BEN)
    luis = town.person(Role.MENTOR, "Luis", ADA, landline=True)
    line = town.match(rosa, luis).line.number
    town.texts(BEN, line, "AUDIO:https://evil.example/x.mp3")
    caller = town.caller(ADA)
    caller.calls(MAIN)
    caller.presses("2")
    caller.hears("From Rosa")
    documents = [hook.response_body or "" for hook in town.emulator.webhooks]
    assert not [text for text in documents if "<Play>https://evil.example" in text]
