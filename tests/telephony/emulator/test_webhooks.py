"""Webhooks on the wire: signatures, tokens, retries, redirects, fallbacks and bad answers."""

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Response
from twilio.request_validator import RequestValidator

from telephony.emulator import APOLOGY
from telephony.emulator.signing import signature, signed_address
from tests.telephony.emulator.world import CALLER, LINE, Answer, Seen, World

VECTORS = Path(__file__).parents[4] / "shared" / "twilio-signature-vectors.json"
SAY = "<Response><Say>Fine.</Say></Response>"


def point(world: World, **urls: str) -> None:
    number = world.emulator.store.number_named(LINE)
    assert number is not None
    number.settings |= urls


def call(world: World, answer: Answer) -> list[str]:
    """Call the line, which answers like that, to the end; return what the caller hears."""
    world.answer("/voice", answer)
    world.phone().dial(LINE)
    world.emulator.settle(limit_seconds=60)
    assert world.phone().call is None
    return [text for text in world.texts(world.phone()) if text != "[call ended]"]


def valid(world: World, seen: Seen, url: str) -> bool:
    validator = RequestValidator(world.emulator.auth_token)
    params = seen.params if seen.method == "POST" else {}
    return bool(validator.validate(url, params, seen.headers["X-Twilio-Signature"]))


def test_every_webhook_carries_a_signature_that_the_official_validator_accepts(
    world: World,
) -> None:
    world.answer("/sms", "<Response/>")
    call(world, SAY)
    world.phone().text(LINE, " hello  – ñ & = % 😀 ")
    assert {seen.path for seen in world.app.seen} == {"/voice", "/ended", "/sms"}
    for seen in world.app.seen:
        assert valid(world, seen, world.hook(seen.url))
        assert not valid(world, seen, world.hook(f"{seen.url}x"))
        assert seen.headers["User-Agent"] == "TwilioProxy/1.1"
        assert seen.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert world.app.at("/sms")[0]["Body"] == " hello  – ñ & = % 😀 "


def test_a_get_webhook_carries_its_parameters_in_the_signed_address(world: World) -> None:
    point(world, VoiceUrl=world.hook("/voice?lang=en"), VoiceMethod="GET")
    call(world, SAY)
    (seen,) = world.app.at("/voice")
    assert seen.method == "GET"
    assert seen["From"] == CALLER
    assert seen["lang"] == "en"
    assert valid(world, seen, world.hook(seen.url))


def test_query_and_escapes_go_out_byte_for_byte(world: World) -> None:
    point(world, VoiceUrl=world.hook("/voice?b=%7E~&a=1%2f&a=+#rc=2"))
    call(world, SAY)
    (seen,) = world.app.at("/voice")
    assert seen.url == "/voice?b=%7E~&a=1%2f&a=+"
    assert valid(world, seen, world.hook(seen.url))


def test_a_public_https_address_is_signed_without_port_for_voice_and_with_it_for_texts(
    world: World,
) -> None:
    world.emulator.route("https://bridge.example.org:8443", world.app.url)
    public = "https://bridge.example.org:8443"
    point(world, VoiceUrl=f"{public}/voice", SmsUrl=f"{public}/sms")
    world.answer("/sms", "<Response/>")
    call(world, SAY)
    world.phone().text(LINE, "hello")
    token = world.emulator.auth_token
    voice, text = world.app.at("/voice")[0], world.app.at("/sms")[0]
    assert voice.headers["Host"] == "bridge.example.org:8443"
    bare = "https://bridge.example.org/voice"
    assert voice.headers["X-Twilio-Signature"] == signature(token, bare, voice.params.items())
    full = f"{public}/sms"
    assert text.headers["X-Twilio-Signature"] == signature(token, full, text.params.items())
    assert valid(world, voice, f"{public}/voice")
    assert valid(world, text, full)


def test_user_information_and_fragment_are_not_signed() -> None:
    given = "https://user:pass@bridge.example.org:8443/voice?x=1#rc=3"
    assert signed_address(given, voice=True) == "https://bridge.example.org/voice?x=1"
    assert signed_address(given, voice=False) == "https://bridge.example.org:8443/voice?x=1"
    plain = "http://user@127.0.0.1:5000/x"
    assert signed_address(plain, voice=True) == "http://127.0.0.1:5000/x"


def test_signatures_equal_those_of_the_official_helper_libraries() -> None:
    if not VECTORS.exists():
        if os.environ.get("CI"):
            pytest.fail("The shared signature vectors are missing.")
        pytest.skip("The shared signature vectors are not beside this repository.")
    data = json.loads(VECTORS.read_text(encoding="utf-8"))
    checked = 0
    for vector in data["vectors"]:
        if not (vector["valid"] and vector["portable"] and "params" in vector):
            continue
        pairs = [
            (name, value)
            for name, values in vector["params"].items()
            for value in (values if isinstance(values, list) else [values])
        ]
        url = vector["url"]
        # The libraries accept the address with and without its port.
        host = urlsplit(url).netloc
        standard = f"{host}:443" if url.startswith("https") else f"{host}:80"
        candidates = {url, signed_address(url, voice=True), url.replace(host, standard, 1)}
        signatures = {signature(data["token"], each, pairs) for each in candidates}
        assert vector["signature"] in signatures, vector["name"]
        checked += 1
    assert checked >= 20


