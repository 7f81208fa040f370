"""What waits for its moment: planned once, done once, lost by no crash and no second worker."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from mentoring.calendar import deeds
from mentoring.calendar.deeds import do_due
from mentoring.calendar.dues import (
    call_off,
    claim,
    finish,
    note_fault,
    oldest_waiting,
    plan,
    put_off,
)
from mentoring.clock import ManualClock
from mentoring.db import Database, Session
from mentoring.models import Delivery, Due, DueKind, StaffTask
from scheduling.due import Ticker
from telephony.addresses import Addresses
from telephony.dispatch import Dispatcher
from tests.databases import StatementCounter
from tests.make import NOW, all_at_once, make_lines, make_match
from tests.recording_carrier import RecordingCarrier

HOUR = timedelta(hours=1)


def plan_some(session: Session, *minutes: int, prefix: str = "t") -> None:
    for each in minutes:
        plan(
            session,
            DueKind.PLAN,
            at=NOW + timedelta(minutes=each),
            key=f"{prefix}:{each}",
            now=NOW,
        )


def waiting(session: Session) -> list[str]:
    return list(
        session.scalars(select(Due.dedupe_key).where(Due.done_at.is_(None)).order_by(Due.due_at))
    )


def all_done(_session: Session, dues: Sequence[Due], now: datetime) -> None:
    for due in dues:
        finish(due, "done", now=now)


@pytest.fixture
def ticker(db: Database, clock: ManualClock) -> Ticker:
    return make_ticker(db, clock)


def make_ticker(db: Database, clock: ManualClock) -> Ticker:
    carrier = RecordingCarrier()
    return Ticker(
        db, carrier, clock, Dispatcher(db, carrier, clock, Addresses("https://x.example"))
    )


@pytest.fixture
def deed(monkeypatch: pytest.MonkeyPatch) -> Callable[[deeds.Deed], None]:
    """Lets another deed stand in for the one of DueKind.PLAN."""

    def stand_in(other: deeds.Deed) -> None:
        monkeypatch.setattr(deeds, "DEEDS", {**deeds.DEEDS, DueKind.PLAN: other})

    return stand_in


def test_what_is_planned_twice_is_planned_once(session: Session) -> None:
    plan_some(session, 5)
    plan_some(session, 5)
    assert waiting(session) == ["t:5"]


def test_only_what_is_due_is_claimed_and_the_longest_overdue_first(session: Session) -> None:
    plan_some(session, 30, -10, 0, -5)
    assert [due.dedupe_key for due in claim(session, now=NOW, limit=10)] == ["t:-10", "t:-5", "t:0"]


def test_what_is_done_is_not_claimed_again(session: Session) -> None:
    plan_some(session, -1)
    (due,) = claim(session, now=NOW, limit=10)
    finish(due, "done", now=NOW)
    session.flush()
    assert list(claim(session, now=NOW, limit=10)) == []


def test_what_is_put_off_waits_until_then(session: Session) -> None:
    plan_some(session, -1)
    (due,) = claim(session, now=NOW, limit=10)
    put_off(due, NOW + HOUR)
    session.flush()
    assert list(claim(session, now=NOW, limit=10)) == []
    assert len(claim(session, now=NOW + HOUR, limit=10)) == 1


def test_a_clock_that_jumps_back_only_makes_things_wait(
    db: Database, deed: Callable[[deeds.Deed], None]
) -> None:
    deed(all_done)
    with db.transaction() as session:
        plan_some(session, 0, 10)
        assert do_due(session, now=NOW + timedelta(minutes=5)) == 1
    with db.transaction() as session:
        assert do_due(session, now=NOW - HOUR) == 0
        assert do_due(session, now=NOW + timedelta(minutes=10)) == 1
    with db.transaction() as session:
        assert waiting(session) == []


def test_what_concerns_a_match_can_be_called_off(session: Session) -> None:
    make_lines(session)
    match = make_match(session)
    assert len(waiting(session)) == 2

    call_off(session, match_id=match.id, outcome="closed", now=NOW)

    assert waiting(session) == []
    assert set(session.scalars(select(Due.outcome))) == {"closed"}


def test_the_oldest_waiting_moment_is_told(session: Session) -> None:
    assert oldest_waiting(session) is None
    plan_some(session, 30, 10)
    assert oldest_waiting(session) == NOW + timedelta(minutes=10)


def test_what_fails_stops_nothing_else_and_is_tried_again_later(
    ticker: Ticker, deed: Callable[[deeds.Deed], None], clock: ManualClock
) -> None:
    def fails_on_one(session: Session, dues: Sequence[Due], now: datetime) -> None:
        all_done(session, dues, now)
        if any(due.dedupe_key == "t:-2" for due in dues):
            raise RuntimeError("a fault of ours")

    deed(fails_on_one)
    with ticker.db.transaction() as session:
        plan_some(session, -3, -2, -1)

    ticker.act()

    with ticker.db.transaction() as session:
        assert waiting(session) == ["t:-2"]
        (left,) = session.scalars(select(Due).where(Due.done_at.is_(None)))
        assert (left.faults, left.due_at) == (1, clock.now() + timedelta(minutes=5))


def test_what_fails_again_and_again_becomes_a_task_for_staff(
    ticker: Ticker, deed: Callable[[deeds.Deed], None], clock: ManualClock
) -> None:
    def fails(_session: Session, _dues: Sequence[Due], _now: datetime) -> None:
        raise RuntimeError("a fault of ours")

    deed(fails)
    with ticker.db.transaction() as session:
        plan_some(session, -1)

    for _ in range(8):
        ticker.act()
        clock.advance(3 * 3600)

    with ticker.db.transaction() as session:
        assert waiting(session) == []
        (task,) = session.scalars(select(StaffTask))
        assert task.rule == "fault"
        assert "could not be done" in task.words


def test_a_deed_that_leaves_something_undone_is_a_fault_and_never_a_loop(
    ticker: Ticker, deed: Callable[[deeds.Deed], None]
) -> None:
    deed(lambda _session, _dues, _now: None)
    with ticker.db.transaction() as session:
        plan_some(session, -1)

    ticker.act()

    with ticker.db.transaction() as session:
        assert session.scalar(select(Due.faults)) == 1


def test_a_fault_of_something_done_meanwhile_changes_nothing(session: Session) -> None:
    plan_some(session, -1)
    (due,) = claim(session, now=NOW, limit=1)
    finish(due, "done", now=NOW)
    session.flush()

    note_fault(session, due_id=due.id, now=NOW)

    assert due.faults == 0


def test_a_crash_in_the_middle_of_a_batch_leaves_everything_as_it_was(
    real_db: Database, deed: Callable[[deeds.Deed], None]
) -> None:
    class KilledError(BaseException):
        """The process ends here."""

    def dies(session: Session, dues: Sequence[Due], now: datetime) -> None:
        all_done(session, dues, now)
        session.flush()
        raise KilledError

    with real_db.transaction() as session:
        plan_some(session, -2, -1)
    deed(dies)
    with pytest.raises(KilledError), real_db.transaction() as session:
        do_due(session, now=NOW)

    deed(all_done)
    with real_db.transaction() as session:
        assert do_due(session, now=NOW) == 2


def test_four_workers_at_once_do_each_thing_once(
    real_db: Database, deed: Callable[[deeds.Deed], None]
) -> None:
    done: list[str] = []

    def notes_it(session: Session, dues: Sequence[Due], now: datetime) -> None:
        all_done(session, dues, now)
        done.extend(due.dedupe_key for due in dues)

    deed(notes_it)
    with real_db.transaction() as session:
        plan_some(session, *range(-200, 0))

    def work() -> None:
        while True:
            with real_db.transaction() as session:
                if not do_due(session, now=NOW, limit=10):
                    return

    assert all_at_once(*[work] * 4) == [None] * 4

    assert sorted(done) == sorted(f"t:{minute}" for minute in range(-200, 0))


def test_a_tick_that_finds_nothing_asks_one_question_about_what_is_due(
    ticker: Ticker, queries: StatementCounter
) -> None:
    with queries() as statements:
        assert ticker.act() == 0
    assert len(statements) == 1


def test_a_doubled_tick_asks_nobody_twice(real_db: Database, clock: ManualClock) -> None:
    with real_db.transaction() as session:
        make_lines(session)
        make_match(session)
    clock.advance(3 * 24 * 3600)

    all_at_once(*[make_ticker(real_db, clock).act] * 4)

    with real_db.transaction() as session:
        assert session.scalar(select(func.count(Delivery.id))) == 2
