"""The leak check finds what was planted, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.leaks import Record

DENISE = "+15155550135"
MARCUS = "+12125550132"
ROOT = Path(__file__).resolve().parents[2]

PLANTED = {
    "international": "Sent to +15155550135.",
    "without plus": "to=15155550135&",
    "dialled from abroad": "001 515 555 0135",
    "national": "Call 515 555 0135 now",
    "dashes": "Call 515-555-0135.",
    "dots": "515.555.0135",
    "brackets": "(515) 555-0135",
    "bare digits": "person 5155550135 called",
    "without area code": "Her number is 555-0135",
    "digits as spoken": "5 1 5, 5 5 5, 0 1 3 5",
    "digits with stops": "5. 1. 5. 5. 5. 5. 0. 1. 3. 5.",
    "in an address": "/turn?to=%2B15155550135",
    "in an address in an address": "/go?next=%2Fturn%3Fto%3D%252B15155550135",
    "spaces in an address": "/go?to=%2B1+515+555+0135",
    "XML entity": "call &#43;1&#53;155550135",
    "across tags": "<say-as>515</say-as><break/>555<break/> 0135",
    "in an attribute": '<Dial callerId="+15155550135"/>',
    "in JSON": '{"From": "\\u002b15155550135"}',
    "on two lines": "515 555\n0135",
    "narrow spaces": "515\u00a0555\u20110135",
}

HARMLESS = {
    "another number": "Call 515 555 0100.",
    "another area": "Call 212 555 0135.",
    "no number": "Press 5 to go on.",
    "part of a longer number": "ticket 51555501357",
    "in a message id": "SM" + "5155550135" * 3 + "aa",
    "nothing": "",
}


@pytest.fixture
def record() -> Record:
    empty = Record()
    empty.participant(DENISE)
    return empty


@pytest.mark.parametrize("text", PLANTED.values(), ids=PLANTED)
def test_a_number_is_found_however_it_is_written(record: Record, text: str) -> None:
    record.saw("text", text)

    (leak,) = record.leaks()
    assert ": text shows a participant's number in " in leak
    assert "test_a_number_is_found_however_it_is_written" in leak


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_what_is_nobodys_number_is_no_leak(record: Record, text: str) -> None:
    record.saw("text", text)

    assert record.leaks() == []


@pytest.mark.parametrize("text", PLANTED.values(), ids=PLANTED)
def test_a_number_may_stand_in_its_own_leg(record: Record, text: str) -> None:
    record.saw("twiml", text, allowed=frozenset({DENISE}))

    assert record.leaks() == []


def test_one_leg_must_not_name_the_other_one(record: Record) -> None:
    record.participant(MARCUS)

    record.saw("twiml", f"<Number>{DENISE}</Number> {MARCUS}", allowed=frozenset({DENISE}))

    (leak,) = record.leaks()
    assert MARCUS in leak


def test_a_participant_who_is_named_later_is_found_in_what_was_seen_before() -> None:
    record = Record()
    record.saw("text", DENISE)
    record.participant(DENISE)

    assert len(record.leaks()) == 1


def test_the_participant_of_one_test_may_be_the_line_of_another(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "another (call)")
    record.saw("text", DENISE)

    assert record.leaks() == []


def test_a_participant_of_the_whole_run_leaks_in_every_test(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.participant(MARCUS, everywhere=True)
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "another (call)")
    record.saw("text", MARCUS)

    assert record.leaks()[0].startswith("another: ")


def test_what_is_seen_between_tests_is_held_against_every_participant(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    record.saw("log", DENISE)

    assert record.leaks()[0].startswith("Outside any test: ")


@pytest.mark.parametrize("number", ["+15005550006", "5155550135", "+442079460018", ""])
def test_a_number_that_could_not_be_found_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="not fictional"):
        Record().participant(number)


INNER_CONFTEST = """
from tests import leaks

def pytest_configure(config):
    config.pluginmanager.register(leaks.LeakCheck(leaks.RUN))
"""

INNER_TESTS = """
import logging
from tests import leaks

def test_one():
    leaks.participant("+15155550135")
    try:
        raise ValueError("no answer from 515-555-0135")
    except ValueError:
        logging.getLogger("somewhere").{level}("It went wrong.", exc_info=True)

def test_two():
    leaks.participant("+12125550132")
    leaks.saw("rest", "To=%2B12125550132", allowed=frozenset({{"+12125550132"}}))
"""


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(INNER_CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def _run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "xdist", *options],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_a_leak_into_the_log_fails_the_run_though_every_test_passed(
    inner: Path, workers: str
) -> None:
    (inner / "test_inner.py").write_text(INNER_TESTS.format(level="info"))

    done = _run(inner, workers)

    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    assert "2 passed" in done.stdout
    assert "test_inner.py::test_one: log shows a participant's number in" in done.stdout
    assert "leak check: 1 found in 1 log, 1 rest" in done.stdout


def test_a_run_without_a_leak_passes(inner: Path) -> None:
    (inner / "test_inner.py").write_text(INNER_TESTS.format(level="debug"))

    done = _run(inner, "-n0")

    assert done.returncode == pytest.ExitCode.OK, done.stdout + done.stderr
    assert "leak check: 0 found in 1 rest" in done.stdout
