"""The database is away while somebody calls: they can leave a message, and all is found later."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from mentoring.models import ContactKind, Outcome, Purpose, RecordingState, StaffTask
from mentoring.tasks import close_task
from tests.journeys.cast import (
    DAN,
    LUIS,
    ROSA,
    contacts,
    pair,
    person_at,
    reaches_the_note,
    recordings,
    words_of,
)
from tests.journeys.service_calls import queue, rosa_and_luis
from tests.phone import Caller
from tests.town import MAIN, PAIRS, Town

NO_NUMBER = "anonymous"


@contextmanager
def database_away(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every use of the database fail as it does when there is none."""

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("", {}, Exception("connection refused"))

    with monkeypatch.context() as broken:
        broken.setattr(town.db, "transaction", away)
        broken.setattr(town.db, "run", away)
        yield
    # What the carrier could not tell us about these calls is no fault of our documents.
    town.emulator.debugger[:] = [each for each in town.emulator.debugger if each.code != 15003]


def hears_of_the_fault(caller: Caller) -> None:
    caller.hears(
        "something went wrong",
        "Please call again in a few minutes",
        "Call 911",
        "You can leave a message",
        "after the tone",
        "[beep]",
    )


def calls_in_vain(town: Town, monkeypatch: pytest.MonkeyPatch, number: str, line: str) -> None:
    caller = town.caller(number)
    with database_away(town, monkeypatch):
        caller.calls(line)
        hears_of_the_fault(caller)
        caller.waits()
        caller.hears("Thank you for calling", "Goodbye", "[call ended]")


def leaves_a_message(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    number: str,
    words: str,
    *,
    line: str = MAIN,
    shows: str | None = None,
) -> None:
    caller = town.caller(number)
    with database_away(town, monkeypatch):
        caller.calls(line, from_override=shows)
        hears_of_the_fault(caller)
        caller.records(words)
        caller.hears("Your message is kept", "call you back", "Call 911", "Goodbye", "[call ended]")
        town.emulator.advance(10)


def lost(town: Town) -> list[StaffTask]:
    return [task for task in town.tasks() if task.rule == "lost call"]


def test_a_call_to_the_partner_is_in_the_log_later_and_staff_call_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(town)
    calls_in_vain(town, monkeypatch, ROSA, PAIRS[0])
    calls_in_vain(town, monkeypatch, ROSA, PAIRS[0])
    town.pass_time(700)
    town.pass_time(700)

    entries = contacts(town)
    assert [(each.kind, each.outcome, each.reason) for each in entries] == [
        (ContactKind.CALL, Outcome.NOT_RUNG, "a fault of ours")
    ] * 2
    rosa = person_at(town, ROSA)
    assert [task.words for task in lost(town)] == [
        f"{rosa.code} called while our line had a fault, and could not be served. Call them back."
    ]
    assert town.phone(LUIS).inbox == []


