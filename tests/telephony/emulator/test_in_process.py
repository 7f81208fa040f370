"""Asked in the same process, an application sees and says what it would over a network."""

from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import requests
from flask import Flask, Response, request

from telephony.emulator import LocalServer
from telephony.emulator.in_process import InProcessAdapter, ask

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "sig"}


def echo() -> Flask:
    app = Flask("echo")

    @app.route("/<path:path>", methods=["GET", "POST"])
    def show(path: str) -> Response:
        seen = {
            "path": path,
            "query": request.query_string.decode(),
            "form": request.form.to_dict(),
            "signature": request.headers.get("X-Twilio-Signature", ""),
            "host": request.host,
        }
        answer = Response(repr(seen), status=201, mimetype="text/plain")
        answer.set_cookie("one", "1")
        answer.set_cookie("two", "2")
        return answer

    return app


def test_a_request_arrives_as_it_was_written_and_every_header_comes_back() -> None:
    url = "https://line.example/v%C3%B6ice/turn?c=1&t=%2B2"
    answer = ask(echo(), "POST", url, {**_FORM, "Host": "line.example"}, b"From=%2B1515&Body=a+b")
    assert answer.status == 201
    seen = answer.content.decode()
    for part in ("'vöice/turn'", "'c=1&t=%2B2'", "'+1515'", "'a b'", "'sig'", "'line.example'"):
        assert part in seen
    assert len(answer.headers.get_all("Set-Cookie", [])) == 2
    assert answer.getheader("Content-Type") == "text/plain; charset=utf-8"


def test_a_session_cannot_tell_it_from_a_server() -> None:
    app = echo()
    inside = requests.Session()
    inside.mount("https://", InProcessAdapter(app))
    with LocalServer(app) as server:
        over_the_wire = requests.post(f"{server.url}/a?b=c", data={"d": "é"}, timeout=5)
    in_process = inside.post("https://127.0.0.1/a?b=c", data={"d": "é"}, timeout=5)
    assert in_process.status_code == over_the_wire.status_code == 201
    assert in_process.headers["Content-Type"] == over_the_wire.headers["Content-Type"]
    port = server.url.rpartition(":")[2]
    assert in_process.text == over_the_wire.text.replace(f":{port}", "")


def test_what_an_application_opens_is_closed_after_its_answer() -> None:
    closed = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            yield b"said"

        def close(self) -> None:
            closed.append(True)

    def app(_environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start("200 OK", [])
        return Body()

    assert ask(app, "GET", "https://line.example/", {}, b"").content == b"said"
    assert closed == [True]
