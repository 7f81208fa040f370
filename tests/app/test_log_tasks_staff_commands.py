"""`bridgeline log`, `bridgeline tasks` and `bridgeline staff`."""

from typing import Any

import pytest
from sqlalchemy import select

from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.lines import main_line
from mentoring.models import AuditEntry, OptOutKind
from mentoring.operators import staff_to_ring
from mentoring.optouts import refuse
from mentoring.people import find_or_add_phone, number_of, person_with_code
from mentoring.queueing import queue_call
from mentoring.service_calls.claims import claim_calls
from mentoring.tasks import open_task
from tests.app.conftest import Bridgeline

STRANGER = "+15155550161"
# The sentence about a number that is none shows how one is written.
EXAMPLE = frozenset({"+15155550135"})


def test_the_log_ends_with_the_newest_entry_and_says_when_there_are_more(
    bridgeline: Bridgeline,
) -> None:
    answer = bridgeline("log", "--limit", "5")
    assert len(answer.lines) == 1 + 5 + 2
    assert answer.lines[-1] == "There are more entries: --limit shows them."
    times = [row["when"] for row in bridgeline("log", "--json").data]
    assert len(times) == 50
    assert times == sorted(times)


def test_the_log_of_one_match_names_both_sides_and_the_line(bridgeline: Bridgeline) -> None:
    rows = bridgeline("log", "--match", "k12", "--json").data
    assert rows
    assert {row["match"] for row in rows} == {"K12"}
    assert {row["from"] for row in rows} | {row["to"] for row in rows} == {"P01 Rosa", "M02 Luis"}
    assert {row["line"] for row in rows} == {"+15155550103"}


def test_the_log_of_one_person_shows_their_own_time_as_well(bridgeline: Bridgeline) -> None:
    answer = bridgeline("log", "--person", "P02")
    assert "their time" in answer.lines[0]
    assert all(row.count(" EST") == 1 or row.count(" EDT") == 1 for row in answer.lines[1:])
    for row in bridgeline("log", "--person", "P02", "--json").data:
        assert "P02 Marcus" in (row["from"], row["to"])


def test_the_log_since_a_day_begins_at_midnight_in_the_office(bridgeline: Bridgeline) -> None:
    rows = bridgeline("log", "--since", "2026-03-01", "--limit", "500", "--json").data
    assert rows
    assert min(row["when"] for row in rows) >= "2026-03-01T06:00:00"
    all_rows = bridgeline("log", "--limit", "500", "--json").data
    week = bridgeline("log", "--since", "7d", "--limit", "500", "--json").data
    assert len(rows) < len(week) < len(all_rows)


def test_a_stranger_has_a_name_that_stays_the_same_and_no_number(bridgeline: Bridgeline) -> None:
    rows = bridgeline("log", "--limit", "500", "--json").data
    strangers = {row["from"] for row in rows if row["reason"] == "unknown caller"}
    assert len(strangers) == 1
    assert strangers.pop().startswith("stranger ")