def test_a_stranger_is_called_back_as_well(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    calls_in_vain(town, monkeypatch, DAN, MAIN)
    town.pass_time(700)
    (entry,) = town.log()
    assert (entry.kind, entry.outcome) == (ContactKind.MENU, Outcome.FAILED)
    assert lost(town)[0].words.startswith("Somebody called")


def test_a_call_that_was_answered_is_in_the_log_once(town: Town) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hangs_up()
    town.pass_time(700)
    assert len(town.log()) == 1
    assert lost(town) == []


def test_a_message_left_meanwhile_is_heard_by_staff_and_kept_nowhere_else(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(town)
    leaves_a_message(town, monkeypatch, ROSA, "Tell Luis I am late", line=PAIRS[0])
    assert recordings(town) == []
    for _ in range(3):
        town.pass_time(700)

    rosa = person_at(town, ROSA)
    (task,) = lost(town)
    assert (task.person_id, task.words) == (
        rosa.id,
        f"{rosa.code} left a message while our line had a fault. Listen, and call them back.",
    )
    (message,) = recordings(town)
    assert (message.purpose, message.state) == (Purpose.MESSAGE, RecordingState.ERASED)
    assert (message.from_person_id, message.sent_at) == (rosa.id, None)
    assert words_of(town, task) == "Tell Luis I am late"
    assert all(each.deleted for each in town.emulator.store.recordings.values())
    assert len(contacts(town)) == 1
    assert town.phone(LUIS).inbox == []


def test_a_message_of_a_withheld_number_and_one_of_a_stranger_are_heard_too(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves_a_message(town, monkeypatch, DAN, "I am at extension nine", shows=NO_NUMBER)
    leaves_a_message(town, monkeypatch, DAN, "This is Dan")
    town.pass_time(700)
    dan, hidden = sorted(lost(town), key=lambda task: task.phone_id is None)
    assert hidden.words.startswith("Somebody with a withheld number left a message")
    assert hidden.phone_id is None
    assert words_of(town, hidden) == "I am at extension nine"
    assert dan.words.startswith("Somebody left a message")
    assert words_of(town, dan) == "This is Dan"


def test_a_second_message_of_a_day_has_a_task_of_its_own(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves_a_message(town, monkeypatch, DAN, "First")
    leaves_a_message(town, monkeypatch, DAN, "Second")
    town.pass_time(700)
    assert [words_of(town, task) for task in lost(town)] == ["First", "Second"]


def test_a_message_after_staff_have_called_back_is_not_hidden_in_a_closed_task(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls_in_vain(town, monkeypatch, DAN, MAIN)
    town.pass_time(700)
    with town.db.transaction() as session:
        close_task(session, lost(town)[0].id, outcome="called", now=town.clock.now())
    leaves_a_message(town, monkeypatch, DAN, "It happened again")
    town.pass_time(700)
    waiting = [task for task in lost(town) if task.done_at is None]
    assert [words_of(town, task) for task in waiting] == ["It happened again"]


def test_who_hangs_up_while_speaking_has_left_a_message(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    dan = town.caller(DAN)
    with database_away(town, monkeypatch):
        dan.calls(MAIN)
        dan.records("Please call me", end="")
        dan.hangs_up()
        town.emulator.advance(10)
    town.pass_time(700)
    assert [words_of(town, task) for task in lost(town)] == ["Please call me"]


def test_what_is_said_in_a_call_that_the_fault_cuts_short_goes_to_staff_and_to_no_partner(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    call = next(iter(town.emulator.store.calls.values()))
    with database_away(town, monkeypatch):
        rosa.records("Hello Luis")
        rosa.hears("something went wrong", "You can leave a message")
        rosa.records("Is there anybody")
        rosa.hears("Your message is kept", "[call ended]")
        town.emulator.advance(10)
    town.pass_time(700)
    assert recordings(town) == []  # The call may go on, as far as we know.
    for _ in range(3):
        town.pass_time(700)
    town.post("/voice/ended", (("CallSid", call.sid), ("CallStatus", "completed")))
    town.pass_time(700)
    assert [words_of(town, task) for task in lost(town)] == ["Hello Luis", "Is there anybody"]
    assert [(each.purpose, each.sent_at) for each in recordings(town)] == [
        (Purpose.MESSAGE, None)
    ] * 2


def test_a_note_that_its_speaker_took_back_is_not_brought_to_staff(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.records("I do not want to go on")
    rosa.presses("3")
    rosa.hears("after the tone")
    rosa.hangs_up()
    for _ in range(3):
        town.pass_time(700)
    assert lost(town) == []


def test_whom_we_have_rung_ourselves_is_heard_as_well(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, match = rosa_and_luis(town)
    queue(town, person, match=match)
    town.settle()
    rosa = town.caller(ROSA)
    with database_away(town, monkeypatch):
        rosa.answers()
        hears_of_the_fault(rosa)
        rosa.records("You rang me")
        rosa.hears("Your message is kept", "[call ended]")
        town.emulator.advance(10)
    for _ in range(4):
        town.pass_time(700)
    assert [(task.person_id, words_of(town, task)) for task in lost(town)] == [
        (person.id, "You rang me")
    ]
