"""Serving a WSGI application on a free local port from a thread, for tests and for the demo."""

import threading
from types import TracebackType
from typing import Self
from wsgiref.types import WSGIApplication

from werkzeug.serving import WSGIRequestHandler, make_server

# How often the server looks whether it has been closed: tests open and close many.
_POLL_SECONDS = 0.02


class _Quiet(WSGIRequestHandler):
    """Handles requests without writing a line for each: lines would hold phone numbers."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Keep silent."""


class LocalServer:
    """A WSGI application behind real HTTP at `url`, until it is closed."""

    def __init__(self, app: WSGIApplication, port: int = 0, host: str = "127.0.0.1") -> None:
        self._server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
        self.url = f"http://{host}:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
