"""What no guarded view answers is written down as well: fallbacks, audio, and unknown addresses."""

import json
import logging
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.settings import Settings
from app.site import create_app
from app.wiring import assemble
from mentoring.clock import ManualClock
from mentoring.db import Database
from tests.databases import StatementCounter
from tests.recording_carrier import RecordingCarrier

SITE = "https://line.example.org"
NUMBER = "+15155550177"
Line = dict[str, object]


@pytest.fixture
def site(db: Database, clock: ManualClock) -> Flask:
    settings = Settings(
        PUBLIC_BASE_URL=SITE, TWILIO_ACCOUNT_SID="AC" + "0" * 32, TWILIO_AUTH_TOKEN="a-token"
    )
    return create_app(assemble(settings, db=db, carrier=RecordingCarrier(), clock=clock))


@pytest.fixture
def client(site: Flask, caplog: pytest.LogCaptureFixture) -> FlaskClient:
    caplog.set_level("INFO", "bridgeline.exchange")
    return site.test_client()


def lines(caplog: pytest.LogCaptureFixture) -> list[Line]:
    return [json.loads(record.getMessage()) for record in caplog.records]


def facts(line: Line) -> Line:
    return {name: line[name] for name in line if name not in ("time", "ms")}


@pytest.mark.parametrize("medium", ["voice", "text"])
def test_a_fallback_says_why_it_was_asked_without_any_query(
    client: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    queries: StatementCounter,
    medium: str,
) -> None:
    cause = {"ErrorCode": "11200", "ErrorUrl": f"{SITE}/voice/dial-ended?k=7", "From": NUMBER}
    with queries() as statements:
        client.post(f"/fallback/{medium}", data=cause)
        client.get(f"/fallback/{medium}", query_string=cause)
    assert statements == []
    for line in lines(caplog):
        assert facts(line) == {
            "route": f"/fallback/{medium}",
            "medium": medium,
            "status": 200,
            "ErrorCode": "11200",
            "ErrorUrl": "/voice/dial-ended",
        }
    assert len(lines(caplog)) == 2


@pytest.mark.parametrize(
    "cause",
    [
        {"ErrorCode": NUMBER, "ErrorUrl": f"{SITE}/{NUMBER}"},
        {"ErrorCode": "5155550177", "ErrorUrl": f"{SITE}/voice/{NUMBER}"},
        {"ErrorUrl": "https://[broken"},
        {"ErrorUrl": f"{SITE}/{quote(NUMBER)}"},
        {"ErrorUrl": NUMBER},
        {},
    ],
)
def test_whatever_a_stranger_tells_a_fallback_it_answers_and_logs_no_number(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, cause: dict[str, str]
) -> None:
    assert client.post("/fallback/voice", data=cause).status_code == 200
    assert "5155550177" not in caplog.text


def test_a_fallback_answers_though_its_line_cannot_be_written(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dumps", fail)
    assert client.post("/fallback/voice").status_code == 200
    huge = client.post("/fallback/voice", data={"Body": "x" * 200_000})
    assert huge.status_code == 200


def test_a_request_for_audio_is_written_down_without_its_key(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/audio/0123456789abcdef-1-2").status_code == 404
    (line,) = lines(caplog)
    assert facts(line) == {"route": "/audio/<token>", "medium": "voice", "status": 404}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (("GET", f"/{NUMBER}"), 404),
        (("PUT", "/voice/inbound"), 405),
        (("DELETE", "/healthz"), 405),
    ],
)
def test_a_refused_address_is_written_down_by_its_status_alone(
    client: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    queries: StatementCounter,
    asked: tuple[str, str],
    status: int,
) -> None:
    method, path = asked
    with queries() as statements:
        assert client.open(path, method=method).status_code == status
    assert statements == []
    (line,) = lines(caplog)
    assert facts(line) == {"route": None, "medium": None, "status": status}
    assert caplog.records[0].levelno == logging.WARNING


def test_a_guarded_exchange_is_written_once_and_a_healthy_monitor_not_at_all(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/healthz")
    client.post("/voice/inbound", data={"CallSid": "CA1"})
    (line,) = lines(caplog)
    assert (line["route"], line["status"]) == ("/voice/inbound", 403)
