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
from tests.post import ADA, Post, post_on

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
