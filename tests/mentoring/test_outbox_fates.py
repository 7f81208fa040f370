"""What becomes of a text: told in any order, refused, uncertain, looked up, and tried again."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from mentoring.claims import CLAIM_LASTS, abandoned, claim_due, uncertain
from mentoring.db import Database, Session
from mentoring.models import Contact, Delivery, DeliveryKind, DeliveryStatus, Outcome
from mentoring.outbox import (
    Setback,
    known_sids,
    send_again,
    settle_accepted,
    settle_not_found,
    settle_setback,
    take_status,
)
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
)

SID, OTHER_SID = "SM1", "SM2"
FINAL_WORDS = {
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.DELIVERED,
    "undelivered": DeliveryStatus.UNDELIVERED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}
WORDS_ON_THE_WAY = {
    "scheduled": DeliveryStatus.ACCEPTED,
    "queued": DeliveryStatus.ACCEPTED,
    "accepted": DeliveryStatus.ACCEPTED,
    "sending": DeliveryStatus.ACCEPTED,
    "sent": DeliveryStatus.SENT,
}
MEANINGS = {**WORDS_ON_THE_WAY, **FINAL_WORDS}
HOUR = timedelta(hours=1)
# After so long the carrier lists what it took, and a text of unknown fate is looked up.
LISTED = NOW + CLAIM_LASTS + timedelta(seconds=1)


def sending(session: Session, kind: DeliveryKind = DeliveryKind.NOTICE) -> Delivery:
    """Return a text that was just claimed, and is at the carrier or on its way there."""
    (line,) = make_lines(session, 1)
    if kind is DeliveryKind.RELAY:
        (row,) = make_relay(session, make_match(session), "Hello")
    else:
        ben = make_person(session)
        row = make_text(session, "Hello", to=ben.phone, person=ben, line=line, kind=kind)
    claim_due(session, now=NOW)
    assert row.status is DeliveryStatus.SENDING
    return row


def tell(
    session: Session, row: Delivery, word: str, *, tries: int = 1, sid: str = SID, code: int = 0
) -> bool:
    """Let one status callback arrive; returns whether it changed anything."""
    told = take_status(
        session, row.key, sid=sid, tries=tries, status=word, code=code or None, now=NOW
    )
    session.flush()
    return told is not None


def refuse(
    session: Session, row: Delivery, setback: Setback, *, retry_after: timedelta | None = None
) -> Delivery | None:
    """Let the carrier refuse a text, or give no clear answer."""
    retry_at = None if retry_after is None else NOW + retry_after
    return settle_setback(session, row.id, setback, code=30008, retry_at=retry_at, now=NOW)


def outcome_of(session: Session, row: Delivery) -> Outcome:
    session.flush()
    return session.get_one(Contact, row.contact_id).outcome


def test_a_text_that_the_carrier_took_is_accepted_under_its_id(session: Session) -> None:
    row = sending(session)
    settle_accepted(session, row.id, sid=SID, status="queued", now=NOW)
    assert (row.status, row.carrier_sid, row.settled_at) == (DeliveryStatus.ACCEPTED, SID, None)


@pytest.mark.parametrize("order", [*permutations(["queued", "sent", "delivered"])])
def test_a_delivered_text_is_delivered_in_every_order_of_callbacks(
    session: Session, order: tuple[str, ...]
) -> None:
    row = sending(session, DeliveryKind.RELAY)
    for word in order:
        tell(session, row, word)
    assert row.status is DeliveryStatus.DELIVERED
    assert outcome_of(session, row) is Outcome.DELIVERED


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=40,
    deadline=None,
    database=None,
)
@given(
    words=st.lists(
        st.sampled_from([*MEANINGS, "our answer", "teleported"]),
        min_size=1,
        max_size=10,
    )
)
def test_in_every_order_and_however_often_a_status_only_rises_and_the_first_end_stays(
    session: Session, words: list[str]
) -> None:
    ranks = [DeliveryStatus.SENDING, DeliveryStatus.ACCEPTED, DeliveryStatus.SENT]
    with session.begin_nested() as example:
        row = sending(session)
        expected = DeliveryStatus.SENDING
        for word in words:
            if word == "our answer":
                settle_accepted(session, row.id, sid=SID, status="queued", now=NOW)
            else:
                tell(session, row, word)
            if expected not in FINAL_WORDS.values():
                known = {**MEANINGS, "our answer": DeliveryStatus.ACCEPTED}.get(word, expected)
                if known not in ranks or ranks.index(known) > ranks.index(expected):
                    expected = known
            assert row.status is expected
        assert (row.settled_at is not None) is (expected in FINAL_WORDS.values())
        example.rollback()
    session.expire_all()


def test_a_callback_that_comes_before_the_answer_to_our_request_is_kept(session: Session) -> None:
    row = sending(session)
    assert tell(session, row, "delivered")
    settle_accepted(session, row.id, sid=SID, status="queued", now=NOW)
    assert (row.status, row.carrier_sid) == (DeliveryStatus.DELIVERED, SID)


def test_a_callback_about_nothing_we_know_changes_nothing(session: Session) -> None:
    row = sending(session)
    gone = Delivery(key=make_text(session, to=row.to_phone, line=row.from_line).key)
    session.execute(delete(Delivery).where(Delivery.key == gone.key))
    assert not tell(session, gone, "delivered")


def test_a_callback_with_another_id_changes_nothing(session: Session) -> None:
    row = sending(session)
    settle_accepted(session, row.id, sid=SID, status="queued", now=NOW)
    assert not tell(session, row, "delivered", sid=OTHER_SID)
    assert row.status is DeliveryStatus.ACCEPTED


@pytest.mark.parametrize("tries", [0, 2, 999_999])
def test_a_callback_about_another_attempt_changes_nothing(session: Session, tries: int) -> None:
    row = sending(session)
    assert not tell(session, row, "undelivered", tries=tries)
    assert row.status is DeliveryStatus.SENDING


def test_an_error_code_stays_with_the_text(session: Session) -> None:
    row = sending(session)
    tell(session, row, "undelivered", code=30008)
    assert row.error_code == 30008


def test_the_same_callback_on_two_connections_counts_once(real_db: Database) -> None:
    with real_db.transaction() as session:
        row = sending(session)

    def told(db: Database) -> bool:
        with db.transaction() as session:
            return tell(session, row, "delivered")

    with another_process(real_db) as other:
        counted = all_at_once(*(lambda db=db: told(db) for db in (real_db, other) * 2))
    assert sorted(map(str, counted)) == ["False", "False", "False", "True"]


def test_a_retry_waits_its_time_and_is_the_next_attempt(session: Session) -> None:
    row = sending(session)
    assert refuse(session, row, Setback.RETRY, retry_after=HOUR) is None
    assert (row.status, row.not_before) == (DeliveryStatus.QUEUED, NOW + HOUR)
    assert claim_due(session, now=NOW + HOUR - timedelta(seconds=1)).texts == []
    (again,) = claim_due(session, now=NOW + HOUR).texts
    assert again.tries == 2


def test_a_retry_that_would_come_too_late_is_the_end(session: Session) -> None:
    row = sending(session, DeliveryKind.RELAY)
    assert refuse(session, row, Setback.RETRY, retry_after=timedelta(days=3)) is row
    assert (row.status, row.settled_at) == (DeliveryStatus.FAILED, NOW)
    assert outcome_of(session, row) is Outcome.UNDELIVERED


@pytest.mark.parametrize(
    "setback", [Setback.OPTED_OUT, Setback.LANDLINE, Setback.NUMBER_BAD, Setback.GIVE_UP]
)
def test_a_final_refusal_fails_the_text_and_its_log_entry_with_the_reason(
    session: Session, setback: Setback
) -> None:
    row = sending(session, DeliveryKind.RELAY)
    assert refuse(session, row, setback) is row
    contact = session.get_one(Contact, row.contact_id)
    assert (row.status, row.error_code) == (DeliveryStatus.FAILED, 30008)
    assert (contact.outcome, contact.reason, contact.ended_at) == (
        Outcome.UNDELIVERED,
        setback.value,
        NOW,
    )


@pytest.mark.parametrize("word", FINAL_WORDS)
def test_no_setback_undoes_a_final_status(session: Session, word: str) -> None:
    row = sending(session)
    tell(session, row, word)
    for setback in Setback:
        assert refuse(session, row, setback, retry_after=HOUR) is None
    assert row.status is FINAL_WORDS[word]


def test_a_text_of_unknown_fate_is_not_sent_again_before_it_was_looked_up(
    session: Session,
) -> None:
    row = sending(session, DeliveryKind.RELAY)
    refuse(session, row, Setback.UNCERTAIN)
    assert row.status is DeliveryStatus.UNCERTAIN
    assert claim_due(session, now=NOW + 2 * HOUR).texts == []
    (waiting,) = uncertain(session, now=LISTED).texts
    assert (waiting.delivery_id, waiting.body, waiting.tried_at) == (row.id, "Hello", NOW)


def test_a_claim_that_its_process_did_not_survive_becomes_uncertain(session: Session) -> None:
    row = sending(session)
    assert abandoned(session, now=NOW + CLAIM_LASTS) == 0
    assert uncertain(session, now=LISTED).texts == []
    assert abandoned(session, now=NOW + CLAIM_LASTS + timedelta(seconds=1)) == 1
    assert row.status is DeliveryStatus.UNCERTAIN
    assert abandoned(session, now=NOW + HOUR) == 0


def test_an_uncertain_text_that_the_carrier_has_is_settled_and_not_sent_again(
    session: Session,
) -> None:
    row = sending(session)
    refuse(session, row, Setback.UNCERTAIN)
    settle_accepted(session, row.id, sid=SID, status="sent", now=NOW)
    assert (row.status, row.carrier_sid) == (DeliveryStatus.SENT, SID)
    assert uncertain(session, now=LISTED).texts == []


@pytest.mark.parametrize("kind", [DeliveryKind.RELAY, DeliveryKind.REPLY, DeliveryKind.NOTICE])
def test_an_uncertain_text_that_the_carrier_lacks_is_sent_again(
    session: Session, kind: DeliveryKind
) -> None:
    row = sending(session, kind)
    refuse(session, row, Setback.UNCERTAIN)
    settle_not_found(session, row.id, retry_at=NOW, now=NOW)
    (again,) = claim_due(session, now=NOW).texts
    assert (again.delivery_id, again.tries) == (row.id, 2)


def test_a_text_that_was_tried_often_enough_has_failed(session: Session) -> None:
    row = sending(session, DeliveryKind.NOTICE)
    refuse(session, row, Setback.UNCERTAIN)
    assert settle_not_found(session, row.id, retry_at=None, now=NOW) is row
    assert (row.status, row.settled_at) == (DeliveryStatus.FAILED, NOW)


@pytest.mark.parametrize("word", MEANINGS)
def test_a_callback_during_the_look_up_is_worth_more_than_finding_nothing(
    session: Session, word: str
) -> None:
    row = sending(session, DeliveryKind.RELAY)
    refuse(session, row, Setback.UNCERTAIN)
    tell(session, row, word)
    told = row.status
    settle_not_found(session, row.id, retry_at=NOW, now=NOW)
    assert row.status is told
    assert claim_due(session, now=NOW).texts == []


def test_a_message_at_the_carrier_belongs_to_one_text(session: Session) -> None:
    row = sending(session)
    other = make_text(session, to=row.to_phone, line=row.from_line)
    elsewhere = make_text(session, to=make_phone(session, 9), line=row.from_line)
    settle_accepted(session, row.id, sid=SID, status="queued", now=NOW)
    assert known_sids(session, other.id) == {SID}
    assert known_sids(session, elsewhere.id) == frozenset()


def test_a_text_that_was_lost_on_the_way_is_sent_again_as_a_new_attempt(session: Session) -> None:
    row = sending(session, DeliveryKind.RELAY)
    settle_accepted(session, row.id, sid=SID, status="queued", now=NOW)
    tell(session, row, "undelivered", code=30008)
    assert send_again(session, row, retry_at=NOW + HOUR)
    assert (row.status, row.settled_at) == (DeliveryStatus.QUEUED, None)
    assert outcome_of(session, row) is Outcome.QUEUED

    claim_due(session, now=NOW + HOUR)
    settle_accepted(session, row.id, sid=OTHER_SID, status="queued", now=NOW + HOUR)
    assert not tell(session, row, "undelivered", tries=1, sid=SID)
    assert tell(session, row, "delivered", tries=2, sid=OTHER_SID)
    assert outcome_of(session, row) is Outcome.DELIVERED


def test_a_lost_text_is_not_sent_again_when_it_would_be_too_late(session: Session) -> None:
    row = sending(session)
    tell(session, row, "undelivered")
    assert not send_again(session, row, retry_at=row.expires_at)
    assert row.status is DeliveryStatus.UNDELIVERED


def test_one_lost_part_makes_the_whole_text_undelivered_whatever_the_others_say(
    session: Session,
) -> None:
    make_lines(session, 1)
    one, two, three = make_relay(session, make_match(session), "one", "two", "three")
    for row, word in ((one, "delivered"), (two, "undelivered"), (three, "delivered")):
        claim_due(session, now=NOW)
        tell(session, row, word, sid=f"SM{word}{row.id}")
    assert outcome_of(session, one) is Outcome.UNDELIVERED


def test_a_notice_changes_no_log_entry(session: Session) -> None:
    row = sending(session, DeliveryKind.NOTICE)
    tell(session, row, "undelivered")
    assert row.contact_id is None
    assert row.status is DeliveryStatus.UNDELIVERED
