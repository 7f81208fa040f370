"""What the carrier complains about, and every exchange that crossed the wire."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from telephony.emulator.clock import Clock

Level = Literal["error", "warning"]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entry:
    """One line of the carrier's debugger: when, how bad, which of its codes, and about what."""

    time: datetime
    level: Level
    code: int
    message: str
    resource_sid: str | None = None


@dataclass(frozen=True)
class RestRequest:
    """One REST request as it arrived: `url` has the product's host, `form` keeps repeated keys."""

    method: str
    url: str
    headers: Mapping[str, str]
    form: Pairs
    status: int


@dataclass(frozen=True)
class Webhook:
    """One webhook as it was sent; `status` is None when no answer came."""

    time: datetime
    kind: str
    method: str
    url: str
    params: Pairs
    headers: Mapping[str, str]
    status: int | None
    response_body: str
    response_headers: Mapping[str, str]

    def value(self, name: str) -> str | None:
        """Return the parameter of that name, or None when it was not sent."""
        return dict(self.params).get(name)


class Debugger:
    """Collects what went wrong. Warnings matter as much as errors: a test run fails on them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.entries: list[Entry] = []
        self.requests: list[RestRequest] = []
        self.webhooks: list[Webhook] = []
        self.on_request: Callable[[RestRequest], None] | None = None

    def error(self, code: int, message: str, sid: str | None = None) -> None:
        self.entries.append(Entry(self._clock.now(), "error", code, message, sid))

    def warning(self, code: int, message: str, sid: str | None = None) -> None:
        self.entries.append(Entry(self._clock.now(), "warning", code, message, sid))

    def saw_request(self, request: RestRequest) -> None:
        self.requests.append(request)
        if self.on_request is not None:
            self.on_request(request)
