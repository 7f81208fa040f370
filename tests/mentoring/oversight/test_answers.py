"""O7 to O9 and O15 to O17: what people answered, did not answer, agreed on or wait for."""

import pytest
from sqlalchemy import select

from mentoring.alerts import list_alerts
from mentoring.calendar.deeds import do_due
from mentoring.db import Session
from mentoring.lines import add_line
from mentoring.matches import open_match
from mentoring.models import (
    Delivery,
    InvitationState,
    LineKind,
    Match,
    MatchState,
    OptOutKind,
    Person,
    PersonState,
    Role,
    Severity,
)
from mentoring.optouts import refuse
from tests.make import NOW, make_person
from tests.watch import (
    DAY,
    HOUR,
    SECOND,
    answer,
    close,
    found,
    invite,
    log,
    make_pair,
    move,
    person_of,
    the_alert,
)

LAPSED, ANSWERED = InvitationState.LAPSED, InvitationState.ANSWERED


@pytest.fixture
def match(session: Session) -> Match:
    return make_pair(session)


@pytest.mark.parametrize(
    ("rating", "rules"), [("1", ["O7"]), ("2", ["O7"]), ("3", []), ("skip", [])]
)
def test_a_rating_of_two_or_less_is_an_alert(
    session: Session, match: Match, rating: str, rules: list[str]
) -> None:
    answer(session, match, "CK1", rating)
    assert found(session, at=NOW) == rules


@pytest.mark.parametrize(
    ("before", "after", "rules"), [("5", "3", ["O7"]), ("5", "4", []), ("3", "5", [])]
)
def test_a_rating_that_falls_by_two_points_is_an_alert(
    session: Session, match: Match, before: str, after: str, rules: list[str]
) -> None:
    answer(session, match, "CK1", before)
    answer(session, match, "CK1", after, at=NOW + 5 * DAY)
    assert found(session, at=NOW + 5 * DAY) == rules


def test_an_answer_that_was_corrected_counts_as_it_was_left(session: Session, match: Match) -> None:
    answer(session, match, "CK1", "1", "4")
    answer(session, match, "CK2", "little", "much")
    assert found(session, at=NOW) == []


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        ("little", "little", ["O7"]),
        ("much", "little", ["O7"]),
        ("right", "much", []),
        ("much", "right", []),
    ],
)
def test_an_amount_of_contact_that_is_wrong_twice_is_an_alert(
    session: Session, match: Match, before: str, after: str, rules: list[str]
) -> None:
    answer(session, match, "CK2", before)
    answer(session, match, "CK2", after, at=NOW + 5 * DAY)
    assert found(session, at=NOW + 5 * DAY) == rules


def test_each_side_of_a_pair_has_an_alert_of_its_own(session: Session, match: Match) -> None:
    answer(session, match, "CK1", "1")
    answer(session, match, "CK1", "2", role=Role.MENTOR)
    assert found(session, at=NOW) == ["O7", "O7"]


def test_a_low_rating_that_was_seen_to_comes_again_with_the_next_one_only(
    session: Session, match: Match
) -> None:
    answer(session, match, "CK1", "2")
    found(session, at=NOW)
    close(session, "O7", at=NOW + HOUR)
    assert found(session, at=NOW + 19 * DAY) == []
    answer(session, match, "CK1", "2", at=NOW + 20 * DAY)
    assert found(session, at=NOW + 20 * DAY) == ["O7"]


def test_answers_of_other_conversations_are_no_check_in(session: Session, match: Match) -> None:
    answer(session, match, "CK1", "1", flow="closure_survey")
    assert found(session, at=NOW) == []


@pytest.mark.parametrize(("wish", "rules"), [("yes", ["O8"]), ("no", [])])
def test_the_wish_for_a_call_in_a_check_in_is_an_alert(
    session: Session, match: Match, wish: str, rules: list[str]
) -> None:
    answer(session, match, "CK4", wish)
    assert found(session, at=NOW) == rules


