"""Whoever was rung by the service waits no longer in silence than whoever called us."""

from copy import copy
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.bench_senders import CALL, Step
from mentoring.calendar.deeds import do_due
from mentoring.calendar.new_times import tell_other
from mentoring.calendar.pairs import other_side
from mentoring.calendar.talks import book_talk
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.lines import main_line
from mentoring.models import Delivery, Due, DueKind, LineType, Match, MatchSide, Person
from mentoring.people import find_phone
from mentoring.queueing import queue_call
from mentoring.service_calls.calls import settle_placed
from mentoring.service_calls.claims import claim_calls
from tests.house.line import IN_A_STEP, KIM, MAIN, ROSA, Call, Line


class ServiceCall(Call):
    """A call that we have placed, from the moment in which somebody picks up."""

    def __init__(self, line: Line, number: str, sid: str, key: str, **given: str) -> None:
        self._line = line
        self._form = {"CallSid": sid, "From": MAIN, "To": number, "Direction": "outbound-api"}
        told = {**self._form, "CallStatus": "in-progress", **given}
        self.heard = line.post(f"/voice/outbound?d={key}", told)


def place(
    line: Line, db: Database, clock: ManualClock, number: str, flow: str, *, about_match: bool
) -> tuple[str, str]:
    """Have somebody rung; returns the ids of the call and of its row."""
    now, sid = clock.now(), line.sid("CA")
    with db.transaction() as session:
        phone = find_phone(session, number)
        assert phone is not None
        person = session.scalars(select(Person).where(Person.phone_id == phone.id)).first()
        assert person is not None
        person.zone = person.zone or "America/Chicago"
        side = session.scalar(select(MatchSide).where(MatchSide.person_id == person.id))
        made = queue_call(
            session,
            flow=flow,
            person=person,
            line=main_line(session),
            dedupe_key=sid,
            match_id=side.match_id if side and about_match else None,
            now=now,
        )
        (call,) = claim_calls(session, now=now).calls
        settle_placed(session, call.delivery_id, sid=sid, status="ringing", now=now)
        return sid, session.get_one(Delivery, made).key.hex


@pytest.mark.parametrize("keys", ["13", "2", "9", "0", "*882"])
def test_no_step_of_a_service_call_asks_the_database_too_often(
    line: Line, db: Database, clock: ManualClock, keys: str
) -> None:
    sid, key = place(line, db, clock, ROSA, "main_menu", about_match=True)
    call = ServiceCall(line, ROSA, sid, key)
    assert "Is this Denise?" in call.heard
    call.presses(keys)
    line.keeps_to(IN_A_STEP)


def test_silence_and_a_doubled_answer_ask_no_more(
    line: Line, db: Database, clock: ManualClock
) -> None:
    sid, key = place(line, db, clock, ROSA, "main_menu", about_match=True)
    first = ServiceCall(line, ROSA, sid, key)
    again = ServiceCall(line, ROSA, sid, key)
    assert again.heard == first.heard
    before = copy(first)
    first.presses("1")
    assert before.presses("1") == first.heard
    again.goes_on(*[Step("silence")] * 3)
    line.keeps_to(IN_A_STEP)


@pytest.mark.parametrize("answered_by", ["machine_end_beep", "fax"])
def test_what_a_machine_hears_asks_no_more(
    line: Line, db: Database, clock: ManualClock, answered_by: str
) -> None:
    sid, key = place(line, db, clock, ROSA, "main_menu", about_match=True)
    call = ServiceCall(line, ROSA, sid, key, AnsweredBy=answered_by)
    assert ("515 555 0100" in call.heard) is (answered_by != "fax")
    if "<Gather" in call.heard:
        assert "Is this Denise?" in call.goes_to("/voice/outbound", Digits="5")
    line.keeps_to(IN_A_STEP)


