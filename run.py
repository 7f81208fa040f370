#!/usr/bin/env python3
"""The front door of Bridgeline: makes its own virtual environment, then starts what is asked for.

    python3 run.py demo              the whole line on this machine, with phones in the browser
    python3 run.py test [OPTIONS]    every check; options go to pytest
    python3 run.py pictures          takes the pictures in docs/ anew, of a demo of its own
    python3 run.py bench             our speed beside the smallest honest app, as ratios
    python3 run.py lock [--upgrade]  write the requirement files anew from pyproject.toml
    python3 run.py COMMAND ...       any command of `bridgeline`, such as: people list

Needs Python 3.11 or newer and nothing else. The first start installs the locked packages into
.venv, with uv where it is installed and with pip where it is not; later starts find them there.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

try:
    import fcntl
except ImportError:
    sys.exit("Bridgeline runs on Linux and macOS. On Windows, use the Linux subsystem (WSL).")

# This file keeps to a syntax that much older Pythons can read, so that they get this far.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("Bridgeline needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")

ROOT = Path(__file__).resolve().parent
FOR_RUNNING = "requirements.txt"
FOR_TESTING = "requirements-dev.txt"

_COMPILE = ("pip", "compile", "--universal", "--generate-hashes", "--no-header", "--no-annotate")
# Compiling everything takes as long as installing it; what is imported gets compiled then.
_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile")
_NO_VENV = (
    "This Python cannot make virtual environments. On Debian and Ubuntu, install what is missing"
    " with `apt install python3-venv` (as root), then start again."
)
_LINKED = (
    "{} is a link to another folder; remove the link, and the next start makes its own folder."
)


class SetUpError(Exception):
    """The environment could not be made; the message says why or what to do about it."""


def say(sentence: str) -> None:
    """Tell about a step. Standard output belongs to the command that is being started."""
    print(sentence, file=sys.stderr, flush=True)


def quietly(*command: object) -> None:
    """Run a command and keep what it writes for the SetUpError that is raised when it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        close_fds=False,
        check=False,
    )
    if done.returncode != 0:
        raise SetUpError("\n".join(done.stdout.strip().splitlines()[-20:]))


class Environment:
    """The virtual environment in one folder, made from the locked requirement files beside it.

    A stamp in it names the folder, the Python, and the SHA-256 of each file that it satisfies. It
    is written last and taken away before anything changes, so without it nothing is trusted.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / ".venv"
        self._stamp = self._folder / "bridgeline-stamp"
        self.python = self._folder / "bin" / "python"

    def is_ready(self, wanted: str) -> bool:
        """Tell whether everything that a requirement file asks for is installed."""
        return self._is_sound() and self._hash(wanted) in self._stamp.read_text().splitlines()

    def prepare(self, wanted: str) -> None:
        """Install what a requirement file asks for, unless it is there. Raises SetUpError."""
        if self.is_ready(wanted):
            return
        if self._folder.is_symlink():
            # What it leads to belongs to somebody else, who still needs it as it is.
            raise SetUpError(_LINKED.format(self._folder))
        with self._alone():
            if self.is_ready(wanted):
                return
            started = time.monotonic()
            say(f"Installing the packages of {wanted} into .venv, once ...")
            self._install(self._root / wanted)
            # What testing needs includes what running needs.
            hashes = sorted({self._hash(wanted), self._hash(FOR_RUNNING)})
            self._stamp.write_text("\n".join([*self._identity(), *hashes]) + "\n")
            say(f"Installed in {time.monotonic() - started:.0f} s.")

    def _is_sound(self) -> bool:
        """Tell whether an earlier start finished this environment, here and with this Python."""
        try:
            return self._stamp.read_text().splitlines()[:2] == self._identity()
        except OSError:
            return False

    def _identity(self) -> list[str]:
        """Name the environment: once moved, or with another Python behind it, it is broken."""
        return [str(self._folder), os.path.realpath(self.python)]

    def _hash(self, name: str) -> str:
        return hashlib.sha256((self._root / name).read_bytes()).hexdigest()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one start at a time change the folder; the lock ends with its processes."""
        with open(self._root / ".venv.lock", "w") as lock:
            # An installer holds it as well: it goes on even when the start itself is killed.
            os.set_inheritable(lock.fileno(), True)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another start is installing the packages: waiting for it ...")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _install(self, requirements: Path) -> None:
        """Add the packages to a sound environment; else, or if that fails, make it anew."""
        sound = self._is_sound()
        self._stamp.unlink(missing_ok=True)
        uv = shutil.which("uv")
        ways = [self._with_pip] if uv is None else [self._with_uv, self._with_pip]
        failure = ""
        for anew in (False, True) if sound else (True,):
            for way in ways:
                try:
                    if anew and self._folder.exists():
                        shutil.rmtree(self._folder)
                    way(requirements, anew)
                    return
                except SetUpError as error:
                    failure = str(error)
        raise SetUpError(failure)

    def _with_uv(self, requirements: Path, anew: bool) -> None:
        if anew:
            quietly("uv", "venv", "--quiet", "--python", sys.executable, self._folder)
        where = ("--python", self.python, "-r", requirements)
        quietly("uv", "pip", "install", "--quiet", "--require-hashes", *where)

    def _with_pip(self, requirements: Path, anew: bool) -> None:
        if anew:
            make_with_venv(self._folder)
        quietly(self.python, *_PIP, "--require-hashes", "-r", requirements)


