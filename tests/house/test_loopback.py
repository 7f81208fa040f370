"""Nothing that a test starts in its own process gets beyond this machine."""

import socket
from pathlib import Path

import pytest
import requests

from tests.loopback import OutsideError, is_inside


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "", None, b"localhost", "::1%lo"]
)
def test_this_machine_is_inside(host: object) -> None:
    assert is_inside(host)


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "api.twilio.com", "localhost.example.org"]
)
def test_every_other_machine_is_outside(host: object) -> None:
    assert not is_inside(host)


def test_a_connection_to_another_machine_fails_with_a_sentence() -> None:
    with socket.socket() as plain, pytest.raises(OutsideError, match=r"reach 192\.0\.2\.1"):
        plain.connect(("192.0.2.1", 80))


def test_a_connection_that_reports_by_number_is_refused_too() -> None:
    with socket.socket() as plain, pytest.raises(OutsideError):
        plain.connect_ex(("192.0.2.1", 80))


def test_no_name_server_is_asked() -> None:
    with pytest.raises(OutsideError, match=r"api\.twilio\.com"):
        requests.get("https://api.twilio.com/", timeout=1)


def test_a_server_on_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())

        assert client.getpeername() == server.getsockname()


def test_a_unix_socket_can_be_reached(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen()
        client.connect(path)

        assert client.getpeername() == path
