"""A small server with the two JSON shapes of the handsets page, and nothing behind them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request, send_from_directory
from werkzeug.serving import WSGIRequestHandler, make_server

PAGE = Path(__file__).parents[3] / "telephony" / "emulator" / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
)
MAIN = "+15155550100"
PAIR = "+15155550101"
DENISE, AMINA = "+15155550135", "+15155550116"
ROSA, LUIS, MARCUS = "+15155550131", "+15155550112", "+12125550132"
STRANGER = "+15155550160"
NOON = "2026-03-03T20:05:00+00:00"

PEOPLE: list[dict[str, Any]] = [
    {"code": "P01", "name": "Rosa Delgado", "number": ROSA, "note": "voice", "line": PAIR},
    {"code": "P02", "name": "Marcus Bell", "number": MARCUS, "note": "text", "line": PAIR},
    {"code": "P05", "name": "Denise Okafor", "number": DENISE, "note": "voice", "landline": True},
    {"code": "M02", "name": "Luis Ortega", "number": LUIS, "note": "voice and text", "line": PAIR},
    {"code": "M05", "name": "Robert Haines", "number": "+12125550115", "note": "voice"},
    {"code": "M06", "name": "Amina Yusuf", "number": AMINA, "note": "text"},
    {"code": "S01", "name": "Charlotte Reyes", "number": "+15155550190", "note": "on duty"},
    {"code": "", "name": "A stranger", "number": "+15155550160", "note": "unknown"},
]


@dataclass
class FakeDemo:
    """The state that the page reads, and every request that it sent."""

    phones: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=lambda: [*PEOPLE])
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    version: int = 1
    looks: int = 0
    labels: tuple[str, str] = ("main line", "pair line 1")
    pushed: float = 0
    is_down: bool = False
    # When set, the first key waits a moment for a second one that might overtake it.
    overtaken: threading.Event | None = None
    is_holding: bool = False
    ids: int = 0

    def changed(self) -> None:
        """Let the next look find something new."""
        self.version += 1

    def next_id(self) -> int:
        """Return an id that rises."""
        self.ids += 1
        return self.ids

    def phone(self, number: str, *, label: str = "", kind: str = "person") -> dict[str, Any]:
        """Return a phone's state, made on first use."""
        blank = {
            "number": number,
            "label": label,
            "kind": kind,
            "landline": kind == "landline",
            "withheld": kind == "withheld",
            "call": None,
            "last_captions": [],
            "messages": [],
        }
        return self.phones.setdefault(number, blank)

    def call(self, number: str, state: str, shown: str, **facts: Any) -> dict[str, Any]:
        """Put a phone into a call and return the call."""
        call = {"sid": f"CA{self.next_id()}", "state": state, "shown": shown, "captions": []}
        phone = self.phone(number)
        phone["call"] = {**call, "recording": False, "gathering": False, **facts}
        self.changed()
        return dict(phone["call"])

    def hears(self, number: str, text: str, who: str = "line", language: str = "") -> None:
        """Let a phone in a call hear, or say, a sentence."""
        caption = {"id": self.next_id(), "who": who, "text": text, "at": NOON}
        self.phone(number)["call"]["captions"].append(caption | {"language": language})
        self.changed()

    def hang_up(self, number: str) -> None:
        """End the call of a phone; its captions stay."""
        phone = self.phone(number)
        phone["last_captions"] = phone["call"]["captions"]
        phone["call"] = None
        self.changed()

    def gets(self, number: str, body: str, *, peer: str = MAIN, direction: str = "in") -> None:
        """Put a text into a phone's thread."""
        text = {"id": self.next_id(), "direction": direction, "peer": peer, "body": body}
        self.phone(number)["messages"].append(
            {**text, "status": "delivered", "at": NOON, "carrier": False}
        )
        self.changed()

    def logs(self, who: str, to: str, outcome: str, **facts: Any) -> None:
        """Add an entry to the contact log."""
        blank: dict[str, Any] = {"kind": "call", "line": "pair line 1", "seconds": None}
        entry = {
            "id": self.next_id(),
            "at": "Tue, Mar 3, 2:05 pm",
            "two_way": False,
            "reason": None,
        }
        self.entries.append(blank | entry | {"who": who, "to": to, "outcome": outcome} | facts)
        self.changed()

    @property
    def clock(self) -> str:
        """The time, which moves only when it is pushed."""
        return (datetime.fromisoformat(NOON) + timedelta(seconds=self.pushed)).isoformat()

    def let_another_overtake(self, verb: str) -> None:
        """Hold the first key back until a second one has come, or for a short while."""
        if verb != "press" or self.overtaken is None:
            return
        if self.is_holding:
            self.overtaken.set()
            return
        self.is_holding = True
        self.overtaken.wait(0.4)

    def state(self) -> dict[str, Any]:
        """What the control API answers."""
        main, pair = self.labels
        numbers = [{"number": MAIN, "label": main}, {"number": PAIR, "label": pair}]
        phones = list(self.phones.values())
        fixed = {"version": self.version, "clock": self.clock, "numbers": numbers, "debugger": []}
        return fixed | {"phones": phones}

    def log(self) -> dict[str, Any]:
        """What the contact log answers."""
        fixed = {"version": self.version, "clock": self.clock, "people": self.people}
        return fixed | {"entries": self.entries, "tasks": self.tasks}

    def act(self, number: str, verb: str, body: dict[str, Any]) -> str | None:
        """Do what a phone was told; a sentence when it is refused."""
        phone = self.phone(number)
        if verb == "dial":
            if "55501" not in body["to"]:
                return "Only numbers of the fictional block can be dialled here."
            self.call(number, "in-call", body["to"], gathering=True)
            self.hears(number, "Hello from BridgeLine.")
        elif verb == "answer":
            phone["call"]["state"] = "in-call"
        elif verb in ("hangup", "reject"):
            self.hang_up(number)
        elif verb == "press":
            self.hears(number, f"You pressed {body['keys']}.")
        elif verb == "say":
            self.hears(number, body["words"], who="me")
        elif verb == "text":
            self.gets(number, body["body"], peer=body["to"], direction="out")
        self.changed()
        return None


