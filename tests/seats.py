"""Servers that stay for a whole run: starting and stopping one for each test takes its time."""

from collections.abc import Iterable
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from telephony.emulator import LocalServer
from tests.shared_site import SharedSite


class Seat:
    """A server that stays while the application behind it changes from test to test."""

    def __init__(self) -> None:
        self.app: WSGIApplication | None = None
        self._server = LocalServer(self._serve, poll_seconds=0.5)
        self.url = self._server.url

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        assert self.app is not None
        return self.app(environ, start)

    def close(self) -> None:
        self._server.close()


@dataclass(frozen=True)
class Seats:
    """Where the carrier and the application are served, and the application of ours."""

    api: Seat
    site: Seat
    ours: SharedSite

    def clear(self) -> None:
        """Serve nothing until the next test: what comes late must not reach that one."""
        self.api.app = self.site.app = None
