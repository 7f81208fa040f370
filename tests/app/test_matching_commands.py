"""`bridgeline match suggest, gaps, bar, unbar`."""

import pytest

from app.commands.desk import Desk
from mentoring.db import Database
from mentoring.models import PersonState
from mentoring.people import move_person, person_with_code
from tests.app.conftest import Bridgeline


@pytest.fixture
def tomas_waits(seeded: Database, desk: Desk) -> None:
    """Tomas has declined his offer and waits again."""
    with seeded.transaction() as session:
        tomas = person_with_code(session, "P06")
        move_person(
            session, tomas, PersonState.WAITING, actor="P06", reason="declined", now=desk.now
        )


@pytest.mark.usefixtures("tomas_waits")
def test_the_plan_for_all_names_a_pick_and_the_best_three(bridgeline: Bridgeline) -> None:
    rows = {row["protege"]: row for row in bridgeline("match", "suggest", "--json").data}

    assert rows["P04"]["pick"] is None
    assert rows["P04"]["days"] == 34
    assert rows["P06"]["pick"] == "M08"
    assert rows["P06"]["top"] == ["M08 87"]


def test_for_jean_luc_there_is_none_and_it_says_who_came_near(bridgeline: Bridgeline) -> None:
    found = bridgeline("match", "suggest", "p04", "--json").data

    assert (found["pick"], found["top"]) == (None, [])
    assert found["near_misses"][0] == {
        "mentor": "M04",
        "name": "Sylvie",
        "score": 93,
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
