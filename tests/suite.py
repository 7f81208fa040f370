"""Every check in one go: `python3 run.py test` ends up here, in the virtual environment.

First format, style, import rules and types, side by side; then all tests on SQLite; then, again,
those that touch a database on PostgreSQL: on the server that TEST_DATABASE_URL names, else on one
from a wheel.
What is fine takes one line. The last line adds up both runs; a check that fails counts as a failed
test, so that nobody reads zero failures over a broken build.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from app.postgres import PostgresError, embedded

ROOT = Path(__file__).resolve().parent.parent

_LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run(['--no-logo'])"
# One worker more than two cores: some tests wait for a browser or for another process.
_WORKERS = ("-n", "3", "--dist", "worksteal")
CHECKS = {
    "format": ("-m", "ruff", "format", "--check", "."),
    "style": ("-m", "ruff", "check", "--output-format=concise", "."),
    "import rules": ("-c", _LINT_IMPORTS),
    "types": ("-m", "mypy"),
    # Finds what cannot be imported early, and compiles it all while the types are being checked.
    "collection": ("-m", "pytest", "-q", "--collect-only"),
}


@dataclass(frozen=True)
class Outcome:
    """How one step ended. `notes` are worth a line even when all is well."""

    name: str
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    notes: tuple[str, ...] = ()
    output: str = ""

    def lines(self) -> list[str]:
        """Return the step as it is shown: one line, its notes, and its output if it failed."""
        counts = f"  {totals([self])}" if self.passed + self.skipped else ""
        head = f"{'FAILED' if self.failed else 'ok':6}  {self.name:20}{self.seconds:6.1f} s{counts}"
        shown = [head, *(f"{'':8}{note}" for note in self.notes)]
        return [*shown, self.output.rstrip()] if self.failed else shown


def totals(outcomes: Sequence[Outcome]) -> str:
    """Add up what several steps counted, in pytest's words."""
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    return f"{passed} passed, {failed} failed, {skipped} skipped"


def python(*words: str, database_url: str | None = None) -> tuple[int, str]:
    """Run this Python in the repository's folder; return its exit code and all that it wrote."""
    environment = {n: value for n, value in os.environ.items() if n != "TEST_DATABASE_URL"}
    if database_url:
        # What touches no database has just been run; the rest is run again on the server.
        environment |= {"TEST_DATABASE_URL": database_url, "TEST_DATABASE_PART": "1"}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout


def check(name: str) -> Outcome:
    """Run one of CHECKS."""
    started = time.monotonic()
    code, output = python(*CHECKS[name])
    return Outcome(name, time.monotonic() - started, failed=int(code != 0), output=output)


def suite(name: str, server: AbstractContextManager[str | None], options: list[str]) -> Outcome:
    """Run all tests on one database; `server` yields its URL, or None for files of SQLite."""
    started = time.monotonic()
    try:
        with server as url, tempfile.TemporaryDirectory() as folder:
            report = Path(folder, "report.xml")
            words = ("-m", "pytest", "-q", *_WORKERS, f"--junitxml={report}", *options)
            code, output = python(*words, database_url=url)
            passed, failed, skipped, notes = read_report(report)
    except PostgresError as error:
        code, output, passed, failed, skipped, notes = 1, str(error), 0, 0, 0, ()
    leaks = tuple(line for line in output.splitlines() if line.startswith("leak check: "))
    return Outcome(
        name,
        time.monotonic() - started,
        passed,
        # A run may fail although no test did: a leak, a crash, nothing collected.
        failed or int(code != 0),
        skipped,
        (*notes, *leaks),
        output,
    )


def read_report(path: Path) -> tuple[int, int, int, tuple[str, ...]]:
    """Return the passed, failed and skipped tests of pytest's report, and why any were skipped."""
    if not path.exists():
        return 0, 0, 0, ()
    run = ElementTree.parse(path).getroot().find("testsuite")  # noqa: S314 - we wrote it.
    counts = {} if run is None else run.attrib
    failed = int(counts.get("failures", 0)) + int(counts.get("errors", 0))
    skipped = int(counts.get("skipped", 0))
    reasons = Counter(
        skip.get("message", "") for skip in (() if run is None else run.iter("skipped"))
    )
    notes = tuple(f"{count} skipped: {why}" for why, count in reasons.most_common())
    return int(counts.get("tests", 0)) - failed - skipped, failed, skipped, notes


def show(outcome: Outcome) -> Outcome:
    """Write a step to the screen as soon as it is over."""
    sys.stdout.write("\n".join(outcome.lines()) + "\n")
    sys.stdout.flush()
    return outcome


def databases(chosen: str | None) -> dict[str, Callable[[], AbstractContextManager[str | None]]]:
    """Return the databases to test on, by the name of the step."""
    url = os.environ.get("TEST_DATABASE_URL")
    all_of_them: dict[str, Callable[[], AbstractContextManager[str | None]]] = {
        "tests on SQLite": nullcontext,
        "tests on PostgreSQL": (lambda: nullcontext(url)) if url else embedded,
    }
    return {name: server for name, server in all_of_them.items() if chosen in (None, name)}


def main(arguments: Sequence[str]) -> int:
    """Run everything; whatever is no option of ours goes to pytest. Returns the exit code."""
    parser = ArgumentParser(prog="run.py test", allow_abbrev=False, description=__doc__)
    only = parser.add_mutually_exclusive_group()
    for option, step in (("--sqlite-only", "SQLite"), ("--postgres-only", "PostgreSQL")):
        only.add_argument(option, dest="only", action="store_const", const=f"tests on {step}")
    own, options = parser.parse_known_args(arguments)
    # A build that is stopped must stop its database server, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with ThreadPoolExecutor() as pool:
        outcomes = [show(outcome) for outcome in pool.map(check, CHECKS)]
    for name, server in databases(own.only).items():
        outcomes.append(show(suite(name, server(), options)))
    failed = [outcome.name for outcome in outcomes if outcome.failed]
    if failed:
        sys.stdout.write(f"Failed: {', '.join(failed)}\n")
    sys.stdout.write(totals(outcomes) + "\n")
    return int(bool(failed))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
