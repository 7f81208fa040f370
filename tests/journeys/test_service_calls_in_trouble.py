"""Calls of the service when the carrier, the network or the hour is against them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from mentoring.holds import hold_match
from mentoring.matches import match_with_code
from mentoring.models import Conversation, Delivery, DeliveryStatus, OptOutKind, Outcome
from mentoring.optouts import refuse
from mentoring.people import find_phone
from telephony.emulator import busy
from telephony.emulator.faults import Matcher
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.service_calls import (
    entries,
    entry,
    is_over,
    legs,
    queue,
    rings,
    rosa_and_luis,
    row,
)
from tests.town import MAIN, PAIRS, Town

HOUR = 3600


def told(status: str) -> Matcher:
    return lambda url, params: "/voice/service-leg" in url and params["CallStatus"] == status


def serve_and_end(town: Town) -> None:
    """Let Rosa answer, say that it is her, and hang up."""
    caller = rings(town)
    caller.presses("1")
    caller.hears("To call Luis press 1")
    caller.hangs_up()
    town.settle()


def test_with_every_request_doubled_everything_happens_once(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    town.emulator.faults.duplicate(times=10_000)
    queue(town, rosa, match=match)
    serve_and_end(town)
    assert [contact.outcome for contact in entries(town)] == [Outcome.SERVED]
    assert len(legs(town)) == 1
    with town.db.transaction() as session:
        assert session.scalar(select(func.count(Conversation.id))) == 1


@pytest.mark.parametrize("status", ["initiated", "ringing", "in-progress"])
@pytest.mark.parametrize("mishap", ["drop", "reorder"])
def test_a_callback_that_is_lost_or_overtaken_changes_nothing_about_the_end(
    town: Town, status: str, mishap: str
) -> None:
    rosa, match = rosa_and_luis(town)
    getattr(town.emulator.faults, mishap)(told(status))
    queue(town, rosa, match=match)
    serve_and_end(town)
    town.pass_time(60)
    assert (entry(town).outcome, row(town).status) == (Outcome.SERVED, DeliveryStatus.DELIVERED)
    assert legs(town)[0].ended_at is not None


def test_a_callback_that_comes_very_late_changes_nothing(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    town.emulator.faults.delay(600, told("ringing"))
    town.phone(ROSA, when_rung=busy())
    queue(town, rosa, match=match)
    town.settle(30)
    town.pass_time(700)
    assert (entry(town).outcome, row(town).status) == (Outcome.BUSY, DeliveryStatus.UNDELIVERED)


def test_a_call_whose_every_callback_is_lost_is_settled_and_the_phone_is_free_again(
    town: Town,
) -> None:
    rosa, match = rosa_and_luis(town)
    town.emulator.faults.drop("/voice/service-leg", times=99)
    queue(town, rosa, match=match)
    serve_and_end(town)
    assert entry(town).ended_at is None
    town.pass_time(16 * 60)
    assert (entry(town).outcome, entry(town).ended_at is not None) == (Outcome.SERVED, True)
    town.phone(LUIS).dial(PAIRS[0])
    town.settle()
    assert town.phone(ROSA).ringing == PAIRS[0]


def test_a_call_whose_answer_was_lost_is_found_and_rings_once(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    town.emulator.faults.rest_silence(match="/Calls", processed=True)
    queue(town, rosa, match=match)
    serve_and_end(town)
    assert entry(town).outcome is Outcome.SERVED
    town.pass_time(HOUR)
    assert len(town.phone(ROSA).calls) == 1


def test_a_lost_answer_and_lost_callbacks_are_found_out_by_asking_the_carrier(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    town.emulator.faults.rest_silence(match="/Calls", processed=True)
    town.emulator.faults.drop("/voice/service-leg", times=99)
    town.phone(ROSA, when_rung=busy())
    queue(town, rosa, match=match)
    town.settle(30)
    assert row(town).status is DeliveryStatus.UNCERTAIN
    town.pass_time(150)
    assert (row(town).status, entry(town).outcome) == (DeliveryStatus.UNDELIVERED, Outcome.BUSY)


def test_a_request_that_was_never_carried_out_is_let_go_and_rings_nobody(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    town.emulator.faults.rest_silence(match="/Calls", processed=False)
    queue(town, rosa, match=match)
    town.settle()
    town.pass_time(150)
    assert (row(town).status, entry(town).outcome) == (DeliveryStatus.EXPIRED, Outcome.NOT_RUNG)
    town.pass_time(HOUR)
    assert town.phone(ROSA).calls == []


def test_at_night_nobody_is_rung_until_the_morning(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    town.emulator.advance(11 * HOUR)
    queue(town, rosa, match=match)
    town.settle()
    town.pass_time(9 * HOUR)
    assert town.phone(ROSA).calls == []
    town.pass_time(HOUR + 1)
    assert town.phone(ROSA).ringing == MAIN


def test_without_a_time_zone_nobody_is_rung_and_staff_are_asked_for_it(town: Town) -> None:
    rosa, match = rosa_and_luis(town, zone="")
    queue(town, rosa, match=match, keep_for=timedelta(minutes=30))
    town.settle()
    assert town.phone(ROSA).calls == []
    assert (entry(town).outcome, entry(town).reason) == (Outcome.NOT_RUNG, "no time zone")
    assert [task.rule for task in town.tasks()] == ["zone"]


def test_an_opt_out_between_queueing_and_dialling_counts(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    later = town.clock.now() + timedelta(hours=1)
    queue(town, rosa, match=match, not_before=later)
    with town.db.transaction() as session:
        phone = find_phone(session, ROSA)
        assert phone is not None
        refuse(session, phone, OptOutKind.CALLS, source="voice", now=town.clock.now())
    town.pass_time(HOUR)
    assert town.phone(ROSA).calls == []
    assert entry(town).reason == "wants no automated calls"


def test_a_phone_is_rung_once_a_day_and_the_second_call_comes_the_next_morning(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    town.phone(ROSA, when_rung=busy())
    queue(town, rosa, match=match)
    queue(town, rosa, match=match, key="other", keep_for=timedelta(days=2))
    town.settle(60)
    town.pass_time(8 * HOUR)
    assert [contact.outcome for contact in entries(town)] == [Outcome.BUSY]
    town.pass_time(13 * HOUR)
    town.settle(60)
    assert [contact.outcome for contact in entries(town)] == [Outcome.BUSY, Outcome.BUSY]


def test_a_callback_about_a_row_that_is_deleted_is_taken_and_forgotten(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    town.settle()
    with town.db.transaction() as session:
        session.delete(session.scalars(select(Delivery)).one())
    caller = town.caller(ROSA)
    caller.answers()
    is_over(town, caller)
    assert "Rosa" not in caller.heard


def test_a_hold_during_the_call_lets_nobody_through_to_the_other(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    caller = rings(town)
    caller.presses("1")
    with town.db.transaction() as session:
        held = match_with_code(session, match.code)
        hold_match(session, held, actor="staff", reason="a worry", now=town.clock.now())
    caller.presses("1")
    town.settle()
    assert not town.phone(LUIS).calls


def test_a_voicemail_whose_greeting_is_heard_as_words_reaches_no_staff(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    caller = rings(town)
    caller.says("You have reached the voicemail of this number please leave a message")
    while caller.is_in_call:
        caller.waits()
    town.settle()
    assert town.tasks() == []
    assert entry(town).outcome is Outcome.NO_ANSWER
