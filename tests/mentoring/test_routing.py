"""Whom a number reaches on a line: one open match, or nobody; and never a stranger."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from mentoring.db import Database, Session
from mentoring.lines import free_quarantined
from mentoring.matches import close_match, move_match
from mentoring.models import (
    ClosureReason,
    Match,
    MatchState,
    PersonState,
    Receipt,
    Role,
)
from mentoring.partners import partners_of
from mentoring.routing import (
    Reached,
    Refusal,
    Route,
    find_reached,
    find_reached_once,
    route_in_match,
    route_of_side,
)
from tests.databases import StatementCounter
from tests.make import (
    DAN,
    MAIN,
    NOW,
    all_at_once,
    another_process,
    make_lines,
    make_match,
    make_person,
    number,
)
from tests.waiting import is_held_up, within_patience

BEN, ADA = number(1), number(2)
FIRST, SECOND = "+15155550101", "+15155550102"


@pytest.fixture
def match(session: Session) -> Match:
    make_lines(session, 2)
    return make_match(session)


def reached(session: Session, caller: str | None, line: str) -> Route | Refusal | None:
    return find_reached(session, number=caller, line_number=line).way


def reached_once(session: Session, receipt: str, caller: str | None, line: str) -> Reached | None:
    return find_reached_once(session, receipt=receipt, number=caller, line_number=line, now=NOW)


@pytest.mark.parametrize(("caller", "name"), [(BEN, "Ada"), (ADA, "Ben")])
def test_each_side_reaches_the_other_on_their_line(
    session: Session, match: Match, caller: str, name: str
) -> None:
    way = reached(session, caller, match.line.number)
    assert isinstance(way, Route)
    assert way.other.person.first_name == name
    assert way.match.id == match.id
    assert way.mine.person_id != way.other.person_id


@pytest.mark.parametrize(
    ("caller", "line", "refusal"),
    [
        (DAN, FIRST, Refusal.UNKNOWN),
        (BEN, SECOND, Refusal.UNKNOWN),
        (None, FIRST, Refusal.WITHHELD),
        (None, SECOND, Refusal.WITHHELD),
        (BEN, "+15155550108", Refusal.NOT_OUR_LINE),
        (DAN, "+15155550108", Refusal.NOT_OUR_LINE),
        (BEN, "", Refusal.NOT_OUR_LINE),
        (FIRST, FIRST, Refusal.UNKNOWN),
        ("", FIRST, Refusal.UNKNOWN),
    ],
)
def test_whoever_is_no_side_of_a_match_on_that_line_reaches_nobody(
    session: Session, match: Match, caller: str | None, line: str, refusal: Refusal
) -> None:
    assert reached(session, caller, line) is refusal


@pytest.mark.parametrize("caller", [BEN, DAN, None])
def test_everybody_reaches_the_main_line(
    session: Session, match: Match, caller: str | None
) -> None:
    found = find_reached(session, number=caller, line_number=MAIN)
    assert found.line is not None
    assert found.line.number == MAIN
    assert found.way is None
    assert (found.phone is not None) is (caller == BEN)


@pytest.mark.parametrize("caller", [BEN, DAN, SECOND, MAIN, None])
@pytest.mark.parametrize("line", [FIRST, SECOND, MAIN, "+15155550108", ""])
def test_a_text_reaches_whom_a_call_does_and_nobody_a_second_time(
    session: Session, match: Match, caller: str | None, line: str
) -> None:
    of_a_call = find_reached(session, number=caller, line_number=line)
    first, second = (reached_once(session, "text:SM1", caller, line) for _ in range(2))
    other = reached_once(session, "text:SM2", caller, line)

    assert first == other == of_a_call
    assert second is None
    assert session.get_one(Receipt, "text:SM1").at == NOW


def test_of_one_text_that_comes_in_many_times_at_once_one_reaches_somebody(
    real_db: Database,
) -> None:
    with real_db.transaction() as session:
        make_lines(session, 2)
        make_match(session)

    def arrive(db: Database) -> str:
        with db.transaction() as session:
            found = reached_once(session, "text:SM1", BEN, FIRST)
            return "nobody" if found is None else type(found.way).__name__

    with another_process(real_db) as other:
        ways = all_at_once(*(lambda db=db: arrive(db) for db in (real_db, other) * 3))

    assert sorted(map(str, ways)) == ["Route"] + ["nobody"] * 5


def test_a_text_whose_handling_failed_reaches_somebody_when_it_comes_again(
    real_db: Database,
) -> None:
    with real_db.transaction() as session:
        make_lines(session, 2)
        make_match(session)

    with suppress(ConnectionError), real_db.transaction() as session:
        assert reached_once(session, "text:SM1", BEN, FIRST) is not None
        raise ConnectionError

    with real_db.transaction() as session:
        found = reached_once(session, "text:SM1", BEN, FIRST)
        assert found is not None
        assert isinstance(found.way, Route)


def test_a_text_that_waited_for_its_first_delivery_to_fail_sees_what_happened_meanwhile(
    real_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite the second one waits before its transaction begins, and so does the hold."""
    monkeypatch.setattr("mentoring.routing._A_WAIT", timedelta(0))
    with real_db.transaction() as session:
        make_lines(session, 2)
        match_id = make_match(session).id
        waits_inside = session.wire.dialect.name == "postgresql"

    def arrive(db: Database) -> Route | Refusal | None:
        with db.transaction() as session:
            found = reached_once(session, "text:SM1", BEN, FIRST)
            return found.way if found is not None else None

    def hold(db: Database) -> None:
        with db.transaction() as session:
            match = session.get_one(Match, match_id)
            move_match(
                session, match, MatchState.SAFETY_HOLD, actor="staff", reason="test", now=NOW
            )

    with another_process(real_db) as other, ThreadPoolExecutor(1) as pool:
        with suppress(ConnectionError), real_db.transaction() as session:
            assert reached_once(session, "text:SM1", BEN, FIRST) is not None
            second = pool.submit(arrive, other)
            if waits_inside:
                assert within_patience(lambda: is_held_up(other))
                hold(other)
            raise ConnectionError
        if not waits_inside:
            assert isinstance(second.result(timeout=10), Route)
            return
        assert second.result(timeout=10) is Refusal.HELD


