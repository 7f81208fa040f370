"""The adapter against a server that misbehaves: what it raises, and that this holds no number.

The server answers by script and keeps what it was asked; the client and the connection are real.
"""

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import pytest
from werkzeug.wrappers import Response

from telephony.carrier import CallRequest, TextRequest
from telephony.reactions import ReactionName
from telephony.twilio_carrier import TwilioCarrier
from tests.telephony.scripted_server import (
    ACCOUNT,
    LINE,
    PERSON,
    WORDS,
    ScriptedServer,
    failure_of,
    json_answer,
)

TEXT = TextRequest(PERSON, LINE, WORDS, "https://line.example.org/sms/status?m=1")
CALL = CallRequest(
    to=PERSON,
    from_line=LINE,
    url="https://line.example.org/voice/answered?d=1",
    status_callback="https://line.example.org/voice/status?d=1",
    fallback_url="https://line.example.org/fallback/voice",
    ring_seconds=25,
    time_limit_seconds=3600,
)
SINCE = datetime(2026, 3, 3, 17, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    running = ScriptedServer()
    yield running
    running.stop()


@pytest.fixture
def carrier(server: ScriptedServer) -> TwilioCarrier:
    return server.carrier()


def _error(status: int, code: int) -> Response:
    words = f"The number {PERSON} is not OK: {WORDS}"
    return json_answer(f'{{"code": {code}, "message": "{words}", "status": {status}}}', status)


Expected = tuple[int | None, ReactionName, bool, Literal["no", "maybe"]]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (_error(400, 21211), (21211, ReactionName.NUMBER_INVALID, True, "no")),
        (_error(400, 21610), (21610, ReactionName.OPTED_OUT, True, "no")),
        (_error(400, 21999), (21999, ReactionName.DROP, True, "no")),
        (_error(429, 20429), (20429, ReactionName.RETRY_SOON, False, "no")),
        (_error(503, 20503), (20503, ReactionName.RETRY_SOON, False, "no")),
        (_error(500, 20500), (20500, ReactionName.RETRY_LATER, False, "maybe")),
        (_error(401, 20003), (20003, ReactionName.CONFIG_ALERT, True, "no")),
        (Response("<h1>Bad Gateway</h1>", 502), (502, ReactionName.RETRY_LATER, False, "maybe")),
        (Response("", 504), (504, ReactionName.RETRY_LATER, False, "maybe")),
        (Response("slow down", 429), (429, ReactionName.RETRY_SOON, False, "no")),
        (Response("nobody here", 404), (404, ReactionName.CONFIG_ALERT, True, "no")),
        (Response("hello", 200), (None, ReactionName.RETRY_LATER, False, "maybe")),
        (Response("", 201), (None, ReactionName.RETRY_LATER, False, "maybe")),
        (
            json_answer('{"type": "about:x", "title": "No", "status": 400, "code": 21610}', 400),
            (21610, ReactionName.OPTED_OUT, True, "no"),
        ),
        (
            json_answer('{"code": null, "message": "odd"}', 400),
            (None, ReactionName.DROP, True, "no"),
        ),
    ],
)
@pytest.mark.parametrize("what", ["text", "call"])
def test_a_refusal_becomes_an_error_with_its_reaction(
    server: ScriptedServer, carrier: TwilioCarrier, what: str, answer: Response, expected: Expected
) -> None:
    server.answers = [answer]
    error = failure_of(
        lambda: carrier.send_text(TEXT) if what == "text" else carrier.place_call(CALL)
    )
    assert (error.code, error.reaction.name, error.permanent, error.processed) == expected
    assert len(server.asked) == 1, "the adapter never retries by itself"


def test_a_time_out_may_have_been_processed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        carrier = TwilioCarrier(ACCOUNT, "token", base_url=url, timeout=0.1)
        error = failure_of(lambda: carrier.send_text(TEXT))
    assert error.processed == "maybe"
    assert not error.permanent


def test_a_connection_that_breaks_after_the_request_may_have_been_processed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            connection, _ = listener.accept()
            connection.recv(65_536)
            connection.close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        error = failure_of(lambda: TwilioCarrier(ACCOUNT, "token", base_url=url).send_text(TEXT))
        thread.join()
    assert error.processed == "maybe"


def test_a_connection_that_was_never_made_has_processed_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    error = failure_of(lambda: TwilioCarrier(ACCOUNT, "token", base_url=url).send_text(TEXT))
    assert error.processed == "no"
    assert not error.permanent


