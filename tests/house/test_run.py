"""The front door: the environment is made once, by one start at a time, and mended when broken."""

import ast
import fcntl
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import run
from tests.tree import ROOT


class Instant(run.Environment):
    """An environment whose installing takes no time and is counted."""

    def __init__(self, root: Path, gate: threading.Event | None = None) -> None:
        super().__init__(root)
        self.installed: list[tuple[str, bool]] = []
        self.broken = False
        self._gate = gate

    def _with_pip(self, requirements: Path, anew: bool) -> None:
        if self._gate is not None:
            self._gate.wait()
        self.installed.append((requirements.name, anew))
        if self.broken:
            raise run.SetUpError("No index can be reached.")
        self.python.parent.mkdir(parents=True, exist_ok=True)
        if not self.python.exists():
            self.python.symlink_to(sys.executable)


@pytest.fixture(autouse=True)
def without_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / run.FOR_RUNNING).write_text("one\n")
    (tmp_path / run.FOR_TESTING).write_text("one\ntwo\n")
    return tmp_path


def test_a_second_start_installs_nothing(root: Path) -> None:
    environment = Instant(root)
    environment.prepare(run.FOR_RUNNING)
    environment.prepare(run.FOR_RUNNING)

    assert environment.installed == [("requirements.txt", True)]
    assert environment.is_ready(run.FOR_RUNNING)
    assert not environment.is_ready(run.FOR_TESTING)


def test_what_tests_need_is_added_to_what_runs(root: Path) -> None:
    environment = Instant(root)
    environment.prepare(run.FOR_RUNNING)
    environment.prepare(run.FOR_TESTING)

    assert environment.installed[1:] == [("requirements-dev.txt", False)]


def test_an_environment_for_tests_also_runs_the_demo(root: Path) -> None:
    environment = Instant(root)
    environment.prepare(run.FOR_TESTING)
    environment.prepare(run.FOR_RUNNING)

    assert environment.installed == [("requirements-dev.txt", True)]


def test_a_changed_requirement_file_is_installed(root: Path) -> None:
    environment = Instant(root)
    environment.prepare(run.FOR_RUNNING)
    (root / run.FOR_RUNNING).write_text("another\n")
    environment.prepare(run.FOR_RUNNING)

    assert environment.installed[1:] == [("requirements.txt", False)]


def test_a_half_made_environment_is_made_anew(root: Path) -> None:
    left = root / ".venv" / "lib" / "half-a-package"
    left.mkdir(parents=True)
    environment = Instant(root)
    environment.prepare(run.FOR_RUNNING)

    assert environment.installed == [("requirements.txt", True)]
    assert not left.exists()


def test_an_environment_that_lost_its_python_is_made_anew(root: Path) -> None:
    environment = Instant(root)
    environment.prepare(run.FOR_RUNNING)
    environment.python.unlink()
    environment.python.symlink_to(root / "gone")
    environment.prepare(run.FOR_RUNNING)

    assert environment.installed[1:] == [("requirements.txt", True)]


def test_an_environment_that_was_moved_is_made_anew(root: Path) -> None:
    Instant(root).prepare(run.FOR_RUNNING)
    moved = root.with_name("moved")
    root.rename(moved)
    environment = Instant(moved)
    environment.prepare(run.FOR_RUNNING)

    assert environment.installed == [("requirements.txt", True)]


def test_an_environment_that_is_only_linked_to_is_left_as_it_is(root: Path) -> None:
    other = root / "other"
    other.mkdir()
    for name in (run.FOR_RUNNING, run.FOR_TESTING):
        shutil.copy(root / name, other)
    theirs = Instant(other)
    theirs.prepare(run.FOR_RUNNING)
    (root / ".venv").symlink_to(other / ".venv")
    environment = Instant(root)

    with pytest.raises(run.SetUpError, match="is a link to another folder; remove the link"):
        environment.prepare(run.FOR_RUNNING)

    assert environment.installed == []
    assert theirs.is_ready(run.FOR_RUNNING)
    assert (root / ".venv").is_symlink()


