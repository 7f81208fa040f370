"""The load generator, in a process of its own: `python -m app.bench_load`, a job on its input.

Raw sockets that stay open, one request at a time on each, and as little work for a request as can
be: whatever it takes is taken from the servers. Its output is the counts and times of one round.
"""

import json
import selectors
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.bench_senders import Carrier, Talk, calls, texts

_STUCK_SECONDS = 30


class LoadError(RuntimeError):
    """A server answered wrongly, or not at all."""


@dataclass(frozen=True)
class Job:
    """One round. `what` is `texts` or `calls`; times in seconds; numbers are E.164."""

    what: str
    port: int
    base_url: str
    token: str
    account: str
    warm_up: float
    seconds: float
    connections: int
    sides: tuple[tuple[str, str], ...]
    callers: tuple[str, ...]
    main: str

    def talks(self) -> list[Talk]:
        """Return what each connection is to say. No two of them share a caller or a side."""
        carrier = Carrier(self.base_url, self.token, self.account)
        numbers = iter(self.callers)
        if self.what == "calls":
            return [calls(carrier, numbers, self.main) for _ in range(self.connections)]
        shares = [self.sides[start :: self.connections] for start in range(self.connections)]
        return [texts(carrier, share or self.sides) for share in shares]


@dataclass(frozen=True)
class Measured:
    """What came of a round: requests, seconds, their times in ms, our own share of one core."""

    requests: int
    seconds: float
    p50: float
    p99: float
    own_cpu: float

    @property
    def per_second(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


class Connection:
    """One socket and the talk on it."""

    def __init__(self, port: int, talk: Talk) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self._talk = talk
        self._read = b""
        self._send(next(talk))

    def receive(self) -> float | None:
        """Read what is there. When that completes an answer: send the next request, and return how
        long this one took; else None. Raises LoadError."""
        part = self.socket.recv(65536)
        if not part:
            raise LoadError("The server closed a connection.")
        self._read += part
        head, end, body = self._read.partition(b"\r\n\r\n")
        if not end or len(body) < _length_in(head):
            return None
        took = time.perf_counter() - self.sent_at
        if not head.startswith(b"HTTP/1.1 200 "):
            raise LoadError(f"The server answered: {self._read[:300].decode(errors='replace')}")
        self._read = b""
        self._send(self._talk.send(body))
        return took

    def _send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)


def _length_in(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    if not found:
        raise LoadError(f"An answer has no length: {head[:300].decode(errors='replace')}")
    return int(rest.split(b"\r\n", 1)[0])


def run(job: Job) -> Measured:
    """Do one round: everything after the warm-up counts."""
    with selectors.DefaultSelector() as selector:
        connections = [Connection(job.port, talk) for talk in job.talks()]
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        _turn(selector, until=time.perf_counter() + job.warm_up, note=lambda _: None)
        took: list[float] = []
        started, own = time.perf_counter(), time.process_time()
        _turn(selector, until=started + job.seconds, note=took.append)
        seconds, own = time.perf_counter() - started, time.process_time() - own
        for connection in connections:
            connection.socket.close()
    return _measured(took, seconds, own)


def _turn(selector: selectors.BaseSelector, *, until: float, note: Callable[[float], None]) -> None:
    while (now := time.perf_counter()) < until:
        ready = selector.select(min(_STUCK_SECONDS, until - now))
        if not ready and time.perf_counter() < until:
            raise LoadError(f"There was no answer for {_STUCK_SECONDS} seconds.")
        for key, _ in ready:
            took = key.data.receive()
            if took is not None:
                note(took)


def _measured(took: Sequence[float], seconds: float, own: float) -> Measured:
    if not took:
        raise LoadError("Not one answer came within a round.")
    ranked = sorted(took)
    at = [1000 * ranked[min(len(ranked) - 1, int(len(ranked) * part))] for part in (0.5, 0.99)]
    return Measured(len(ranked), seconds, at[0], at[1], own / seconds)


def main() -> int:
    """Run the job on the standard input; returns the exit code."""
    given: dict[str, Any] = json.load(sys.stdin)
    sides = tuple((number, line) for number, line in given.pop("sides"))
    try:
        measured = run(Job(**{**given, "sides": sides, "callers": tuple(given["callers"])}))
    except (LoadError, RuntimeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    json.dump(asdict(measured), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
