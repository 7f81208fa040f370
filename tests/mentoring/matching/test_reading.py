"""What matching reads of the people in the database, and what it decides about them."""

from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import select

from mentoring.alerts import close_alert
from mentoring.conversations import begin, take
from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.flows.inputs import Text
from mentoring.holds import hold_match
from mentoring.matches import close_match, move_match
from mentoring.matching.bars import bar_pair, lift_bar
from mentoring.matching.board import Board, read_board
from mentoring.matching.candidates import Candidate
from mentoring.models import (
    AuditEntry,
    BarReason,
    Channel,
    ClosureReason,
    MatchBar,
    MatchState,
    Mode,
    Person,
    PersonState,
    Role,
)
from mentoring.oversight.rules import OutcomeCode
from mentoring.people import move_person
from mentoring.safety.worry import open_worry
from tests.databases import StatementCounter
from tests.make import NOW, agree, make_lines, make_match, make_person, take_offer_back

DAY = timedelta(days=1)
LONG_AGO = NOW - 100 * DAY


def protege(session: Session, name: str = "Ben", which: int = 1, **facts: str) -> Person:
    """Add a protege who waits, with answers of the intake."""
    person = make_person(session, name=name, which=which, now=LONG_AGO)
    person.profile = {"topics": "A,B", "hours": "3", "stage": "2"} | facts
    return person


def mentor(session: Session, name: str = "Ada", which: int = 2, **facts: str) -> Person:
    """Add a mentor who has been available for long, for two people."""
    person = make_person(
        session, Role.MENTOR, name, which=which, state=PersonState.AVAILABLE, now=LONG_AGO
    )
    person.profile = {"topics": "A,B", "hours": "3", "years": "4", "capacity": "2"} | facts
    return person


def board(session: Session, now: datetime = NOW) -> Board:
    """Read everything as it is."""
    session.flush()
    return read_board(session, now=now)


def seen(session: Session, person: Person, now: datetime = NOW) -> Candidate:
    """Return one person as matching sees them."""
    pool = board(session, now).pool
    return next(each for each in (*pool.proteges, *pool.mentors) if each.id == person.id)


# -- the fictional programme ----------------------------------------------------------------------


def test_nobody_fits_jean_luc_and_the_gap_report_names_him(seeded: Database) -> None:
    with seeded.transaction() as session:
        found = read_board(session, now=NOW)
    jean_luc = found.suggestions("P04")

    assert jean_luc is not None
    assert (jean_luc.pick, jean_luc.top) == (None, ())
    assert [gap.words for gap in found.gaps] == [
        "French, evenings, money: 1 person, longest 34 days"
    ]
    assert [code for gap in found.gaps for code in gap.codes] == ["P04"]
    # The only mentor who speaks French has no place.
    sylvie = jean_luc.near_misses[0]
    assert (sylvie.mentor.code, [each.id for each in sylvie.failed]) == ("M04", ["H2"])


def test_tomas_and_carmen_fit_with_eighty_points_or_more(seeded: Database) -> None:
    with seeded.transaction() as session:
        tomas = read_board(session, now=NOW).suggestions("P06")

    assert tomas is not None
    carmen = tomas.near_misses[0]
    assert carmen.mentor.code == "M08"
    assert carmen.score >= 80
    # He has an offer, and it is hers: her one place is kept for it.
    assert [each.id for each in carmen.failed] == ["H1", "H2"]


def test_when_tomas_waits_again_the_plan_picks_carmen_for_him(seeded: Database) -> None:
    with seeded.transaction() as session:
        take_offer_back(session, now=NOW)
        found = board(session)

    assert found.plan.picks == {"P06": "M08"}


def test_who_is_in_screening_is_suggested_to_nobody(seeded: Database) -> None:
    with seeded.transaction() as session:
        for person in session.scalars(select(Person).where(Person.role == Role.PROTEGE)):
            person.state = PersonState.WAITING
        found = board(session)

    assert len(found.pool.proteges) > 10
    assert "M12" in {each.code for each in found.pool.mentors}
    assert "M12" not in found.plan.picks.values()
    for top in found.plan.top.values():
        assert "M12" not in {code for code, _ in top}


# -- what is read ---------------------------------------------------------------------------------


def test_the_answers_of_the_intake_are_read(session: Session) -> None:
    one = protege(
        session,
        sectors="food, nonsense",
        languages="es",
        advice="either",
        planning="plan",
        pace="loud",
        prefers_lived_experience="yes",
        cross_mode="no",
    )
    one.community = "North"
    found = seen(session, one)

    assert (found.topics, found.hours, found.stage) == (("A", "B"), "3", 2)
    assert found.sectors == {"food"}
    assert found.languages == {"en", "es"}
    assert found.way == {"plan"}
    assert (found.wants_lived_experience, found.crosses_modes) == (True, False)
    assert (found.mode, found.zone, found.community) == (Mode.BOTH, "America/Chicago", "North")
    assert found.agreed


def test_an_empty_or_strange_profile_is_nothing_asked_yet(session: Session) -> None:
    one = protege(session)
    one.profile = {"stage": "many", "topics": None, "hours": ""}
    found = seen(session, one)

    assert (found.topics, found.hours, found.stage, found.lessons) == ((), "", 0, None)


def test_the_lessons_that_a_mentor_has_passed_are_read(session: Session) -> None:
    taught, newcomer = mentor(session), mentor(session, which=3)
    begun = begin(
        session,
        "orientation_mentor",
        channel=Channel.TEXT,
        phone=taught.phone,
        person=taught,
        call_sid=None,
        now=NOW,
    ).conversation
    # The first lesson twice wrong, the second wrong and then right, the third right at once.
    for given in ("1", "1", "1", "1", "2", "1"):
        take(session, begun, Text(given), proof=f"SM{uuid4().hex}", now=NOW)

    assert seen(session, taught).lessons == frozenset({"OM2", "OM3"})
    assert seen(session, newcomer).lessons is None


