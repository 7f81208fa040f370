"""Asking a WSGI application of the same process: what a network would carry, without a network.

For a simulation of a year, which has no time for sockets. Requests and answers are the same bytes.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPMessage
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import WSGIApplication

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.utils import get_encoding_from_headers


@dataclass
class Answer:
    """What an application answered, readable like an answer of `http.client`."""

    status: int = 0
    headers: HTTPMessage = field(default_factory=HTTPMessage)
    content: bytes = b""

    def getheader(self, name: str) -> str | None:
        return self.headers.get(name)

    def getheaders(self) -> list[tuple[str, str]]:
        return self.headers.items()


def ask(
    app: WSGIApplication, method: str, url: str, headers: Mapping[str, str], body: bytes
) -> Answer:
    """Ask an application; `url` is absolute, and its path and query arrive as they are written."""
    parts = urlsplit(url)
    answer = Answer()

    def start(status: str, given: list[tuple[str, str]], _fault: object = None) -> Any:
        answer.status = int(status.split(" ", 1)[0])
        for name, value in given:
            answer.headers[name] = value
        return lambda _data: None

    said: Iterable[bytes] = app(_environ(method, parts, headers, body), start)
    try:
        answer.content = b"".join(said)
    finally:
        getattr(said, "close", lambda: None)()
    return answer


def _environ(method: str, parts: Any, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    environ.pop("HTTP_CONTENT_LENGTH", None)
    return environ


class InProcessAdapter(BaseAdapter):
    """Lets a session of `requests` ask an application of the same process."""

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._app = app

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        """Ask the application and return its answer as `requests` would."""
        body = request.body or b""
        data = body.encode() if isinstance(body, str) else bytes(body)
        headers = {name: str(value) for name, value in request.headers.items()}
        got = ask(self._app, request.method or "GET", request.url or "", headers, data)
        response = Response()
        response.status_code = got.status
        response.headers.update(dict(got.headers.items()))
        # As the adapter of a network does it; left out, `requests` guesses from the bytes.
        response.encoding = get_encoding_from_headers(response.headers)
        response.url = request.url or ""
        response.request = request
        response.raw = BytesIO(got.content)
        return response

    def close(self) -> None:
        """There is nothing to close."""
