"""Who the guard lets in: only the carrier's own, well-formed requests, signed for our address."""

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder

from telephony.webhooks import Guard, is_signed, signed_url
from tests.telephony.guarded_app import BASE_URL, CALL_SID, FORM, TOKEN, GuardedApp


def _guard(*tokens: str) -> Guard:
    return Guard(tokens, BASE_URL, apology=lambda _: "<Response/>", hash_number=lambda _: "#")


def test_a_signed_request_reaches_the_view() -> None:
    app = GuardedApp()
    answer = app.post()
    assert (answer.status_code, answer.text) == (200, "<Response/>")
    assert app.seen[0]["CallSid"] == CALL_SID


@pytest.mark.parametrize("target", ["/voice", "/text", "/callback"])
def test_a_request_without_a_signature_is_refused_with_one_plain_line(target: str) -> None:
    app = GuardedApp()
    answer = app.client.post(target, data=FORM)
    assert answer.status_code == 403
    assert answer.mimetype == "text/plain"
    assert answer.text == "The request has no signature.\n"
    assert app.seen == []
    assert app.log.last["why"] == "The request has no signature."


@pytest.mark.parametrize(
    "forged",
    ["", " ", "no signature at all", "é", "A" * 28, "A" * 10_000, "RSOYDt4T1cUTdK1PDd93/VVr8B8="],
)
def test_a_forged_signature_is_refused(forged: str) -> None:
    app = GuardedApp()
    answer = app.client.post("/voice", data=FORM, headers={"X-Twilio-Signature": forged})
    assert answer.status_code == 403
    assert app.seen == []


def test_a_signature_of_another_token_is_refused() -> None:
    app = GuardedApp()
    assert app.post(token="somebody else's").status_code == 403
    assert app.seen == []


@pytest.mark.parametrize("name", sorted(FORM))
def test_a_signature_does_not_fit_changed_parameters(name: str) -> None:
    app = GuardedApp()
    signature = RequestValidator(TOKEN).compute_signature(f"{BASE_URL}/voice", FORM)
    headers = {"X-Twilio-Signature": signature}
    assert app.client.post("/voice", data=FORM, headers=headers).status_code == 200
    changed = FORM | {name: FORM[name] + "1"}
    missing = {key: value for key, value in FORM.items() if key != name}
    for form in (changed, missing, FORM | {"Extra": "1"}):
        assert app.client.post("/voice", data=form, headers=headers).status_code == 403
    assert len(app.seen) == 1


def test_a_signature_does_not_fit_another_address_or_query() -> None:
    app = GuardedApp()
    assert app.post("/voice", signed_url=f"{BASE_URL}/text").status_code == 403
    assert app.post("/voice?turn=2", signed_url=f"{BASE_URL}/voice?turn=1").status_code == 403
    assert app.post("/voice?b=1&a=2", signed_url=f"{BASE_URL}/voice?a=2&b=1").status_code == 403
    assert app.seen == []


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["line.example.org", "Line.Example.org", "127.0.0.1", "[::1]"])
@pytest.mark.parametrize("port", ["", ":80", ":443", ":8443"])
def test_the_signed_address_is_the_public_one_with_path_and_query_untouched(
    scheme: str, host: str, port: str
) -> None:
    app = GuardedApp(base_url=f"{scheme}://{host}{port}")
    queries = ["", "?turn=1", "?a=%20b%2B&c=d+e", "?%C3%A9=%e9", "?a=1&a=1&b", "?x=", "?x=a/b?c"]
    for query in queries:
        for inner_host in ("127.0.0.1:8000", "evil.example.com"):
            answer = app.post(f"/voice{query}", headers={"Host": inner_host})
            assert (query, inner_host, answer.status_code) == (query, inner_host, 200)


@pytest.mark.parametrize(
    ("base_url", "as_signed"),
    [
        ("https://line.example.org:8443", "https://line.example.org"),
        ("https://line.example.org", "https://line.example.org:443"),
        ("http://line.example.org", "http://line.example.org:80"),
    ],
)
def test_a_signature_with_or_without_the_port_is_accepted(base_url: str, as_signed: str) -> None:
    app = GuardedApp(base_url=base_url)
    assert app.post(signed_url=f"{as_signed}/voice").status_code == 200
    wrong_scheme = as_signed.replace("https:", "ftp:").replace("http:", "ftp:")
    assert app.post(signed_url=f"{wrong_scheme}/voice").status_code == 403


