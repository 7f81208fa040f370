"""No test may reach beyond this machine: connections to anywhere else fail with a sentence."""

import ipaddress
import socket
from typing import Any

import pytest

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


class OutsideError(AssertionError):
    """A test tried to reach another machine."""


def is_inside(host: object) -> bool:
    """Tell whether a host is this machine: a loopback address, `localhost`, or left open."""
    if host is None or host in ("", "localhost", b"localhost"):
        return True
    try:
        text = host.decode() if isinstance(host, bytes) else str(host)
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_outside(host: object) -> None:
    if not is_inside(host):
        raise OutsideError(f"A test tried to reach {host}. Tests may only use 127.0.0.1.")


def _check(address: object) -> None:
    # Addresses of UNIX sockets are plain strings; those of the internet are tuples.
    if isinstance(address, tuple):
        _refuse_outside(address[0])


class LoopbackOnly:
    """The pytest plugin: guards the sockets of the process for as long as the run lasts."""

    def pytest_sessionstart(self) -> None:
        socket.socket.connect = guarded_connect  # type: ignore[method-assign]
        socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
        socket.getaddrinfo = guarded_getaddrinfo

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        socket.socket.connect = _connect  # type: ignore[method-assign]
        socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign]
        socket.getaddrinfo = _getaddrinfo


def guarded_connect(own: Any, address: Any) -> None:
    """Connect, to this machine only."""
    _check(address)
    _connect(own, address)


def guarded_connect_ex(own: Any, address: Any) -> int:
    """Connect and return the error number, to this machine only."""
    _check(address)
    return _connect_ex(own, address)


def guarded_getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
    """Resolve a host, of this machine only: asking a name server is a connection, too."""
    _refuse_outside(host)
    return _getaddrinfo(host, *rest, **named)
