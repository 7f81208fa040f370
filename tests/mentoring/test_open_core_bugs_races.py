"""More promises that are not kept yet: holds, slow carriers, and requests that meet."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from mentoring.calling import Accepted, accept_whisper, end_ring, plan_call
from mentoring.claims import claim_due
from mentoring.clock import ManualClock
from mentoring.contacts import log_between
from mentoring.db import Database, Session
from mentoring.matches import move_match
from mentoring.missed import tell_about_missed_call
from mentoring.models import (
    Contact,
    ContactKind,
    DeliveryKind,
    DeliveryStatus,
    MatchState,
    Outcome,
    PersonState,
)
from mentoring.notes import count_waiting, keep_written
from mentoring.routing import Refusal, find_reached
from telephony.addresses import Addresses
from telephony.carrier import SentText, TextRequest
from telephony.dispatch import Dispatcher
from tests.make import (
    NOW,
    make_lines,
    make_match,
    make_person,
    make_text,
    way_of,
)
from tests.post import ADA, BEN, SITE, Post, post_on, timed_out

HOUR = timedelta(hours=1)


@pytest.fixture
def post(db: Database, clock: ManualClock) -> Post:
    return post_on(db, clock)


def test_28_a_note_that_was_left_before_a_hold_is_not_heard_during_it(session: Session) -> None:
    make_lines(session, 1)
    match = make_match(session)
    way = way_of(session, match)
    contact = log_between(
        session, way, ContactKind.TEXT, source_sid="SM1", outcome=Outcome.NOTE_LEFT, now=NOW
    )
    keep_written(session, "Hello", way, contact=contact, now=NOW)
    session.flush()
    assert count_waiting(session, way.other.person_id) == 1
    move_match(session, match, MatchState.SAFETY_HOLD, actor="staff", reason="concern", now=NOW)
    session.flush()
    assert count_waiting(session, way.other.person_id) == 0


def test_29_a_call_that_rings_when_the_match_is_held_is_not_joined(session: Session) -> None:
    make_lines(session, 1)
    match = make_match(session)
    plan = plan_call(session, way_of(session, match), call_sid="CA1", attempt=1, now=NOW)
    move_match(session, match, MatchState.SAFETY_HOLD, actor="staff", reason="concern", now=NOW)
    session.flush()
    assert accept_whisper(session, plan.contact_id, now=NOW) is Accepted.TOO_LATE


def test_30_a_slow_carrier_does_not_make_two_workers_send_the_same_text(post: Post) -> None:
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
        post.dispatcher.drain()
    assert sorted(taken, key=int) == [str(which) for which in range(30)]


def test_31_a_text_is_looked_up_only_when_the_carrier_has_had_time_to_list_it(
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


def test_32_the_news_of_a_missed_call_does_not_pass_a_hold(session: Session) -> None:
    make_lines(session, 1)
    match = make_match(session)
    way = way_of(session, match)
    call = log_between(
        session, way, ContactKind.CALL, source_sid="CA1", outcome=Outcome.NO_ANSWER, now=NOW
    )
    tell_about_missed_call(session, call, way, now=NOW)
    move_match(session, match, MatchState.SAFETY_HOLD, actor="staff", reason="concern", now=NOW)
    session.flush()
    assert claim_due(session, now=NOW + HOUR).texts == []


@pytest.mark.parametrize("state", [PersonState.SUSPENDED, PersonState.EXITED])
@pytest.mark.parametrize("who", [0, 1])
def test_33_nobody_reaches_or_is_reached_by_somebody_suspended_or_gone(
    session: Session, state: PersonState, who: int
) -> None:
    make_lines(session, 1)
    match = make_match(session)
    match.sides[who].person.state = state
    session.flush()
    for caller in (BEN, ADA):
        way = find_reached(session, number=caller, line_number=match.line.number).way
        assert isinstance(way, Refusal)


def test_34_a_doubled_acceptance_does_not_shorten_the_talk(session: Session) -> None:
    make_lines(session, 1)
    plan = plan_call(
        session, way_of(session, make_match(session)), call_sid="CA1", attempt=1, now=NOW
    )
    for seconds in (10, 25):
        accept_whisper(session, plan.contact_id, now=NOW + timedelta(seconds=seconds))
    end_ring(
        session,
        plan.contact_id,
        status="completed",
        seconds=None,
        now=NOW + timedelta(seconds=135),
    )
    contact = session.get_one(Contact, plan.contact_id)
    assert (contact.accepted_at, contact.seconds) == (NOW + timedelta(seconds=10), 125)


def test_35_a_late_callback_is_news_for_a_text_that_the_look_up_did_not_find(
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
