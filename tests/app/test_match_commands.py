"""`bridgeline match` and `bridgeline lines`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.commands.desk import Desk
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.matches import match_with_code
from mentoring.models import Line, MatchState, PersonState, Transition
from mentoring.people import find_or_add_phone, person_with_code
from tests.app.conftest import Bridgeline

# The sentence about a number that is none shows how one is written.
EXAMPLE = frozenset({"+15155550135"})


def test_a_match_is_opened_on_a_line_that_neither_side_uses(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    answer = bridgeline("match", "open", "P06", "m08", "--json")
    assert answer.code == 0
    opened = answer.data
    assert (opened["code"], opened["protege"], opened["mentor"]) == ("K17", "P06", "M08")
    assert opened["line"] in {f"+1515555010{n}" for n in range(1, 5)}
    with seeded.transaction() as session:
        assert match_with_code(session, "K17").state is MatchState.INTRO
        assert person_with_code(session, "P06").state is PersonState.MATCHED


def test_opening_says_which_number_both_sides_save(bridgeline: Bridgeline) -> None:
    answer = bridgeline("match", "open", "P06", "M08")
    assert answer.out.startswith(
        "K17 is open: Tomas (P06) and Carmen (M08) reach each other on 515 555 010"
    )


def test_opening_warns_of_what_would_keep_them_apart(bridgeline: Bridgeline) -> None:
    bridgeline(*("people", "add", "--role", "protege", "--name", "Ben", "--number", "515 555 0160"))
    answer = bridgeline("match", "open", "P19", "M08")
    assert "P19 has not agreed to take part yet." in answer.out
    assert "The time zone of P19 is not known" in answer.out
    assert "M08 has not agreed" not in answer.out


@pytest.mark.parametrize(
    ("protege", "mentor", "said"),
    [
        ("M08", "P06", "A match needs a protege first and a mentor second"),
        ("P01", "M02", "have an open match already"),
        ("P06", "M13", "M13 is exited and cannot be matched"),
        ("P06", "M77", "There is nobody with the code M77"),
    ],
)
def test_a_pair_that_does_not_fit_is_refused_with_a_sentence(
    bridgeline: Bridgeline, protege: str, mentor: str, said: str
) -> None:
    answer = bridgeline("match", "open", protege, mentor)
    assert answer.code == 1
    assert said in answer.err


def test_an_exhausted_pool_says_what_to_buy(bridgeline: Bridgeline) -> None:
    # Judith talks on two lines already, and each further match takes one of the other two.
    for protege in ("P04", "P06"):
        assert bridgeline("match", "open", protege, "M09").code == 0
    answer = bridgeline("match", "open", "P09", "M09")
    assert answer.code == 1
    assert "All 4 pair lines are in use for P09 or M09. Buy one more number" in answer.err


def test_a_match_is_closed_and_its_line_rests(bridgeline: Bridgeline) -> None:
    answer = bridgeline("match", "close", "k16", "--reason", "poor_fit_topic")
    assert answer.code == 0
    assert answer.out.startswith("K16 is closed (poor_fit_topic). Its line 515 555 010")
    assert "stays with it until Thu 2026-04-02." in answer.out
    again = bridgeline("match", "close", "K16", "--reason", "other")
    assert again.code == 1
    assert "K16 was closed on 2026-03-03 already." in again.err


def test_an_unknown_closing_reason_is_a_wrong_use(bridgeline: Bridgeline) -> None:
    with pytest.raises(SystemExit) as ended:
        bridgeline("match", "close", "K16", "--reason", "bored")
    assert ended.value.code == 2


@pytest.fixture
def ben(desk: Desk, at_desk: Callable[[Desk], Bridgeline]) -> Bridgeline:
    """The commands as a colleague gives them."""
    return at_desk(replace(desk, actor="staff:ben"))


def test_a_match_is_put_on_hold_and_is_afterwards_what_it_was_before(
    bridgeline: Bridgeline, ben: Bridgeline, seeded: Database
) -> None:
    code = next(m["code"] for m in bridgeline("match", "--state", "active", "--json").data)
    held = bridgeline("match", "hold", code.lower(), "--reason", "a worry", "--json")
    assert (held.data["code"], held.data["state"]) == (code, "safety_hold")
    again = bridgeline("match", "hold", code, "--reason", "a worry")
    assert (again.code, again.err) == (1, f"{code} is on hold already.\n")
    said = bridgeline("match", "release", code, "--reason", "cleared with both")
    assert said.out == f"It is noted. {code} stays on hold until somebody else says the same.\n"
    alone = bridgeline("match", "release", code, "--reason", "cleared with both")
    assert alone.err == "You have said so already. It takes somebody else as well.\n"
    released = ben("match", "release", code, "--reason", "so think I")
    assert released.out == f"{code} is active again, as before the hold.\n"
    again = bridgeline("match", "release", code, "--reason", "cleared")
    assert (again.code, again.err) == (1, f"{code} is not on hold.\n")
    with seeded.transaction() as session:
        match = match_with_code(session, code)
        moves = session.scalars(
            select(Transition)
            .where(Transition.entity == "match", Transition.entity_id == match.id)
            .order_by(Transition.id.desc())
            .limit(2)
        )
        assert [(move.from_state, move.to_state, move.actor, move.reason) for move in moves] == [
            ("safety_hold", "active", "staff:ben", "so think I"),
            ("active", "safety_hold", "staff:cleo", "a worry"),
        ]


def test_a_paused_match_is_paused_again_after_a_hold(
    bridgeline: Bridgeline, ben: Bridgeline
) -> None:
    (paused,) = bridgeline("match", "--state", "paused", "--json").data
    bridgeline("match", "hold", paused["code"], "--reason", "a worry")
    first = bridgeline("match", "release", paused["code"], "--reason", "cleared", "--json")
    assert first.data["state"] == "safety_hold"
    released = ben("match", "release", paused["code"], "--reason", "cleared", "--json")
    assert released.data["state"] == "paused"


def test_a_match_on_hold_is_closed_by_two(bridgeline: Bridgeline, ben: Bridgeline) -> None:
    code = next(m["code"] for m in bridgeline("match", "--state", "active", "--json").data)
    bridgeline("match", "hold", code, "--reason", "a worry")
    close = ("match", "close", code, "--reason", "safety")

    assert "stays on hold until somebody else says the same" in bridgeline(*close).out
    assert f"{code} is closed (safety)." in ben(*close).out


@pytest.mark.parametrize("action", ["hold", "release"])
def test_a_hold_needs_a_reason_and_an_open_match(bridgeline: Bridgeline, action: str) -> None:
    with pytest.raises(SystemExit):
        bridgeline("match", action, "K01", "--reason", " ")
    assert "There is no match" in bridgeline("match", action, "K99", "--reason", "a worry").err
    bridgeline("match", "close", "K16", "--reason", "other")
    answer = bridgeline("match", action, "K16", "--reason", "a worry")
    assert answer.code == 1
    assert answer.err.startswith("K16 is ")


def test_matches_are_listed_with_both_names_and_the_last_two_way_contact(
    bridgeline: Bridgeline,
) -> None:
    matches = bridgeline("match", "list", "--json").data
    assert [match["code"] for match in matches] == [f"K{n:02d}" for n in range(1, 17)]
    (rosa,) = [match for match in matches if match["protege"] == "P01 Rosa"]
    assert rosa["mentor"] == "M02 Luis"
    assert rosa["last_two_way_contact"] > rosa["opened"]
    (samir,) = [match for match in matches if match["state"] == "intro"]
    assert samir["last_two_way_contact"] is None


def test_matches_are_filtered_by_state(bridgeline: Bridgeline) -> None:
    (held,) = bridgeline("match", "--state", "safety_hold", "--json").data
    assert held["protege"] == "P17 André"


def test_lines_are_listed_with_what_rests_on_them(bridgeline: Bridgeline) -> None:
    bridgeline("match", "close", "K16", "--reason", "other")
    lines = {line["number"]: line for line in bridgeline("lines", "--json").data}
    assert lines["+15155550100"]["kind"] == "main"
    pairs = [line for line in lines.values() if line["kind"] == "pair"]
    assert sum(line["open_matches"] for line in pairs) == 12
    # The other closed matches rest no longer: their quarantine of 30 days is over.
    assert sum(line["resting"] for line in pairs) == 1


def test_a_line_is_added_and_retired_and_taken_back(bridgeline: Bridgeline) -> None:
    assert bridgeline("lines", "add", "515 555 0105").out.startswith(
        "515 555 0105 is a pair line of ours now."
    )
    assert bridgeline("lines", "retire", "(515) 555-0105").code == 0
    again = bridgeline("lines", "retire", "5155550105")
    assert again.err == "515 555 0105 was retired already.\n"
    assert bridgeline("lines", "add", "515 555 0105").code == 0
    (line,) = [n for n in bridgeline("lines", "--json").data if n["number"] == "+15155550105"]
    assert line["retired"] is None


def test_a_line_that_rests_after_a_match_is_kept_at_the_carrier_for_so_long(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    bridgeline("lines", "add", "515 555 0105")
    with seeded.transaction() as session:
        k16 = match_with_code(session, "K16")
        k16.line = session.scalars(select(Line).where(Line.number == "+15155550105")).one()
        for side in k16.sides:
            side.line_id = k16.line.id
    bridgeline("match", "close", "K16", "--reason", "other")

    said = bridgeline("lines", "retire", "515 555 0105").out
    free = (clock.now() + timedelta(days=30)).astimezone(seeded.programme.office)
    assert f"Keep it at the carrier until {free:%a %Y-%m-%d}" in said
    assert "give it back" not in said

    bridgeline("lines", "add", "515 555 0105")
    clock.advance(31 * 86_400)
    assert "You may give it back" in bridgeline("lines", "retire", "515 555 0105").out


def test_a_number_from_which_a_stranger_once_called_can_become_a_line(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        find_or_add_phone(session, "+15155550165", now=clock.now())
    shows = frozenset({"+15155550165"})
    assert bridgeline("lines", "add", "515 555 0165", shows=shows).code == 0


def test_the_main_line_is_replaced_after_it_was_retired(bridgeline: Bridgeline) -> None:
    second = bridgeline("lines", "add", "515 555 0106", "--main")
    assert second.err == "There is a main line already. Retire it before adding another.\n"
    retired = bridgeline("lines", "retire", "515 555 0100")
    assert retired.code == 0
    assert "until everybody who calls it knows the new number" in retired.out
    assert bridgeline("lines", "add", "515 555 0106", "--main").code == 0
    back = bridgeline("lines", "add", "515 555 0100", "--main")
    assert "There is another main line by now." in back.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "515 555 0101", "--main"), "is a pair line already"),
        (("add", "515 555 0100"), "is the main line already"),
        (("add", "515 555 0135"), "the phone of a participant"),
        (("add", "911"), "not a valid phone number"),
        (("retire", "515 555 0101"), "is in use by K02, K06, K10, K15. Close them first."),
        (("retire", "515 555 0109"), "not one of our lines"),
    ],
)
def test_a_wrong_line_is_refused_with_a_sentence(
    bridgeline: Bridgeline, words: tuple[str, ...], said: str
) -> None:
    answer = bridgeline("lines", *words, shows=EXAMPLE)
    assert answer.code == 1
    assert said in answer.err