@pytest.mark.parametrize(
    "words", [("--since", "yesterday"), ("--since", "2026-13-01"), ("--limit", "0")]
)
def test_a_date_or_count_that_makes_no_sense_is_a_wrong_use(
    bridgeline: Bridgeline, words: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as ended:
        bridgeline("log", *words)
    assert ended.value.code == 2


def test_a_call_of_the_service_is_in_the_log_with_what_became_of_it(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        marcus = person_with_code(session, "P02")
        refuse(session, marcus.phone, OptOutKind.CALLS, source="voice", now=clock.now())
        queue_call(
            session,
            flow="main_menu",
            person=marcus,
            line=main_line(session),
            dedupe_key="call",
            now=clock.now(),
        )
        claim_calls(session, now=clock.now())
    row = bridgeline("log", "--limit", "1", "--json").data[0]
    assert (row["kind"], row["from"], row["to"]) == ("service call", None, "P02 Marcus")
    assert (row["outcome"], row["reason"]) == ("not rung", "wants no automated calls")


def test_an_unknown_match_in_the_log_is_a_sentence(bridgeline: Bridgeline) -> None:
    answer = bridgeline("log", "--match", "K99")
    assert answer.code == 1
    assert answer.err.startswith("There is no match with the code K99.")


def test_an_empty_log_is_a_sentence(on_empty: Bridgeline) -> None:
    assert on_empty("log").out == "There is no such entry in the contact log.\n"


def screening(bridgeline: Bridgeline) -> Any:
    """The one open task of the fictional programme that is no alert."""
    (task,) = (t for t in bridgeline("tasks", "--json").data if t["rule"] == "screening")
    return task


def test_without_tasks_the_list_says_so(on_empty: Bridgeline) -> None:
    assert on_empty("tasks").out == "Nothing waits for staff.\n"


def test_an_alert_is_not_closed_as_a_task(bridgeline: Bridgeline) -> None:
    (worry,) = (t for t in bridgeline("tasks", "--json").data if t["rule"] == "O10")
    answer = bridgeline("tasks", "done", str(worry["id"]), "--outcome", "looked at it")
    assert answer.code == 1
    assert answer.err == (
        f"Task {worry['id']} is an alert and closes with an outcome code:"
        f" bridgeline alerts close {worry['id']} CODE\n"
    )


def test_open_tasks_are_listed_and_closed_with_an_outcome(bridgeline: Bridgeline) -> None:
    task = screening(bridgeline)
    assert (task["rule"], task["person"], task["overdue"]) == ("screening", "M12", False)
    done = bridgeline("tasks", "done", str(task["id"]), "--outcome", "talked, she fits")
    assert done.out == f"Task {task['id']} is closed: talked, she fits.\n"
    assert [row["rule"] for row in bridgeline("tasks", "--json").data] == [
        "O10",
        "milestone",
        "change",
    ]
    again = bridgeline("tasks", "done", str(task["id"]), "--outcome", "twice")
    assert again.code == 1
    assert "was closed already: talked, she fits." in again.err
    everything = bridgeline("tasks", "--all", "--json").data
    assert "talked, she fits" in [row["outcome"] for row in everything]


def test_a_task_past_its_time_is_overdue(bridgeline: Bridgeline, clock: ManualClock) -> None:
    clock.advance(10 * 24 * 3600)
    task = screening(bridgeline)
    assert task["overdue"] is True


def test_an_unknown_task_is_a_sentence(bridgeline: Bridgeline) -> None:
    for words in (("show", "999"), ("done", "999", "--outcome", "x")):
        answer = bridgeline("tasks", *words)
        assert answer.code == 1
        assert answer.err == "There is no task 999. `bridgeline tasks` lists them.\n"


def test_a_task_without_an_outcome_stays_open(bridgeline: Bridgeline) -> None:
    task = screening(bridgeline)
    with pytest.raises(SystemExit) as ended:
        bridgeline("tasks", "done", str(task["id"]), "--outcome", " ")
    assert ended.value.code == 2
    assert screening(bridgeline) == task


def test_a_caller_who_is_no_participant_can_be_called_back_from_the_task(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        phone = find_or_add_phone(session, STRANGER, now=clock.now())
        task = open_task(
            session, rule="O14", words="Call back.", key="t", phone=phone, now=clock.now()
        )
        number = str(task.id)
    assert bridgeline("tasks", "show", number, "--json").data["number"] == "ends in 61"
    shown = bridgeline(
        *("tasks", "show", number, "--reveal", "--reason", "calling back", "--json"),
        shows=frozenset({STRANGER}),
    )
    assert shown.data["number"] == STRANGER
    with seeded.transaction() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.entity == "task")).all()
        assert (entry.entity, entry.entity_id, entry.reason) == ("task", number, "calling back")


def test_the_task_of_a_participant_shows_their_masked_number(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    task = str(screening(bridgeline)["id"])
    shown = bridgeline("tasks", "show", task, "--json").data
    assert (shown["person"], shown["number"]) == ("M12", "ends in 22")
    asked = ("--reveal", "--reason", "to screen her", "--json")
    number = number_of_code(seeded, "M12")
    shown = bridgeline("tasks", "show", task, *asked, shows=frozenset({number})).data
    assert shown["number"] == number
    with seeded.transaction() as session:
        action = AuditEntry.action == f"revealed number for task {task}"
        (entry,) = session.scalars(select(AuditEntry).where(action)).all()
        assert (entry.entity, entry.entity_id) == ("person", "M12")
        assert entry.reason == "to screen her"


def number_of_code(database: Database, code: str) -> str:
    with database.transaction() as session:
        return number_of(session, person_with_code(session, code).phone)


def test_a_task_about_nobodys_phone_reveals_nothing(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        task = open_task(session, rule="O8", words="Look.", key="t", now=clock.now())
        number = str(task.id)
    assert bridgeline("tasks", "show", number, "--json").data["number"] is None
    answer = bridgeline("tasks", "show", number, "--reveal", "--reason", "why not")
    assert answer.err == f"Task {number} is about nobody's phone.\n"


def test_staff_are_listed_in_ringing_order_with_masked_numbers(bridgeline: Bridgeline) -> None:
    rows = bridgeline("staff", "--json").data
    assert [(row["name"], row["languages"], row["phone"]) for row in rows] == [
        ("Charlotte Reyes", "en/es", "ends in 90"),
        ("Ben Adler", "en", "ends in 91"),
        ("Inès Caron", "fr/en", "ends in 92"),
    ]


def test_a_new_member_of_staff_is_rung_last(bridgeline: Bridgeline, seeded: Database) -> None:
    answer = bridgeline("staff", "add", "Cleo", "515 555 0193", "--languages", "ES/en", "--json")
    assert answer.data["order"] == 4
    assert answer.data["phone"] == "ends in 93"
    with seeded.transaction() as session:
        assert staff_to_ring(session, after=3, language="en") == (4, "+15155550193")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Ben Adler", "515 555 0194"), "Ben Adler is there already"),
        (("Cleo", "515 555 0191"), "Ben Adler is there already"),
        (("Cleo", "0191"), "not a valid phone number"),
        (("Cleo", "515 555 0194", "--languages", "de"), "Languages are en, es and fr"),
        (("", "515 555 0194"), "A name has 1 to 40 letters"),
    ],
)
def test_a_member_of_staff_who_cannot_be_added_is_refused(
    bridgeline: Bridgeline, words: tuple[str, ...], said: str
) -> None:
    answer = bridgeline("staff", "add", *words, shows=EXAMPLE)
    assert answer.code == 1
    assert said in answer.err


def test_who_goes_off_duty_is_not_rung_and_the_last_one_is_warned_of(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    assert bridgeline("staff", "off", "charlotte reyes").out == "Charlotte Reyes is off duty.\n"
    with seeded.transaction() as session:
        assert staff_to_ring(session, after=0, language="es") == (1, "+15155550191")
    bridgeline("staff", "off", "Ben Adler")
    assert "Nobody is on duty now" in bridgeline("staff", "off", "Inès Caron").out
    assert bridgeline("staff", "on", "Ben Adler", "--json").data["staff_on_duty"] == 1


def test_an_unknown_member_of_staff_is_a_sentence(bridgeline: Bridgeline) -> None:
    answer = bridgeline("staff", "on", "Nobody")
    assert answer.code == 1
    assert answer.err.startswith("There is no member of staff called Nobody.")


def test_without_staff_the_list_says_what_callers_can_do(on_empty: Bridgeline) -> None:
    assert "can only leave a message" in on_empty("staff").out


def test_a_person_is_named_in_the_log_by_code_and_first_name(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    with seeded.transaction() as session:
        person_with_code(session, "P01").first_name = ""
    rows = bridgeline("log", "--person", "P01", "--json").data
    assert "P01" in {row["from"] for row in rows} | {row["to"] for row in rows}
