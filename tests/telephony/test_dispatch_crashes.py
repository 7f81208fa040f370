"""Killed, cut off or overtaken in mid-call: no text is lost, and none is sent twice."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

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
from mentoring.outbox import Setback, settle_setback, take_status
from telephony.addresses import Addresses
from telephony.carrier import SentText, TextRequest
from telephony.dispatch import Dispatcher
from tests.make import (
    NOW,
    make_lines,
    make_person,
    make_text,
)
from tests.post import ADA, BEN, LISTED, SITE, Post, code, post_on, timed_out


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


def test_a_notice_that_was_not_taken_is_sent_again(post: Post) -> None:
    """It may be the line of a new match, or the words of a note that staff have typed."""
    text = post.notice("This line is for you and Luis.")
    post.carrier.fail("send_text", timed_out())
    post.dispatcher.drain()
    post.wait(LISTED)
    assert post.row(text).status is DeliveryStatus.ACCEPTED
    assert [sent.body for sent in post.carrier.texts] == ["This line is for you and Luis."]


def test_a_carrier_with_a_lasting_fault_is_asked_ever_less_often_and_its_sender_told(
    post: Post,
) -> None:
    (text,) = post.relay("Hello Ada")
    asked = []
    while post.row(text).status is not DeliveryStatus.FAILED:
        post.carrier.fail("send_text", code(500))
        asked.append(post.clock.now())
        before = post.row(text).attempts
        while post.row(text).attempts == before and len(asked) < 9:
            if post.row(text).status is DeliveryStatus.FAILED:
                break
            post.wait(LISTED)
    waits = [after - before for before, after in pairwise(asked)]
    assert len(asked) == 6
    assert waits == sorted(waits)
    assert post.sent(BEN)


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


def test_a_process_killed_before_it_asked_the_carrier_loses_no_notice(post: Post) -> None:
    text = post.notice("Your check-in")
    with post.db.transaction() as session:
        claim_due(session, now=post.clock.now())
    post.wait(LISTED)
    assert post.row(text).status is DeliveryStatus.ACCEPTED
    assert [sent.body for sent in post.carrier.texts] == ["Your check-in"]


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
            assert told == row.id
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


def test_a_text_that_a_callback_has_told_of_is_not_uncertain_any_more(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    with post.db.transaction() as session:
        claim_due(session, now=NOW)
    post.report(text, "sent", sid="SM" + "1" * 32)
    with post.db.transaction() as session:
        settle_setback(session, text, Setback.UNCERTAIN, code=None, retry_at=None, now=NOW)
    assert post.row(text).status is DeliveryStatus.SENT
    assert post.contact(text).outcome is Outcome.SENT


def test_of_two_equal_texts_the_uncertain_older_one_is_not_sent_twice(post: Post) -> None:
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


def test_a_look_up_does_not_take_an_earlier_attempt_for_the_present_one(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    post.dispatcher.drain()
    sid = post.row(text).carrier_sid or ""
    post.carrier.settle_text(sid, "undelivered", 30008)
    post.report(text, "undelivered", error=30008)
    post.dispatcher.drain()
    post.carrier.fail("send_text", timed_out())
    post.wait(timedelta(minutes=15))
    assert post.row(text).status is DeliveryStatus.UNCERTAIN
    post.wait(timedelta(seconds=75))
    post.wait(timedelta(seconds=75))
    assert post.sent(ADA) == ["Hello Ada", "Hello Ada"]


def test_a_text_found_undelivered_by_a_look_up_is_told_to_its_sender(post: Post) -> None:
    post.relay("Hello Ada")
    post.carrier.fail("send_text", timed_out(), processed=True)
    post.dispatcher.drain()
    post.carrier.settle_text("SM" + f"{1:032x}", "undelivered", 30007)
    post.wait(LISTED)
    assert post.prompts() == ["T-NOR"]


def test_a_slow_carrier_does_not_make_two_workers_send_the_same_text(post: Post) -> None:
    with post.db.transaction() as session:
        line = make_lines(session, 1)[0]
        for which in range(30):
            person = make_person(session, which=which)
            make_text(
                session,
                str(which),
                to=person.phone,
                person=person,
                line=line,
                kind=DeliveryKind.REPLY,
            )
    another = Dispatcher(post.db, post.carrier, post.clock, Addresses(SITE))
    send, taken = post.carrier.send_text, []

    def slowly(request: TextRequest) -> SentText:
        taken.append(request.body)
        post.clock.advance(5)
        if len(taken) == 26:
            another.sweep()
            another.drain()
        return send(request)

    with pytest.MonkeyPatch.context() as slow:
        slow.setattr(post.carrier, "send_text", slowly)
        for _ in range(5):
            post.dispatcher.drain()
            post.clock.advance(1)
    assert sorted(taken, key=int) == [str(which) for which in range(30)]


def test_a_text_is_looked_up_only_when_the_carrier_has_had_time_to_list_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.relay("Hello Ada")
    post.carrier.fail("send_text", timed_out(), processed=True)
    post.dispatcher.drain()
    find = post.carrier.find_message
    asked_at: list[datetime] = []

    def find_later(**about: Any) -> SentText | None:
        asked_at.append(post.clock.now())
        if post.clock.now() < NOW + timedelta(seconds=20):
            return None
        return find(**about)

    monkeypatch.setattr(post.carrier, "find_message", find_later)
    for _ in range(4):
        post.wait(timedelta(seconds=30) if asked_at else timedelta(seconds=1))
    assert post.sent(ADA) == ["Hello Ada"]


def test_a_late_callback_is_news_for_a_text_that_the_look_up_did_not_find(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    (text,) = post.relay("Hello Ada")
    post.carrier.fail("send_text", timed_out(), processed=True)
    post.dispatcher.drain()
    with monkeypatch.context() as late:
        late.setattr(post.carrier, "find_message", lambda **_about: None)
        post.clock.advance(600)
        post.dispatcher.sweep()
    assert post.row(text).status is DeliveryStatus.QUEUED
    post.report(text, "delivered", sid="SM" + f"{1:032x}")
    post.dispatcher.drain()
    assert post.sent(ADA) == ["Hello Ada"]
    assert post.row(text).status is DeliveryStatus.DELIVERED
