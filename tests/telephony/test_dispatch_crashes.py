"""Killed, cut off or overtaken in mid-call: no text is lost, and none is sent twice."""

from datetime import timedelta

import pytest

from mentoring.claims import claim_due
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.models import (
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Outcome,
)
from mentoring.outbox import take_status
from telephony.carrier import TextRequest
from tests.post import ADA, BEN, LISTED, Post, code, post_on, timed_out


class Gone(BaseException):
    """The process is killed at this very moment."""


@pytest.fixture
def post(db: Database, clock: ManualClock) -> Post:
    return post_on(db, clock)


def test_an_unclear_answer_is_looked_up_and_what_was_taken_is_not_sent_again(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    post.carrier.fail("send_text", timed_out(), processed=True)
    post.dispatcher.drain()
    assert post.row(text).status is DeliveryStatus.UNCERTAIN

    post.wait(LISTED)
    assert post.row(text).status is DeliveryStatus.ACCEPTED
    assert post.sent(ADA) == ["Hello Ada"]


def test_an_unclear_answer_is_looked_up_and_what_was_not_taken_is_sent_again(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    post.carrier.fail("send_text", timed_out())
    post.dispatcher.drain()
    post.wait(LISTED)
    assert post.row(text).status is DeliveryStatus.ACCEPTED
    assert post.row(text).attempts == 2
    assert post.sent(ADA) == ["Hello Ada"]


def test_a_reminder_that_was_not_taken_is_let_go(post: Post) -> None:
    text = post.notice("Your check-in")
    post.carrier.fail("send_text", timed_out())
    post.dispatcher.drain()
    post.wait(LISTED)
    assert post.row(text).status is DeliveryStatus.EXPIRED
    assert post.carrier.texts == []


def test_a_look_up_that_fails_is_made_again_and_nothing_is_sent_before(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    post.carrier.fail("send_text", timed_out())
    post.carrier.fail("find_message", code(20429), timed_out())
    post.dispatcher.drain()
    for _ in range(2):
        post.wait(LISTED)
        assert post.row(text).status is DeliveryStatus.UNCERTAIN
        assert post.sent(ADA) == []
    post.wait(LISTED)
    assert post.sent(ADA) == ["Hello Ada"]


@pytest.mark.parametrize("carrier_took_it", [True, False])
@pytest.mark.parametrize("kind", [DeliveryKind.RELAY, DeliveryKind.REPLY])
def test_a_process_killed_between_claim_and_settle_loses_nothing_and_sends_nothing_twice(
    post: Post, monkeypatch: pytest.MonkeyPatch, carrier_took_it: bool, kind: DeliveryKind
) -> None:
    text = post.notice("Hello Ben", kind)
    send = post.carrier.send_text

    def die(request: TextRequest) -> object:
        if carrier_took_it:
            send(request)
        raise Gone

    with monkeypatch.context() as dying:
        dying.setattr(post.carrier, "send_text", die)
        with pytest.raises(Gone):
            post.dispatcher.drain()
    assert post.row(text).status is DeliveryStatus.SENDING

    post.wait(timedelta(minutes=1))
    assert post.row(text).status is DeliveryStatus.SENDING
    post.wait(timedelta(minutes=1, seconds=1))
    assert post.row(text).status is DeliveryStatus.ACCEPTED
    assert post.sent(BEN) == ["Hello Ben"]


def test_a_process_killed_before_it_asked_the_carrier_for_a_reminder_lets_it_go(
    post: Post,
) -> None:
    text = post.notice("Your check-in")
    with post.db.transaction() as session:
        claim_due(session, now=post.clock.now())
    post.wait(LISTED)
    assert post.row(text).status is DeliveryStatus.EXPIRED
    assert post.carrier.texts == []


def test_a_callback_that_overtakes_the_answer_to_our_request_counts(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    (text,) = post.relay("Hello Ada")
    send = post.carrier.send_text

    def send_and_report(request: TextRequest) -> object:
        sent = send(request)
        with post.db.transaction() as session:
            row = session.get_one(Delivery, text)
            told = take_status(
                session,
                row.key,
                sid=sent.sid,
                tries=1,
                status="delivered",
                code=None,
                now=post.clock.now(),
            )
            assert told is row
        return sent

    monkeypatch.setattr(post.carrier, "send_text", send_and_report)
    post.dispatcher.drain()
    assert post.row(text).status is DeliveryStatus.DELIVERED
    assert post.contact(text).outcome is Outcome.DELIVERED


def test_two_equal_texts_of_which_one_is_uncertain_are_both_at_the_carrier_in_the_end(
    post: Post,
) -> None:
    first = post.notice("ok", DeliveryKind.REPLY)
    post.dispatcher.drain()
    second = post.notice("ok", DeliveryKind.REPLY)
    post.carrier.fail("send_text", timed_out())
    post.dispatcher.drain()
    post.wait(LISTED)
    sids = {post.row(text).carrier_sid for text in (first, second)}
    assert len(sids) == 2
    assert post.sent(BEN) == ["ok", "ok"]
