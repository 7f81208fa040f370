"""Servers that stay for a whole run: starting and stopping one for each test takes its time."""

from collections.abc import Iterable
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from telephony.emulator import LocalServer


class Seat:
    """A server that stays while the application behind it changes from test to test."""

    def __init__(self) -> None:
        self.app: WSGIApplication | None = None
        self._server = LocalServer(self._serve)
        self.url = self._server.url

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        assert self.app is not None
        return self.app(environ, start)

    def close(self) -> None:
        self._server.close()


@dataclass(frozen=True)
class Seats:
    """Where the carrier and the application are served."""

    api: Seat
    site: Seat

    def clear(self) -> None:
        """Serve nothing until the next test: what comes late must not reach that one."""
        self.api.app = self.site.app = None
