"""What commands print: aligned for people, exact for machines."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.tables import Card, Done, Moment, Table, render, shown_cell, width_of

_NOON = Moment(datetime(2026, 3, 3, 18, 5, tzinfo=UTC), ZoneInfo("America/Chicago"))
_TABLE = Table(
    ("code", "two-way", "last seen", "matches"),
    [("P01", True, _NOON, ["K01", "K02"]), ("P100", False, None, [])],
    empty="There is nobody.",
)


def test_columns_are_aligned_under_one_header_row() -> None:
    assert _TABLE.text().splitlines() == [
        "code  two-way  last seen                 matches",
        "P01   yes      Tue 2026-03-03 12:05 CST  K01 K02",
        "P100  no",
    ]


def test_json_holds_utc_moments_and_true_values() -> None:
    assert json.loads(render(_TABLE, as_json=True)) == [
        {
            "code": "P01",
            "two_way": True,
            "last_seen": "2026-03-03T18:05:00+00:00",
            "matches": ["K01", "K02"],
        },
        {"code": "P100", "two_way": False, "last_seen": None, "matches": []},
    ]


def test_a_table_without_rows_is_a_sentence_for_people_and_an_empty_list_for_machines() -> None:
    nothing = Table(("code",), [], empty="There is nobody.")
    assert render(nothing, as_json=False) == "There is nobody."
    assert json.loads(render(nothing, as_json=True)) == []


def test_a_note_stands_below_the_table_and_not_in_the_json() -> None:
    table = Table(("code",), [("P01",)], empty="", note="There are more.")
    assert table.text() == "code\nP01\n\nThere are more."
    assert table.data() == [{"code": "P01"}]


def test_accents_and_wide_letters_keep_the_columns_aligned() -> None:
    assert width_of("Chloé") == 5
    assert width_of("Chloe\N{COMBINING ACUTE ACCENT}") == 5
    assert width_of("愛子") == 4
    table = Table(("name", "code"), [("愛子", "P1"), ("Anna", "P2")], empty="")
    assert [line.index("P") for line in table.text().splitlines()[1:]] == [4, 6]


def test_a_name_cannot_steer_the_terminal() -> None:
    shown = shown_cell("Eve\x1b[2J\nP99  admin")
    assert "\x1b" not in shown
    assert "\n" not in shown


def test_a_card_shows_one_fact_a_line_and_then_its_tables() -> None:
    card = Card((("code", "P01"), ("first name", None)), (("matches", _TABLE),))
    assert card.text().splitlines()[:4] == ["code        P01", "first name", "", "matches"]
    assert card.data()["first_name"] is None
    assert card.data()["matches"] == _TABLE.data()


def test_what_was_done_is_a_sentence_with_facts_for_machines() -> None:
    done = Done("P01 was added.", (("state since", _NOON),))
    assert render(done, as_json=False) == "P01 was added."
    assert json.loads(render(done, as_json=True)) == {
        "done": "P01 was added.",
        "state_since": "2026-03-03T18:05:00+00:00",
    }