def test_the_loggers_of_the_client_show_no_number(
    server: ScriptedServer, carrier: TwilioCarrier, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers = [json_answer('{"messages": [], "next_page_uri": null}')]
    with caplog.at_level(logging.DEBUG):
        carrier.find_message(to=PERSON, from_line=LINE, body="x", since=SINCE)
    assert "5550135" in server.asked[0].query_string.decode()
    assert "5550135" not in caplog.text


def test_a_list_that_fails_half_way_is_an_error_like_any_other(
    server: ScriptedServer, carrier: TwilioCarrier
) -> None:
    page = '{"incoming_phone_numbers": [], "next_page_uri": "/2010-04-01/next.json"}'
    server.answers = [json_answer(page), _error(503, 20503)]
    assert failure_of(carrier.numbers).reaction.name == ReactionName.RETRY_SOON
    server.answers = [json_answer("not json")]
    assert failure_of(carrier.numbers).reaction.name == ReactionName.RETRY_LATER


def test_a_key_signs_in_for_the_account_when_there_is_one(server: ScriptedServer) -> None:
    server.answers = [json_answer('{"sid": "SM1", "status": "queued", "num_segments": "2"}', 201)]
    carrier = TwilioCarrier(
        ACCOUNT, "token", base_url=server.url, api_key="SK1", api_secret="key secret"
    )
    sent = carrier.send_text(TEXT)
    assert (sent.sid, sent.status, sent.segments) == ("SM1", "queued", 2)
    (request,) = server.asked
    assert request.authorization is not None
    assert request.authorization.parameters == {"username": "SK1", "password": "key secret"}
    assert request.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert request.headers["Host"] == "api.twilio.com"


def test_a_call_asks_for_all_its_callbacks_by_post(
    server: ScriptedServer, carrier: TwilioCarrier
) -> None:
    server.answers = [json_answer('{"sid": "CA1", "status": "queued"}', 201)]
    carrier.place_call(CALL)
    form = server.asked[0].form
    events = ["initiated", "ringing", "answered", "completed"]
    assert form.getlist("StatusCallbackEvent") == events
    assert {form[f"{name}Method"] for name in ("StatusCallback", "Fallback")} == {"POST"}
    assert (form["Method"], form["Timeout"], form["TimeLimit"]) == ("POST", "25", "3600")


def test_the_environment_does_not_rename_hosts_behind_our_back(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    server.answers = [json_answer('{"sid": "SM1", "status": "queued", "num_segments": "1"}', 201)]
    TwilioCarrier(ACCOUNT, "token", base_url=server.url).send_text(TEXT)
    assert server.asked[0].headers["Host"] == "api.twilio.com"


def _messages(*bodies_and_times: tuple[str, str]) -> Response:
    rows = ",".join(
        f'{{"sid": "SM{n}", "status": "sent", "num_segments": "1", "body": "{body}",'
        f' "date_created": "Tue, 03 Mar 2026 {at} +0000"}}'
        for n, (body, at) in enumerate(bodies_and_times)
    )
    return json_answer(f'{{"messages": [{rows}], "next_page_uri": null}}')


def test_the_newest_text_with_exactly_that_body_is_found(
    server: ScriptedServer, carrier: TwilioCarrier
) -> None:
    server.answers = [
        _messages(("ok ", "17:00:09"), ("ok", "17:00:05"), ("ok", "17:00:01")),
    ]
    found = carrier.find_message(to=PERSON, from_line=LINE, body="ok", since=SINCE)
    assert found is not None
    assert found.sid == "SM1"


def test_an_older_text_is_not_found_but_one_of_the_same_second_is(
    server: ScriptedServer, carrier: TwilioCarrier
) -> None:
    server.answers = [_messages(("ok", "17:00:00"))]
    since = SINCE.replace(microsecond=900_000)
    assert carrier.find_message(to=PERSON, from_line=LINE, body="ok", since=since)
    server.answers = [_messages(("ok", "16:59:59"))]
    assert carrier.find_message(to=PERSON, from_line=LINE, body="ok", since=since) is None


def test_a_moment_without_a_zone_is_refused(carrier: TwilioCarrier) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        carrier.find_message(to=PERSON, from_line=LINE, body="ok", since=SINCE.replace(tzinfo=None))