def test_whoever_took_consent_back_is_not_matched(session: Session) -> None:
    one = protege(session)
    agree(session, one.phone, "C5", agreed=False, person=one, now=NOW)

    assert not seen(session, one).agreed


@pytest.mark.parametrize(
    ("days", "capacity", "places"),
    [(59, "3", 1), (60, "3", 3), (60, "2", 2), (60, "4", 3), (60, "", 1), (0, "1", 1)],
)
def test_a_mentor_begins_with_one_place(
    session: Session, days: int, capacity: str, places: int
) -> None:
    other = mentor(session, capacity=capacity)

    assert seen(session, other, LONG_AGO + days * DAY).places == places


@pytest.mark.parametrize("state", [MatchState.PAUSED, MatchState.CLOSING, MatchState.ACTIVE])
def test_every_match_that_is_not_closed_takes_a_place(session: Session, state: MatchState) -> None:
    make_lines(session)
    one, other = protege(session), mentor(session)
    match = make_match(session, one, other)
    move_match(session, match, state, actor="staff", reason="test", now=NOW)
    assert seen(session, other).taken == 1

    close_match(session, match, reason=ClosureReason.GOAL_MET, actor="staff", now=NOW)
    assert seen(session, other).taken == 0


def test_an_offer_or_a_pause_takes_no_place_in_the_line(session: Session) -> None:
    one = protege(session)
    for days, state in ((40, "offered"), (42, "waiting"), (50, "paused"), (60, "waiting")):
        at = LONG_AGO + days * DAY
        move_person(session, one, PersonState(state), actor="staff", reason="test", now=at)
    assert seen(session, one).days_waiting == 100


def test_after_a_match_the_wait_begins_anew(session: Session) -> None:
    make_lines(session)
    one, other = protege(session), mentor(session)
    match = make_match(session, one, other, now=NOW - 50 * DAY)
    close_match(
        *(session, match),
        reason=ClosureReason.MENTOR_LIFE_CHANGE,
        actor="staff",
        now=NOW - 10 * DAY,
    )
    waiting = PersonState.WAITING
    move_person(session, one, waiting, actor="staff", reason="test", now=NOW - 9 * DAY)
    found = seen(session, one)

    assert (found.days_waiting, found.had_bad_luck) == (9, True)


def test_a_match_closed_for_safety_is_never_suggested_again(session: Session) -> None:
    make_lines(session)
    one, other = protege(session), mentor(session)
    match = make_match(session, one, other)
    close_match(session, match, reason=ClosureReason.SAFETY, actor="staff", now=NOW)
    move_person(session, one, PersonState.WAITING, actor="staff", reason="test", now=NOW)
    found = board(session).suggestions(one.code)

    assert found is not None
    assert [each.words for each in found.near_misses[0].failed] == [
        "A match of these two was closed for safety."
    ]


def test_an_open_worry_keeps_both_sides_from_new_matches_until_it_is_closed(
    session: Session,
) -> None:
    make_lines(session)
    one, other = protege(session), mentor(session)
    match = make_match(session, one, other)
    alert = open_worry(session, key="x", person=one, phone=None, match_id=match.id, now=NOW)
    assert seen(session, other).safety_case

    close_alert(session, alert.id, code=OutcomeCode.SPOKE, actor="staff", now=NOW)
    assert not seen(session, other).safety_case
    hold_match(session, match, actor="staff", reason="test", now=NOW)
    assert seen(session, other).safety_case


def test_however_many_people_there_are_the_statements_are_the_same(
    db: Database, queries: StatementCounter
) -> None:
    counts = []
    for start in (10, 20):
        with db.transaction() as session:
            for which in range(start, start + 5):
                protege(session, which=2 * which)
                mentor(session, which=2 * which + 1)
        with db.transaction() as session, queries() as statements:
            read_board(session, now=NOW)
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 8


# -- what staff decide ----------------------------------------------------------------------------


def test_a_tick_keeps_two_apart_until_it_is_taken_back(session: Session) -> None:
    one, other = protege(session), mentor(session)
    session.flush()
    bar = partial(bar_pair, actor="staff:cleo", now=NOW)
    lift = partial(lift_bar, actor="staff:cleo", now=NOW)
    bar(session, one, other, reason=BarReason.FAMILY)
    assert board(session).plan.picks == {}
    with pytest.raises(ProgrammeError, match="kept apart already"):
        bar(session, one, other, reason=BarReason.STAFF)
    assert session.scalars(select(MatchBar.reason)).all() == [BarReason.FAMILY]

    lift(session, one, other, reason="A mistake.")
    assert board(session).plan.picks == {one.code: other.code}
    with pytest.raises(ProgrammeError, match="not kept apart"):
        lift(session, one, other, reason="Again.")
    pair = f"{one.code} {other.code}"
    assert audit(session) == [
        ("kept two apart", pair, "family"),
        ("took a tick back", pair, "A mistake."),
    ]


def test_a_tick_is_between_a_protege_and_a_mentor(session: Session) -> None:
    one, other = protege(session), mentor(session)
    with pytest.raises(ProgrammeError, match="Name a protege first"):
        bar_pair(session, other, one, reason=BarReason.STAFF, actor="staff:cleo", now=NOW)


def audit(session: Session) -> list[tuple[str, str, str]]:
    """Return what was written down as (what, about, why)."""
    session.flush()
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    return [(row.action, row.entity_id, row.reason) for row in rows]