@pytest.mark.parametrize(
    ("states", "rules"),
    [
        ((LAPSED, LAPSED), ["O9"]),
        ((LAPSED,), []),
        ((LAPSED, ANSWERED), []),
        ((LAPSED, ANSWERED, LAPSED), []),
        ((LAPSED, LAPSED, InvitationState.WAITING), ["O9"]),
        ((LAPSED, LAPSED, InvitationState.CANCELLED), ["O9"]),
    ],
)
def test_two_check_ins_in_a_row_that_nobody_answered_are_an_alert(
    session: Session, match: Match, states: tuple[InvitationState, ...], rules: list[str]
) -> None:
    for day, state in enumerate(states):
        invite(session, match, state, at=NOW + day * DAY)
    assert found(session, at=NOW + 9 * DAY) == rules


def test_a_survey_that_lapsed_is_no_check_in(session: Session, match: Match) -> None:
    for day in range(2):
        invite(session, match, LAPSED, at=NOW + day * DAY, flow="milestone")
    assert found(session, at=NOW + 9 * DAY) == []


@pytest.mark.parametrize("state", [MatchState.EARLY, MatchState.ACTIVE])
def test_a_pair_without_a_plan_on_day_fourteen_is_an_alert(
    session: Session, state: MatchState
) -> None:
    match = make_pair(session, state, plan=False)
    log(session, match)
    assert found(session, at=NOW + 14 * DAY - SECOND) == []
    assert found(session, at=NOW + 14 * DAY) == ["O15"]


@pytest.mark.parametrize("state", [MatchState.INTRO, MatchState.PAUSED, MatchState.CLOSING])
def test_before_the_first_talk_and_at_rest_nobody_needs_a_plan(
    session: Session, state: MatchState
) -> None:
    make_pair(session, state, plan=False)
    assert "O15" not in found(session, at=NOW + 30 * DAY)


def test_without_a_plan_on_day_fourteen_far_apart_wishes_are_an_alert_anew(
    session: Session,
) -> None:
    match = make_pair(session, plan=False)
    log(session, match)
    for role, wish in zip(Role, ("week", "month"), strict=True):
        answer(session, match, "GP3", wish, flow="plan", role=role, at=NOW + DAY)
    assert found(session, at=NOW + 2 * DAY) == ["O15"]
    close(session, "O15", at=NOW + 4 * DAY)
    assert found(session, at=NOW + 13 * DAY) == []
    assert found(session, at=NOW + 14 * DAY) == ["O15"]


@pytest.mark.parametrize(
    ("wishes", "rules"),
    [
        (("week", "month"), ["O15"]),
        (("month", "week"), ["O15"]),
        (("week", "two_weeks"), []),
        (("month", "month"), []),
    ],
)
def test_two_wishes_that_are_two_steps_apart_are_an_alert_at_once(
    session: Session, wishes: tuple[str, str], rules: list[str]
) -> None:
    match = make_pair(session, plan=False)
    for role, wish in zip(Role, wishes, strict=True):
        answer(session, match, "GP3", wish, flow="plan", role=role)
    assert found(session, at=NOW) == rules


def test_once_both_have_agreed_their_first_wishes_are_history(
    session: Session, match: Match
) -> None:
    for role, wish in zip(Role, ("week", "month"), strict=True):
        answer(session, match, "GP3", wish, flow="plan", role=role)
    assert found(session, at=NOW) == []


@pytest.mark.parametrize("kind", OptOutKind)
def test_an_opt_out_in_a_match_is_an_alert_even_while_it_rests(
    session: Session, match: Match, kind: OptOutKind
) -> None:
    refuse(session, person_of(match).phone, kind, source="test", now=NOW)
    move(session, match, MatchState.PAUSED)
    assert found(session, at=NOW) == ["O16"]
    close(session, "O16", at=NOW + HOUR)
    assert found(session, at=NOW + 60 * DAY) == []


def test_an_opt_out_without_a_match_is_nobodys_alert(session: Session, match: Match) -> None:
    move(session, match, MatchState.CLOSED)
    refuse(session, person_of(match).phone, OptOutKind.TEXTS, source="test", now=NOW)
    assert found(session, at=NOW) == []


