"""The database is away while somebody calls: they hear a sentence, and the log has it later."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from mentoring.models import ContactKind, Outcome
from tests.journeys.cast import DAN, LUIS, ROSA, contacts, pair, person_at
from tests.town import MAIN, PAIRS, Town


@contextmanager
def database_away(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every use of the database fail as it does when there is none."""

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("", {}, Exception("connection refused"))

    with monkeypatch.context() as broken:
        broken.setattr(town.db, "transaction", away)
        broken.setattr(town.db, "run", away)
        yield


def calls_in_vain(town: Town, monkeypatch: pytest.MonkeyPatch, number: str, line: str) -> None:
    caller = town.caller(number)
    with database_away(town, monkeypatch):
        caller.calls(line)
        caller.hears("something went wrong", "Please call again in a few minutes", "[call ended]")
    town.emulator.debugger[:] = [each for each in town.emulator.debugger if each.code != 15003]


def lost(town: Town) -> list[str]:
    return [task.words for task in town.tasks() if task.rule == "lost call"]


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
    assert lost(town) == [
        f"{rosa.code} called while our line had a fault, and could not be served. Call them back."
    ]
    assert town.phone(LUIS).inbox == []


def test_a_stranger_is_called_back_as_well(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    calls_in_vain(town, monkeypatch, DAN, MAIN)
    town.pass_time(700)
    (entry,) = town.log()
    assert (entry.kind, entry.outcome) == (ContactKind.MENU, Outcome.FAILED)
    assert lost(town)[0].startswith("Somebody called")


def test_a_call_that_was_answered_is_in_the_log_once(town: Town) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hangs_up()
    town.pass_time(700)
    assert len(town.log()) == 1
    assert lost(town) == []
