"""The adapter against a server that misbehaves: what it raises, and that this holds no number.

The server answers by script and keeps what it was asked; the client and the connection are real.
"""

import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
import requests
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from telephony.carrier import CallRequest, CarrierError, TextRequest
from telephony.reactions import ReactionName
from telephony.twilio_carrier import TwilioCarrier

ACCOUNT = "AC" + "1" * 32
RECORDING = "RE" + "2" * 32
PERSON, LINE = "+15155550135", "+15155550100"
TEXT = TextRequest(PERSON, LINE, "I cannot go on", "https://line.example.org/sms/status?m=1")
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


class QuietHandler(WSGIRequestHandler):
    """Keeps the test server's own access log, which shows addresses, out of what is looked at."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


class Server:
    """Answers every request with the next of `answers`, the last one for ever; keeps `asked`."""

    def __init__(self) -> None:
        self.answers: list[Response | Callable[[Request], Response]] = []
        self.asked: list[Request] = []
        self._server = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=QuietHandler
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    def _answer(self, environ: dict[str, Any], start: Any) -> Any:
        request = Request(environ)
        request.get_data()
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        response = (
            answer(request) if callable(answer) and not isinstance(answer, Response) else answer
        )
        return response(environ, start)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def carrier(server: Server) -> TwilioCarrier:
    return TwilioCarrier(ACCOUNT, "secret token", base_url=server.url, timeout=5)


def _json(body: str, status: int = 200) -> Response:
    return Response(body, status, mimetype="application/json")


def _error(status: int, code: int) -> Response:
    words = f"The number {PERSON} is not OK: {TEXT.body}"
    return _json(f'{{"code": {code}, "message": "{words}", "status": {status}}}', status)


def _failure(call: Callable[[], object]) -> CarrierError:
    with pytest.raises(CarrierError) as raised:
        call()
    error = raised.value
    shown = "".join(traceback.format_exception(error)) + repr(error) + error.detail
    assert "0135" not in shown
    assert "0100" not in shown
    assert "go on" not in shown
    assert error.__cause__ is None
    assert error.__context__ is None
    return error


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
            _json('{"type": "about:x", "title": "No", "status": 400, "code": 21610}', 400),
            (21610, ReactionName.OPTED_OUT, True, "no"),
        ),
        (
            _json('{"code": null, "message": "odd"}', 400),
            (None, ReactionName.DROP, True, "no"),
        ),
    ],
)
@pytest.mark.parametrize("what", ["text", "call"])
def test_a_refusal_becomes_an_error_with_its_reaction(
    server: Server, carrier: TwilioCarrier, what: str, answer: Response, expected: Expected
) -> None:
    server.answers = [answer]
    error = _failure(
        lambda: carrier.send_text(TEXT) if what == "text" else carrier.place_call(CALL)
    )
    assert (error.code, error.reaction.name, error.permanent, error.processed) == expected
    assert len(server.asked) == 1, "the adapter never retries by itself"


def test_a_time_out_may_have_been_processed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        carrier = TwilioCarrier(ACCOUNT, "token", base_url=url, timeout=0.1)
        error = _failure(lambda: carrier.send_text(TEXT))
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
        error = _failure(lambda: TwilioCarrier(ACCOUNT, "token", base_url=url).send_text(TEXT))
        thread.join()
    assert error.processed == "maybe"


def test_a_connection_that_was_never_made_has_processed_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    error = _failure(lambda: TwilioCarrier(ACCOUNT, "token", base_url=url).send_text(TEXT))
    assert error.processed == "no"
    assert not error.permanent


def test_the_loggers_of_the_client_show_no_number(
    server: Server, carrier: TwilioCarrier, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers = [_json('{"messages": [], "next_page_uri": null}')]
    with caplog.at_level(logging.DEBUG):
        carrier.find_message(to=PERSON, from_line=LINE, body="x", since=SINCE)
    assert "5550135" in server.asked[0].query_string.decode()
    assert "5550135" not in caplog.text


def test_a_list_that_fails_half_way_is_an_error_like_any_other(
    server: Server, carrier: TwilioCarrier
) -> None:
    page = '{"incoming_phone_numbers": [], "next_page_uri": "/2010-04-01/next.json"}'
    server.answers = [_json(page), _error(503, 20503)]
    assert _failure(carrier.numbers).reaction.name == ReactionName.RETRY_SOON
    server.answers = [_json("not json")]
    assert _failure(carrier.numbers).reaction.name == ReactionName.RETRY_LATER


def test_a_key_signs_in_for_the_account_when_there_is_one(server: Server) -> None:
    server.answers = [_json('{"sid": "SM1", "status": "queued", "num_segments": "2"}', 201)]
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


def test_a_call_asks_for_all_its_callbacks_by_post(server: Server, carrier: TwilioCarrier) -> None:
    server.answers = [_json('{"sid": "CA1", "status": "queued"}', 201)]
    carrier.place_call(CALL)
    form = server.asked[0].form
    events = ["initiated", "ringing", "answered", "completed"]
    assert form.getlist("StatusCallbackEvent") == events
    assert {form[f"{name}Method"] for name in ("StatusCallback", "Fallback")} == {"POST"}
    assert (form["Method"], form["Timeout"], form["TimeLimit"]) == ("POST", "25", "3600")


def test_the_environment_does_not_rename_hosts_behind_our_back(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    server.answers = [_json('{"sid": "SM1", "status": "queued", "num_segments": "1"}', 201)]
    TwilioCarrier(ACCOUNT, "token", base_url=server.url).send_text(TEXT)
    assert server.asked[0].headers["Host"] == "api.twilio.com"


def _messages(*bodies_and_times: tuple[str, str]) -> Response:
    rows = ",".join(
        f'{{"sid": "SM{n}", "status": "sent", "num_segments": "1", "body": "{body}",'
        f' "date_created": "Tue, 03 Mar 2026 {at} +0000"}}'
        for n, (body, at) in enumerate(bodies_and_times)
    )
    return _json(f'{{"messages": [{rows}], "next_page_uri": null}}')


def test_the_newest_text_with_exactly_that_body_is_found(
    server: Server, carrier: TwilioCarrier
) -> None:
    server.answers = [
        _messages(("ok ", "17:00:09"), ("ok", "17:00:05"), ("ok", "17:00:01")),
    ]
    found = carrier.find_message(to=PERSON, from_line=LINE, body="ok", since=SINCE)
    assert found is not None
    assert found.sid == "SM1"


def test_an_older_text_is_not_found_but_one_of_the_same_second_is(
    server: Server, carrier: TwilioCarrier
) -> None:
    server.answers = [_messages(("ok", "17:00:00"))]
    since = SINCE.replace(microsecond=900_000)
    assert carrier.find_message(to=PERSON, from_line=LINE, body="ok", since=since)
    server.answers = [_messages(("ok", "16:59:59"))]
    assert carrier.find_message(to=PERSON, from_line=LINE, body="ok", since=since) is None


def test_a_moment_without_a_zone_is_refused(carrier: TwilioCarrier) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        carrier.find_message(to=PERSON, from_line=LINE, body="ok", since=SINCE.replace(tzinfo=None))


def test_a_recording_that_is_not_stored_yet_is_a_temporary_error(
    server: Server, carrier: TwilioCarrier
) -> None:
    server.answers = [Response("", 404)]
    error = _failure(lambda: carrier.fetch_recording(RECORDING))
    assert (error.permanent, error.reaction.name) == (False, ReactionName.RETRY_SOON)


def test_a_recording_larger_than_the_limit_is_given_up_while_it_streams(
    server: Server, carrier: TwilioCarrier
) -> None:
    sent = []

    def stream() -> Iterator[bytes]:
        for _ in range(400):
            sent.append(1)
            yield bytes(250_000)

    server.answers = [Response(stream(), mimetype="audio/x-wav")]
    error = _failure(lambda: carrier.fetch_recording(RECORDING))
    assert error.permanent
    assert len(sent) < 200


def test_a_redirect_to_the_carrier_itself_keeps_the_credentials(
    server: Server, carrier: TwilioCarrier
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

    def get(url: str, *, auth: object, **_: object) -> requests.Response:
        asked.append((url, auth))
        answer = requests.Response()
        answer.status_code = 302 if len(asked) == 1 else 200
        answer.headers["Location"] = "https://media.example.org/signed?for=4h"
        answer.raw = None
        answer._content = b"RIFF"
        answer._content_consumed = True  # type: ignore[attr-defined]
        return answer

    monkeypatch.setattr(requests, "get", get)
    assert TwilioCarrier(ACCOUNT, "token").fetch_recording(RECORDING) == b"RIFF"
    home = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}.wav"
    assert asked == [
        (home, (ACCOUNT, "token")),
        ("https://media.example.org/signed?for=4h", None),
    ]


@pytest.mark.parametrize("location", ["http://media.example.org/x", "file:///etc/passwd", "//x/y"])
def test_a_redirect_to_a_host_without_encryption_is_not_followed(
    server: Server, carrier: TwilioCarrier, location: str
) -> None:
    server.answers = [Response("", 302, {"Location": location})]
    assert _failure(lambda: carrier.fetch_recording(RECORDING)).permanent
    assert len(server.asked) == 1


def test_redirects_in_a_circle_come_to_an_end(server: Server, carrier: TwilioCarrier) -> None:
    server.answers = [Response("", 302, {"Location": "/again"})]
    assert not _failure(lambda: carrier.fetch_recording(RECORDING)).permanent
    assert len(server.asked) == 4


@pytest.mark.parametrize("sid", ["", "RE1", "../../Calls", f"{RECORDING}.json?x="])
def test_an_id_that_is_none_never_becomes_a_part_of_an_address(
    server: Server, carrier: TwilioCarrier, sid: str
) -> None:
    assert _failure(lambda: carrier.fetch_recording(sid)).permanent
    assert server.asked == []


@pytest.mark.parametrize(
    "number", ["", "5155550135", "+1515555013?Fields=x", "+1/../x", "+0123456"]
)
def test_a_number_that_is_none_is_invalid_without_asking(
    server: Server, carrier: TwilioCarrier, number: str
) -> None:
    assert carrier.line_type(number) == "invalid"
    assert server.asked == []


@pytest.mark.parametrize(
    ("kind", "line_type"),
    [
        ("mobile", "mobile"),
        ("landline", "landline"),
        ("fixedVoip", "voip"),
        ("nonFixedVoip", "voip"),
        ("tollFree", "toll_free"),
        ("premium", "premium"),
        ("sharedCost", "premium"),
        ("pager", "unknown"),
        ("somethingNew", "unknown"),
    ],
)
def test_the_kinds_of_lines_are_told_in_our_words(
    server: Server, carrier: TwilioCarrier, kind: str, line_type: str
) -> None:
    facts = f'{{"type": "{kind}", "error_code": null}}'
    server.answers = [_json(f'{{"valid": true, "line_type_intelligence": {facts}}}')]
    assert carrier.line_type(PERSON) == line_type
    assert server.asked[0].headers["Host"] == "lookups.twilio.com"


@pytest.mark.parametrize(
    ("body", "line_type"),
    [
        ('{"valid": false, "line_type_intelligence": null}', "invalid"),
        ('{"valid": true, "line_type_intelligence": null}', "unknown"),
        ('{"valid": true, "line_type_intelligence": {"type": null}}', "unknown"),
        ('{"valid": true, "line_type_intelligence": {"error_code": 60600}}', "unknown"),
    ],
)
def test_a_lookup_that_cannot_say_is_unknown_and_an_impossible_number_invalid(
    server: Server, carrier: TwilioCarrier, body: str, line_type: str
) -> None:
    server.answers = [_json(body)]
    assert carrier.line_type(PERSON) == line_type


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ('"trunk_sid": "TK1"', "SIP trunk"),
        ('"voice_application_sid": "AP1"', "its calls go to a twiml application"),
        ('"sms_application_sid": "AP1"', "its texts go to a twiml application"),
        ('"voice_method": "GET"', "by GET"),
        ('"sms_method": "POST"', None),
    ],
)
def test_a_number_whose_addresses_have_no_effect_says_so(
    server: Server, carrier: TwilioCarrier, extra: str, problem: str | None
) -> None:
    row = f'{{"sid": "PN1", "phone_number": "{LINE}", "capabilities": {{"sms": true}}, {extra}}}'
    server.answers = [_json(f'{{"incoming_phone_numbers": [{row}], "next_page_uri": null}}')]
    (number,) = carrier.numbers()
    assert (number.number, number.sms, number.voice) == (LINE, True, False)
    assert number.hooks.voice_url == ""
    if problem is None:
        assert number.problem is None
    else:
        assert problem.lower() in (number.problem or "").lower()