def test_going_on_by_phone_with_what_was_asked_before_asks_no_more(
    line: Line, db: Database, clock: ManualClock
) -> None:
    Call(line, KIM).goes_on(*CALL[:8])
    line.asked.clear()
    clock.advance(1200)
    sid, key = place(line, db, clock, KIM, "intake_protege", about_match=False)
    call = ServiceCall(line, KIM, sid, key)
    call.presses("1")
    assert "<Gather" in call.heard
    line.keeps_to(IN_A_STEP)


def test_asking_for_the_name_on_a_shared_phone_asks_no_more(
    line: Line, db: Database, clock: ManualClock
) -> None:
    with db.transaction() as session:
        phone = find_phone(session, ROSA)
        assert phone is not None
        phone.shared = True
        phone.people[0].safe_contact = 2
    sid, key = place(line, db, clock, ROSA, "main_menu", about_match=True)
    ServiceCall(line, ROSA, sid, key).presses("11")
    line.keeps_to(IN_A_STEP)


def test_a_yes_that_leads_on_to_the_partner_asks_no_more(
    line: Line, db: Database, clock: ManualClock
) -> None:
    with db.transaction() as session:
        phone = find_phone(session, ROSA)
        assert phone is not None
        mine = MatchSide.person_id == phone.people[0].id
        side_id = session.scalars(select(MatchSide.id).where(mine)).one()
    sid, key = place(line, db, clock, ROSA, f"connect:{side_id}", about_match=True)
    call = ServiceCall(line, ROSA, sid, key)
    assert "<Dial" in call.presses("1")
    line.keeps_to(IN_A_STEP)


def test_asking_about_a_talk_and_the_wish_to_be_rung_ask_no_more(
    line: Line, db: Database, clock: ManualClock
) -> None:
    now = clock.now()
    with db.transaction() as session:
        phone = find_phone(session, ROSA)
        assert phone is not None
        person = phone.people[0]
        person.zone, phone.line_type = "America/Chicago", LineType.LANDLINE
        match_id = session.scalars(
            select(MatchSide.match_id).where(MatchSide.person_id == person.id)
        ).one()
        at = now + timedelta(hours=20)
        assert book_talk(session, match_id, at=at, booked_by=None, now=now) is not None
        for due in session.scalars(select(Due).where(Due.kind == DueKind.TALK_REMINDER)):
            due.due_at = now
    for _ in range(2):
        with db.transaction() as session:
            do_due(session, now=now)
    with db.transaction() as session:
        (call,) = claim_calls(session, now=now).calls
        sid, key = line.sid("CA"), call.key.hex
        settle_placed(session, call.delivery_id, sid=sid, status="ringing", now=now)
    called = ServiceCall(line, ROSA, sid, key)
    assert "To have us ring you" in called.presses("1")
    assert "We will ring you at" in called.presses("1")
    line.keeps_to(IN_A_STEP)


def test_an_answer_about_a_time_that_staff_were_to_tell_asks_no_more(
    line: Line, db: Database, clock: ManualClock
) -> None:
    now = clock.now()
    with db.transaction() as session:
        phone = find_phone(session, ROSA)
        assert phone is not None
        person = phone.people[0]
        person.zone, phone.line_type = "America/Chicago", LineType.LANDLINE
        match = session.scalars(
            select(Match).join(MatchSide).where(MatchSide.person_id == person.id)
        ).one()
        other = other_side(match, person.id).person
        at = now + timedelta(hours=20)
        talk = book_talk(session, match.id, at=at, booked_by=other, now=now)
        assert talk is not None
        side = next(side for side in match.sides if side.person_id == person.id)
        tell_other(session, talk, side, is_first=False, now=now)
    with db.transaction() as session:
        do_due(session, now=now)
    with db.transaction() as session:
        (call,) = claim_calls(session, now=now).calls
        sid, key = line.sid("CA"), call.key.hex
        settle_placed(session, call.delivery_id, sid=sid, status="ringing", now=now)
    called = ServiceCall(line, ROSA, sid, key)
    assert "To have us ring you" in called.presses("1")
    assert "We will ring you at" in called.presses("1")
    line.keeps_to(IN_A_STEP)
