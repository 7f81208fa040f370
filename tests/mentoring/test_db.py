"""One transaction per request: whole or not at all, again when needed, and then a wake-up."""

import threading
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from mentoring.db import Database, Session, make_engine
from mentoring.models import (
    Conversation,
    DeliveryKind,
    Line,
    Receipt,
)
from mentoring.people import find_phone
from tests.make import (
    NOW,
    all_at_once,
    another_process,
    make_lines,
    make_phone,
    make_text,
    number,
)


class Bell:
    """Counts how often the dispatcher was woken."""

    def __init__(self, *, broken: bool = False) -> None:
        self.rings = 0
        self._broken = broken

    def __call__(self) -> None:
        self.rings += 1
        if self._broken:
            raise ConnectionError("The broker is down.")


@pytest.fixture
def bell(db: Database) -> Bell:
    db.wake = Bell()
    return db.wake


def count_receipts(db: Database) -> int:
    with db.transaction() as session:
        return session.scalar(select(func.count()).select_from(Receipt)) or 0


def write(session: Session, key: str) -> None:
    session.add(Receipt(key=key, at=NOW))
    session.flush()


def write_and_fail(db: Database) -> None:
    with db.transaction() as session:
        write(session, "one")
        queue(session)
        raise ZeroDivisionError


def write_twice_in_a_savepoint(session: Session) -> None:
    with session.begin_nested():
        session.execute(insert(Receipt).values(key="two", at=NOW))
        session.execute(insert(Receipt).values(key="one", at=NOW))


def queue(session: Session) -> None:
    line = make_lines(session, 1)[0]
    make_text(session, to=make_phone(session), line=line, kind=DeliveryKind.REPLY)


def test_what_a_transaction_wrote_is_there_in_the_next_one(real_db: Database) -> None:
    with real_db.transaction() as session:
        write(session, "one")
    assert count_receipts(real_db) == 1