@pytest.mark.parametrize("state", list(MatchState))
def test_a_match_connects_in_every_state_but_closed_and_on_hold(
    session: Session, match: Match, state: MatchState
) -> None:
    move_match(session, match, state, actor="staff", reason="test", now=NOW)
    session.flush()
    found = reached(session, BEN, match.line.number)
    refusals = {MatchState.CLOSED: Refusal.CLOSED, MatchState.SAFETY_HOLD: Refusal.HELD}
    assert found is refusals[state] if state in refusals else isinstance(found, Route)


def test_after_the_quarantine_an_old_caller_is_a_stranger_on_the_line(
    session: Session, match: Match
) -> None:
    close_match(session, match, reason=ClosureReason.TERM_END, actor="staff", now=NOW)
    free_quarantined(session, now=NOW + timedelta(days=30))
    assert reached(session, BEN, match.line.number) is Refusal.UNKNOWN


def test_a_line_after_quarantine_serves_the_next_pair_and_not_the_old_one(
    session: Session, match: Match
) -> None:
    close_match(session, match, reason=ClosureReason.TERM_END, actor="staff", now=NOW)
    later = NOW + timedelta(days=30)
    free_quarantined(session, now=later)
    eve = make_person(session, name="Eve", which=9)
    ada = match.sides[1].person
    lines = {make_match(session, eve, ada, now=later).line.number}
    (line,) = lines
    way = reached(session, ADA, line)
    assert isinstance(way, Route)
    assert way.other.person.first_name == "Eve"
    assert not isinstance(reached(session, BEN, line), Route)


def test_a_mentor_reaches_each_protege_on_a_line_of_their_own(
    session: Session, match: Match
) -> None:
    eve = make_person(session, name="Eve", which=9)
    second = make_match(session, eve, match.sides[1].person)
    names = set()
    for line in (match.line.number, second.line.number):
        way = reached(session, ADA, line)
        assert isinstance(way, Route)
        names.add(way.other.person.first_name)
    assert names == {"Ben", "Eve"}


def test_the_way_is_found_in_few_statements(
    session: Session, match: Match, queries: StatementCounter
) -> None:
    line = match.line.number
    session.flush()
    session.expire_all()
    with queries() as statements:
        way = reached(session, BEN, line)
        assert isinstance(way, Route)
        assert way.other.person.first_name == "Ada"
        assert way.other.phone.id != way.mine.phone_id
    assert len(statements) <= 3


def test_the_partners_of_a_person_are_those_of_open_matches_oldest_first(
    session: Session, match: Match
) -> None:
    ada = match.sides[1].person
    eve = make_person(session, name="Eve", which=9)
    later = make_match(session, eve, ada, now=NOW + timedelta(days=1))
    assert [partner.name for partner in partners_of(session, ada.id)] == ["Ben", "Eve"]

    move_match(session, match, MatchState.SAFETY_HOLD, actor="staff", reason="x", now=NOW)
    session.flush()
    (left,) = partners_of(session, ada.id)
    assert (left.name, left.match_id) == ("Eve", later.id)
    close_match(session, later, reason=ClosureReason.OTHER, actor="staff", now=NOW)
    session.flush()
    assert partners_of(session, ada.id) == []


def test_a_route_can_be_found_again_by_its_side_while_it_connects(
    session: Session, match: Match
) -> None:
    (mine,) = (side for side in match.sides if side.role is Role.PROTEGE)
    way = route_of_side(session, mine.id)
    assert way is not None
    assert way.other.role is Role.MENTOR
    assert route_in_match(session, match.id, mine.person_id) == way

    move_match(session, match, MatchState.SAFETY_HOLD, actor="staff", reason="x", now=NOW)
    session.flush()
    assert route_of_side(session, mine.id) is None
    assert route_in_match(session, match.id, mine.person_id) is None


def test_nobody_has_a_route_in_a_match_of_others(session: Session, match: Match) -> None:
    eve = make_person(session, name="Eve", which=9)
    assert route_in_match(session, match.id, eve.id) is None
    assert route_in_match(session, None, eve.id) is None
    assert route_in_match(session, match.id, None) is None
    assert route_of_side(session, 999_999) is None


@pytest.mark.parametrize("state", [PersonState.SUSPENDED, PersonState.EXITED])
@pytest.mark.parametrize("who", [0, 1])
def test_nobody_reaches_or_is_reached_by_somebody_suspended_or_gone(
    session: Session, state: PersonState, who: int
) -> None:
    make_lines(session, 1)
    match = make_match(session)
    match.sides[who].person.state = state
    session.flush()
    for caller in (BEN, ADA):
        way = find_reached(session, number=caller, line_number=match.line.number).way
        assert isinstance(way, Refusal)
