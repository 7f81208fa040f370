"""The requirement files hold exact versions and their hashes, and no address of any machine."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.tree import ROOT

RUNNING = ROOT / "requirements.txt"
TESTING = ROOT / "requirements-dev.txt"

_PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^\s;]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\Z")
_NAME = re.compile(r"[A-Za-z0-9-]+")


def pins(text: str) -> set[tuple[str, str]]:
    """Return name and version of everything that a requirement file pins."""
    return set(_PINNED.findall(text))


both = pytest.mark.parametrize("path", [RUNNING, TESTING], ids=["running", "testing"])


@both
def test_a_requirement_file_holds_no_address(path: Path) -> None:
    text = path.read_text()

    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash)", text, re.MULTILINE)


@both
def test_every_package_has_one_version_and_its_hashes(path: Path) -> None:
    for entry in re.split(r"\n(?=\S)", path.read_text().strip()):
        head, *hashes = (line.strip().removesuffix("\\").strip() for line in entry.splitlines())
        assert _PINNED.match(head), head
        assert hashes, head
        assert all(_HASH.match(line) for line in hashes), head


def test_what_is_tested_is_what_runs() -> None:
    assert pins(RUNNING.read_text()) <= pins(TESTING.read_text())


def test_every_dependency_is_locked() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for asked, path in (
        (wanted["project"]["dependencies"], RUNNING),
        (wanted["dependency-groups"]["dev"], TESTING),
    ):
        locked = {name for name, _ in pins(path.read_text())}
        names = {found[0] for line in asked if (found := _NAME.match(line))}
        assert names <= locked
