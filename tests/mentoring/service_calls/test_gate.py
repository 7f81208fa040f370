"""The gate of automated calls: who may be rung by the service now, who later, and who never."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from mentoring.contacts import begin_leg, see_leg
from mentoring.db import Database, Session
from mentoring.marks import MarkName, set_mark
from mentoring.models import (
    Contact,
    ContactKind,
    Delivery,
    DeliveryStatus,
    Invitation,
    InvitationState,
    LegSide,
    Line,
    Mode,
    OptOutKind,
    Outcome,
    Person,
    PersonState,
    StaffTask,
)
from mentoring.optouts import refuse
from mentoring.people import find_or_add_phone, number_of
from mentoring.queueing import queue_call
from mentoring.service_calls.calls import settle_placed
from mentoring.service_calls.claims import ClaimedCalls, claim_calls
from tests.make import NOW, agree, all_at_once, another_process, make_lines, make_match, make_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Ten in the evening in Chicago.
NIGHT = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)


@pytest.fixture
def line(session: Session) -> Line:
    return make_lines(session, 1)[0]


@pytest.fixture
def ben(session: Session) -> Person:
    return make_person(session)


def queued(
    session: Session,
    person: Person,
    line: Line,
    *,
    key: str = "call",
    invitation_id: int | None = None,
    keep_for: timedelta = 3 * DAY,
    now: datetime = NOW,
) -> Delivery:
    made = queue_call(
        session,
        flow="main_menu",
        person=person,
        line=line,
        dedupe_key=key,
        invitation_id=invitation_id,
        keep_for=keep_for,
        now=now,
    )
    return session.get_one(Delivery, made)


def dialled(session: Session, *, now: datetime = NOW) -> list[str]:
    """Claim what is due, and let the carrier take it; returns the numbers."""
    claimed = claim_calls(session, now=now)
    for call in claimed.calls:
        sid = f"CA{call.delivery_id:032x}"
        settle_placed(session, call.delivery_id, sid=sid, status="queued", now=now)
        see_leg(session, call_sid=sid, status="completed", side=LegSide.CALLER, now=now)
    return [call.to for call in claimed.calls]


def entry(session: Session, row: Delivery) -> Contact:
    return session.get_one(Contact, row.contact_id)


def rules(session: Session) -> list[str]:
    return list(session.scalars(select(StaffTask.rule)))


def test_a_call_that_may_be_made_is_claimed_with_its_entry_in_the_log(
    session: Session, ben: Person, line: Line
) -> None:
    row = queued(session, ben, line)
    (call,) = claim_calls(session, now=NOW).calls
    assert (call.from_line, call.tries, call.may_leave_message) == (line.number, 1, True)
    assert (row.status, row.body_sealed) == (DeliveryStatus.SENDING, None)
    log = entry(session, row)
    assert (log.kind, log.outcome, log.ended_at) == (ContactKind.SERVICE, Outcome.ATTEMPTED, None)
    assert claim_calls(session, now=NOW).seen == 0


def test_a_number_under_a_key_that_the_worker_does_not_know_keeps_no_other_call_waiting(
    session: Session, ben: Person, line: Line
) -> None:
    ada = make_person(session, name="Ada", which=3)
    ada.phone.number_sealed = bytes([9]) + ada.phone.number_sealed[1:]
    waits = queued(session, ada, line, key="first")
    queued(session, ben, line)
    assert dialled(session) == [number_of(session, ben.phone)]
    assert (waits.status, waits.not_before > NOW) == (DeliveryStatus.QUEUED, True)
    assert rules(session) == ["config"]


def test_the_same_key_queues_one_call(session: Session, ben: Person, line: Line) -> None:
    queued(session, ben, line)
    again = queue_call(session, flow="main_menu", person=ben, line=line, dedupe_key="call", now=NOW)
    assert again is None


def without_consent(session: Session, person: Person) -> None:
    agree(session, person.phone, "C2", agreed=False, person=person)


def opts_out(session: Session, person: Person) -> None:
    refuse(session, person.phone, OptOutKind.CALLS, source="voice", now=NOW)


def texts_stop(session: Session, person: Person) -> None:
    refuse(session, person.phone, OptOutKind.TEXTS, source="text", now=NOW)


def is_out_of_use(_: Session, person: Person) -> None:
    person.phone.unusable_at = NOW


def reads_texts(_: Session, person: Person) -> None:
    person.mode = Mode.TEXT


def is_suspended(_: Session, person: Person) -> None:
    person.state = PersonState.SUSPENDED


def moves(session: Session, person: Person) -> None:
    person.phone = find_or_add_phone(session, "+15155550177", now=NOW)


def loses_the_zone(_: Session, person: Person) -> None:
    person.zone = None


@pytest.mark.parametrize(
    ("change", "reason", "tasks"),
    [
        (without_consent, "no consent to automated calls", []),
        (opts_out, "wants no automated calls", []),
        (texts_stop, "opted out of texts", []),
        (is_out_of_use, "number not dialable", ["number"]),
        (reads_texts, "reads texts", []),
        (is_suspended, "not with us", []),
        (moves, "has another phone by now", []),
    ],
)
def test_what_changed_since_the_call_was_queued_counts_and_is_told_in_the_log(
    session: Session,
    ben: Person,
    line: Line,
    *,
    change: Callable[[Session, Person], None],
    reason: str,
    tasks: list[str],
) -> None:
    row = queued(session, ben, line)
    change(session, ben)
    session.flush()
    assert dialled(session) == []
    assert row.status is DeliveryStatus.BLOCKED
    log = entry(session, row)
    assert (log.outcome, log.reason, log.ended_at) == (Outcome.NOT_RUNG, reason, NOW)
    assert rules(session) == tasks


def test_without_a_zone_a_call_is_kept_as_long_as_it_may_be_and_staff_are_asked(
    session: Session, ben: Person, line: Line
) -> None:
    row = queued(session, ben, line, keep_for=timedelta(minutes=90))
    loses_the_zone(session, ben)
    assert dialled(session) == []
    assert (row.status, row.not_before) == (DeliveryStatus.QUEUED, NOW + timedelta(hours=1))
    assert dialled(session, now=NOW + timedelta(hours=1)) == []
    assert (row.status, entry(session, row).reason) == (DeliveryStatus.BLOCKED, "no time zone")
    assert rules(session) == ["zone"]


@pytest.mark.parametrize("number", ["+19005550123", "+442079460123"])
def test_a_number_that_costs_or_is_foreign_is_never_rung(
    session: Session, line: Line, number: str
) -> None:
    ben = make_person(session, phone=find_or_add_phone(session, number, now=NOW))
    row = queued(session, ben, line)
    assert dialled(session) == []
    assert entry(session, row).reason == "number not dialable"
    assert rules(session) == ["number"]


def test_a_rehearsal_rings_fictional_numbers_only(session: Session, line: Line) -> None:
    session.programme = replace(session.programme, fictional_numbers_only=True)
    real = make_person(session, phone=find_or_add_phone(session, "+15155550200", now=NOW))
    queued(session, real, line)
    queued(session, make_person(session, name="Ada", which=4), line, key="other")
    assert dialled(session) == ["+15155550134"]


def test_at_night_a_call_waits_until_the_hours_of_the_person(
    session: Session, ben: Person, line: Line
) -> None:
    row = queued(session, ben, line, now=NIGHT)
    assert dialled(session, now=NIGHT) == []
    assert (row.status, row.not_before) == (DeliveryStatus.QUEUED, MORNING)
    assert len(dialled(session, now=MORNING)) == 1


def test_the_hours_are_those_of_the_persons_own_zone(session: Session, line: Line) -> None:
    ben = make_person(session, zone="Pacific/Honolulu")
    row = queued(session, ben, line)
    assert dialled(session) == []
    assert row.not_before == NOW + HOUR


def test_a_call_that_would_come_too_late_expires_at_once_and_is_told_in_the_log(
    session: Session, ben: Person, line: Line
) -> None:
    row = queued(session, ben, line, keep_for=2 * HOUR, now=NIGHT)
    assert dialled(session, now=NIGHT) == []
    assert row.status is DeliveryStatus.EXPIRED
    assert entry(session, row).reason == "could not be made in time"


def test_a_call_that_is_too_old_is_not_made(session: Session, ben: Person, line: Line) -> None:
    row = queued(session, ben, line, keep_for=HOUR)
    assert dialled(session, now=NOW + HOUR) == []
    assert row.status is DeliveryStatus.EXPIRED


def test_a_phone_is_rung_once_a_day_of_its_own(session: Session, ben: Person, line: Line) -> None:
    queued(session, ben, line)
    later = queued(session, ben, line, key="other")
    assert len(dialled(session)) == 1
    assert later.not_before == MORNING
    assert dialled(session, now=MORNING - timedelta(seconds=1)) == []
    assert len(dialled(session, now=MORNING)) == 1


def test_two_who_share_a_phone_share_the_one_call_a_day(session: Session, line: Line) -> None:
    ben = make_person(session)
    ana = make_person(session, name="Ana", phone=ben.phone)
    queued(session, ben, line)
    queued(session, ana, line, key="other")
    assert len(dialled(session)) == 1


def test_the_settings_say_how_many_calls_a_day(session: Session, ben: Person, line: Line) -> None:
    session.programme = replace(session.programme, service_calls_a_day=2)
    for key in "abc":
        queued(session, ben, line, key=key)
    assert len(dialled(session)) == 2


def test_one_invitation_brings_two_calls_at_most(session: Session, line: Line) -> None:
    match = make_match(session)
    ben = match.sides[0].person
    about = Invitation(
        flow="main_menu",
        match_id=match.id,
        person_id=ben.id,
        number=1,
        state=InvitationState.ASKED,
        due_at=NOW,
    )
    session.add(about)
    session.flush()
    made = 0
    for day in range(3):
        now = NOW + day * DAY
        row = queued(session, ben, line, key=str(day), invitation_id=about.id, now=now)
        made += len(dialled(session, now=now))
    assert made == 2
    assert entry(session, row).reason == "called often enough"


def test_who_is_in_a_call_with_us_is_left_alone_for_a_quarter_of_an_hour(
    session: Session, ben: Person, line: Line
) -> None:
    begin_leg(session, call_sid="CA" + "1" * 32, phone_id=ben.phone_id, now=NOW)
    row = queued(session, ben, line)
    assert dialled(session) == []
    assert (row.status, row.not_before) == (DeliveryStatus.QUEUED, NOW + timedelta(minutes=15))


def test_while_the_carrier_refuses_the_account_nothing_is_claimed(
    session: Session, ben: Person, line: Line
) -> None:
    queued(session, ben, line)
    set_mark(session, MarkName.SENDING_PAUSES, NOW + HOUR)
    session.flush()
    assert claim_calls(session, now=NOW).seen == 0
    assert len(dialled(session, now=NOW + HOUR)) == 1


def test_two_dispatchers_ring_one_phone_once_though_two_calls_are_due(real_db: Database) -> None:
    with real_db.transaction() as session:
        line = make_lines(session, 1)[0]
        ben = make_person(session)
        for key in "ab":
            queued(session, ben, line, key=key)

    def claim(db: Database) -> ClaimedCalls:
        with db.transaction() as session:
            return claim_calls(session, now=NOW, limit=1)

    with another_process(real_db) as other:
        claimed = all_at_once(lambda: claim(real_db), lambda: claim(other))
    calls = [call for each in claimed if isinstance(each, ClaimedCalls) for call in each.calls]
    assert len(calls) == 1, claimed
