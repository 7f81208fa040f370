"""Due texts are claimed by one worker at a time, batch by batch, and leave in their order."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.claims import claim_due
from mentoring.db import Database, Session
from mentoring.models import (
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Line,
    Person,
    Role,
)
from mentoring.outbox import settle_accepted
from tests.make import (
    NOW,
    all_at_once,
    another_process,
    make_lines,
    make_match,
    make_person,
    make_relay,
    make_text,
)


@pytest.fixture
def line(session: Session) -> Line:
    return make_lines(session, 1)[0]


@pytest.fixture
def ben(session: Session) -> Person:
    return make_person(session)


def text_to(session: Session, person: Person, line: Line, body: str = "Hello") -> Delivery:
    return make_text(session, body, to=person.phone, person=person, line=line)


def text_to_each(session: Session, *names: str) -> None:
    """Queue one text, its own name, for each of so many people with phones of their own."""
    line = make_lines(session, 1)[0]
    for which, name in enumerate(names):
        text_to(session, make_person(session, name=name, which=which), line, name)


def claimed_bodies(
    session: Session, *, limit: int = 50, after: timedelta = timedelta()
) -> list[str]:
    return [text.body for text in claim_due(session, now=NOW + after, limit=limit).texts]


def test_a_claimed_text_is_not_claimed_again(session: Session, ben: Person, line: Line) -> None:
    row = text_to(session, ben, line)
    assert claimed_bodies(session) == ["Hello"]
    assert claimed_bodies(session) == []
    assert (row.status, row.attempts, row.claimed_at) == (DeliveryStatus.SENDING, 1, NOW)


def test_a_batch_is_no_larger_than_asked_for(session: Session) -> None:
    text_to_each(session, "a", "b", "c")
    assert claimed_bodies(session, limit=2) == ["a", "b"]
    assert claimed_bodies(session, limit=2) == ["c"]


def test_the_parts_of_a_long_text_leave_one_after_the_other(session: Session) -> None:
    make_lines(session, 1)
    match = make_match(session)
    make_relay(session, match, "one", "two", "three")
    sent = []
    for _ in range(4):
        for text in claim_due(session, now=NOW).texts:
            sent.append(text.body)
            settle_accepted(
                session, text.delivery_id, sid=f"SM{text.body}", status="queued", now=NOW
            )
        sent.append("-")
    assert sent == ["one", "-", "two", "-", "three", "-", "-"]


@pytest.mark.parametrize(
    "fate", [DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN]
)
def test_a_later_part_waits_while_the_fate_of_an_earlier_one_is_open(
    session: Session, fate: DeliveryStatus
) -> None:
    make_lines(session, 1)
    match = make_match(session)
    first, _ = make_relay(session, match, "one", "two")
    first.status = fate
    first.not_before = NOW + timedelta(hours=1)
    session.flush()
    assert claimed_bodies(session) == []


@pytest.mark.parametrize(
    ("attempts", "minutes", "leaves"),
    [(1, 0, []), (1, 14, []), (1, 15, ["second"]), (0, 0, ["second"])],
)
def test_a_thread_waits_a_quarter_of_an_hour_for_a_text_in_trouble(
    session: Session, attempts: int, minutes: int, leaves: list[str]
) -> None:
    line, ben = make_lines(session, 1)[0], make_person(session)
    first = text_to(session, ben, line, "first")
    first.attempts, first.not_before = attempts, NOW + timedelta(hours=1)
    text_to(session, ben, line, "second")
    assert claimed_bodies(session, after=timedelta(minutes=minutes)) == leaves


def test_a_text_in_trouble_holds_up_no_other_thread(
    session: Session, ben: Person, line: Line
) -> None:
    first = text_to(session, ben, line, "first")
    first.attempts, first.not_before = 1, NOW + timedelta(hours=1)
    text_to(session, make_person(session, Role.MENTOR, "Ada"), line, "to somebody else")
    other_line = make_lines(session, 2)[1]
    text_to(session, ben, other_line, "from another line")
    assert claimed_bodies(session) == ["to somebody else", "from another line"]


def test_the_parts_of_one_text_do_not_hold_up_the_other_side(session: Session) -> None:
    make_lines(session, 1)
    match = make_match(session)
    make_relay(session, match, "one", "two")
    make_relay(session, match, "back", back=True)
    assert claimed_bodies(session) == ["one", "back"]


def test_two_connections_never_claim_the_same_text(real_db: Database) -> None:
    with real_db.transaction() as session:
        text_to_each(session, *map(str, range(24)))

    def claim_all(db: Database) -> list[str]:
        found: list[str] = []
        for _ in range(12):
            with db.transaction() as session:
                found += claimed_bodies(session, limit=4)
        return found

    with another_process(real_db) as other:
        shares: list[list[str] | Exception] = all_at_once(
            *(lambda db=db: claim_all(db) for db in (real_db, other, real_db, other))
        )

    claimed = [body for share in shares if isinstance(share, list) for body in share]
    assert sorted(claimed, key=int) == [str(name) for name in range(24)]
    with real_db.transaction() as session:
        assert set(session.scalars(select(Delivery.attempts))) == {1}


def test_a_batch_that_is_being_claimed_is_passed_by_and_not_waited_for(real_db: Database) -> None:
    with real_db.transaction() as session:
        text_to_each(session, "a", "b", "c")
        is_server = session.get_bind().dialect.name == "postgresql"

    with another_process(real_db) as other:
        with real_db.transaction() as session:
            assert claimed_bodies(session, limit=2) == ["a", "b"]
            if is_server:
                # In the same thread: were the rows waited for, this would never come back.
                with other.transaction() as beside:
                    assert claimed_bodies(beside) == ["c"]
        with other.transaction() as afterwards:
            # SQLite lets one writer work at a time, so there the other one comes now.
            assert claimed_bodies(afterwards) == ([] if is_server else ["c"])


def test_a_later_part_is_not_taken_by_another_connection_while_the_first_is_claimed(
    real_db: Database,
) -> None:
    with real_db.transaction() as session:
        make_lines(session, 1)
        match = make_match(session)
        make_relay(session, match, "one", "two")
        is_server = session.get_bind().dialect.name == "postgresql"

    with another_process(real_db) as other:
        with real_db.transaction() as session:
            assert claimed_bodies(session) == ["one"]
            if is_server:
                with other.transaction() as beside:
                    assert claimed_bodies(beside) == []
        with other.transaction() as afterwards:
            assert claimed_bodies(afterwards) == []


def test_a_claim_that_is_rolled_back_leaves_the_text_for_others(real_db: Database) -> None:
    with real_db.transaction() as session:
        text_to(session, make_person(session), make_lines(session, 1)[0])

    def claim_and_die(session: Session) -> None:
        assert claimed_bodies(session) == ["Hello"]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        real_db.run(claim_and_die)
    with real_db.transaction() as session:
        assert claimed_bodies(session) == ["Hello"]


def test_the_confirmation_of_an_opt_out_comes_within_minutes_or_not_at_all(
    session: Session,
) -> None:
    line, ben = make_lines(session, 1)[0], make_person(session)
    ben.phone.texts_refused_at = NOW
    make_text(
        session,
        "You are off our list.",
        to=ben.phone,
        person=ben,
        line=line,
        kind=DeliveryKind.REPLY,
        prompt="T-STOP",
        reply_to_at=NOW,
    )
    assert claim_due(session, now=NOW + timedelta(hours=2)).texts == []
