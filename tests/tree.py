"""The repository as the house tests see it: its files, read and not run."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("app", "admin", "scheduling", "sms", "telephony", "mentoring")

# Folders that hold nothing of ours: what tools and runs leave behind.
_LEFT_BEHIND = {"var", "build", "__pycache__", "node_modules"}
_SETTING = re.compile(r"^    ([A-Z][A-Z0-9_]*): ", re.MULTILINE)


def files(*suffixes: str, under: str = ".") -> Iterator[Path]:
    """Return our files with these endings (all files without any), by path."""
    for path in sorted((ROOT / under).rglob("*")):
        folders = path.relative_to(ROOT).parts[:-1]
        ours = not any(name in _LEFT_BEHIND or _is_hidden(name) for name in folders)
        if ours and path.is_file() and (not suffixes or path.suffix in suffixes):
            yield path


def name_of(path: Path) -> str:
    """Return a file's path as it is written in this repository."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(), name_of(path))


def setting_names() -> list[str]:
    """Return the environment variables that app/settings.py reads, without importing the app."""
    return _SETTING.findall((ROOT / "app" / "settings.py").read_text())


def _is_hidden(folder: str) -> bool:
    return folder.startswith(".") and folder != ".ci"