def test_an_error_takes_everything_back(real_db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(real_db)
    assert count_receipts(real_db) == 0


def test_an_error_takes_everything_back_in_a_test_database_too(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(db)
    assert count_receipts(db) == 0


def test_a_failed_step_in_a_savepoint_costs_only_that_step(real_db: Database) -> None:
    with real_db.transaction() as session:
        write(session, "one")
        with pytest.raises(IntegrityError):
            write_twice_in_a_savepoint(session)
        write(session, "three")
    with real_db.transaction() as session:
        assert set(session.scalars(select(Receipt.key))) == {"one", "three"}


def test_a_savepoint_that_is_kept_is_still_lost_with_its_transaction(real_db: Database) -> None:
    def work(session: Session) -> None:
        with session.begin_nested():
            write(session, "one")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        real_db.run(work)
    assert count_receipts(real_db) == 0


def test_the_loser_of_two_equal_requests_starts_again_and_finds_what_the_winner_did(
    real_db: Database,
) -> None:
    tries: list[int] = []

    def add_phone(session: Session) -> int:
        tries.append(1)
        return make_phone(session).id

    with another_process(real_db) as other:
        found = all_at_once(
            *(lambda db=db: db.run(add_phone) for db in (real_db, other, real_db, other))
        )

    assert len(set(found)) == 1
    assert len(tries) >= 4
    with real_db.transaction() as session:
        assert find_phone(session, number(0)) is not None


def test_work_that_met_another_request_is_done_again_from_the_start(db: Database) -> None:
    with db.transaction() as session:
        write(session, "one")
    seen: list[str] = []

    def work(session: Session) -> str:
        seen.append("try")
        write(session, f"work:{len(seen)}")
        if len(seen) == 1:
            session.execute(insert(Receipt).values(key="one", at=NOW))
        return "done"

    assert db.run(work) == "done"
    assert len(seen) == 2
    with db.transaction() as session:
        assert set(session.scalars(select(Receipt.key))) == {"one", "work:2"}


def test_work_that_always_meets_another_request_gives_up_after_three_tries(db: Database) -> None:
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        for _ in range(2):
            session.execute(insert(Receipt).values(key="one", at=NOW))

    with pytest.raises(IntegrityError):
        db.run(work)
    assert len(tries) == 3
    assert count_receipts(db) == 0


def test_any_other_error_is_not_tried_again(db: Database) -> None:
    tries: list[int] = []

    def work(_session: Session) -> None:
        tries.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.run(work)
    assert len(tries) == 1


def test_two_answers_to_one_turn_meet_at_the_row_and_the_second_starts_again(
    real_db: Database,
) -> None:
    with real_db.transaction() as session:
        row = Conversation(flow="intake", state_sealed=b"", lasting=True, channel="text")
        row.started_at = row.touched_at = NOW
        session.add(row)
        session.flush()
        made = row.id
    both_have_read = threading.Barrier(2)
    reads: list[int] = []

    def answer(session: Session) -> None:
        row = session.get_one(Conversation, made)
        reads.append(row.revision)
        # On SQLite the second one cannot even read before the first has committed.
        if session.get_bind().dialect.name == "postgresql" and len(reads) <= 2:
            both_have_read.wait(timeout=10)
        row.state_sealed = bytes([*row.state_sealed, 1])

    with another_process(real_db) as other:
        assert all_at_once(lambda: real_db.run(answer), lambda: other.run(answer)) == [None, None]
    with real_db.transaction() as session:
        assert session.get_one(Conversation, made).state_sealed == b"\1\1"


def test_the_dispatcher_is_woken_once_after_a_commit_that_queued_something(
    db: Database, bell: Bell
) -> None:
    with db.transaction() as session:
        queue(session)
        assert bell.rings == 0
    assert bell.rings == 1


def test_the_dispatcher_sleeps_on_when_nothing_was_queued(db: Database, bell: Bell) -> None:
    with db.transaction() as session:
        write(session, "one")
    assert bell.rings == 0


def test_the_dispatcher_sleeps_on_when_the_commit_never_came(db: Database, bell: Bell) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(db)
    assert bell.rings == 0


def test_the_dispatcher_finds_the_row_that_it_was_woken_for(real_db: Database) -> None:
    found: list[int] = []
    real_db.wake = lambda: found.append(count_receipts(real_db))
    with real_db.transaction() as session:
        write(session, "one")
        queue(session)
    assert found == [1]


def test_a_wake_up_that_fails_harms_nothing_and_is_logged(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    db.wake = Bell(broken=True)
    with db.transaction() as session:
        write(session, "one")
        queue(session)
    assert count_receipts(db) == 1
    assert "could not be woken" in caplog.text


def test_the_database_itself_refuses_a_reference_to_nothing(session: Session) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            insert(Conversation).values(
                key=make_phone(session).key,
                phone_id=999_999,
                flow="intake",
                state_sealed=b"",
                lasting=False,
                status="open",
                channel="text",
                revision=1,
                started_at=NOW,
                touched_at=NOW,
            )
        )


def test_a_plain_postgresql_address_gets_the_driver_that_is_installed() -> None:
    engine = make_engine("postgresql://bridgeline@127.0.0.1/bridgeline")
    assert engine.dialect.driver == "psycopg"
    engine.dispose()


def test_a_result_tells_which_columns_it_has_to_whoever_looks(real_db: Database) -> None:
    with real_db.transaction() as session:
        cursor = session.wire.exec_driver_sql("SELECT 1 AS one, 2 AS two").cursor
        shown = cursor.description
        assert len(shown) == 2
        assert [column[0] for column in shown] == ["one", "two"]
        assert shown[1][0] == "two"
        cursor.execute("DELETE FROM receipts")
        assert cursor.description is None


def test_a_sqlite_file_is_opened_with_the_recipe(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'bridgeline.db'}")
    names = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
    with engine.connect() as connection:
        shown = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    engine.dispose()
    assert shown == ["wal", 1, 5000, 1]


def test_a_connection_that_died_between_two_requests_is_noticed_by_nobody(
    real_db: Database,
) -> None:
    assert isinstance(real_db.bind, Engine)
    idle = real_db.bind.raw_connection()
    dying = idle.driver_connection
    idle.close()
    assert dying is not None
    dying.close()

    real_db.run(lambda session: write(session, "after"))

    assert count_receipts(real_db) == 1


def test_work_that_the_database_stopped_because_of_a_deadlock_is_done_again(
    real_db: Database,
) -> None:
    with real_db.transaction() as session:
        first, second = (line.id for line in make_lines(session, 2))
    both_hold_one = Barrier(2)
    tries: list[int] = []

    def work(db: Database, order: tuple[int, int]) -> None:
        def touch(session: Session) -> None:
            tries.append(1)
            for step, line_id in enumerate(order):
                session.execute(update(Line).where(Line.id == line_id).values(carrier_sid="x"))
                is_server = session.get_bind().dialect.name == "postgresql"
                if is_server and step == 0 and len(tries) <= 2:
                    both_hold_one.wait(timeout=10)

        db.run(touch)

    with another_process(real_db) as other:
        outcomes = all_at_once(
            lambda: work(real_db, (first, second)), lambda: work(other, (second, first))
        )
    assert outcomes == [None, None]


def test_a_savepoint_takes_back_what_went_over_the_wire_alone(real_db: Database) -> None:
    def write_and_fail(session: Session) -> None:
        with session.begin_nested():
            session.wire.execute(insert(Receipt).values(key="taken back", at=NOW))
            raise RuntimeError("This cannot be.")

    with real_db.transaction() as opened:
        with pytest.raises(RuntimeError):
            write_and_fail(opened)
        assert opened.scalar(select(func.count()).select_from(Receipt)) == 0
