"""Calls of the service at the carrier: placed once, whatever is cut off, refused or told late."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.lines import main_line
from mentoring.models import (
    CallLeg,
    Contact,
    Delivery,
    DeliveryStatus,
    OptOutKind,
    Outcome,
    Phone,
)
from mentoring.optouts import refuse
from mentoring.people import find_phone
from mentoring.queueing import queue_call
from scheduling.due import Ticker
from telephony import outbound
from telephony.addresses import Addresses
from telephony.carrier import CallRequest
from telephony.dispatch import Dispatcher
from telephony.requests import LegIn
from tests.make import MAIN, make_lines, make_person
from tests.post import BEN, LISTED, SITE, Post, code, post_on, timed_out

SID = "CA" + "9" * 32


class Gone(BaseException):
    """The process is killed at this very moment."""


@dataclass
class Desk:
    """A dispatcher with one call to Ben in its outbox."""

    post: Post
    call: int

    @property
    def row(self) -> Delivery:
        return self.post.row(self.call)

    @property
    def entry(self) -> Contact:
        return self.post.contact(self.call)

    @property
    def calls(self) -> list[CallRequest]:
        return self.post.carrier.calls

    def drain(self) -> int:
        return self.post.dispatcher.drain().calls

    def report(self, status: str, *, sid: str = "", tries: int = 1, seconds: int = 0) -> None:
        """Let the carrier report on the call."""
        told = LegIn(sid or self.row.carrier_sid or SID, None, status, seconds, None)
        with self.post.db.transaction() as session:
            now = self.post.clock.now()
            outbound.take_leg(session, self.row.key, told, tries=tries, now=now)

    def leg(self) -> CallLeg:
        with self.post.db.transaction() as session:
            return session.scalars(select(CallLeg)).one()

    def wait(self, time: timedelta) -> None:
        """Let time pass, and the two loops run at its end."""
        post = self.post
        post.clock.advance(time.total_seconds())
        Ticker(post.db, post.carrier, post.clock, post.dispatcher).sweep()
        post.dispatcher.drain()


@pytest.fixture
def desk(db: Database, clock: ManualClock) -> Desk:
    post = post_on(db, clock)
    with db.transaction() as session:
        make_lines(session, 1)
        made = queue_call(
            session,
            flow="main_menu",
            person=make_person(session),
            line=main_line(session),
            dedupe_key="call",
            now=clock.now(),
        )
    assert made is not None
    return Desk(post, made)


def test_a_due_call_is_placed_once_from_its_line_with_our_own_addresses(desk: Desk) -> None:
    assert desk.drain() == 1
    assert desk.drain() == 0
    key = desk.row.key.hex
    assert desk.calls == [
        CallRequest(
            to=BEN,
            from_line=MAIN,
            url=f"{SITE}/voice/outbound?d={key}",
            status_callback=f"{SITE}/voice/service-leg?d={key}&n=1",
            fallback_url=f"{SITE}/fallback/voice",
            ring_seconds=25,
            time_limit_seconds=3600,
            detection="end of greeting",
        )
    ]
    assert desk.row.status is DeliveryStatus.ACCEPTED
    assert (desk.leg().phone_id, desk.leg().contact_id) == (desk.row.to_phone_id, desk.entry.id)


def test_for_somebody_who_wants_no_message_a_machine_is_told_apart_before_its_tone(
    desk: Desk,
) -> None:
    with desk.post.db.transaction() as session:
        session.scalars(select(Phone)).one().people[0].safe_contact = 3
    desk.drain()
    assert desk.calls[0].detection == "machine"


def test_an_opt_out_between_queueing_and_dialling_counts(desk: Desk) -> None:
    with desk.post.db.transaction() as session:
        phone = find_phone(session, BEN)
        assert phone is not None
        refuse(session, phone, OptOutKind.CALLS, source="voice", now=desk.post.clock.now())
    desk.drain()
    assert (desk.calls, desk.row.status) == ([], DeliveryStatus.BLOCKED)
    assert desk.entry.outcome is Outcome.NOT_RUNG


@pytest.mark.parametrize("carrier_took_it", [True, False])
def test_a_process_killed_between_claim_and_settle_rings_nobody_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, carrier_took_it: bool
) -> None:
    place = desk.post.carrier.place_call

    def die(request: CallRequest) -> object:
        if carrier_took_it:
            place(request)
        raise Gone

    with monkeypatch.context() as dying:
        dying.setattr(desk.post.carrier, "place_call", die)
        with pytest.raises(Gone):
            desk.drain()
    assert (desk.row.status, desk.entry.outcome) == (DeliveryStatus.SENDING, Outcome.ATTEMPTED)
    desk.wait(timedelta(minutes=1))
    assert desk.post.row(desk.call).status is DeliveryStatus.SENDING
    desk.wait(timedelta(minutes=1, seconds=1))
    if carrier_took_it:
        assert desk.post.row(desk.call).status is DeliveryStatus.ACCEPTED
        assert desk.leg().status == "queued"
    else:
        assert desk.post.row(desk.call).status is DeliveryStatus.EXPIRED
        assert desk.entry.outcome is Outcome.NOT_RUNG
    desk.wait(timedelta(days=2))
    assert len(desk.calls) == carrier_took_it


def test_an_unclear_answer_is_looked_up_and_a_call_that_is_over_is_settled(desk: Desk) -> None:
    desk.post.carrier.fail("place_call", timed_out(), processed=True)
    desk.drain()
    assert desk.row.status is DeliveryStatus.UNCERTAIN
    desk.post.carrier.settle_call("CA" + f"{1:032x}", "no-answer", 0)
    desk.wait(LISTED)
    assert (desk.row.status, desk.entry.outcome) == (
        DeliveryStatus.UNDELIVERED,
        Outcome.NO_ANSWER,
    )
    assert len(desk.calls) == 1


def test_a_look_up_that_fails_is_made_again(desk: Desk) -> None:
    desk.post.carrier.fail("place_call", timed_out(), processed=True)
    desk.post.carrier.fail("find_call", code(20429), timed_out())
    desk.drain()
    for _ in range(2):
        desk.wait(LISTED)
        assert desk.row.status is DeliveryStatus.UNCERTAIN
    desk.wait(LISTED)
    assert desk.row.status is DeliveryStatus.ACCEPTED


def test_an_earlier_call_to_the_same_phone_is_not_taken_for_the_one_that_is_looked_up(
    desk: Desk,
) -> None:
    desk.post.carrier.place_call(_request())
    desk.post.clock.advance(3600)
    desk.post.carrier.fail("place_call", timed_out())
    desk.drain()
    desk.wait(LISTED)
    assert desk.row.status is DeliveryStatus.EXPIRED


def _request() -> CallRequest:
    return CallRequest(BEN, MAIN, SITE, SITE, SITE, 25, 3600)


def test_a_call_given_up_that_rings_all_the_same_is_in_the_log_as_it_went(desk: Desk) -> None:
    desk.post.carrier.fail("place_call", timed_out())
    desk.drain()
    desk.wait(LISTED)
    assert desk.row.status is DeliveryStatus.EXPIRED
    desk.report("ringing")
    assert (desk.row.status, desk.entry.outcome) == (DeliveryStatus.ACCEPTED, Outcome.ATTEMPTED)
    desk.report("busy")
    assert desk.entry.outcome is Outcome.BUSY


def test_a_callback_that_overtakes_the_answer_to_our_request_counts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = desk.post.carrier.place_call

    def place_and_report(request: CallRequest) -> object:
        placed = place(request)
        desk.report("busy", sid=placed.sid)
        return placed

    monkeypatch.setattr(desk.post.carrier, "place_call", place_and_report)
    desk.drain()
    assert (desk.row.status, desk.entry.outcome) == (DeliveryStatus.UNDELIVERED, Outcome.BUSY)
    assert desk.leg().status == "busy"


def test_callbacks_in_any_order_and_twice_change_nothing_that_is_settled(desk: Desk) -> None:
    desk.drain()
    for status in ("completed", "ringing", "completed", "no-answer", "in-progress", "initiated"):
        desk.report(status, seconds=12)
        assert (desk.leg().status, desk.leg().seconds) == ("completed", 12)
        assert (desk.entry.outcome, desk.entry.reason) == (
            Outcome.NO_ANSWER,
            "nobody pressed a key",
        )
        assert desk.row.status is DeliveryStatus.UNDELIVERED
    assert desk.entry.seconds == 12


def test_a_callback_about_another_call_another_attempt_or_no_row_changes_nothing(
    desk: Desk,
) -> None:
    desk.drain()
    desk.report("busy", sid=SID)
    desk.report("busy", tries=2)
    assert desk.entry.outcome is Outcome.ATTEMPTED
    key = desk.row.key
    with desk.post.db.transaction() as session:
        session.delete(session.get_one(Delivery, desk.call))
    told = LegIn(SID, None, "busy", 0, None)
    with desk.post.db.transaction() as session:
        outbound.take_leg(session, key, told, tries=1, now=desk.post.clock.now())
        assert session.scalar(select(func.count(CallLeg.id))) == 1


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("busy", Outcome.BUSY),
        ("no-answer", Outcome.NO_ANSWER),
        ("failed", Outcome.FAILED),
        ("completed", Outcome.NO_ANSWER),
    ],
)
def test_a_call_whose_callbacks_are_all_lost_is_settled_by_the_sweep(
    desk: Desk, status: str, outcome: Outcome
) -> None:
    desk.drain()
    desk.post.carrier.settle_call(desk.row.carrier_sid or "", status, 7)
    desk.wait(timedelta(minutes=14))
    assert desk.entry.outcome is Outcome.ATTEMPTED
    desk.wait(timedelta(minutes=2))
    assert desk.entry.outcome is outcome
    assert desk.row.settled_at is not None
    assert desk.leg().ended_at is not None


def test_a_call_that_the_carrier_has_forgotten_is_settled_as_well(desk: Desk) -> None:
    desk.drain()
    desk.report("in-progress", sid="")
    with desk.post.db.transaction() as session:
        session.scalars(select(CallLeg)).one().call_sid = SID
        session.get_one(Delivery, desk.call).carrier_sid = SID
    desk.wait(timedelta(minutes=16))
    assert (desk.entry.outcome, desk.row.status) == (
        Outcome.NO_ANSWER,
        DeliveryStatus.UNDELIVERED,
    )


def test_too_many_requests_are_tried_again_and_make_one_entry(desk: Desk) -> None:
    desk.post.carrier.fail("place_call", code(20429))
    desk.drain()
    assert desk.row.status is DeliveryStatus.QUEUED
    desk.wait(timedelta(minutes=30))
    assert (desk.row.status, desk.row.attempts) == (DeliveryStatus.ACCEPTED, 2)
    assert "&n=2" in desk.calls[0].status_callback
    with desk.post.db.transaction() as session:
        assert session.scalar(select(func.count(Contact.id))) == 1


@pytest.mark.parametrize(
    ("error", "rule"), [(21211, "number"), (21217, "number"), (21210, "config"), (21216, "config")]
)
def test_a_refused_call_teaches_what_its_code_says(desk: Desk, error: int, rule: str) -> None:
    desk.post.carrier.fail("place_call", code(error))
    desk.drain()
    assert (desk.row.status, desk.row.error_code) == (DeliveryStatus.FAILED, error)
    assert desk.entry.outcome is Outcome.FAILED
    assert (desk.post.phone(BEN).unusable_at is not None) is (rule == "number")
    assert desk.post.tasks() == [rule]
    desk.wait(timedelta(hours=2))
    assert desk.calls == []


@pytest.mark.parametrize("error", [20003, 20404])
def test_when_the_whole_account_is_refused_the_call_keeps_its_place(desk: Desk, error: int) -> None:
    desk.post.carrier.fail("place_call", code(error))
    desk.drain()
    assert (desk.row.status, desk.row.attempts) == (DeliveryStatus.QUEUED, 0)
    assert desk.post.tasks() == ["config"]
    desk.wait(timedelta(minutes=6))
    assert len(desk.calls) == 1
    assert "&n=1" in desk.calls[0].status_callback


def test_two_dispatchers_place_one_call(desk: Desk) -> None:
    post = desk.post
    another = Dispatcher(post.db, post.carrier, post.clock, Addresses(SITE))
    place = post.carrier.place_call

    def meanwhile(request: CallRequest) -> object:
        another.drain()
        return place(request)

    with pytest.MonkeyPatch.context() as both:
        both.setattr(post.carrier, "place_call", meanwhile)
        desk.drain()
    assert len(desk.calls) == 1
