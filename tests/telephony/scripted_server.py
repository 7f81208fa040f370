"""A server that answers by script in the carrier's place, and keeps what it was asked."""

import threading
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from telephony.carrier import CarrierError
from telephony.twilio_carrier import TwilioCarrier

ACCOUNT = "AC" + "1" * 32
PERSON, LINE = "+15155550135", "+15155550100"
WORDS = "I cannot go on"


class QuietHandler(WSGIRequestHandler):
    """Keeps the test server's own access log, which shows addresses, out of what is looked at."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


class ScriptedServer:
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

    def carrier(self) -> TwilioCarrier:
        """Return an adapter that takes this server for Twilio."""
        return TwilioCarrier(ACCOUNT, "secret token", base_url=self.url, timeout=5)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def json_answer(body: str, status: int = 200) -> Response:
    return Response(body, status, mimetype="application/json")


def failure_of(call: Callable[[], object]) -> CarrierError:
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
