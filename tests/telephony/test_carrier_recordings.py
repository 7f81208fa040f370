"""Fetching a recording: credentials stay with the carrier, and size and patience have limits."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from werkzeug.wrappers import Response

from telephony.reactions import ReactionName
from telephony.twilio_carrier import TwilioCarrier
from tests.telephony.scripted_server import ACCOUNT, ScriptedServer, failure_of

RECORDING = "RE" + "2" * 32


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    running = ScriptedServer()
    yield running
    running.stop()


@pytest.fixture
def carrier(server: ScriptedServer) -> TwilioCarrier:
    return server.carrier()


def test_what_other_services_of_the_account_have_recorded_is_not_listed(
    server: ScriptedServer, carrier: TwilioCarrier
) -> None:
    made = "Tue, 03 Mar 2026 17:00:00 +0000"
    rows = [
        {"sid": sid, "source": source, "status": "completed", "date_created": made}
        for sid, source in ((RECORDING, "RecordVerb"), ("RE" + "3" * 32, "DialVerb"))
    ]
    page = {"recordings": rows, "page": 0, "page_size": 200, "next_page_uri": None}
    server.answers = [Response(json.dumps(page), mimetype="application/json")]
    found = carrier.recordings_made_since(datetime(2026, 3, 3, 16, tzinfo=UTC))
    assert [each.sid for each in found] == [RECORDING]


def test_a_recording_that_is_not_stored_yet_is_a_temporary_error(
    server: ScriptedServer, carrier: TwilioCarrier
) -> None:
    server.answers = [Response("", 404)]
    error = failure_of(lambda: carrier.fetch_recording(RECORDING))
    assert (error.permanent, error.reaction.name) == (False, ReactionName.RETRY_SOON)


def test_a_recording_larger_than_the_limit_is_given_up_while_it_streams(
    server: ScriptedServer, carrier: TwilioCarrier
) -> None:
    sent = []

    def stream() -> Iterator[bytes]:
        for _ in range(400):
            sent.append(1)
            yield bytes(250_000)

    server.answers = [Response(stream(), mimetype="audio/x-wav")]
    error = failure_of(lambda: carrier.fetch_recording(RECORDING))
    assert error.permanent
    assert len(sent) < 200


def test_a_redirect_to_the_carrier_itself_keeps_the_credentials(
    server: ScriptedServer, carrier: TwilioCarrier
) -> None:
    for location in ("/media/file.wav", "https://api.twilio.com/media/file.wav"):
        server.asked.clear()
        server.answers = [
            Response("", 302, {"Location": location}),
            Response(b"RIFF", mimetype="audio/x-wav"),
        ]
        assert carrier.fetch_recording(RECORDING) == b"RIFF"
        assert [request.path for request in server.asked][1:] == ["/media/file.wav"]
        assert all(request.authorization for request in server.asked)


def test_a_redirect_elsewhere_is_followed_without_the_credentials(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, object]] = []

    def get(_session: object, url: str, *, auth: object, **_: object) -> requests.Response:
        asked.append((url, auth))
        answer = requests.Response()
        answer.status_code = 302 if len(asked) == 1 else 200
        answer.headers["Location"] = "https://media.example.org/signed?for=4h"
        answer.raw = None
        answer._content = b"RIFF"
        answer._content_consumed = True  # type: ignore[attr-defined]
        return answer

    monkeypatch.setattr(requests.Session, "get", get)
    assert TwilioCarrier(ACCOUNT, "token").fetch_recording(RECORDING) == b"RIFF"
    home = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}.wav"
    assert asked == [
        (home, (ACCOUNT, "token")),
        ("https://media.example.org/signed?for=4h", None),
    ]


@pytest.mark.parametrize("location", ["http://media.example.org/x", "file:///etc/passwd", "//x/y"])
def test_a_redirect_to_a_host_without_encryption_is_not_followed(
    server: ScriptedServer, carrier: TwilioCarrier, location: str
) -> None:
    server.answers = [Response("", 302, {"Location": location})]
    assert failure_of(lambda: carrier.fetch_recording(RECORDING)).permanent
    assert len(server.asked) == 1


def test_redirects_in_a_circle_come_to_an_end(
    server: ScriptedServer, carrier: TwilioCarrier
) -> None:
    server.answers = [Response("", 302, {"Location": "/again"})]
    assert not failure_of(lambda: carrier.fetch_recording(RECORDING)).permanent
    assert len(server.asked) == 4


@pytest.mark.parametrize("sid", ["", "RE1", "../../Calls", f"{RECORDING}.json?x="])
def test_an_id_that_is_none_never_becomes_a_part_of_an_address(
    server: ScriptedServer, carrier: TwilioCarrier, sid: str
) -> None:
    assert failure_of(lambda: carrier.fetch_recording(sid)).permanent
    assert server.asked == []