def test_waiting_for_a_mentor_weighs_more_in_each_of_three_stages(session: Session) -> None:
    make_person(session, state=PersonState.WAITING)
    session.flush()
    assert found(session, at=NOW + 21 * DAY - SECOND) == []
    for day, severity in ((21, Severity.LOW), (30, Severity.MEDIUM), (45, Severity.HIGH)):
        before = [alert.severity for alert in list_alerts(session)]
        found(session, at=NOW + day * DAY - SECOND)
        assert [alert.severity for alert in list_alerts(session)] == before
        assert found(session, at=NOW + day * DAY) == ["O17"]
        alert = the_alert(session, "O17")
        assert (alert.severity, alert.words) == (
            severity,
            f"P01 has waited {day} days for a mentor. Call them.",
        )


def test_a_stage_of_waiting_that_was_seen_to_comes_again_with_the_next_stage(
    session: Session,
) -> None:
    make_person(session, state=PersonState.WAITING)
    session.flush()
    found(session, at=NOW + 21 * DAY)
    close(session, "O17", at=NOW + 22 * DAY)
    assert found(session, at=NOW + 30 * DAY - SECOND) == []
    assert found(session, at=NOW + 30 * DAY) == ["O17"]


def test_a_mentor_who_is_available_does_not_wait_in_this_sense(session: Session) -> None:
    make_person(session, Role.MENTOR, state=PersonState.AVAILABLE)
    session.flush()
    assert found(session, at=NOW + 29 * DAY) == []
    # What they are asked after a month is another thing.
    assert found(session, at=NOW + 60 * DAY) == ["O18"]


def mentor_of(session: Session, match: Match, **told: str) -> Person:
    """Return the mentor of a match, who told so at the intake."""
    mentor = next(side.person for side in match.sides if side.role is Role.MENTOR)
    mentor.state = PersonState.ACTIVE
    mentor.profile = {**mentor.profile, **told}
    session.flush()
    return mentor


def another_match(session: Session, mentor: Person) -> None:
    """Bring a mentor together with one more."""
    add_line(session, "+15155550109", LineKind.PAIR, now=NOW)
    another = make_person(session, name="Kim", which=7)
    open_match(session, protege=another, mentor=mentor, actor="staff", now=NOW)


@pytest.mark.parametrize(("capacity", "rules"), [("1", ["O18"]), ("2", []), ("", [])])
def test_more_matches_than_a_mentor_said_are_too_much(
    session: Session, match: Match, capacity: str, rules: list[str]
) -> None:
    mentor = mentor_of(session, match, capacity=capacity)
    another_match(session, mentor)
    assert found(session, at=NOW + HOUR) == rules


@pytest.mark.parametrize(
    ("stated", "hours", "rules"),
    [("1", 3, []), ("1", 3.1, ["O18"]), ("2", 5, []), ("2", 6.5, ["O18"]), ("3", 40, [])],
)
def test_half_more_than_the_hours_that_a_mentor_said_is_too_much(
    session: Session, match: Match, stated: str, hours: float, rules: list[str]
) -> None:
    mentor_of(session, match, monthly_hours=stated)
    for day in range(10):
        log(session, match, at=NOW + day * DAY, seconds=round(hours * 360))
    assert [rule for rule in found(session, at=NOW + 10 * DAY) if rule == "O18"] == rules


def test_talks_of_more_than_a_month_ago_weigh_nothing_any_more(
    session: Session, match: Match
) -> None:
    mentor_of(session, match, monthly_hours="1")
    log(session, match, at=NOW, seconds=8 * 3600)
    assert "O18" not in found(session, at=NOW + 31 * DAY)


def test_a_mentor_with_too_much_is_not_told_that_there_is_no_match_for_them(
    session: Session, match: Match
) -> None:
    mentor = mentor_of(session, match, capacity="1")
    another_match(session, mentor)
    assert found(session, at=NOW + HOUR) == ["O18"]
    do_due(session, now=NOW + HOUR)
    texted = select(Delivery.id).where(Delivery.to_person_id == mentor.id)
    assert session.scalars(texted).all() == []
