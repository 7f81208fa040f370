"""Texts that a worker cannot open: it does not know their key yet, or their seal is broken."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from mentoring.claims import uncertain
from mentoring.clock import ManualClock
from mentoring.crypto import Vault
from mentoring.db import Database
from mentoring.models import Delivery, DeliveryStatus, Outcome, StaffTask
from tests.post import ADA, BEN, LISTED, Post, post_on, timed_out

_RING = {number: bytes([number]) * 32 for number in (1, 2, 3)}
_INDEX = b"i" * 32
_A_WHILE = timedelta(minutes=10)


def with_keys(db: Database, newest: int) -> Database:
    """Return the database as a process sees it that was started when that key was the newest."""
    ring = {number: key for number, key in _RING.items() if number <= newest}
    return Database(db.bind, vault=Vault(ring, _INDEX), programme=db.programme)


@pytest.fixture
def old(db: Database, clock: ManualClock) -> Post:
    """A worker from before the newest key."""
    return post_on(with_keys(db, newest=2), clock)


@pytest.fixture
def new(db: Database, clock: ManualClock, old: Post) -> Post:
    """A site, or a worker, that was started after it. Both send through one carrier."""
    return post_on(with_keys(db, newest=3), clock, old.carrier)


def spoil(post: Post, delivery_id: int) -> None:
    """Break the seal of one text, as a damaged disk would."""
    with post.db.transaction() as session:
        spoilt = bytes([2]) + b"spoilt" * 9
        session.execute(
            update(Delivery).where(Delivery.id == delivery_id).values(body_sealed=spoilt)
        )


def words_of_tasks(post: Post) -> list[str]:
    with post.db.transaction() as session:
        return [task.words for task in session.scalars(select(StaffTask))]


def test_a_text_under_a_key_that_the_worker_does_not_know_yet_waits_until_it_is_started_anew(
    old: Post, new: Post, caplog: pytest.LogCaptureFixture
) -> None:
    (first,) = old.relay("Sealed before")
    (text,) = new.relay("Sealed under the newest key")
    for _ in range(3):
        old.wait(_A_WHILE)
    assert old.sent(ADA) == ["Sealed before"]
    assert old.row(text).status is DeliveryStatus.QUEUED
    assert old.prompts() == []
    assert "encryption key 3" in caplog.text

    new.wait(_A_WHILE)
    assert new.sent(ADA) == ["Sealed before", "Sealed under the newest key"]
    assert new.row(first).status is DeliveryStatus.ACCEPTED


def test_staff_read_once_what_to_restart(old: Post, new: Post) -> None:
    old.notice("Sealed before")
    for body in ("one", "two"):
        new.notice(body)
    for _ in range(3):
        old.wait(_A_WHILE)
    (words,) = words_of_tasks(old)
    assert "encryption key 3" in words
    assert "Stop the site, the worker and beat" in words


def test_what_the_gate_would_stop_waits_as_well_for_its_words_are_needed(
    old: Post, new: Post
) -> None:
    old.relay("Sealed before")
    new.relay("Sealed under the newest key")
    old.wait(_A_WHILE)
    old.wait(timedelta(days=4))
    assert old.prompts() == []
    new.wait(_A_WHILE)
    assert new.prompts() == ["T-NOR"]


def test_a_text_of_unknown_fate_is_looked_up_by_whoever_can_read_it(old: Post, new: Post) -> None:
    old.relay("Sealed before")
    old.dispatcher.drain()
    (text,) = new.relay("Sealed under the newest key")
    new.carrier.fail("send_text", timed_out())
    new.dispatcher.drain()
    old.wait(LISTED)
    assert old.row(text).status is DeliveryStatus.UNCERTAIN
    new.wait(LISTED)
    new.wait(LISTED)
    assert new.sent(ADA)[-1] == "Sealed under the newest key"


def test_texts_under_a_lost_key_do_not_keep_others_from_being_looked_up(
    old: Post, new: Post
) -> None:
    old.relay("Sealed before")
    old.dispatcher.drain()
    lost = new.notice("Under a key that is lost")
    new.carrier.fail("send_text", timed_out())
    new.dispatcher.drain()
    (readable,) = old.relay("Sealed before as well")
    old.carrier.fail("send_text", timed_out())
    old.dispatcher.drain()
    old.clock.advance(LISTED.total_seconds())

    looked_up = []
    for _ in range(2):
        with old.db.transaction() as session:
            looked_up += uncertain(session, now=old.clock.now(), limit=1).texts

    assert [text.delivery_id for text in looked_up] == [readable]
    assert old.row(lost).status is DeliveryStatus.UNCERTAIN


def test_whoever_wrote_what_nobody_can_read_any_more_is_told_and_staff_as_well(old: Post) -> None:
    (good, bad) = (*old.relay("Hello"), *old.relay("Are you there?"))
    spoil(old, bad)
    old.wait(_A_WHILE)
    assert old.row(good).status is DeliveryStatus.ACCEPTED
    assert old.contact(bad).outcome is Outcome.UNDELIVERED
    (told,) = old.sent(BEN)
    assert "did not reach" in told
    assert old.tasks() == ["lost text"]


def test_staff_are_told_of_a_text_of_ours_that_nobody_can_read_any_more(old: Post) -> None:
    notice = old.notice("See you on Monday")
    spoil(old, notice)
    old.wait(_A_WHILE)
    assert old.row(notice).status is DeliveryStatus.FAILED
    (words,) = words_of_tasks(old)
    assert "cannot be opened" in words


def test_a_spoilt_text_of_unknown_fate_is_told_too(old: Post) -> None:
    (text,) = old.relay("Hello")
    old.carrier.fail("send_text", timed_out())
    old.dispatcher.drain()
    spoil(old, text)
    old.wait(LISTED)
    assert old.prompts() == ["T-NOR"]
