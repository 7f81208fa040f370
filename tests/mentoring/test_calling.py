"""May this call ring, was it accepted, and how did it end: told in any order, settled once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.call_end import calls_to_ask_about, finish_call
from mentoring.calling import (
    Accepted,
    NoRing,
    Ring,
    accept_whisper,
    decline_whisper,
    end_call,
    end_ring,
    plan_call,
)
from mentoring.contacts import begin_leg, call_is_over, see_leg
from mentoring.db import Database, Session
from mentoring.models import (
    Contact,
    LegSide,
    Match,
    Mode,
    Outcome,
    PersonState,
    StaffTask,
)
from mentoring.not_rung import NotRung
from mentoring.programme import Programme
from mentoring.routing import route_of_contact
from telephony.bridging import take_leg
from telephony.requests import LegIn
from tests.make import (
    NOW,
    another_process,
    make_lines,
    make_match,
    number,
    way_of,
)

ADA = number(2)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def match(session: Session) -> Match:
    make_lines(session, 1)
    return make_match(session)


def plan(
    session: Session,
    match: Match,
    *,
    call: str = "CA1",
    back: bool = False,
    after: timedelta = timedelta(),
) -> Ring | NoRing:
    made = plan_call(
        session, way_of(session, match, back=back), call_sid=call, attempt=1, now=NOW + after
    )
    session.flush()
    return made


def why(session: Session, match: Match, **facts: timedelta) -> NotRung | None:
    planned = plan(session, match, **facts)  # type: ignore[arg-type]
    return planned.why if isinstance(planned, NoRing) else None


def entry(session: Session, planned: Ring | NoRing) -> Contact:
    session.flush()
    return session.get_one(Contact, planned.contact_id)


def test_the_attempt_is_in_the_log_before_anything_rings(session: Session, match: Match) -> None:
    ring = plan(session, match)
    assert isinstance(ring, Ring)
    assert (ring.to_number, ring.line_number) == (ADA, match.line.number)
    assert entry(session, ring).outcome is Outcome.ATTEMPTED


def test_the_same_request_told_twice_rings_once(session: Session, match: Match) -> None:
    assert plan(session, match) == plan(session, match)
    assert len(session.scalars(select(Contact)).all()) == 1


@pytest.mark.parametrize(
    ("after", "is_late"),
    [
        (timedelta(hours=9, minutes=59), False),
        (timedelta(hours=10), True),
        (timedelta(hours=20, minutes=59), True),
        (timedelta(hours=21), False),
    ],
)
def test_nobody_is_rung_outside_the_hours_where_they_are(
    session: Session, match: Match, after: timedelta, is_late: bool
) -> None:
    assert (why(session, match, after=after) is NotRung.LATE) is is_late


@pytest.mark.parametrize("zone", [None, "Gone/Zone"])
def test_nobody_is_rung_whose_hours_we_cannot_know(
    session: Session, match: Match, zone: str | None
) -> None:
    match.sides[1].person.zone = zone
    assert why(session, match) is NotRung.NO_ZONE
    (task,) = session.scalars(select(StaffTask))
    assert (task.rule, task.person_id) == ("zone", match.sides[1].person_id)


def test_somebody_who_reads_texts_or_is_away_is_not_rung(session: Session, match: Match) -> None:
    ada = match.sides[1].person
    ada.mode = Mode.TEXT
    assert why(session, match) is NotRung.READS_TEXTS
    ada.mode = Mode.VOICE
    for step, state in enumerate((PersonState.ON_BREAK, PersonState.PAUSED)):
        ada.state = state
        planned = plan(session, match, call=f"CA9{step}")
        assert isinstance(planned, NoRing)
        assert planned.why is NotRung.AWAY


def test_a_number_out_of_use_is_not_rung_and_staff_are_asked_once(
    session: Session, match: Match
) -> None:
    match.sides[1].phone.unusable_at = NOW
    for call in ("CA1", "CA2"):
        planned = plan(session, match, call=call)
        assert isinstance(planned, NoRing)
        assert planned.why is NotRung.NOT_DIALABLE
    assert [task.rule for task in session.scalars(select(StaffTask))] == ["number"]


def test_a_country_that_the_programme_does_not_call_is_not_rung(
    session: Session, match: Match
) -> None:
    session.programme = Programme(dial_regions=("GB",))
    assert why(session, match) is NotRung.NOT_DIALABLE


def test_what_is_not_rung_is_in_the_log_with_its_reason(session: Session, match: Match) -> None:
    match.sides[1].person.mode = Mode.TEXT
    contact = entry(session, plan(session, match))
    assert (contact.outcome, contact.reason) == (Outcome.NOT_RUNG, "reads texts")
    assert contact.ended_at == NOW


def test_somebody_on_another_call_is_not_rung(session: Session, match: Match) -> None:
    see_leg(
        session,
        call_sid="CA7",
        status="in-progress",
        side=LegSide.CALLEE,
        phone_id=match.sides[1].phone_id,
        now=NOW,
    )
    assert why(session, match) is NotRung.BUSY


def test_two_who_call_each_other_do_not_both_ring(session: Session, match: Match) -> None:
    assert isinstance(plan(session, match), Ring)
    crossing = plan(session, match, call="CA2", back=True)
    assert isinstance(crossing, NoRing)
    assert crossing.why is NotRung.CROSSING


def test_an_accepted_call_is_a_talk_of_its_length(session: Session, match: Match) -> None:
    ring = plan(session, match)
    assert accept_whisper(session, ring.contact_id, now=NOW + MINUTE) is Accepted.JOINED
    end_ring(session, ring.contact_id, status="completed", seconds=150, now=NOW + 4 * MINUTE)
    contact = entry(session, ring)
    assert (contact.outcome, contact.seconds, contact.two_way) == (Outcome.TALKED, 150, True)


def test_a_yes_after_which_the_two_were_never_joined_is_no_talk(
    session: Session, match: Match
) -> None:
    ring = plan(session, match)
    accept_whisper(session, ring.contact_id, now=NOW)
    for bridged in (None, False, None):  # the leg's callback, the Dial, and the callback once more
        end_ring(session, ring.contact_id, status="completed", seconds=9, bridged=bridged, now=NOW)
    contact = entry(session, ring)
    assert (contact.outcome, contact.accepted_at) == (Outcome.NO_ANSWER, None)
    assert (contact.seconds, contact.two_way) == (None, False)


def test_a_talk_that_counted_stays_one_whatever_is_said_of_joining(
    session: Session, match: Match
) -> None:
    ring = plan(session, match)
    accept_whisper(session, ring.contact_id, now=NOW)
    for bridged in (None, False):
        end_ring(
            session, ring.contact_id, status="completed", seconds=150, bridged=bridged, now=NOW
        )
    contact = entry(session, ring)
    assert (contact.outcome, contact.seconds, contact.two_way) == (Outcome.TALKED, 150, True)


@pytest.mark.parametrize("status", ["completed", "answered"])
def test_a_voicemail_that_answered_is_no_talk_however_long(
    session: Session, match: Match, status: str
) -> None:
    ring = plan(session, match)
    end_ring(session, ring.contact_id, status=status, seconds=300, now=NOW + 5 * MINUTE)
    contact = entry(session, ring)
    assert (contact.outcome, contact.two_way) == (Outcome.NO_ANSWER, False)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("busy", Outcome.BUSY),
        ("no-answer", Outcome.NO_ANSWER),
        ("failed", Outcome.FAILED),
        ("canceled", Outcome.GAVE_UP),
        ("teleported", Outcome.NO_ANSWER),
    ],
)
def test_an_unanswered_call_ends_as_the_carrier_says(
    session: Session, match: Match, status: str, outcome: Outcome
) -> None:
    ring = plan(session, match)
    for told in (status, "completed", "busy"):
        end_ring(session, ring.contact_id, status=told, seconds=None, now=NOW + MINUTE)
    assert entry(session, ring).outcome is outcome


def test_a_declined_call_cannot_be_accepted_any_more(session: Session, match: Match) -> None:
    ring = plan(session, match)
    decline_whisper(session, ring.contact_id, now=NOW)
    session.flush()
    assert accept_whisper(session, ring.contact_id, now=NOW) is Accepted.TOO_LATE
    assert entry(session, ring).outcome is Outcome.DECLINED


def test_an_accepted_call_cannot_be_declined_any_more(session: Session, match: Match) -> None:
    ring = plan(session, match)
    accept_whisper(session, ring.contact_id, now=NOW)
    decline_whisper(session, ring.contact_id, now=NOW)
    assert entry(session, ring).outcome is Outcome.ACCEPTED


def test_whoever_accepts_after_the_caller_hung_up_is_told_so(
    session: Session, match: Match
) -> None:
    ring = plan(session, match)
    end_call(session, "CA1", now=NOW)
    session.flush()
    assert accept_whisper(session, ring.contact_id, now=NOW) is Accepted.TOO_LATE
    assert entry(session, ring).outcome is Outcome.GAVE_UP


def test_accepting_a_call_that_never_was_is_too_late(session: Session) -> None:
    assert accept_whisper(session, 999_999, now=NOW) is Accepted.TOO_LATE
    decline_whisper(session, 999_999, now=NOW)
    assert end_ring(session, 999_999, status="busy", seconds=None, now=NOW) is None


def test_a_call_whose_end_we_were_never_told_is_asked_about_once_in_a_quarter_of_an_hour(
    session: Session, match: Match
) -> None:
    begin_leg(session, call_sid="CA1", phone_id=match.sides[0].phone_id, now=NOW)
    assert calls_to_ask_about(session, now=NOW + 14 * MINUTE) == []
    assert calls_to_ask_about(session, now=NOW + 16 * MINUTE) == ["CA1"]
    session.flush()
    assert calls_to_ask_about(session, now=NOW + 17 * MINUTE) == []
    assert calls_to_ask_about(session, now=NOW + 32 * MINUTE) == ["CA1"]
    finish_call(session, "CA1", status="completed", seconds=60, now=NOW + 32 * MINUTE)
    session.flush()
    assert calls_to_ask_about(session, now=NOW + 60 * MINUTE) == []


def test_a_dialled_leg_ends_with_the_call_that_dialled_it(session: Session, match: Match) -> None:
    callee = match.sides[1].phone_id
    begin_leg(session, call_sid="CA1", phone_id=match.sides[0].phone_id, now=NOW)
    see_leg(
        session,
        call_sid="CA2",
        parent_sid="CA1",
        status="ringing",
        side=LegSide.CALLEE,
        phone_id=callee,
        now=NOW,
    )
    finish_call(session, "CA1", status="completed", seconds=60, now=NOW + MINUTE)
    assert call_is_over(session, "CA2")


def test_a_doubled_acceptance_does_not_shorten_the_talk(session: Session) -> None:
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


def test_hanging_up_while_the_other_side_accepts_sees_that_they_did(real_db: Database) -> None:
    with real_db.transaction() as session:
        make_lines(session, 1)
        way = way_of(session, make_match(session))
        ring = plan_call(session, way, call_sid="CA1", attempt=1, now=NOW)

    def hang_up(session: Session) -> list[Outcome]:
        later = NOW + timedelta(minutes=1)
        return [contact.outcome for contact in end_call(session, "CA1", now=later)]

    with another_process(real_db) as other, ThreadPoolExecutor(1) as pool:
        with real_db.transaction() as session:
            assert accept_whisper(session, ring.contact_id, now=NOW) is Accepted.JOINED
            session.flush()
            ended = pool.submit(other.run, hang_up)
            # It has to wait for this transaction, wherever it waits.
            with pytest.raises(TimeoutError):
                ended.result(timeout=0.2)
        assert ended.result(timeout=10) == [Outcome.TALKED]


def test_the_callback_of_the_leg_waits_for_the_dial_that_knows_that_nobody_was_joined(
    real_db: Database,
) -> None:
    with real_db.transaction() as session:
        make_lines(session, 1)
        way = way_of(session, make_match(session))
        ring = plan_call(session, way, call_sid="CA1", attempt=1, now=NOW)
        accept_whisper(session, ring.contact_id, now=NOW)
    told = LegIn("CA2", "CA1", "completed", 9, 3)

    with another_process(real_db) as other, ThreadPoolExecutor(1) as pool:
        with real_db.transaction() as session:
            route_of_contact(session, ring.contact_id, alone=True)
            leg = pool.submit(other.run, lambda late: take_leg(late, told, ring.contact_id, NOW))
            with pytest.raises(TimeoutError):
                leg.result(timeout=0.2)
            end_ring(
                session, ring.contact_id, status="completed", seconds=9, bridged=False, now=NOW
            )
        leg.result(timeout=10)
    with real_db.transaction() as session:
        contact = session.get_one(Contact, ring.contact_id)
        assert (contact.outcome, contact.accepted_at) == (Outcome.NO_ANSWER, None)
