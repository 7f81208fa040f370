"""`bridgeline match suggest, gaps, bar, unbar, propose, proposals, withdraw`."""

import pytest

from app.commands.desk import Desk
from mentoring.db import Database
from tests.app.conftest import Bridgeline
from tests.make import take_offer_back


@pytest.fixture
def tomas_waits(seeded: Database, desk: Desk) -> None:
    """The proposal of Tomas is withdrawn, and he waits again."""
    with seeded.transaction() as session:
        take_offer_back(session, now=desk.now)


@pytest.mark.usefixtures("tomas_waits")
def test_the_plan_for_all_names_a_pick_and_the_best_three(bridgeline: Bridgeline) -> None:
    rows = {row["protege"]: row for row in bridgeline("match", "suggest", "--json").data}

    assert rows["P04"]["pick"] is None
    assert rows["P04"]["days"] == 34
    assert rows["P06"]["pick"] == "M08"
    assert rows["P06"]["top"] == ["M08 94"]


def test_for_jean_luc_there_is_none_and_it_says_who_came_near(bridgeline: Bridgeline) -> None:
    found = bridgeline("match", "suggest", "p04", "--json").data

    assert (found["pick"], found["top"]) == (None, [])
    assert found["near_misses"][0] == {
        "mentor": "M04",
        "name": "Sylvie",
        "score": 100,
        "fails": "H2",
        "why": "The one place of Sylvie is taken.",
        "what_would_change_it": "A match of Sylvie ends, or Sylvie takes one more (1 in the first"
        " 60 days, 3 at most).",
    }
    assert "No mentor fits." in bridgeline("match", "suggest", "P04").out


@pytest.mark.usefixtures("tomas_waits")
def test_the_points_of_each_part_add_up_to_the_score(bridgeline: Bridgeline) -> None:
    found = bridgeline("match", "suggest", "P06", "--json").data
    (carmen,) = found["top"]
    points = [row["points"] for row in found["points"] if row["mentor"] == "M08"]

    assert (carmen["score"], len(points)) == (sum(points), 8)
    assert carmen["told_to_the_protege"].startswith("Helps with money and planning.")
    assert not any(sign.isdigit() for sign in carmen["told_to_the_protege"])


def test_the_gap_report(bridgeline: Bridgeline) -> None:
    assert bridgeline("match", "gaps", "--json").data == [
        {"needed": "French, evenings, money", "people": 1, "longest": 34, "proteges": ["P04"]}
    ]


@pytest.mark.usefixtures("tomas_waits")
def test_two_who_are_kept_apart_are_not_suggested(bridgeline: Bridgeline) -> None:
    assert bridgeline("match", "bar", "P06", "M08", "--reason", "family").code == 0
    assert bridgeline("match", "suggest", "P06", "--json").data["pick"] is None
    assert "kept apart already" in bridgeline("match", "bar", "P06", "M08", "--reason", "staff").err

    assert bridgeline("match", "unbar", "P06", "M08", "--reason", "A mistake.").code == 0
    assert bridgeline("match", "suggest", "P06", "--json").data["pick"] == "M08"


@pytest.mark.parametrize(
    ("code", "said"),
    [("P05", "P05 does not wait for a mentor."), ("P99", "There is nobody with the code P99.")],
)
def test_for_whoever_does_not_wait_there_is_nothing(
    bridgeline: Bridgeline, code: str, said: str
) -> None:
    answer = bridgeline("match", "suggest", code)

    assert (answer.code, said in answer.err) == (1, True)


def test_open_proposals_are_listed_with_what_comes_next(bridgeline: Bridgeline) -> None:
    (row,) = bridgeline("match", "proposals", "--json").data

    assert (row["protege"], row["mentor"]) == ("P06", "M08")
    assert row["state"] == "Tomas (P06) is asked"
    assert row["next_step"] == "Tomas (P06) answers."


def test_a_proposal_is_taken_back_and_made_anew(bridgeline: Bridgeline) -> None:
    done = bridgeline("match", "withdraw", "P06", "M08", "--reason", "A slip.")
    assert "P06 keeps their place" in done.out
    assert "No proposal is open." in bridgeline("match", "proposals").out
    assert "is open" in bridgeline("match", "withdraw", "P06", "M08", "--reason", "Again.").err

    refused = bridgeline("match", "propose", "P06", "M08").err
    assert "M08 is not whom the plan picks for P06. Choose why you do." in refused
    draft = bridgeline("match", "propose", "P06", "M08", "--reason", "new_info", "--draft")
    assert "The draft is kept for 7 days." in draft.out
    assert bridgeline("match", "proposals", "--json").data[0]["state"] == "draft, kept for 7 days"
