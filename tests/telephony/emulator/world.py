"""A pretend application with scripted answers, beside an emulator and the official client."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, Response, request
from twilio.rest import Client

from telephony.emulator import Emulator, Options, Phone, VirtualClock
from telephony.twilio_http import MappedHttpClient
from tests.seats import Seats

LINE = "+15155550100"
PAIR_LINE = "+15155550101"
CALLER = "+15155550135"
MENTOR = "+15155550116"

Answer = str | Response | tuple[str, int] | Callable[["Seen"], "str | Response | tuple[str, int]"]


@dataclass(frozen=True)
class Seen:
    """One request as the application received it."""

    path: str
    method: str
    params: dict[str, str]
    headers: dict[str, str]
    url: str
    raw: bytes

    def __getitem__(self, name: str) -> str:
        return self.params[name]


@dataclass
class PretendApp:
    """A web application whose answers a test writes down by path.

    Answers that are strings go out as TwiML. A path without an answer gives 404.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    url: str = ""

    def at(self, path: str) -> list[Seen]:
        return [each for each in self.seen if each.path == path]

    def paths(self) -> list[str]:
        return [each.path for each in self.seen]

    def make(self) -> Flask:
        app = Flask("pretend")

        @app.route("/<path:path>", methods=["GET", "POST"])
        def answer(path: str) -> Response | tuple[str, int]:
            values = request.form if request.method == "POST" else request.args
            seen = Seen(
                path=f"/{path}",
                method=request.method,
                params=dict(values.items()),
                headers=dict(request.headers.items()),
                url=request.environ["REQUEST_URI"],
                raw=request.get_data(),
            )
            self.seen.append(seen)
            found = self.answers.get(f"/{path}", ("not here", 404))
            if callable(found) and not isinstance(found, Response):
                found = found(seen)
            if isinstance(found, str):
                return Response(found, content_type="text/xml; charset=utf-8")
            return found

        return app


@dataclass
class World:
    """Everything a test of the emulator needs in one hand."""

    emulator: Emulator
    app: PretendApp
    client: Client
    api_url: str

    def phone(self, number: str = CALLER) -> Phone:
        return self.emulator.phone(number)

    def answer(self, path: str, answer: Answer) -> None:
        self.app.answers[path] = answer

    def hook(self, path: str) -> str:
        return f"{self.app.url}{path}"

    def texts(self, phone: Phone) -> list[str]:
        return [caption.text for caption in phone.heard]

    def codes(self) -> list[int]:
        return [entry.code for entry in self.emulator.debugger]


def make_world(seats: Seats, options: Options | None = None) -> World:
    """Put a new emulator and a new pretend application on the servers."""
    emulator = Emulator(VirtualClock(), options=options)
    app = PretendApp(url=seats.site.url)
    seats.api.app, seats.site.app = emulator.wsgi_app, app.make()
    client = Client(
        emulator.account_sid,
        emulator.auth_token,
        http_client=MappedHttpClient(base_url=seats.api.url),
    )
    emulator.add_number(
        LINE,
        voice_url=f"{app.url}/voice",
        sms_url=f"{app.url}/sms",
        status_callback=f"{app.url}/ended",
    )
    emulator.add_number(PAIR_LINE, voice_url=f"{app.url}/pair", sms_url=f"{app.url}/pair-sms")
    for path in ("/ended", "/status", "/leg"):
        app.answers[path] = ("", 204)
    return World(emulator, app, client, seats.api.url)
