"""Promises that the programme does not keep yet; each test says what should happen."""

from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import update

from mentoring.calling import Ring, accept_whisper, plan_call
from mentoring.claims import claim_due
from mentoring.clock import ManualClock
from mentoring.contacts import count_two_way, log_between
from mentoring.db import Database, Session
from mentoring.matches import close_match, move_match
from mentoring.models import (
    ClosureReason,
    Contact,
    ContactKind,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Line,
    MatchState,
    Outcome,
    PersonState,
)
from mentoring.outbox import Setback, settle_accepted, settle_setback
from scheduling.due import Ticker
from tests.make import (
    NOW,
    all_at_once,
    another_process,
    make_lines,
    make_match,
    make_person,
    make_relay,
    make_text,
    way_of,
)
from tests.post import ADA, BEN, LISTED, Post, code, post_on, timed_out

HOUR = timedelta(hours=1)


@pytest.fixture
def post(db: Database, clock: ManualClock) -> Post:
    return post_on(db, clock)


# --- people and matches


@pytest.mark.parametrize("state", [PersonState.SUSPENDED, PersonState.EXITED])
@pytest.mark.parametrize("which", [0, 1])
def test_02_closing_a_match_brings_nobody_back_who_was_suspended_or_has_left(
    session: Session, state: PersonState, which: int
) -> None:
    make_lines(session, 1)
    match = make_match(session)
    person = match.sides[which].person
    person.state = state
    close_match(session, match, reason=ClosureReason.SAFETY, actor="staff", now=NOW)
    assert person.state is state


@pytest.mark.parametrize("state", [PersonState.ON_BREAK, PersonState.PAUSED])
def test_02_closing_a_match_ends_no_break(session: Session, state: PersonState) -> None:
    make_lines(session, 1)
    match = make_match(session)
    ada = match.sides[1].person
    ada.state = state
    close_match(session, match, reason=ClosureReason.TERM_END, actor="staff", now=NOW)
    assert ada.state is state


@pytest.mark.parametrize("state", [MatchState.SAFETY_HOLD, MatchState.CLOSED])
def test_03_a_text_that_waits_for_the_morning_does_not_pass_a_hold_or_a_closed_match(
    session: Session, state: MatchState
) -> None:
    make_lines(session, 1)
    match = make_match(session)
    (row,) = make_relay(session, match, "Hello Ada")
    claim_due(session, now=NOW + 11 * HOUR)
    assert row.status is DeliveryStatus.QUEUED
    if state is MatchState.CLOSED:
        close_match(session, match, reason=ClosureReason.SAFETY, actor="staff", now=NOW + 12 * HOUR)
    else:
        move_match(session, match, state, actor="staff", reason="concern", now=NOW + 12 * HOUR)
    session.flush()
    assert claim_due(session, now=NOW + 21 * HOUR).texts == []


# --- texts that are tried again