@dataclass
class Stage:
    """What the server plays at present, so that one server serves one test after the other."""

    demo: FakeDemo = field(default_factory=FakeDemo)


def make_app(stage: Stage) -> Flask:
    """Serve the page and the two sources, under the policy that the demo uses."""
    app = Flask(__name__, static_folder=None)

    @app.before_request
    def fail_when_down() -> Response | None:
        return Response("down", 503) if stage.demo.is_down else None

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    def answer(state: dict[str, Any]) -> Response:
        if request.args.get("version") == str(stage.demo.version):
            return Response(status=304)
        return jsonify(state)

    @app.get("/")
    def page() -> Response:
        # A test need not wait as long between two looks as a reader can.
        html = (PAGE / "handsets.html").read_text(encoding="utf-8")
        return Response(html.replace('data-look-every="700"', 'data-look-every="100"'))

    @app.get("/<name>")
    def part(name: str) -> Response:
        return send_from_directory(PAGE, name, max_age=3600)

    @app.get("/carrier/_phones/state")
    def state() -> Response:
        stage.demo.looks += 1
        return answer(stage.demo.state())

    @app.get("/demo/log")
    def log() -> Response:
        return answer(stage.demo.log())

    @app.post("/demo/clock")
    def clock() -> Response:
        stage.demo.posts.append(("clock", request.get_json()))
        stage.demo.pushed += request.get_json()["advance"]
        return jsonify(clock=stage.demo.clock)

    @app.post("/carrier/_phones/add")
    def add() -> Response:
        body = request.get_json()
        stage.demo.posts.append(("add", body))
        stage.demo.phone(body["number"], label=body["label"], kind=body["kind"])
        stage.demo.changed()
        return jsonify(ok=True)

    @app.post("/carrier/_phones/<number>/<verb>")
    def act(number: str, verb: str) -> tuple[Response, int]:
        stage.demo.let_another_overtake(verb)
        stage.demo.posts.append((f"{number} {verb}", request.get_json()))
        error = stage.demo.act(number, verb, request.get_json())
        return (jsonify(error=error), 400) if error else (jsonify(ok=True), 200)

    return app


class QuietHandler(WSGIRequestHandler):
    """Handles requests without a line in the log: their paths hold phone numbers."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


@contextmanager
def serving(stage: Stage) -> Iterator[str]:
    """Serve it on a free port of this machine; the value is its address."""
    server = make_server(
        "127.0.0.1", 0, make_app(stage), threaded=True, request_handler=QuietHandler
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