def test_a_trailing_slash_on_the_public_address_makes_no_difference() -> None:
    app = GuardedApp(base_url=f"{BASE_URL}/")
    assert app.post(signed_url=f"{BASE_URL}/voice").status_code == 200


def test_a_forwarded_host_or_scheme_is_not_believed() -> None:
    app = GuardedApp()
    lies = {"X-Forwarded-Host": "evil.example.com", "X-Forwarded-Proto": "http"}
    assert app.post(headers=lies).status_code == 200
    assert app.post(signed_url="http://evil.example.com/voice", headers=lies).status_code == 403


@pytest.mark.parametrize("path", ["/voice/a%20b", "/voice/%E2%9C%93", "/voice/a%2Fb", "/voice/a;b"])
def test_an_escaped_path_is_checked_as_it_was_sent(path: str) -> None:
    environ = EnvironBuilder(path="/", method="POST").get_environ()
    environ["REQUEST_URI"] = f"{path}?x=%7e"
    assert signed_url(BASE_URL, environ) == f"{BASE_URL}{path}?x=%7e"


def test_both_names_of_the_raw_request_line_are_understood() -> None:
    assert signed_url(BASE_URL, {"RAW_URI": "/a%2Fb?c"}) == f"{BASE_URL}/a%2Fb?c"
    assert signed_url(BASE_URL, {"REQUEST_URI": "/a%2Fb?c"}) == f"{BASE_URL}/a%2Fb?c"


def test_a_request_line_with_the_inner_address_is_understood() -> None:
    raw = {"RAW_URI": "http://10.0.0.7:8000/voice?turn=1"}
    assert signed_url(BASE_URL, raw) == f"{BASE_URL}/voice?turn=1"


def test_a_request_line_with_raw_accents_is_read_as_utf_8() -> None:
    raw = {"RAW_URI": "/España?año=1".encode().decode("latin-1")}
    assert signed_url(BASE_URL, raw) == f"{BASE_URL}/España?año=1"
    assert "\ufffd" in signed_url(BASE_URL, {"RAW_URI": "/\xff"})


def test_without_the_raw_request_line_the_path_is_encoded_anew() -> None:
    environ = {"SCRIPT_NAME": "/app", "PATH_INFO": "/voice turn/Ã±", "QUERY_STRING": "a=%20"}
    assert signed_url(BASE_URL, environ) == f"{BASE_URL}/app/voice%20turn/%C3%B1?a=%20"


def test_white_space_around_values_is_part_of_the_signature() -> None:
    app = GuardedApp()
    spaced = FORM | {"Body": " hi \r\n", "Digits": "  "}
    assert app.post(form=spaced).status_code == 200
    assert app.seen[0]["Body"] == " hi \r\n"
    signature = RequestValidator(TOKEN).compute_signature(f"{BASE_URL}/voice", spaced)
    trimmed = {key: value.strip() for key, value in spaced.items()}
    headers = {"X-Twilio-Signature": signature}
    assert app.client.post("/voice", data=trimmed, headers=headers).status_code == 403


def test_repeated_parameters_count_once_each_as_the_carrier_signs_them() -> None:
    app = GuardedApp()
    repeated = [("a", "2"), ("a", "1"), ("a", "1"), ("B", "x"), ("CallSid", CALL_SID)]
    assert app.post(form=repeated).status_code == 200
    assert app.seen[0].getlist("a") == ["2", "1", "1"]


def test_both_tokens_are_accepted_while_one_replaces_the_other() -> None:
    app = GuardedApp(tokens=("new", "old"))
    assert app.post(token="new").status_code == 200
    assert app.post(token="old").status_code == 200
    assert app.post(token="older").status_code == 403


@pytest.mark.parametrize("tokens", [(), ("",), ("token", "")])
def test_a_guard_without_a_token_cannot_be_made(tokens: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="auth token"):
        _guard(*tokens)


def test_the_medium_stands_on_the_guarded_view_and_its_name_stays() -> None:
    def answer_a_call() -> str:
        """Answer."""
        return "<Response/>"

    guard = _guard(TOKEN)
    views = [wrap(answer_a_call) for wrap in (guard.voice, guard.text, guard.callback)]
    assert [view.__dict__["guarded"] for view in views] == ["voice", "text", "callback"]
    assert {view.__name__ for view in views} == {"answer_a_call"}


