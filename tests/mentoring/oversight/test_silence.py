"""O1 to O4: each at its limit, a second before it, and never while a pair is left in peace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mentoring.db import Database, Session
from mentoring.holds import hold_match, release_match
from mentoring.models import ContactKind, Match, MatchState, Outcome, Severity
from mentoring.oversight.rules import Thresholds
from tests.make import NOW
from tests.watch import (
    DAY,
    SECOND,
    agree_on,
    answer,
    close,
    found,
    log,
    make_pair,
    move,
    the_alert,
)


@pytest.fixture
def match(session: Session) -> Match:
    """An active pair who talked now, with a plan of two weeks."""
    made = make_pair(session)
    log(session, made)
    return made


def test_no_first_talk_is_an_alert_after_seven_days_and_not_a_second_sooner(
    session: Session,
) -> None:
    make_pair(session, MatchState.INTRO)
    assert found(session, at=NOW + 7 * DAY - SECOND) == []
    assert found(session, at=NOW + 7 * DAY) == ["O1"]
    assert the_alert(session, "O1").severity is Severity.MEDIUM


def test_no_first_talk_is_an_alert_again_after_ten_days(session: Session) -> None:
    make_pair(session, MatchState.INTRO)
    found(session, at=NOW + 7 * DAY)
    close(session, "O1", at=NOW + 8 * DAY)
    assert found(session, at=NOW + 10 * DAY - SECOND) == []
    assert found(session, at=NOW + 10 * DAY) == ["O1"]


def test_no_first_talk_that_outlasts_its_second_alert_is_told_again_after_a_week(
    session: Session,
) -> None:
    make_pair(session, MatchState.INTRO)
    found(session, at=NOW + 10 * DAY)
    close(session, "O1", at=NOW + 11 * DAY)
    assert found(session, at=NOW + 18 * DAY - SECOND) == []
    assert found(session, at=NOW + 18 * DAY) == ["O1"]


@pytest.mark.parametrize(
    ("rhythm", "rule", "after"),
    [
        ("week", "O2", 10.5),
        ("week", "O3", 21),
        ("week", "O4", 45),
        ("two_weeks", "O2", 21),
        ("two_weeks", "O3", 35),
        ("two_weeks", "O4", 45),
        ("month", "O4", 45),
        (None, "O2", 21),
        (None, "O3", 35),
    ],
)
def test_silence_is_counted_in_gaps_of_the_plan(
    session: Session, rhythm: str | None, rule: str, after: float
) -> None:
    match = make_pair(session, plan=False)
    if rhythm is not None:
        agree_on(session, match, rhythm)
    log(session, match)
    limit = NOW + timedelta(days=after)
    before = [each for each in found(session, at=limit - SECOND) if each != "O15"]
    assert rule not in before
    assert rule in found(session, at=limit)


def test_one_silence_is_one_alert_for_each_step_it_has_reached(
    session: Session, match: Match
) -> None:
    assert found(session, at=NOW + 36 * DAY) == ["O3"]
    assert the_alert(session, "O3").words == f"{match.code}: no two-way contact for 36 days."


def test_a_plan_that_one_side_has_not_agreed_to_sets_no_rhythm(session: Session) -> None:
    match = make_pair(session)
    plan = agree_on(session, match, "week")
    plan.mentor_agreed_at = None
    log(session, match)
    assert found(session, at=NOW + 12 * DAY) == []


def test_a_second_silence_within_three_months_is_for_lead_staff(
    session: Session, match: Match
) -> None:
    found(session, at=NOW + 35 * DAY)
    close(session, "O3", at=NOW + 36 * DAY)
    log(session, match, at=NOW + 37 * DAY)
    assert found(session, at=NOW + 72 * DAY - SECOND) == ["O2"]
    assert found(session, at=NOW + 72 * DAY) == ["O2", "O4"]


def test_a_silence_that_goes_on_for_two_weeks_after_its_alert_was_closed_is_for_lead_staff(
    session: Session, match: Match
) -> None:
    agree_on(session, match, "week")
    found(session, at=NOW + 21 * DAY)
    close(session, "O3", at=NOW + 22 * DAY)
    assert found(session, at=NOW + 36 * DAY - SECOND) == []
    assert found(session, at=NOW + 36 * DAY) == ["O4"]


def test_what_was_closed_comes_again_only_after_a_new_contact_and_a_new_silence(
    session: Session, match: Match
) -> None:
    found(session, at=NOW + 21 * DAY)
    close(session, "O2", at=NOW + 22 * DAY)
    assert found(session, at=NOW + 30 * DAY) == []
    log(session, match, at=NOW + 31 * DAY)
    assert found(session, at=NOW + 52 * DAY) == ["O2"]


def test_texts_from_one_side_a_short_call_and_a_check_in_are_no_contact(
    session: Session, match: Match
) -> None:
    at = NOW + 20 * DAY
    log(session, match, ContactKind.TEXT, Outcome.DELIVERED, at=at)
    log(session, match, outcome=Outcome.NO_ANSWER, at=at)
    answer(session, match, "CK2", "right", at=at)
    assert found(session, at=NOW + 21 * DAY) == ["O2"]


@pytest.mark.parametrize(
    "state",
    [MatchState.PAUSED, MatchState.SAFETY_HOLD, MatchState.CLOSING, MatchState.CLOSED],
)
def test_a_pair_that_rests_or_says_goodbye_is_left_in_peace(
    session: Session, match: Match, state: MatchState
) -> None:
    move(session, match, state)
    assert found(session, at=NOW + 100 * DAY) == []


def test_after_a_hold_the_silence_is_counted_from_when_the_pair_could_talk_again(
    session: Session, match: Match
) -> None:
    hold_match(session, match, actor="staff", reason="a worry", now=NOW + DAY)
    session.flush()
    for who in ("Charlotte", "Ines"):
        release_match(session, match, actor=who, reason="cleared", now=NOW + 40 * DAY)
    session.flush()
    assert found(session, at=NOW + 61 * DAY - SECOND) == []
    assert found(session, at=NOW + 61 * DAY) == ["O2"]


def test_a_change_of_the_clock_moves_no_limit_but_due_days_keep_their_hour(
    session: Session,
) -> None:
    """In the night to 8 March 2026 the clock in Chicago goes from 2 to 3."""
    make_pair(session, MatchState.INTRO)
    assert found(session, at=NOW + 7 * DAY) == ["O1"]
    # Opened at noon of daylight time on Tuesday; two working days later it is noon again.
    assert the_alert(session, "O1").due_at == datetime(2026, 3, 12, 17, tzinfo=UTC)


def test_a_limit_can_be_set_by_the_programme(db: Database) -> None:
    db.programme = replace(db.programme, thresholds=Thresholds(first_contact_days=3))
    with db.transaction() as session:
        make_pair(session, MatchState.INTRO)
        assert found(session, at=NOW + 3 * DAY) == ["O1"]
