"""The fixtures keep what they promise: nothing stays behind, everything is seen."""

import threading

import pytest
from redis import Redis
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from mentoring.clock import ManualClock
from mentoring.crypto import Vault
from mentoring.db import Database, Session
from mentoring.models import Base, Line, LineKind, Staff
from mentoring.people import find_or_add_phone
from tests import leaks
from tests.databases import StatementCounter

NUMBER = "+15155550135"


def _phones(db: Database) -> int:
    with db.transaction() as session:
        return session.scalar(text("SELECT count(*) FROM phones")) or 0


def _line(clock: ManualClock) -> Line:
    return Line(number="+15155550101", kind=LineKind.PAIR, created_at=clock.now())


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_commits_the_next_one_does_not_find(
    db: Database, clock: ManualClock, turn: int
) -> None:
    with db.transaction() as session:
        find_or_add_phone(session, NUMBER, now=clock.now())

    assert _phones(db) == 1


def test_a_transaction_that_fails_leaves_the_earlier_ones_alone(
    db: Database, clock: ManualClock
) -> None:
    with db.transaction() as session:
        find_or_add_phone(session, NUMBER, now=clock.now())
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.add_all([_line(clock), _line(clock)])

    assert _phones(db) == 1


def test_another_thread_sees_what_the_test_committed(db: Database, clock: ManualClock) -> None:
    with db.transaction() as session:
        find_or_add_phone(session, NUMBER, now=clock.now())
    seen: list[int] = []

    thread = threading.Thread(target=lambda: seen.append(_phones(db)))
    thread.start()
    thread.join()

    assert seen == [1]


def test_the_schema_holds_every_table_of_the_models(session: Session) -> None:
    assert set(Base.metadata.tables) <= set(inspect(session.connection()).get_table_names())


@pytest.mark.parametrize("turn", [1, 2])
def test_a_database_of_ones_own_is_empty_and_commits_for_real(
    real_db: Database, clock: ManualClock, turn: int
) -> None:
    with real_db.transaction() as session:
        find_or_add_phone(session, NUMBER, now=clock.now())

    with real_db.bind.engine.connect() as other:
        assert other.scalar(text("SELECT count(*) FROM phones")) == 1


def test_only_the_work_itself_is_counted(db: Database, queries: StatementCounter) -> None:
    with queries() as outer:
        _phones(db)
        with queries() as inner, db.transaction() as session:
            session.scalar(select(func.count()).select_from(Staff))
    _phones(db)

    assert len(outer) == 2
    assert len(inner) == 1
    assert "staff" in inner[0]


def test_the_number_of_every_phone_is_watched_by_the_leak_check(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[str] = []
    monkeypatch.setattr(leaks, "participant", named.append)

    vault.seal(NUMBER, place="phones.number_sealed:1")
    vault.seal("Hello", place="deliveries.body_sealed:1")

    assert named == [NUMBER]


def test_redis_is_empty_at_the_start(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")