def make_with_venv(folder: Path) -> None:
    """Make an empty virtual environment with pip in it. Raises SetUpError."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise SetUpError(_NO_VENV)
    quietly(sys.executable, "-m", "venv", folder)


def lock(options: Sequence[str]) -> None:
    """Write both requirement files anew. They hold versions and hashes, never an address."""
    uv = shutil.which("uv") or str(ROOT / ".venv-tools" / "bin" / "uv")
    if not os.path.exists(uv):
        say("Installing uv into .venv-tools, once ...")
        make_with_venv(ROOT / ".venv-tools")
        quietly(ROOT / ".venv-tools" / "bin" / "python", *_PIP, "uv")
    for output, group in ((FOR_RUNNING, ()), (FOR_TESTING, ("--group", "dev"))):
        quietly(uv, *_COMPILE, *options, "pyproject.toml", *group, "-o", output)
        say(f"Wrote {output}.")


def start(wanted: str, module: str, arguments: Sequence[str]) -> NoReturn:
    """Become a module of ours, run by the environment's Python with the repository importable."""
    environment = Environment(ROOT)
    environment.prepare(wanted)
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    variables = {
        "PYTHONPATH": os.pathsep.join(paths),
        # The current folder may hold anything, so nothing is imported from it.
        "PYTHONSAFEPATH": "1",
        # Compiling takes longer than all the rest of a start, so what was compiled is kept even
        # where the shell asks for no bytecode: inside .venv it is in nobody's way.
        "PYTHONPYCACHEPREFIX": str(ROOT / ".venv" / "bytecode"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    python = str(environment.python)
    os.execve(python, [python, "-m", module, *arguments], os.environ | variables)  # noqa: S606


def main(words: Sequence[str]) -> None:
    """Do what the first word says; without any word, tell what there is."""
    command, *rest = words or ["help"]
    if command in ("help", "-h", "--help"):
        print(__doc__)
    elif command == "lock":
        lock(rest)
    elif command == "test":
        start(FOR_TESTING, "tests.suite", rest)
    elif command == "pictures":
        start(FOR_TESTING, "tests.pictures", rest)
    else:
        start(FOR_RUNNING, "app", rest if command == "bridgeline" else words)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except (SetUpError, OSError) as error:
        sys.exit(f"Bridgeline could not be set up.\n{error}")
