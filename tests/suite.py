"""Every check in one go: `python3 run.py test` ends up here, in the virtual environment.

First format, style, import rules and types, side by side. Then the tests in three steps: those that
touch no database of the tests; the others on SQLite; the same ones again on PostgreSQL, on the
server that TEST_DATABASE_URL names, else on one from a wheel.
What is fine takes one line. The last line adds up all steps; a check that fails counts as a failed
test, so that nobody reads zero failures over a broken build.
"""

import json
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
from functools import partial
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


# What pytest exits with when it has found no test.
_NO_TESTS = 5

# Yields the URL of a database server, or None for files of SQLite.
Server = Callable[[], AbstractContextManager[str | None]]


@dataclass(frozen=True)
class Step:
    """Some of the tests on one kind of database; conftest.py keeps to the `part` of them."""

    name: str
    part: str
    server: Server


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


def python(*words: str, **settings: str) -> tuple[int, str]:
    """Run this Python in the repository's folder; return its exit code and all that it wrote.

    What tells the tests where to run reaches them from `settings` alone.
    """
    own = ("TEST_DATABASE_URL", "TEST_PART", "TEST_FILES")
    environment = {n: value for n, value in os.environ.items() if n not in own} | settings
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


def check(name: str, **settings: str) -> Outcome:
    """Run one of CHECKS."""
    started = time.monotonic()
    code, output = python(*CHECKS[name], **settings)
    return Outcome(name, time.monotonic() - started, failed=int(code != 0), output=output)


def part_of(fixtures: Sequence[str]) -> str:
    """Return the part that a test with these fixtures belongs to; see `Step.part`."""
    return "with database" if "databases" in fixtures else "without database"


def files_of(listing: Path, part: str, options: Sequence[str]) -> list[str]:
    """Return the files that hold tests of a part, as the collection has listed them.

    To import all the others would take each worker seconds. Options that name files of their own
    are left alone, and without a listing pytest looks everywhere.
    """
    own = any(Path(option.partition("::")[0]).exists() for option in options)
    if own or not listing.exists():
        return []
    files: list[str] = json.loads(listing.read_text()).get(part, [])
    return files


def suite(step: Step, options: list[str], listing: Path) -> Outcome:
    """Run the tests of one step; options of pytest's may leave it with none, which is no failure.

    That no step had any is one: see `main`.
    """
    started = time.monotonic()
    try:
        with step.server() as url, tempfile.TemporaryDirectory() as folder:
            report = Path(folder, "report.xml")
            words = ("-m", "pytest", "-q", *_WORKERS, f"--junitxml={report}", *options)
            words += tuple(files_of(listing, step.part, options))
            where = {"TEST_DATABASE_URL": url} if url else {}
            code, output = python(*words, TEST_PART=step.part, **where)
            passed, failed, skipped, notes = read_report(report)
    except PostgresError as error:
        code, output, passed, failed, skipped, notes = 1, str(error), 0, 0, 0, ()
    leaks = tuple(line for line in output.splitlines() if line.startswith("leak check: "))
    return Outcome(
        step.name,
        time.monotonic() - started,
        passed,
        # A run may fail although no test did: a leak, a crash.
        failed or int(code not in (0, _NO_TESTS)),
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


def steps(chosen: str | None) -> list[Step]:
    """Return the steps of the tests: all of them, or what `chosen`, sqlite or postgres, needs."""
    url = os.environ.get("TEST_DATABASE_URL")
    postgres: Server = (lambda: nullcontext(url)) if url else embedded
    everywhere = [
        Step("tests on no database", "without database", nullcontext),
        Step("tests on SQLite", "with database", nullcontext),
        Step("tests on PostgreSQL", "with database", postgres),
    ]
    return {None: everywhere, "sqlite": everywhere[:2], "postgres": everywhere[2:]}[chosen]


def main(arguments: Sequence[str]) -> int:
    """Run everything; whatever is no option of ours goes to pytest. Returns the exit code."""
    parser = ArgumentParser(prog="run.py test", allow_abbrev=False, description=__doc__)
    only = parser.add_mutually_exclusive_group()
    for database in ("sqlite", "postgres"):
        only.add_argument(f"--{database}-only", dest="only", action="store_const", const=database)
    own, options = parser.parse_known_args(arguments)
    # A build that is stopped must stop its database server, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        listing = Path(folder, "files.json")
        checked = partial(check, TEST_FILES=str(listing))
        outcomes = [show(outcome) for outcome in pool.map(checked, CHECKS)]
        ran = [show(suite(step, options, listing)) for step in steps(own.only)]
    if not any(outcome.passed + outcome.failed + outcome.skipped for outcome in ran):
        ran.append(
            show(Outcome("tests", 0, failed=1, output="These options leave no test at all."))
        )
    outcomes += ran
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