def test_other_methods_than_post_are_refused() -> None:
    app = GuardedApp()
    signature = RequestValidator(TOKEN).compute_signature(f"{BASE_URL}/voice", {})
    answer = app.client.get("/voice", headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 405
    assert app.seen == []


def test_get_is_let_in_where_allowed_and_signed_by_its_address_alone() -> None:
    app = GuardedApp()
    url = f"{BASE_URL}/get?CallSid={CALL_SID}"
    headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, {})}
    target = url.removeprefix(BASE_URL)
    assert app.client.get(target, headers=headers).status_code == 200
    assert app.client.get(f"{target}0", headers=headers).status_code == 403
    assert app.client.head(target, headers=headers).status_code == 405


def test_a_form_larger_than_the_limit_is_refused_before_it_is_read() -> None:
    app = GuardedApp()
    answer = app.post("/text", FORM | {"Body": "x" * 100_000})
    assert answer.status_code == 413
    assert answer.text == "The request is larger than 64 kB.\n"
    assert app.seen == []
    assert app.log.last["why"] == "The request is larger than 64 kB."
    assert "names" not in app.log.last


def test_the_longest_text_that_a_carrier_takes_is_let_in() -> None:
    app = GuardedApp()
    assert app.post("/text", FORM | {"Body": "\N{GRINNING FACE}" * 1_600}).status_code == 200


@pytest.mark.parametrize(
    "mimetype", ["text/plain", "multipart/form-data", "application/xml", "application/octet-stream"]
)
def test_a_body_that_is_no_form_is_refused(mimetype: str) -> None:
    app = GuardedApp()
    answer = app.client.post("/voice", data=b"CallSid=1", content_type=mimetype)
    assert answer.status_code == 415
    assert answer.text == "The parameters must be sent as a form.\n"
    assert app.seen == []


def test_json_is_refused_signed_or_not() -> None:
    app = GuardedApp()
    assert app.client.post("/voice", json={"CallSid": CALL_SID}).status_code == 403
    body = '{"a":1}'
    target = f"/voice?bodySHA256={RequestValidator(TOKEN).compute_hash(body)}"
    signature = RequestValidator(TOKEN).compute_signature(BASE_URL + target, {})
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/json"}
    assert app.client.post(target, data=body, headers=headers).status_code == 415
    assert app.client.post(target, data='{"a":2}', headers=headers).status_code == 403
    assert app.client.post(target, data=b"\xff\xfe", headers=headers).status_code == 403
    assert app.client.post("/voice", data=body, headers=headers).status_code == 403
    assert app.seen == []


def test_a_request_without_any_parameters_is_judged_by_its_signature() -> None:
    app = GuardedApp()
    signature = RequestValidator(TOKEN).compute_signature(f"{BASE_URL}/voice", {})
    assert app.client.post("/voice").status_code == 403
    headers = {"X-Twilio-Signature": signature}
    assert app.client.post("/voice", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"Body": "nul \0 inside"},
        {"\0": "\0"},
        {"": ""},
        {"Body": ""},
        {"Body": "\u202eright to left\u202c \N{GRINNING FACE}"},
        {f"Parameter{n}": str(n) for n in range(1_000)},
        [("Body", str(n)) for n in range(1_000)],
    ],
)
def test_strange_but_signed_parameters_are_let_in(
    form: dict[str, str] | list[tuple[str, str]],
) -> None:
    app = GuardedApp()
    assert app.post(form=form).status_code == 200
    assert app.log.last["status"] == 200


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\xfd=\x80",
        b"Body=%FF%FE&From=%ED%A0%80",
        b"=&=&&&;;",
        b"%",
        b"a=%zz%0",
        b"\0" * 100,
        b"Body=" + b"%00" * 1_000,
        b"&" * 60_000,
    ],
)
@pytest.mark.parametrize("signature", [None, "nonsense"])
def test_a_broken_body_is_refused_and_never_breaks_the_guard(
    body: bytes, signature: str | None
) -> None:
    app = GuardedApp()
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    answer = app.client.post(
        "/text", data=body, content_type="application/x-www-form-urlencoded", headers=headers
    )
    assert answer.status_code == 403
    assert answer.text.endswith(".\n")
    assert app.seen == []


def test_an_address_that_cannot_be_taken_apart_is_no_signed_one() -> None:
    validators = [RequestValidator(TOKEN)]
    for url in ("https://[broken/voice", "https://host:port/voice", f"{BASE_URL}/\ud800"):
        assert not is_signed(validators, url, MultiDict(FORM), "signature")
