"""Matches are opened and closed by staff only; every change of state is one logged row."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.matches import close_match, match_with_code, move_match
from mentoring.models import (
    ClosureReason,
    Line,
    Match,
    MatchState,
    Person,
    PersonState,
    Role,
    Transition,
)
from mentoring.routing import Refusal, Route, find_reached
from tests.make import (
    NOW,
    make_lines,
    make_match,
    make_person,
    number,
)

LATER = NOW + timedelta(days=40)


@pytest.fixture
def lines(session: Session) -> list[Line]:
    return make_lines(session, 3)


@pytest.fixture
def ben(session: Session, lines: list[Line]) -> Person:
    return make_person(session)


@pytest.fixture
def ada(session: Session, lines: list[Line]) -> Person:
    return make_person(session, Role.MENTOR, "Ada", state=PersonState.AVAILABLE)


def history(session: Session, entity: str, entity_id: int) -> list[tuple[str | None, str, str]]:
    """Return each change as (from, to, reason), oldest first."""
    session.flush()
    rows = session.scalars(
        select(Transition)
        .where(Transition.entity == entity, Transition.entity_id == entity_id)
        .order_by(Transition.id)
    )
    return [(row.from_state, row.to_state, row.reason) for row in rows]


def close(session: Session, match: Match, reason: ClosureReason = ClosureReason.TERM_END) -> None:
    close_match(session, match, reason=reason, actor="staff:cleo", now=NOW)


def test_an_opened_match_is_in_its_introduction_with_both_sides_on_one_line(
    session: Session, ben: Person, ada: Person
) -> None:
    match = make_match(session, ben, ada)
    assert (match.code, match.state, match.opened_at) == ("K01", MatchState.INTRO, NOW)
    assert [(side.role, side.person, side.line_id) for side in match.sides] == [
        (Role.PROTEGE, ben, match.line_id),
        (Role.MENTOR, ada, match.line_id),
    ]


def test_opening_and_closing_are_logged_for_the_match_and_for_both_people(
    session: Session, ben: Person, ada: Person
) -> None:
    match = make_match(session, ben, ada)
    close(session, match, ClosureReason.GOAL_MET)

    assert history(session, "match", match.id) == [
        (None, "intro", "match opened"),
        ("intro", "closed", "goal_met"),
    ]
    assert history(session, "person", ben.id)[1:] == [
        ("waiting", "matched", "K01"),
        ("matched", "alum", "K01"),
    ]
    assert history(session, "person", ada.id)[1:] == [
        ("available", "active", "K01"),
        ("active", "available", "K01"),
    ]


def test_the_log_says_who_and_when(session: Session, ben: Person, ada: Person) -> None:
    match = make_match(session, ben, ada)
    close(session, match)
    session.flush()
    last = session.scalars(select(Transition).order_by(Transition.id.desc())).first()
    assert last is not None
    assert (last.actor, last.at) == ("staff:cleo", NOW)


def test_a_shared_phone_cannot_be_both_sides_of_a_match(session: Session, ben: Person) -> None:
    at_home = make_person(session, Role.MENTOR, "Eve", phone=ben.phone)
    with pytest.raises(ProgrammeError, match="P01 and M01 share one phone"):
        make_match(session, ben, at_home)
    assert session.scalars(select(Match)).all() == []


def test_the_protege_comes_first_and_the_mentor_second(
    session: Session, ben: Person, ada: Person
) -> None:
    for pair in ((ada, ben), (ben, ben), (ada, ada)):
        with pytest.raises(ProgrammeError, match="protege first and a mentor second"):
            make_match(session, *pair)


@pytest.mark.parametrize("state", [PersonState.SUSPENDED, PersonState.EXITED])
@pytest.mark.parametrize("who", [Role.PROTEGE, Role.MENTOR])
def test_somebody_suspended_or_gone_is_not_matched(
    session: Session, ben: Person, ada: Person, state: PersonState, who: Role
) -> None:
    (ben if who is Role.PROTEGE else ada).state = state
    with pytest.raises(ProgrammeError, match=f"is {state} and cannot be matched"):
        make_match(session, ben, ada)


def test_two_people_have_one_open_match(session: Session, ben: Person, ada: Person) -> None:
    make_match(session, ben, ada)
    with pytest.raises(ProgrammeError, match="P01 and M01 have an open match already"):
        make_match(session, ben, ada)


def test_two_people_may_be_matched_anew_after_closing_on_a_fresh_line(
    session: Session, ben: Person, ada: Person
) -> None:
    first = make_match(session, ben, ada)
    close(session, first)
    second = make_match(session, ben, ada)
    assert second.state is MatchState.INTRO
    assert second.code != first.code
    assert second.line_id != first.line_id


def test_after_the_quarantine_a_new_match_may_have_the_old_line(
    session: Session, ben: Person, ada: Person, lines: list[Line]
) -> None:
    for line in lines[1:]:
        line.retired_at = NOW
    first = make_match(session, ben, ada)
    close(session, first)
    second = make_match(session, ben, ada, now=LATER)

    reached = find_reached(session, number=number(1), line_number=lines[0].number)
    assert second.line_id == first.line_id
    assert isinstance(reached.way, Route)
    assert reached.way.match.id == second.id


def test_a_closed_match_is_not_closed_again(session: Session, ben: Person, ada: Person) -> None:
    match = make_match(session, ben, ada)
    close(session, match)
    with pytest.raises(ProgrammeError, match="K01 was closed on 2026-03-03 already"):
        close(session, match, ClosureReason.SAFETY)
    assert match.closure_reason is ClosureReason.TERM_END


def test_a_closed_match_connects_nobody_and_remembers_when_and_why(
    session: Session, ben: Person, ada: Person
) -> None:
    match = make_match(session, ben, ada)
    close(session, match, ClosureReason.NO_CONTACT)
    assert (match.closed_at, match.closure_reason) == (NOW, ClosureReason.NO_CONTACT)
    assert match.line_free_at == NOW + timedelta(days=30)
    for who in (1, 2):
        way = find_reached(session, number=number(who), line_number=match.line.number).way
        assert way is Refusal.CLOSED


def test_closing_one_of_two_matches_leaves_a_mentor_active(
    session: Session, ben: Person, ada: Person
) -> None:
    first = make_match(session, ben, ada)
    make_match(session, make_person(session, name="Eve", which=9), ada)
    close(session, first)
    assert (ben.state, ada.state) == (PersonState.ALUM, PersonState.ACTIVE)


@pytest.mark.parametrize("state", list(MatchState))
def test_only_closed_matches_and_those_on_hold_do_not_connect(state: MatchState) -> None:
    assert state.connects is (state not in (MatchState.CLOSED, MatchState.SAFETY_HOLD))


def test_a_hold_is_logged_and_stops_both_directions_at_once(
    session: Session, ben: Person, ada: Person
) -> None:
    match = make_match(session, ben, ada)
    move_match(session, match, MatchState.SAFETY_HOLD, actor="staff", reason="concern 1", now=NOW)
    for who in (1, 2):
        way = find_reached(session, number=number(who), line_number=match.line.number).way
        assert way is Refusal.HELD
    assert history(session, "match", match.id)[-1] == ("intro", "safety_hold", "concern 1")


def test_no_change_of_state_writes_no_row(session: Session, ben: Person, ada: Person) -> None:
    match = make_match(session, ben, ada)
    move_match(session, match, MatchState.INTRO, actor="staff", reason="again", now=NOW)
    assert len(history(session, "match", match.id)) == 1


def test_a_match_is_found_by_its_code_however_it_is_typed(
    session: Session, ben: Person, ada: Person
) -> None:
    match = make_match(session, ben, ada)
    assert match_with_code(session, " k01 ") is match


@pytest.mark.parametrize("code", ["K02", "", "1", "K01'; --"])
def test_an_unknown_code_is_said_in_a_sentence(session: Session, ben: Person, code: str) -> None:
    with pytest.raises(ProgrammeError, match="There is no match with the code"):
        match_with_code(session, code)


@pytest.mark.parametrize("state", [PersonState.SUSPENDED, PersonState.EXITED])
@pytest.mark.parametrize("which", [0, 1])
def test_closing_a_match_brings_nobody_back_who_was_suspended_or_has_left(
    session: Session, state: PersonState, which: int
) -> None:
    make_lines(session, 1)
    match = make_match(session)
    person = match.sides[which].person
    person.state = state
    close_match(session, match, reason=ClosureReason.SAFETY, actor="staff", now=NOW)
    assert person.state is state


@pytest.mark.parametrize("state", [PersonState.ON_BREAK, PersonState.PAUSED])
def test_closing_a_match_ends_no_break(session: Session, state: PersonState) -> None:
    make_lines(session, 1)
    match = make_match(session)
    ada = match.sides[1].person
    ada.state = state
    close_match(session, match, reason=ClosureReason.TERM_END, actor="staff", now=NOW)
    assert ada.state is state