def test_each_event_has_its_own_idempotency_token(world: World) -> None:
    call(world, SAY)
    call(world, SAY)
    tokens = {seen.headers["I-Twilio-Idempotency-Token"] for seen in world.app.seen}
    assert len(tokens) == len(world.app.seen) == 4


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_a_failed_connection_is_tried_once_more(world: World) -> None:
    world.emulator.faults.refuse_first_try("/voice")
    assert call(world, SAY) == ["Fine."]
    assert len(world.app.at("/voice")) == 1
    assert world.codes() == []


def test_nobody_at_the_address_is_a_connection_error(world: World, closed_port: int) -> None:
    point(world, VoiceUrl=f"http://127.0.0.1:{closed_port}/voice")
    assert call(world, SAY) == [APOLOGY]
    assert world.codes() == [11205]
    tries = [hook for hook in world.emulator.webhooks if hook.kind == "voice"]
    assert len(tries) == 2
    assert len({hook.headers["I-Twilio-Idempotency-Token"] for hook in tries}) == 1


def test_zero_retries_can_be_asked_for(world: World) -> None:
    point(world, VoiceUrl=world.hook("/voice#rc=0"))
    world.emulator.faults.refuse_first_try("/voice")
    assert call(world, SAY) == [APOLOGY]
    assert world.app.at("/voice") == []


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_an_http_error_is_not_retried_by_default(world: World, status: int) -> None:
    assert call(world, ("no", status)) == [APOLOGY]
    assert len(world.app.at("/voice")) == 1
    assert world.codes() == [11200]


def test_retries_on_server_errors_can_be_asked_for_and_share_their_token(world: World) -> None:
    point(world, VoiceUrl=world.hook("/voice#rc=3&rp=5xx"))
    answers: Iterator[tuple[str, int] | str] = iter([("no", 500), ("no", 503), SAY])
    assert call(world, lambda _: next(answers)) == ["Fine."]
    seen = world.app.at("/voice")
    assert len(seen) == 3
    assert len({each.headers["I-Twilio-Idempotency-Token"] for each in seen}) == 1
    assert world.codes() == []


def test_a_client_error_is_outside_the_policy_for_server_errors(world: World) -> None:
    point(world, VoiceUrl=world.hook("/voice#rc=3&rp=5xx"))
    assert call(world, ("no", 404)) == [APOLOGY]
    assert len(world.app.at("/voice")) == 1


def test_a_slow_application_is_given_up(world: World) -> None:
    point(world, VoiceUrl=world.hook("/voice#rt=100"))
    release: list[bool] = []

    def slow(_seen: Seen) -> str:
        # The answer is held back until the carrier has stopped waiting for it.
        while not release:
            if any(hook.kind == "voice" for hook in world.emulator.webhooks):
                release.append(True)
        return SAY

    assert call(world, slow) == [APOLOGY]
    assert world.codes() == [11200]


def test_a_redirect_loses_method_and_parameters(world: World) -> None:
    world.answer("/moved", SAY)
    heard = call(world, Response(status=302, headers={"Location": "/moved"}))
    assert heard == ["Fine."]
    (moved,) = world.app.at("/moved")
    assert moved.method == "GET"
    assert moved.params == {}


def test_a_redirect_that_keeps_the_method_keeps_the_parameters(world: World) -> None:
    world.answer("/moved", SAY)
    call(world, Response(status=307, headers={"Location": "/moved"}))
    (moved,) = world.app.at("/moved")
    assert (moved.method, moved["From"]) == ("POST", CALLER)
    assert valid(world, moved, world.hook("/moved"))


def test_redirects_without_end_are_given_up(world: World) -> None:
    assert call(world, Response(status=302, headers={"Location": "/voice"})) == [APOLOGY]
    assert world.codes() == [11215]
    assert len(world.app.at("/voice")) == 11


@pytest.mark.parametrize(
    "url", ["https://api.twilio.com/voice", "http://example.org/voice", "http://my_host/voice"]
)
def test_no_webhook_leaves_for_a_foreign_host(world: World, url: str) -> None:
    point(world, VoiceUrl=url)
    assert call(world, SAY) == [APOLOGY]
    assert world.codes() == [11210]
    assert [hook.kind for hook in world.emulator.webhooks] == ["voice-status"]


def test_a_redirect_to_a_foreign_host_is_not_followed(world: World) -> None:
    away = Response(status=307, headers={"Location": "http://example.org/"})
    assert call(world, away) == [APOLOGY]
    assert world.codes() == [11210]