def test_an_addition_that_fails_is_tried_again_from_the_start(root: Path) -> None:
    environment = Instant(root)
    environment.prepare(run.FOR_RUNNING)
    environment.broken = True

    with pytest.raises(run.SetUpError, match="No index"):
        environment.prepare(run.FOR_TESTING)

    assert environment.installed[1:] == [
        ("requirements-dev.txt", False),
        ("requirements-dev.txt", True),
    ]
    assert not environment.is_ready(run.FOR_RUNNING)


def test_of_two_starts_at_once_only_one_installs(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = threading.Event()
    first, second = Instant(root, gate), Instant(root, gate)
    threads = [
        threading.Thread(target=start.prepare, args=(run.FOR_RUNNING,)) for start in (first, second)
    ]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()

    assert len(first.installed + second.installed) == 1
    assert first.is_ready(run.FOR_RUNNING)


# Leaves a process behind that ends when somebody opens the named pipe.
OUTLIVING = """
import subprocess, sys
waiting = [sys.executable, "-c", "import sys; open(sys.argv[1]).read()", sys.argv[1]]
silent = subprocess.DEVNULL
subprocess.Popen(waiting, close_fds=False, stdout=silent, stderr=silent)
"""


class Abandoned(Instant):
    """An environment whose installer goes on when the start has ended."""

    def _with_pip(self, requirements: Path, anew: bool) -> None:
        super()._with_pip(requirements, anew)
        run.quietly(sys.executable, "-c", OUTLIVING, requirements.with_name("pipe"))


def test_an_installer_that_outlives_its_start_still_keeps_others_out(root: Path) -> None:
    os.mkfifo(root / "pipe")
    Abandoned(root).prepare(run.FOR_RUNNING)

    with open(root / ".venv.lock", "w") as lock:
        try:
            with pytest.raises(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            (root / "pipe").open("w").close()
        fcntl.flock(lock, fcntl.LOCK_EX)


def test_a_python_without_venv_is_told_which_package_is_missing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "find_spec", lambda _name: None)

    with pytest.raises(run.SetUpError, match="apt install python3-venv"):
        run.make_with_venv(root / "new")


def test_a_command_that_fails_is_quoted() -> None:
    with pytest.raises(run.SetUpError, match="the last words"):
        run.quietly(sys.executable, "-c", "import sys; sys.exit('the last words')")


def test_an_old_python_can_read_the_front_door_and_is_told_the_version() -> None:
    source = (ROOT / "run.py").read_text()

    ast.parse(source, feature_version=(3, 7))
    assert source.index("sys.version_info < (3, 11)") < source.index("def ")


def checkout_of(program: str, folder: Path) -> Path:
    """Make a checkout whose command line is that program, with its environment ready."""
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "__init__.py").touch()
    (folder / "app" / "__main__.py").write_text(program)
    shutil.copy(ROOT / "run.py", folder)
    (folder / run.FOR_RUNNING).write_text("one\n")
    Instant(folder).prepare(run.FOR_RUNNING)
    return folder


def test_a_command_runs_from_any_folder_and_says_nothing_of_the_set_up(tmp_path: Path) -> None:
    checkout = checkout_of("import sys\nprint(sys.argv[1:])\n", tmp_path / "checkout")
    elsewhere = checkout_of("raise SystemExit('the wrong app')\n", tmp_path / "elsewhere")

    said = [
        subprocess.run(
            [sys.executable, checkout / "run.py", *words],
            cwd=elsewhere,
            capture_output=True,
            text=True,
            check=True,
        )
        for words in (["demo", "--port", "1"], ["bridgeline", "people"], ["people"])
    ]

    assert [done.stdout for done in said] == [
        "['demo', '--port', '1']\n",
        "['people']\n",
        "['people']\n",
    ]
    assert [done.stderr for done in said] == ["", "", ""]


def test_what_is_compiled_is_kept_in_the_environment_even_if_the_shell_keeps_no_bytecode(
    tmp_path: Path,
) -> None:
    checkout = checkout_of("from app import answer\n", tmp_path / "checkout")
    (checkout / "app" / "answer.py").touch()
    subprocess.run(
        [sys.executable, checkout / "run.py", "people"],
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )

    (compiled,) = checkout.rglob("answer.*.pyc")
    assert compiled.is_relative_to(checkout / ".venv")
