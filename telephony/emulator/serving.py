"""Serving a WSGI application on a free local port from a thread, for tests and for the demo."""

import socket
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


def open_door(port: int = 0) -> socket.socket:
    """Return a socket that listens on this machine alone; raises OSError where it cannot."""
    return socket.create_server(("127.0.0.1", port), backlog=128)


class LocalServer:
    """A WSGI application behind real HTTP at `url`, until it is closed.

    `door` is a socket that listens already, for whoever has to know the address before there is an
    application; without one it is a free port. Whoever keeps a server for long lets it look less
    often, every `poll_seconds`, whether it has been closed.
    """

    def __init__(
        self,
        app: WSGIApplication,
        door: socket.socket | None = None,
        poll_seconds: float = _POLL_SECONDS,
    ) -> None:
        with door or open_door() as listening:
            host, port = listening.getsockname()
            # The server listens on a copy of the socket.
            self._server = make_server(
                host, port, app, threaded=True, request_handler=_Quiet, fd=listening.fileno()
            )
        self.url = f"http://{host}:{port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(poll_seconds,), daemon=True
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
