"""The guard over real connections: the emulator's own signatures, and bodies sent in odd ways."""

import socket
from collections.abc import Iterator

import pytest
from twilio.request_validator import RequestValidator

from mentoring.clock import ManualClock
from mentoring.programme import Programme
from telephony.emulator import Emulator, LocalServer
from telephony.fallback import fallback_blueprint
from telephony.webhooks import BODY_LIMIT_BYTES
from tests import leaks
from tests.telephony.guarded_app import BASE_URL, TOKEN, GuardedApp

LINE, PERSON = "+15155550100", "+15155550135"


@pytest.fixture(params=["https://line.example.org", "https://line.example.org:8443", "http://a:81"])
def base_url(request: pytest.FixtureRequest) -> str:
    url: str = request.param
    return url


@pytest.fixture
def app(base_url: str) -> GuardedApp:
    guarded = GuardedApp(base_url=base_url)
    guarded.client.application.register_blueprint(fallback_blueprint(Programme))
    return guarded


@pytest.fixture
def emulator(app: GuardedApp, base_url: str, clock: ManualClock) -> Iterator[Emulator]:
    leaks.participant(PERSON)
    running = Emulator(clock, auth_token=TOKEN)
    with LocalServer(app.client.application) as site:
        running.route(base_url, site.url)
        running.add_number(
            LINE,
            f"{base_url}/voice?turn=a%20b&plus=c+d",
            f"{base_url}/text?turn=a%20b#rc=2",
            voice_fallback_url=f"{base_url}/fallback/voice",
            sms_fallback_url=f"{base_url}/fallback/text",
            status_callback=f"{base_url}/callback",
        )
        yield running
    running.close()


def test_calls_texts_and_callbacks_of_the_carrier_come_in(
    app: GuardedApp, emulator: Emulator
) -> None:
    phone = emulator.phone(PERSON)
    phone.text(LINE, "Adiós \N{GRINNING FACE} & more = 100%\n")
    phone.dial(LINE)
    emulator.settle()
    assert [line["route"] for line in app.log.lines] == ["/text", "/voice", "/callback"]
    assert {line["status"] for line in app.log.lines} == {200}
    assert all(line["token"] for line in app.log.lines)
    assert emulator.errors == []


def test_with_another_token_the_caller_and_the_texter_get_the_static_answers(
    emulator: Emulator,
) -> None:
    emulator.store.auth_token = "rotated away"
    phone = emulator.phone(PERSON)
    phone.dial(LINE)
    phone.listen()
    assert "Please call again in ten minutes" in " ".join(caption.text for caption in phone.heard)
    phone.hang_up()
    phone.text(LINE, "Hello")
    emulator.settle()
    (answer,) = phone.inbox
    assert answer.body.startswith("Sorry, our line has a fault")
    # The refused callback is warned about; a word of the static answers that the carrier does not
    # know would be, too.
    assert {warning.code for warning in emulator.warnings} == {15003}


@pytest.fixture
def served() -> Iterator[tuple[GuardedApp, int]]:
    """Serve a guarded app for what no well-behaved client can be made to send."""
    app = GuardedApp()
    with LocalServer(app.client.application) as server:
        yield app, int(server.url.rpartition(":")[2])


def _exchange(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(65_536)


def _head(path: str, signature: str, *more: str) -> bytes:
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: inner",
        "Connection: close",
        "Content-Type: application/x-www-form-urlencoded",
        f"X-Twilio-Signature: {signature}",
        *more,
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def test_a_body_in_chunks_is_cut_off_at_the_limit_although_it_declares_no_length(
    served: tuple[GuardedApp, int],
) -> None:
    app, port = served
    size = BODY_LIMIT_BYTES + 10
    chunk = f"{size:x}\r\n".encode() + b"a" * size + b"\r\n0\r\n\r\n"
    answer = _exchange(port, _head("/text", "x", "Transfer-Encoding: chunked") + chunk)
    assert b" 413 " in answer.splitlines()[0]
    assert app.seen == []


def test_a_signed_request_over_a_real_connection_keeps_its_escapes(
    served: tuple[GuardedApp, int],
) -> None:
    app, port = served
    target = "/voice?who=a%2Fb%20c+d%7E"
    signature = RequestValidator(TOKEN).compute_signature(BASE_URL + target, {"a": "b c"})
    body = b"a=b+c"
    head = _head(target, signature, f"Content-Length: {len(body)}")
    assert b" 200 " in _exchange(port, head + body).splitlines()[0]
    assert app.seen[0]["a"] == "b c"