@pytest.mark.parametrize("url", ["voice", "//127.0.0.1/voice", "ftp://127.0.0.1/", "http://[::1"])
def test_an_address_that_is_none_is_an_error(world: World, url: str) -> None:
    point(world, VoiceUrl=url)
    assert call(world, SAY) == [APOLOGY]
    assert world.codes() == [11100]


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"", "text/xml", 11770),
        (b" <Response/>", "text/xml", 12100),
        (b"\xef\xbb\xbf<Response/>", "text/xml", 12100),
        (b"<Response><Say>a & b</Say></Response>", "text/xml", 12100),
        (b"<Response><Say></Response>", "text/xml", 12100),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><Response/>", "text/xml", 12100),
        (b"<response/>", "text/xml", 12102),
        (b"<Reply/>", "application/xml", 12102),
        (b"<Response/>", "application/json", 12300),
        (b"<Response/>", "", 12300),
        (b"<Response>" + b" " * 65536 + b"</Response>", "text/xml", 11750),
    ],
)
def test_an_answer_that_is_no_document_ends_with_the_apology(
    world: World, body: bytes, content_type: str, code: int
) -> None:
    reply = Response(body)
    if content_type:
        reply.headers["Content-Type"] = content_type
    else:
        del reply.headers["Content-Type"]
    assert call(world, reply) == [APOLOGY]
    assert world.codes() == [code]


def test_a_broken_document_also_goes_to_the_fallback(world: World) -> None:
    point(world, VoiceFallbackUrl=world.hook("/fallback"))
    world.answer("/fallback", SAY)
    assert call(world, "not xml") == ["Fine."]
    assert world.app.at("/fallback")[0]["ErrorCode"] == "12100"


def test_when_the_fallback_fails_too_the_apology_is_heard(world: World) -> None:
    point(world, VoiceFallbackUrl=world.hook("/fallback"))
    assert call(world, ("no", 500)) == [APOLOGY]
    assert world.codes() == [11200, 11200]


def test_later_documents_of_a_call_have_the_fallback_too(world: World) -> None:
    point(world, VoiceFallbackUrl=world.hook("/fallback"))
    world.answer("/fallback", SAY)
    assert call(world, "<Response><Redirect>/gone</Redirect></Response>") == ["Fine."]
    assert world.app.at("/fallback")[0]["ErrorUrl"] == world.hook("/gone")


def test_plain_text_is_read_aloud_and_html_may_hold_a_document(world: World) -> None:
    assert call(world, Response("Just words", content_type="text/plain")) == ["Just words"]
    spoken = call(world, Response(SAY, content_type="text/plain"))
    assert spoken[-1] == "Fine."
    assert call(world, Response(SAY, content_type="text/html"))[-1] == "Fine."


def test_a_failing_text_webhook_is_not_repeated_but_has_a_fallback(world: World) -> None:
    world.answer("/sms", ("no", 500))
    world.phone().text(LINE, "hello")
    assert len(world.app.at("/sms")) == 1
    assert world.codes() == [11200]
    assert world.phone().inbox == []
    point(world, SmsFallbackUrl=world.hook("/sms-fallback"))
    world.answer("/sms-fallback", "<Response><Message>Later, please.</Message></Response>")
    world.phone().text(LINE, "hello again")
    world.emulator.settle()
    assert [text.body for text in world.phone().inbox] == ["Later, please."]
    assert world.app.at("/sms-fallback")[0]["ErrorCode"] == "11200"
    listed = world.client.messages.list(to=LINE)
    assert [message.body for message in listed] == ["hello again", "hello"]


@pytest.mark.parametrize("status", [200, 204])
def test_a_status_callback_may_be_answered_with_success_only(world: World, status: int) -> None:
    world.answer("/ended", ("", status))
    call(world, SAY)
    assert world.codes() == []
    world.answer("/ended", ("", 500))
    call(world, SAY)
    (warning,) = world.emulator.warnings
    assert warning.code == 15003


def test_cookies_live_as_long_as_a_call(world: World) -> None:
    def answer(_seen: Seen) -> Response:
        reply = Response("<Response><Redirect>/next</Redirect></Response>", content_type="text/xml")
        reply.set_cookie("visit", "1")
        return reply

    world.answer("/next", SAY)
    call(world, answer)
    assert world.app.at("/next")[0].headers["Cookie"] == "visit=1"
    call(world, SAY)
    assert "Cookie" not in world.app.at("/voice")[-1].headers


def test_a_withheld_caller_arrives_as_the_keypad_word(world: World) -> None:
    world.answer("/voice", SAY)
    world.phone().dial(LINE, withheld=True)
    (seen,) = world.app.at("/voice")
    assert seen["From"] == "+266696687"
    assert seen["StirVerstat"] == "No-TN-Validation"
    world.phone().hang_up()
    world.phone().dial(LINE, from_override="sip:ada@example.org")
    assert world.app.at("/voice")[-1]["From"] == "sip:ada@example.org"


def test_documents_that_chase_each_other_are_stopped(world: World) -> None:
    world.answer("/other", "<Response><Redirect>/voice</Redirect></Response>")
    assert call(world, "<Response><Redirect>/other</Redirect></Response>") == [APOLOGY]
    assert world.codes() == [12400]
