"""A small app behind the guard, and a carrier that signs what it posts to it."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from telephony.failures import FailureWatch
from telephony.webhooks import Guard

TOKEN = "first token"
BASE_URL = "https://line.example.org"
CALL_SID = "CA" + "5" * 32
FORM = {
    "CallSid": CALL_SID,
    "From": "+15155550135",
    "To": "+15155550100",
    "CallStatus": "in-progress",
    "Direction": "inbound",
    "Digits": "1",
}

View = Callable[[], ResponseReturnValue]
Params = Mapping[str, str] | Iterable[tuple[str, str]]


class Lines(logging.Handler):
    """Keeps each exchange line as text and as JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.levels: list[int] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))
        self.levels.append(record.levelno)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.texts]

    @property
    def last(self) -> dict[str, Any]:
        return self.lines[-1]


class GuardedApp:
    """Views at /voice, /text, /callback and /get, which answer `view()`; `seen` counts its runs."""

    def __init__(
        self,
        view: View = lambda: "<Response/>",
        *,
        tokens: tuple[str, ...] = (TOKEN,),
        base_url: str = BASE_URL,
        apology: Callable[[str], str] = lambda medium: f"<Response><!-- {medium} --></Response>",
        failures: FailureWatch | None = None,
    ) -> None:
        self.seen: list[MultiDict[str, str]] = []
        self.log = Lines()
        self.base_url = base_url
        logger = logging.getLogger("bridgeline.exchange.test")
        logger.setLevel(logging.INFO)
        logger.handlers = [self.log]
        guard = Guard(
            tokens,
            base_url,
            logger,
            apology=apology,
            hash_number=lambda n: f"#{len(n)}",
            failures=failures,
        )

        def answer() -> ResponseReturnValue:
            self.seen.append(request.form)
            return view()

        app = Flask(__name__)
        both = ["GET", "POST"]
        app.add_url_rule("/voice", "voice", guard.voice(answer), methods=both)
        app.add_url_rule("/voice/<path:rest>", "deep", _without_rest(guard.voice(answer)))
        app.add_url_rule("/text", "text", guard.text(answer), methods=both)
        app.add_url_rule("/callback", "callback", guard.callback(answer), methods=both)
        app.add_url_rule("/get", "get", guard.wrap(answer, "voice", allow_get=True), methods=both)
        self.client = app.test_client()

    def post(
        self,
        target: str = "/voice",
        form: Params = FORM,
        *,
        token: str = TOKEN,
        signed_url: str | None = None,
        **options: Any,
    ) -> TestResponse:
        """Post a form as the carrier does, signed for the public address or for `signed_url`."""
        params: MultiDict[str, str] = MultiDict(form)
        url = signed_url or self.base_url + target
        headers = {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, params)}
        headers |= options.pop("headers", {})
        return self.client.post(target, data=params, headers=headers, **options)


def _without_rest(view: Callable[[], ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    def answer(**_: str) -> ResponseReturnValue:
        return view()

    answer.methods = ["POST"]  # type: ignore[attr-defined]
    return answer
