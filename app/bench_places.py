"""What the bench measures on: databases of its own, and the servers in front of them."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

from app.postgres import embedded
from app.settings import ROOT, Settings, read_settings

PUBLIC = "https://line.bridgeline.example"
ACCOUNT = "AC" + "0123456789abcdef" * 2


@dataclass(frozen=True)
class Place:
    """One database under test, and the settings of everything that is started on it."""

    name: str
    folder: Path
    given: Mapping[str, str]

    @property
    def token(self) -> str:
        """The secret that signs requests."""
        return self.given["TWILIO_AUTH_TOKEN"]

    def settings(self) -> Settings:
        """Return the settings as the servers read them."""
        return read_settings(**self.given)

    def server(self, module: str, threads: int) -> "Server":
        """Start gunicorn with two workers on the app of a module; to be used in a with-block."""
        return Server(module, threads, self.folder, {**os.environ, **self.given})


def place(name: str, url: str, folder: Path) -> Place:
    """Return a place on a database, with keys in a file in the folder."""
    return Place(
        name,
        folder,
        {
            "DATABASE_URL": url,
            "PUBLIC_BASE_URL": PUBLIC,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
            "KEY_FILE": str(folder / f"{name}.json"),
            "ENCRYPTION_KEYS": "",
            "INDEX_KEY": "",
            "LOG_LEVEL": "INFO",
        },
    )


@contextmanager
def sqlite(folder: Path) -> Iterator[Place]:
    """Give an empty database in a file."""
    yield place("SQLite", f"sqlite:///{folder / 'bench.db'}", folder)


@contextmanager
def postgres(folder: Path) -> Iterator[Place]:
    """Give an empty database: on the server that the environment names, else one from the wheel.

    Raises PostgresError when there is neither.
    """
    for name in ("TEST_DATABASE_URL", "DATABASE_URL"):
        if os.environ.get(name, "").startswith("postgresql"):
            with _database_on(os.environ[name]) as url:
                yield place("PostgreSQL", url, folder)
            return
    with embedded() as server, _database_on(server) as url:
        yield place("PostgreSQL", url, folder)


@contextmanager
def _database_on(server: str) -> Iterator[str]:
    """Make a database of our own on a server, and drop it in the end; nothing else is touched."""
    address = make_url(server).set(drivername="postgresql+psycopg")
    name = f"bridgeline_bench_{secrets.token_hex(6)}"
    admin = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def tell(statement: str) -> None:
        with admin.connect() as connection:
            connection.execute(text(statement))

    tell(f'CREATE DATABASE "{name}"')
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        tell(f'DROP DATABASE "{name}" WITH (FORCE)')


class Server:
    """Gunicorn as in docs/runbook.md, on a port of its own.

    What it logs goes nowhere, as a log file would cost the same for all; its faults are kept.
    """

    def __init__(
        self, module: str, threads: int, folder: Path, environment: Mapping[str, str]
    ) -> None:
        self._faults = folder / f"{module}.log"
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
            self.port: int = listening.getsockname()[1]
            words = [sys.executable, "-m", "gunicorn", f"{module}:make_app()"]
            words += ["--worker-class", "gthread", "--workers", "2", "--threads", str(threads)]
            words += ["--bind", f"fd://{listening.fileno()}", "--no-control-socket"]
            words += ["--log-level", "warning", "--log-file", str(self._faults)]
            self._process = subprocess.Popen(
                words,
                cwd=ROOT,
                env=dict(environment),
                pass_fds=[listening.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def __enter__(self) -> "Server":
        """Wait until it answers, whatever it answers."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as waiting:
            waiting.sendall(b"GET /ready HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
            waiting.recv(1)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def faults(self) -> str:
        """What it complained about, if anything."""
        return self._faults.read_text() if self._faults.exists() else ""
