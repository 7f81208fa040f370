"""`bridgeline alerts`: listed by weight, given to somebody, closed with a code and in sentences."""

from typing import Any

import pytest

from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.oversight.rules import OutcomeCode
from mentoring.oversight.sweep import oversee
from tests.app.conftest import Bridgeline


@pytest.fixture
def alerts(bridgeline: Bridgeline, seeded: Database, clock: ManualClock) -> list[Any]:
    """The open alerts of the fictional programme, after a sweep."""
    with seeded.transaction() as session:
        oversee(session, now=clock.now())
    rows: list[Any] = bridgeline("alerts", "--json").data
    return rows


def number_of(alerts: list[Any], rule: str) -> str:
    (found,) = (row["id"] for row in alerts if row["rule"] == rule)
    return str(found)


def test_alerts_are_listed_by_weight_with_owner_and_due_day(alerts: list[Any]) -> None:
    listed = [(row["rule"], row["severity"]) for row in alerts]
    assert [weight for _, weight in listed] == ["high", *["medium"] * 4, "low"]
    assert listed[0] == ("O10", "high")
    assert listed[-1] == ("O15", "low")
    assert {row["owner"] for row in alerts} == {"Charlotte Reyes"}
    assert [row["rule"] for row in alerts if row["overdue"]] == ["O10"]


def test_an_alert_names_its_match_or_its_person(alerts: list[Any]) -> None:
    about = {row["rule"]: (row["match"], row["person"]) for row in alerts}
    assert about["O17"] == (None, "P04")
    assert about["O3"][1] is None
    assert str(about["O3"][0]).startswith("K")


def test_an_alert_is_given_to_somebody_else(bridgeline: Bridgeline, alerts: list[Any]) -> None:
    number = number_of(alerts, "O3")
    said = bridgeline("alerts", "assign", number, "ben adler")
    assert said.out == f"Alert {number} is with Ben Adler now.\n"
    rows = bridgeline("alerts", "--json").data
    assert [row["owner"] for row in rows if row["rule"] == "O3"] == ["Ben Adler"]


def test_an_owner_whom_nobody_knows_is_a_sentence(
    bridgeline: Bridgeline, alerts: list[Any]
) -> None:
    answer = bridgeline("alerts", "assign", number_of(alerts, "O3"), "Nobody")
    assert answer.code == 1
    assert answer.err.startswith("There is no member of staff called Nobody.")


def test_a_closed_alert_leaves_the_list_and_is_kept(
    bridgeline: Bridgeline, alerts: list[Any]
) -> None:
    number = number_of(alerts, "O3")
    said = bridgeline("alerts", "close", number, "spoke_with_them", "--note", "She was ill.")
    assert said.out == f"Alert {number} is closed: spoke_with_them: She was ill.\n"
    assert number_of(bridgeline("alerts", "--json").data, "O1")
    assert "O3" not in [row["rule"] for row in bridgeline("alerts", "--json").data]
    everything = bridgeline("alerts", "--all", "--json").data
    assert "spoke_with_them: She was ill." in [row["outcome"] for row in everything]


def test_a_code_that_is_none_is_a_wrong_use(bridgeline: Bridgeline, alerts: list[Any]) -> None:
    with pytest.raises(SystemExit) as ended:
        bridgeline("alerts", "close", number_of(alerts, "O3"), "whatever")
    assert ended.value.code == 2


@pytest.mark.parametrize("words", [("close", "999", "referred"), ("assign", "999", "Ben Adler")])
def test_an_unknown_alert_is_a_sentence(bridgeline: Bridgeline, words: tuple[str, ...]) -> None:
    answer = bridgeline("alerts", *words)
    assert answer.code == 1
    assert answer.err.startswith("There is no task 999.")


def test_other_without_a_note_is_a_sentence(bridgeline: Bridgeline, alerts: list[Any]) -> None:
    answer = bridgeline("alerts", "close", number_of(alerts, "O3"), OutcomeCode.OTHER.value)
    assert answer.code == 1
    assert answer.err == (
        "The code `other` says nothing by itself: add a note with what came of it.\n"
    )


def test_without_alerts_the_list_says_so(on_empty: Bridgeline) -> None:
    assert on_empty("alerts").out == "No alert is open.\n"


def test_matches_with_an_open_alert_are_listed_as_at_risk(
    bridgeline: Bridgeline, alerts: list[Any]
) -> None:
    rows = bridgeline("match", "list", "--json").data
    assert {row["protege"].split()[0] for row in rows if row["at_risk"]} == {"P02", "P05", "P18"}


def test_a_worry_shows_its_next_step_and_staff_note_each_one(
    bridgeline: Bridgeline, alerts: list[Any]
) -> None:
    number = number_of(alerts, "O10")
    steps = {row["rule"]: row["next_step"] for row in alerts}
    assert (steps["O10"], steps["O3"]) == ("the first contact", None)

    said = bridgeline("alerts", "step", number)
    assert said.out.startswith(f"Alert {number}: the first contact is done. Next is a plan, by ")
    assert "Next is telling them the outcome" in bridgeline("alerts", "step", number).out
    last = bridgeline("alerts", "step", number)
    assert (last.code, last.err) == (
        1,
        f"The last step of alert {number} is telling them the outcome. Once that is done, close"
        " it.\n",
    )
    other = bridgeline("alerts", "step", number_of(alerts, "O3"))
    assert other.err.endswith("has no steps. Close it with what came of it.\n")