def test_04_a_callback_told_twice_does_not_undo_the_retry_it_asked_for(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    post.dispatcher.drain()
    sid = post.row(text).carrier_sid or ""
    for word in ("undelivered", "undelivered", "sent"):
        post.report(text, word, sid=sid, error=30008)
    assert post.row(text).status is DeliveryStatus.QUEUED
    post.wait(timedelta(minutes=15))
    assert post.sent(ADA) == ["Hello Ada", "Hello Ada"]


def test_05_our_own_late_settling_does_not_undo_a_retry(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    with post.db.transaction() as session:
        claim_due(session, now=NOW)
    post.report(text, "undelivered", sid="SM" + "1" * 32, error=30008)
    with post.db.transaction() as session:
        settle_accepted(session, text, sid="SM" + "1" * 32, status="queued", now=NOW)
    assert post.row(text).status is DeliveryStatus.QUEUED


def test_06_a_text_that_a_callback_has_told_of_is_not_uncertain_any_more(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    with post.db.transaction() as session:
        claim_due(session, now=NOW)
    post.report(text, "sent", sid="SM" + "1" * 32)
    with post.db.transaction() as session:
        settle_setback(session, text, Setback.UNCERTAIN, code=None, retry_at=None, now=NOW)
    assert post.row(text).status is DeliveryStatus.SENT
    assert post.contact(text).outcome is Outcome.SENT


def test_07_of_two_equal_texts_the_uncertain_older_one_is_not_sent_twice(post: Post) -> None:
    first = post.notice("ok", DeliveryKind.REPLY)
    post.carrier.fail("send_text", timed_out(), processed=True)
    post.dispatcher.drain()
    post.clock.advance(16 * 60)
    second = post.notice("ok", DeliveryKind.REPLY)
    with post.db.transaction() as session:
        session.get_one(Delivery, second).reply_to_at = post.clock.now()
    post.dispatcher.drain()
    assert post.sent(BEN) == ["ok", "ok"]
    post.wait(LISTED)
    assert post.sent(BEN) == ["ok", "ok"]
    assert post.row(first).status is DeliveryStatus.ACCEPTED


def test_08_a_look_up_does_not_take_an_earlier_attempt_for_the_present_one(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    post.dispatcher.drain()
    sid = post.row(text).carrier_sid or ""
    post.carrier.settle_text(sid, "undelivered", 30008)
    post.report(text, "undelivered", error=30008)
    post.dispatcher.drain()
    post.carrier.fail("send_text", timed_out())
    post.wait(timedelta(minutes=15))
    assert post.row(text).status is DeliveryStatus.UNCERTAIN
    post.wait(LISTED)
    assert post.sent(ADA) == ["Hello Ada", "Hello Ada"]


def test_09_a_text_found_undelivered_by_a_look_up_is_told_to_its_sender(post: Post) -> None:
    post.relay("Hello Ada")
    post.carrier.fail("send_text", timed_out(), processed=True)
    post.dispatcher.drain()
    post.carrier.settle_text("SM" + f"{1:032x}", "undelivered", 30007)
    post.wait(LISTED)
    assert post.prompts() == ["T-NOR"]


def test_10_one_text_that_cannot_be_opened_does_not_stop_all_others(post: Post) -> None:
    bad, good = post.notice("bad"), post.relay("good")[0]
    with post.db.transaction() as session:
        session.execute(
            update(Delivery).where(Delivery.id == bad).values(body_sealed=b"\x02spoilt")
        )
    post.dispatcher.drain()
    assert post.row(good).status is DeliveryStatus.ACCEPTED


def test_11_texts_that_are_due_together_keep_their_order_when_the_first_must_wait(
    post: Post,
) -> None:
    post.relay("first")
    post.relay("second")
    post.carrier.fail("send_text", code(20429))
    post.dispatcher.drain()
    post.wait(timedelta(seconds=15))
    assert post.sent(ADA) == ["first", "second"]


def test_12_a_text_of_two_parts_is_not_delivered_before_both_are(post: Post) -> None:
    one, two = post.relay("one", "two")
    post.dispatcher.send_batch()
    post.report(one, "delivered")
    assert post.contact(one).outcome is not Outcome.DELIVERED
    assert post.contact(one).ended_at is None
    post.dispatcher.drain()
    post.report(two, "delivered")
    assert post.contact(one).outcome is Outcome.DELIVERED


def test_13_the_retry_of_one_part_does_not_hide_that_another_was_lost(post: Post) -> None:
    one, two = post.relay("one", "two")
    post.dispatcher.drain()
    post.report(one, "undelivered", error=30007)
    post.report(two, "undelivered", error=30008)
    post.wait(timedelta(minutes=15))
    post.report(two, "delivered", tries=2)
    assert post.contact(one).outcome is Outcome.UNDELIVERED


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_14_texts_from_both_sides_count_in_whatever_order_their_arrival_is_told(
    session: Session, order: tuple[int, int]
) -> None:
    make_lines(session, 1)
    match = make_match(session)
    contacts = [
        log_between(
            session,
            way_of(session, match, back=bool(which)),
            ContactKind.TEXT,
            source_sid=f"SM{which}",
            outcome=Outcome.QUEUED,
            now=NOW + which * HOUR,
        )
        for which in (0, 1)
    ]
    for which in order:
        contacts[which].outcome = Outcome.DELIVERED
        session.flush()
        count_two_way(session, contacts[which], now=NOW + 2 * HOUR)
    assert any(contact.two_way for contact in contacts)
    assert match.state is MatchState.EARLY


def test_15_the_confirmation_of_an_opt_out_comes_within_minutes_or_not_at_all(
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
    assert claim_due(session, now=NOW + 2 * HOUR).texts == []


# --- calls


def test_16_a_call_whose_end_was_lost_is_as_long_as_the_carrier_says(post: Post) -> None:
    with post.db.transaction() as opened:
        make_lines(opened, 1)
        way = way_of(opened, make_match(opened))
        plan = plan_call(opened, way, call_sid="CA1", attempt=1, now=NOW)
        assert isinstance(plan, Ring)
        accept_whisper(opened, plan.contact_id, now=NOW + timedelta(seconds=20))
    post.carrier.settle_call("CA1", "completed", 50)
    post.clock.advance(5 * 3600)
    Ticker(post.db, post.carrier, post.clock, post.dispatcher).sweep()
    with post.db.transaction() as opened:
        contact = opened.get_one(Contact, plan.contact_id)
        assert (contact.outcome, contact.two_way) == (Outcome.TALKED, False)
        assert (contact.seconds or 0) <= 50


# --- requests that meet


def test_27_work_that_the_database_stopped_because_of_a_deadlock_is_done_again(
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
