"""`bridgeline report board, funder, all, counselling`."""

import csv
import io

import pytest
from sqlalchemy import select

from mentoring.db import Database
from mentoring.models import AuditEntry
from tests.app.conftest import Bridgeline

YEAR = ("--from", "2025-03-01", "--until", "2026-03-31")


def test_the_figures_are_those_of_the_page(bridgeline: Bridgeline) -> None:
    rows = {row["figure"]: row for row in bridgeline("report", "board", *YEAR, "--json").data}

    assert rows["Days from the waiting list to the match"]["value"] == "15.5"
    assert rows["Matched within 30 days"]["at_least"] == "100.0"
    assert {row["indicator"] for row in rows.values()} == {"E2", "E4", "E7", "E8", "E10", "E17"}


def test_a_file_for_a_spreadsheet_is_printed(bridgeline: Bridgeline) -> None:
    answer = bridgeline("report", "funder", *YEAR, "--csv")
    rows = list(csv.reader(io.StringIO(answer.out)))

    assert rows[0][:2] == ["Indicator", "Figure"]
    assert ["S1", "Proteges in a match", "all", "", "14", "people"] in [row[:6] for row in rows]
    assert any(row[2] == "community" for row in rows)


def test_all_figures_come_by_month_and_by_group(bridgeline: Bridgeline) -> None:
    rows = bridgeline("report", "all", *YEAR, "--community", "River", "--json").data

    assert {"all", "month", "way to talk", "reason"} <= {row["split"] for row in rows}
    assert "community" not in {row["split"] for row in rows}
    assert any("lines and staff are shared" in (row["note"] or "") for row in rows)


def test_clients_need_a_reason_which_is_kept(bridgeline: Bridgeline, seeded: Database) -> None:
    with pytest.raises(SystemExit, match="2"):
        bridgeline("report", "counselling", *YEAR)
    rows = bridgeline("report", "counselling", *YEAR, "--reason", "for the state", "--json").data

    assert rows[0].keys() == {
        *("client", "in_business", "start_date", "jobs", "funds", "contact_hours", "mode")
    }
    with seeded.transaction() as session:
        kept = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert kept is not None
        assert (kept.actor, kept.reason) == ("staff:cleo", "for the state")


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (("--from", "2026-02-30", "--until", "2026-03-03"), "Write each day like 2026-03-31."),
        (("--from", "2026-03-01", "--until", "2026-03-03"), "A report is about whole months"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(
    bridgeline: Bridgeline, days: tuple[str, ...], sentence: str
) -> None:
    answer = bridgeline("report", "board", *days)

    assert answer.code == 1
    assert sentence in answer.err
