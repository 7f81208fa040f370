"""Nothing that somebody waits for looks through a whole table: it would be slower every day.

The databases tell how they would find what is asked. PostgreSQL reads a small table whole whatever
there is to help it, so it is told to avoid that where it can.
"""

import re
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Connection, text

from app.bench_senders import CALL, Step
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.models import Base
from scheduling.due import Ticker
from telephony.addresses import Addresses
from telephony.dispatch import Dispatcher
from tests.databases import Asked, StatementCounter
from tests.house.line import KIM, MAIN, PAIR, PUBLIC, ROSA, Call, Line
from tests.recording_carrier import RecordingCarrier

# Tables with a row for each person, or for each thing that happens.
GROWING = frozenset(
    (
        *("answers", "call_legs", "consents", "contacts", "conversations", "deliveries", "dues"),
        *("invitations", "match_sides", "matches", "people", "phones", "receipts", "recordings"),
        *("staff_tasks", "transitions"),
    )
)
_WHOLE = re.compile(r"^(?:SCAN|.*Seq Scan on) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
# Of the few rows that still wait there are indexes, and these may be read whole.
_OF_THE_FEW = frozenset(
    index.name
    for table in Base.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
)
_ALIAS = re.compile(r"(\w+) AS (\w+)")

Check = Callable[[Sequence[Asked]], None]


def read_whole(asked: Asked, wire: Connection) -> set[str]:
    """Return which of the growing tables one statement looks through from end to end."""
    explain = "EXPLAIN QUERY PLAN" if wire.dialect.name == "sqlite" else "EXPLAIN"
    plan = wire.exec_driver_sql(f"{explain} {asked}", asked.parameters).all()
    lines = [match for row in plan if (match := _WHOLE.match(str(row[-1])))]
    found: set[str] = {line[1] for line in lines if line[2] not in _OF_THE_FEW}
    tables = {alias: table for table, alias in _ALIAS.findall(asked)}
    return {tables.get(name, name) for name in found} & GROWING


@pytest.fixture
def finds_all(db: Database) -> Check:
    """Check that what was asked is found without looking through a whole table."""

    def check(said: Sequence[Asked]) -> None:
        assert said
        with db.transaction() as session:
            if session.wire.dialect.name == "postgresql":
                session.wire.execute(text("SET LOCAL enable_seqscan = off"))
            for asked in dict.fromkeys(said):
                if not asked.lstrip().startswith("INSERT"):
                    whole = read_whole(asked, session.wire)
                    assert not whole, f"{whole} by {asked}"

    return check


def said_by(line: Line) -> list[Asked]:
    return [asked for _, statements in line.asked for asked in statements]


def test_no_step_of_an_intake_by_phone_or_text_looks_through_a_whole_table(
    line: Line, finds_all: Check
) -> None:
    Call(line, KIM).goes_on(*CALL)
    for body in ("hello", "1", "yes", "2"):
        line.text("+15155550147", body)

    finds_all(said_by(line))


@pytest.mark.parametrize("to", [PAIR, MAIN])
def test_no_step_of_a_masked_call_and_a_note_looks_through_a_whole_table(
    line: Line, finds_all: Check, to: str
) -> None:
    call = Call(line, ROSA, to)
    if to == MAIN:
        call.presses("1")
    call.is_picked_up().presses("2")
    call.goes_to("/voice/dial-ended", DialCallStatus="completed", DialBridged="false")
    call.goes_on(Step("recording", "5"))
    call.presses("2")

    finds_all(said_by(line))


def test_neither_a_relayed_text_nor_its_way_out_looks_through_a_whole_table(
    line: Line, finds_all: Check, queries: StatementCounter, db: Database, clock: ManualClock
) -> None:
    carrier = RecordingCarrier(clock)
    dispatcher = Dispatcher(db, carrier, clock, Addresses(PUBLIC))
    line.text(ROSA, "See you on Tuesday", PAIR)
    with queries() as sending:
        Ticker(db, carrier, clock, dispatcher).drain()
        dispatcher.fetch_recordings()
        dispatcher.sweep()
    (sent,) = carrier.texts
    sid = {"MessageSid": "SM" + "0" * 31 + "1"}
    for status in ("sent", "delivered"):
        told = {**sid, "MessageStatus": status, "To": sent.to, "From": sent.from_line}
        line.post(sent.status_callback.removeprefix(PUBLIC), told, status=204)

    finds_all([*said_by(line), *sending])


def test_a_look_through_a_whole_table_would_be_seen(
    db: Database, queries: StatementCounter
) -> None:
    with db.transaction() as session, queries() as asked:
        session.wire.execute(text("SELECT d.id FROM deliveries AS d WHERE d.prompt = 'T-X1'"))
        assert read_whole(asked[0], session.wire) == {"deliveries"}
