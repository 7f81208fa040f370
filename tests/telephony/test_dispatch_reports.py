"""What the carrier reports, late, twice or never, and what the log makes of it."""

from datetime import timedelta

import pytest

from mentoring.calling import Ring, accept_whisper, plan_call
from mentoring.claims import claim_due
from mentoring.clock import ManualClock
from mentoring.contacts import begin_leg
from mentoring.db import Database
from mentoring.models import (
    Contact,
    DeliveryStatus,
    Outcome,
)
from mentoring.outbox import settle_accepted
from scheduling.due import Ticker
from tests.make import (
    NOW,
    make_lines,
    make_match,
    way_of,
)
from tests.post import ADA, Post, code, post_on

HOUR = timedelta(hours=1)


@pytest.fixture
def post(db: Database, clock: ManualClock) -> Post:
    return post_on(db, clock)


def test_a_callback_told_twice_does_not_undo_the_retry_it_asked_for(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    post.dispatcher.drain()
    sid = post.row(text).carrier_sid or ""
    for word in ("undelivered", "undelivered", "sent"):
        post.report(text, word, sid=sid, error=30008)
    assert post.row(text).status is DeliveryStatus.QUEUED
    post.wait(timedelta(minutes=15))
    assert post.sent(ADA) == ["Hello Ada", "Hello Ada"]


def test_our_own_late_settling_does_not_undo_a_retry(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    with post.db.transaction() as session:
        claim_due(session, now=NOW)
    post.report(text, "undelivered", sid="SM" + "1" * 32, error=30008)
    with post.db.transaction() as session:
        settle_accepted(session, text, sid="SM" + "1" * 32, status="queued", now=NOW)
    assert post.row(text).status is DeliveryStatus.QUEUED


def test_a_text_of_two_parts_is_not_delivered_before_both_are(post: Post) -> None:
    one, two = post.relay("one", "two")
    post.dispatcher.send_batch()
    post.report(one, "delivered")
    assert post.contact(one).outcome is not Outcome.DELIVERED
    assert post.contact(one).ended_at is None
    post.dispatcher.drain()
    post.report(two, "delivered")
    assert post.contact(one).outcome is Outcome.DELIVERED


def test_the_retry_of_one_part_does_not_hide_that_another_was_lost(post: Post) -> None:
    one, two = post.relay("one", "two")
    post.dispatcher.drain()
    post.report(one, "undelivered", error=30007)
    post.report(two, "undelivered", error=30008)
    post.wait(timedelta(minutes=15))
    post.report(two, "delivered", tries=2)
    assert post.contact(one).outcome is Outcome.UNDELIVERED


def test_a_call_whose_end_was_lost_is_as_long_as_the_carrier_says(post: Post) -> None:
    with post.db.transaction() as opened:
        make_lines(opened, 1)
        way = way_of(opened, make_match(opened))
        begin_leg(opened, call_sid="CA1", phone_id=way.mine.phone_id, now=NOW)
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


QUARTER = timedelta(minutes=15)
DAY = timedelta(hours=24)


def test_a_text_without_a_report_is_asked_about_after_a_quarter_of_an_hour(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    post.dispatcher.drain()
    post.carrier.settle_text(post.row(text).carrier_sid or "", "delivered")
    post.wait(QUARTER - timedelta(seconds=1))
    assert post.contact(text).outcome is Outcome.QUEUED
    post.wait(timedelta(seconds=1))
    assert post.contact(text).outcome is Outcome.DELIVERED
    assert post.row(text).status is DeliveryStatus.DELIVERED


def test_a_loss_that_was_never_told_is_learnt_from_and_tried_again(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    post.dispatcher.drain()
    post.carrier.settle_text(post.row(text).carrier_sid or "", "undelivered", 30008)
    post.wait(QUARTER)
    assert post.prompts() == ["T-NOR"]
    post.wait(QUARTER)
    assert post.sent(ADA) == ["Hello Ada", "Hello Ada"]
    post.carrier.settle_text(post.row(text).carrier_sid or "", "delivered")
    post.wait(QUARTER)
    assert post.contact(text).outcome is Outcome.DELIVERED


def test_a_text_that_nothing_is_told_of_is_asked_about_hourly_and_no_more_than_so_many_at_once(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for which in range(25):
        post.relay(str(which))
    post.dispatcher.drain()
    asked: list[str] = []
    monkeypatch.setattr(post.carrier, "message_status", asked.append)
    post.clock.advance(QUARTER.total_seconds())
    counts = []
    for minutes in (0, 1, 1, 30, 30):
        post.clock.advance(minutes * 60)
        before = len(asked)
        post.dispatcher.sweep()
        counts.append(len(asked) - before)
    assert counts == [20, 5, 0, 0, 20]


def test_a_text_that_was_sent_a_day_ago_has_probably_been_delivered(post: Post) -> None:
    one, two = post.relay("one", "two")
    post.dispatcher.send_batch()
    post.carrier.settle_text(post.row(one).carrier_sid or "", "sent")
    post.report(one, "sent")
    post.dispatcher.drain()
    post.report(two, "delivered")
    post.wait(DAY - timedelta(hours=1))
    contact = post.contact(one)
    assert (contact.outcome, contact.ended_at) == (Outcome.SENT, None)
    for _ in range(2):
        post.wait(timedelta(hours=1))
    contact = post.contact(one)
    assert contact.outcome is Outcome.DELIVERED
    assert contact.ended_at is not None
    row = post.row(one)
    assert (row.status, row.ask_at) == (DeliveryStatus.SENT, None)
    post.report(one, "undelivered", error=30007)
    assert post.contact(one).outcome is Outcome.UNDELIVERED


def test_a_text_that_the_carrier_has_forgotten_is_given_up_after_a_day(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    (text,) = post.relay("Hello Ada")
    post.dispatcher.drain()
    monkeypatch.setattr(post.carrier, "message_status", lambda _: None)
    post.wait(DAY - HOUR)
    assert post.row(text).status is DeliveryStatus.ACCEPTED
    for _ in range(2):
        post.wait(HOUR)
    assert post.row(text).status is DeliveryStatus.FAILED
    assert post.prompts() == ["T-NOR"]


def test_a_carrier_in_trouble_is_not_asked_about_one_text_after_the_other(post: Post) -> None:
    one, other = post.relay("one")[0], post.relay("other")[0]
    post.dispatcher.drain()
    for text in (one, other):
        post.carrier.settle_text(post.row(text).carrier_sid or "", "delivered")
    post.carrier.fail("message_status", code(20429))
    post.wait(QUARTER)
    assert post.row(other).status is DeliveryStatus.ACCEPTED
    post.wait(timedelta(minutes=1))
    assert post.row(other).status is DeliveryStatus.DELIVERED
    post.wait(HOUR)
    assert post.row(one).status is DeliveryStatus.DELIVERED
