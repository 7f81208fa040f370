"""The one check at the end of a test run: nobody's phone number went where it does not belong.

Whatever the suite produces is shown to it, with the numbers that may stand there:

    from tests import leaks

    leaks.participant("+15155550135")
    leaks.saw("twiml", document, allowed=frozenset({"+15155550135"}))

`kind` is free: twiml, rest, text, prompt, url, page ... `allowed` holds the numbers (E.164) of the
person whose own leg or own request this is; a document that rings somebody must name them. Log
lines are caught by the check itself, and there no number is allowed. Every number that the test
vault seals for a phone is a participant already, so only strangers need `participant`.

A number is found in any shape: E.164, national, without its area code, with spaces, dashes or
brackets, as single spoken digits, inside an encoded address, across XML tags. All participants
have fictional numbers (area code + 555-01xx), which is what makes them findable at all. Sightings
count against the participants of the same test: what is one test's participant may be another
test's pair line.
"""

import html
import logging
import os
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest

# What people put between the digits of a number when they write it or let it be spoken.
_GAP = r"[^0-9A-Za-z]{0,3}"
_LOCAL = rf"5{_GAP}5{_GAP}5{_GAP}0{_GAP}1{_GAP}\d{_GAP}\d"
_NUMBER = re.compile(
    r"(?<!\d)"
    rf"(?:(?:(?:00|011){_GAP})?(?:1{_GAP})?([2-9]{_GAP}\d{_GAP}\d){_GAP})?"
    rf"({_LOCAL})"
    r"(?!\d)"
)
# What every number has, and most documents have not: it is far quicker to look for.
_LOCAL_PART = re.compile(_LOCAL)
_FICTIONAL = re.compile(r"\+1([2-9]\d\d55501\d\d)")
_TAG = re.compile(r"<[^>]*>")
_NOT_DIGITS = re.compile(r"\D")
_DIALLED = re.compile(r"<Number[^>]*>([^<]*)</Number>")


@dataclass(frozen=True)
class Sighting:
    """A fictional number that stood somewhere: ten digits, or seven where no area code was."""

    kind: str
    digits: str
    around: str
    test: str
    allowed: frozenset[str]


class Record:
    """What was seen in one run, reduced to the numbers in it. It only ever grows."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._sightings: list[Sighting] = []
        # By the test whose participants they are; by "" those of the whole run.
        self._participants: defaultdict[str, set[str]] = defaultdict(set)

    def participant(self, number: str, *, everywhere: bool = False) -> None:
        """Name a number (E.164) that must not leak: in the present test, or in the whole run.

        Raises ValueError for a number outside 555-01xx: the check could not find that one.
        """
        fictional = _FICTIONAL.fullmatch(number)
        if fictional is None:
            raise ValueError(f"{number} is not fictional: use an area code and 555-01xx.")
        self._participants["" if everywhere else _test()].add(fictional[1])

    def saw(self, kind: str, text: str, *, allowed: frozenset[str] = frozenset()) -> None:
        """Show a text to the check, with the numbers (E.164) that may stand in it."""
        self.counts[kind] += 1
        own = frozenset(_NOT_DIGITS.sub("", number)[-10:] for number in allowed)
        for digits, around in _numbers_in(text).items():
            self._sightings.append(Sighting(kind, digits, around, _test(), own))

    def saw_document(self, document: str, *, allowed: frozenset[str] = frozenset()) -> None:
        """Show TwiML to the check, but for the numbers that it dials: those the carrier reads."""
        self.saw("twiml", _DIALLED.sub("", document), allowed=allowed)

    def leaks(self) -> list[str]:
        """Return one sentence for each place where a participant's number stood for others."""
        found = {
            f"{s.test or 'Outside any test'}: {s.kind} shows a participant's number in {s.around!r}"
            for s in self._sightings
            if not any(number.endswith(s.digits) for number in s.allowed)
            and any(number.endswith(s.digits) for number in self._watched(s.test))
        }
        return sorted(found)

    def _watched(self, test: str) -> set[str]:
        """Return the participants of a test. What happens between tests belongs to all of them."""
        owners = ("", test) if test else tuple(self._participants)
        return set[str]().union(*(self._participants.get(owner, ()) for owner in owners))


def _test() -> str:
    """Return the test that is running, fixtures included, or nothing between two tests."""
    return os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]


def _numbers_in(text: str) -> dict[str, str]:
    """Return each fictional number of a text as bare digits, with the words around it."""
    plain = text
    for _ in range(3):  # An address may be a parameter of an address in a document.
        plain = html.unescape(unquote(plain))
    found: dict[str, str] = {}
    for version in (plain, _TAG.sub("", plain)):
        if _LOCAL_PART.search(version) is None:
            continue
        for match in _NUMBER.finditer(version):
            digits = _NOT_DIGITS.sub("", (match[1] or "") + match[2])
            found.setdefault(digits, version[max(match.start() - 30, 0) : match.end() + 10])
    return found


def is_fictional(number: str) -> bool:
    """Tell whether a number (E.164) is one that the check can find: area code + 555-01xx."""
    return _FICTIONAL.fullmatch(number) is not None


class LogWatch(logging.Handler):
    """Shows every log line of the run to the check, with its traceback."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self._seen = record

    def emit(self, record: logging.LogRecord) -> None:
        self._seen.saw("log", self.format(record))


class LeakCheck:
    """The pytest plugin. Workers report to the main process, which fails the run."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._watch = LogWatch(record)
        self._leaks: list[str] = []
        self._counts: Counter[str] = Counter()

    def pytest_sessionstart(self) -> None:
        root = logging.getLogger()
        root.addHandler(self._watch)
        # What production writes at its usual level must reach the check.
        root.setLevel(logging.INFO)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        logging.getLogger().removeHandler(self._watch)
        self._leaks += self._record.leaks()
        self._counts += self._record.counts
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["leaks"] = self._leaks
            output["leak_counts"] = dict(self._counts)
        elif self._leaks and session.exitstatus in (
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        output: dict[str, Any] = getattr(node, "workeroutput", {})
        self._leaks += output.get("leaks", [])
        self._counts.update(output.get("leak_counts", {}))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self._counts.items()))
        if self._leaks:
            terminalreporter.section("phone numbers where they do not belong", red=True)
            for leak in self._leaks:
                terminalreporter.write_line(leak)
        terminalreporter.write_line(f"leak check: {len(self._leaks)} found in {kinds or 'nothing'}")


# The record of this run: one for each process.
RUN = Record()
participant = RUN.participant
saw = RUN.saw
saw_document = RUN.saw_document
