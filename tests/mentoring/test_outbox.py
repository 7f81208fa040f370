"""The outbox: queued once, claimed by one, held for the morning, and in order."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from mentoring.claims import claim_due
from mentoring.db import Database, Session
from mentoring.models import (
    Contact,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Line,
    Outcome,
    Person,
    Phone,
    Role,
)
from mentoring.outbox import oldest_due
from mentoring.people import find_or_add_phone
from mentoring.programme import Programme
from mentoring.queueing import queue_text
from tests.make import (
    NOW,
    all_at_once,
    another_process,
    make_lines,
    make_match,
    make_person,
    make_phone,
    make_relay,
    make_text,
    number,
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


def test_a_queued_text_holds_its_words_sealed_and_comes_out_whole(
    session: Session, ben: Person, line: Line
) -> None:
    row = text_to(session, ben, line, "Grüße, Ben 🙂")
    assert row.body_sealed is not None
    assert b"Ben" not in row.body_sealed

    (text,) = claim_due(session, now=NOW).texts
    assert (text.to, text.from_line, text.body) == (number(1), line.number, "Grüße, Ben 🙂")
    assert (text.delivery_id, text.key, text.tries) == (row.id, row.key, 1)


def test_the_same_key_queues_one_text(session: Session, ben: Person, line: Line) -> None:
    def queue(body: str) -> int | None:
        return queue_text(
            session,
            body,
            to=ben.phone,
            line=line,
            kind=DeliveryKind.NOTICE,
            dedupe_key="missed:CA1",
            now=NOW,
        )

    assert queue("first") is not None
    assert queue("second") is None
    assert session.scalar(select(func.count(Delivery.id))) == 1


def test_a_repeated_key_wakes_nobody(db: Database) -> None:
    rings: list[int] = []
    db.wake = lambda: rings.append(1)
    for _ in range(2):
        with db.transaction() as session:
            queue_text(
                session,
                "Hello",
                to=make_phone(session),
                line=make_lines(session, 1)[0],
                kind=DeliveryKind.REPLY,
                dedupe_key="one",
                now=NOW,
            )
    assert rings == [1]


def test_the_same_key_on_two_connections_at_once_queues_one_text(real_db: Database) -> None:
    with real_db.transaction() as session:
        line, phone = make_lines(session, 1)[0], make_phone(session)

    def queue(db: Database) -> bool:
        with db.transaction() as session:
            made = queue_text(
                session,
                "Hello",
                to=session.get_one(Phone, phone.id),
                line=session.get_one(Line, line.id),
                kind=DeliveryKind.NOTICE,
                dedupe_key="missed:CA1",
                now=NOW,
            )
            return made is not None

    with another_process(real_db) as other:
        made = all_at_once(*(lambda db=db: queue(db) for db in (real_db, other, real_db, other)))

    assert sorted(map(str, made)) == ["False", "False", "False", "True"]


def test_texts_leave_in_the_order_in_which_they_are_due(
    session: Session, ben: Person, line: Line
) -> None:
    for name, minutes in (("c", 3), ("a", 1), ("b", 2), ("d", 60)):
        make_text(
            session,
            name,
            to=ben.phone,
            person=ben,
            line=line,
            not_before=NOW + timedelta(minutes=minutes),
        )
    assert claimed_bodies(session) == []
    assert claimed_bodies(session, after=timedelta(minutes=5)) == ["a", "b", "c"]


def test_the_oldest_waiting_text_is_told(session: Session, ben: Person, line: Line) -> None:
    assert oldest_due(session) is None
    make_text(session, to=ben.phone, line=line, not_before=NOW + timedelta(hours=1))
    make_text(session, to=ben.phone, line=line)
    assert oldest_due(session) == NOW
    claim_due(session, now=NOW)
    assert oldest_due(session) == NOW + timedelta(hours=1)


def test_a_text_by_night_is_held_until_the_morning_and_leaves_then(
    session: Session, ben: Person, line: Line
) -> None:
    row = text_to(session, ben, line)
    night = timedelta(hours=11)
    seen = claim_due(session, now=NOW + night)
    assert (seen.texts, seen.stopped, seen.seen) == ([], [], 1)
    assert (row.status, row.attempts) == (DeliveryStatus.QUEUED, 0)
    assert row.not_before == NOW + timedelta(hours=21)
    assert claimed_bodies(session, after=timedelta(hours=20, minutes=59)) == []
    assert claimed_bodies(session, after=timedelta(hours=21)) == ["Hello"]


def test_the_day_is_that_of_the_recipient_and_not_of_the_office(
    session: Session, line: Line
) -> None:
    ada = make_person(session, Role.MENTOR, "Ada", zone="Pacific/Honolulu")
    text_to(session, ada, line)
    assert claimed_bodies(session) == []
    assert claimed_bodies(session, after=timedelta(hours=1)) == ["Hello"]


def test_consent_is_asked_for_at_the_moment_of_sending(session: Session, line: Line) -> None:
    eve = make_person(session, texts=False)
    row = text_to(session, eve, line)
    seen = claim_due(session, now=NOW)
    assert seen.texts == []
    assert seen.stopped == [(row, "no consent to texts")]
    assert (row.status, row.settled_at) == (DeliveryStatus.BLOCKED, NOW)


def test_an_opt_out_after_queueing_still_stops_the_text(
    session: Session, ben: Person, line: Line
) -> None:
    row = text_to(session, ben, line)
    ben.phone.texts_refused_at = NOW
    assert claimed_bodies(session) == []
    assert row.status is DeliveryStatus.BLOCKED


def test_a_stopped_relayed_text_is_blocked_in_the_log_too(session: Session) -> None:
    make_lines(session, 1)
    match = make_match(session)
    (row,) = make_relay(session, match, "Hello Ada")
    match.sides[1].phone.texts_refused_at = NOW
    claim_due(session, now=NOW)
    contact = session.get_one(Contact, row.contact_id)
    assert (contact.outcome, contact.reason) == (Outcome.BLOCKED, "opted out")
    assert contact.ended_at == NOW


def test_a_text_expires_that_could_not_leave_in_time(
    session: Session, ben: Person, line: Line
) -> None:
    row = make_text(session, to=ben.phone, person=ben, line=line, keep_for=timedelta(hours=2))
    assert claimed_bodies(session, after=timedelta(hours=2)) == []
    assert (row.status, row.settled_at) == (DeliveryStatus.EXPIRED, NOW + timedelta(hours=2))


def test_a_text_keeps_its_whole_time_after_the_moment_it_is_due(
    session: Session, ben: Person, line: Line
) -> None:
    day = timedelta(days=1)
    row = make_text(
        session, to=ben.phone, person=ben, line=line, not_before=NOW + day, keep_for=day
    )
    assert row.expires_at == NOW + 2 * day


def test_a_stopped_text_is_never_claimed_again(session: Session, ben: Person, line: Line) -> None:
    text_to(session, ben, line)
    ben.phone.texts_refused_at = NOW
    claim_due(session, now=NOW)
    ben.phone.texts_refused_at = None
    assert claim_due(session, now=NOW).seen == 0


def test_a_rehearsal_reaches_nobody_outside_the_numbers_of_fiction(
    session: Session, line: Line
) -> None:
    session.programme = Programme(fictional_numbers_only=True)
    made_up = make_person(session)
    # Kept free by Ofcom for stories, but no number of ours to ring.
    london = find_or_add_phone(session, "+442079460018", now=NOW)
    in_london = make_person(session, Role.MENTOR, "Ada", phone=london)
    for person in (made_up, in_london):
        text_to(session, person, line, person.first_name)
    seen = claim_due(session, now=NOW)
    assert [text.body for text in seen.texts] == ["Ben"]
    assert [reason for _, reason in seen.stopped] == ["not a fictional number"]
