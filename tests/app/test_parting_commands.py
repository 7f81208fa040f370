"""`bridgeline match pause, resume, finish`, and what `bridgeline due` tells of them."""

import pytest

from mentoring.db import Database
from mentoring.matches import match_with_code
from mentoring.models import MatchState, PersonState
from mentoring.people import person_with_code
from tests.app.conftest import Bridgeline


def code_of(bridgeline: Bridgeline, protege: str) -> str:
    """Return the code of the open match of a protege."""
    rows = bridgeline("match", "--json").data
    return next(
        str(row["code"])
        for row in rows
        if row["protege"].startswith(protege) and row["state"] != "closed"
    )


def test_staff_let_somebody_rest_and_bring_the_match_back_to_what_it_was(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    code = code_of(bridgeline, "P01")
    paused = bridgeline("match", "pause", code, "--by", "p01", "--days", "20", "--reason", "ill")
    assert paused.out.startswith(f"P01 rests until Mon, Mar 23, and {code} is paused.")
    with seeded.transaction() as session:
        assert person_with_code(session, "P01").state is PersonState.PAUSED
        assert person_with_code(session, "M02").state is PersonState.ACTIVE

    again = bridgeline("match", "pause", code, "--by", "P01", "--reason", "ill")
    assert (again.code, again.err) == (1, "P01 is on a pause already.\n")
    woken = bridgeline("match", "resume", code, "--reason", "well again")
    assert woken.out == f"{code} is active again, as before the pause.\n"
    with seeded.transaction() as session:
        assert person_with_code(session, "P01").state is PersonState.MATCHED
    again = bridgeline("match", "resume", code, "--reason", "well again")
    assert (again.code, again.err) == (1, f"{code} is active, and not on a pause.\n")


def test_a_break_that_began_before_is_ended_for_both(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    code = code_of(bridgeline, "P14")
    assert bridgeline("match", "resume", code, "--reason", "he is back").code == 0
    with seeded.transaction() as session:
        assert match_with_code(session, code).state is not MatchState.PAUSED
        assert person_with_code(session, "P14").state is PersonState.MATCHED
        assert person_with_code(session, "M10").state is PersonState.ACTIVE


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "P02"), "P02 is not in"),
        (("--by", "P01", "--days", "91"), "A pause is from 1 to 90 days long."),
        (("--by", "P01", "--days", "0"), "A pause is from 1 to 90 days long."),
    ],
)
def test_a_pause_that_makes_no_sense_is_refused_with_a_sentence(
    bridgeline: Bridgeline, words: tuple[str, ...], said: str
) -> None:
    code = code_of(bridgeline, "P01")
    answer = bridgeline("match", "pause", code, *words, "--reason", "ill")
    assert answer.code != 0
    assert said in answer.err


def test_staff_let_a_match_end_well_and_what_comes_is_listed(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    code = code_of(bridgeline, "P01")
    answer = bridgeline("match", "finish", code, "--reason", "goal_met")
    assert answer.out.startswith(f"{code} is closing: both are asked for a last talk")
    assert "closed on Tue 2026-03-17 at the latest." in answer.out
    with seeded.transaction() as session:
        assert match_with_code(session, code).state is MatchState.CLOSING

    again = bridgeline("match", "finish", code, "--reason", "goal_met")
    assert (again.code, again.err) == (1, f"{code} is closing already.\n")
    planned = bridgeline("due", "--days", "20", "--json").data
    mine = [row["what_happens"] for row in planned if row["match"] == code]
    assert "the match is closed" in mine


def test_a_match_on_hold_neither_rests_nor_ends(bridgeline: Bridgeline) -> None:
    (held,) = bridgeline("match", "--state", "safety_hold", "--json").data
    code = held["code"]
    ended = bridgeline("match", "finish", code, "--reason", "other")
    assert (ended.code, ended.err) == (
        1,
        f"{code} is on hold. Release it first, or close it for good.\n",
    )
    rests = bridgeline("match", "pause", code, "--by", "P17", "--reason", "ill")
    assert (rests.code, rests.err) == (1, f"{code} is safety_hold and cannot rest.\n")


def test_a_former_protege_of_half_a_year_ago_is_asked_tomorrow(bridgeline: Bridgeline) -> None:
    planned = bridgeline("due", "--days", "3", "--json").data
    assert "the protege is asked about the business" in [row["what_happens"] for row in planned]


def test_staff_take_back_an_end_that_was_begun_by_mistake(bridgeline: Bridgeline) -> None:
    code = code_of(bridgeline, "P01")
    bridgeline("match", "finish", code, "--reason", "goal_met")
    again = bridgeline("match", "reopen", code, "--reason", "meant the other one")
    assert again.out == f"{code} is active again, as before it began to close. Both are told.\n"
    refused = bridgeline("match", "reopen", code, "--reason", "twice")
    assert (refused.code, refused.err) == (1, f"{code} is active, and not closing.\n")


def test_staff_note_that_both_would_like_to_keep_in_touch(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    code = code_of(bridgeline, "P01")
    with seeded.transaction() as session:
        sides = match_with_code(session, code).sides
        mentor = next(side.person.code for side in sides if side.person.code != "P01")
    early = bridgeline("match", "touch", code, "--by", "P01")
    assert (early.code, early.err) == (1, f"{code} is active, and not ending.\n")
    bridgeline("match", "finish", code, "--reason", "goal_met")

    first = bridgeline("match", "touch", code, "--by", "P01")
    again = bridgeline("match", "touch", code, "--by", "P01")
    second = bridgeline("match", "touch", code, "--by", mentor)

    noted = "Noted. Once the other one says so too, there is a task to call both.\n"
    assert (first.out, again.out) == (noted, noted)
    assert second.out == "Both have said so: there is a task to call both.\n"
    assert f"keep in touch after {code}" in bridgeline("tasks").out
    (task,) = (t for t in bridgeline("tasks", "--json").data if t["rule"] == "keep in touch")
    bridgeline("tasks", "done", str(task["id"]), "--outcome", "called both")
    late = bridgeline("match", "touch", code, "--by", mentor)
    assert late.out == "Noted. The task about it is done already.\n"
