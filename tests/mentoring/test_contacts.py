"""The contact log: attempts before the first ring, each settled once, strangers without number."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.contacts import (
    log_between,
    log_refusal,
    settle,
)
from mentoring.db import Database, Session
from mentoring.models import (
    Contact,
    ContactKind,
    Match,
    Outcome,
)
from mentoring.routing import Refusal
from tests.make import (
    DAN,
    NOW,
    all_at_once,
    another_process,
    make_lines,
    make_match,
    way_of,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def match(session: Session) -> Match:
    make_lines(session, 1)
    return make_match(session)


def test_an_attempt_says_who_called_whom_on_which_line_and_no_content(
    session: Session, match: Match
) -> None:
    way = way_of(session, match)
    contact = log_between(
        session, way, ContactKind.CALL, source_sid="CA1", outcome=Outcome.ATTEMPTED, now=NOW
    )
    assert (contact.match_id, contact.line_id) == (match.id, match.line_id)
    assert contact.from_person_id == way.mine.person_id
    assert contact.to_person_id == way.other.person_id
    assert (contact.two_way, contact.ended_at, contact.caller_index) == (False, None, None)


def test_one_event_makes_one_entry(session: Session, match: Match) -> None:
    way = way_of(session, match)
    contact = log_between(
        session, way, ContactKind.CALL, source_sid="CA1", outcome=Outcome.ATTEMPTED, now=NOW
    )
    again = log_between(
        session, way, ContactKind.CALL, source_sid="CA1", outcome=Outcome.BUSY, now=NOW
    )
    assert again is contact
    assert session.scalars(select(Contact)).all() == [contact]
    assert contact.outcome is Outcome.ATTEMPTED


def test_the_same_event_told_on_two_connections_makes_one_entry(real_db: Database) -> None:
    with real_db.transaction() as session:
        make_lines(session, 1)
        made = make_match(session).id

    def tell(session: Session) -> int:
        way = way_of(session, session.get_one(Match, made))
        found = log_between(
            session, way, ContactKind.TEXT, source_sid="SM1", outcome=Outcome.QUEUED, now=NOW
        )
        return found.id

    with another_process(real_db) as other:
        ids = all_at_once(*(lambda db=db: db.run(tell) for db in (real_db, other, real_db, other)))

    assert len(set(ids)) == 1
    with real_db.transaction() as session:
        assert len(session.scalars(select(Contact)).all()) == 1


def test_a_stranger_stands_in_the_log_by_blind_index_only(session: Session, match: Match) -> None:
    contact = log_refusal(
        session,
        Refusal.UNKNOWN,
        ContactKind.CALL,
        number=DAN,
        line_id=match.line_id,
        person_id=None,
        source_sid="CA1",
        now=NOW,
    )
    session.flush()
    assert contact.caller_index == session.vault.index(DAN)
    assert (contact.outcome, contact.reason) == (Outcome.REFUSED, "unknown caller")
    assert contact.ended_at == NOW


def test_somebody_we_know_stands_in_the_log_by_name_and_not_by_index(
    session: Session, match: Match
) -> None:
    person = match.sides[0].person
    contact = log_refusal(
        session,
        Refusal.CLOSED,
        ContactKind.TEXT,
        number=DAN,
        line_id=match.line_id,
        person_id=person.id,
        source_sid="SM1",
        now=NOW,
    )
    assert (contact.from_person_id, contact.caller_index) == (person.id, None)


def test_an_entry_is_settled_once_and_later_stories_change_nothing(
    session: Session, match: Match
) -> None:
    contact = log_between(
        session,
        way_of(session, match),
        ContactKind.CALL,
        source_sid="CA1",
        outcome=Outcome.ATTEMPTED,
        now=NOW,
    )
    settle(contact, Outcome.NO_ANSWER, now=NOW + HOUR, reason="rang out")
    settle(contact, Outcome.TALKED, now=NOW + 2 * HOUR, reason="late news")
    assert (contact.outcome, contact.ended_at, contact.reason) == (
        Outcome.NO_ANSWER,
        NOW + HOUR,
        "rang out",
    )
