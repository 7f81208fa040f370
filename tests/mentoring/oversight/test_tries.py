"""O5, O6, O19 and O20: tries without an answer, phones that are not reached, odd days."""

from datetime import UTC, datetime

import pytest

from mentoring.db import Session
from mentoring.models import ContactKind, Match, MatchState, Outcome, Role
from mentoring.oversight.rules import SHARED
from tests.make import NOW
from tests.watch import (
    DAY,
    HOUR,
    SECOND,
    agree_on,
    close,
    found,
    log,
    make_pair,
    move,
    person_of,
    the_alert,
)

TEXT, CALL, NOTE = ContactKind.TEXT, ContactKind.CALL, ContactKind.NOTE
# Noon at the office of the day after the tests' own.
NEXT_DAY = NOW + DAY


@pytest.fixture
def match(session: Session) -> Match:
    return make_pair(session)


def writes(session: Session, match: Match, times: int, *, at: datetime = NOW) -> None:
    for hour in range(times):
        log(session, match, TEXT, Outcome.DELIVERED, at=at + hour * HOUR)


def test_three_tries_by_one_side_are_an_alert_when_the_time_for_an_answer_is_over(
    session: Session, match: Match
) -> None:
    writes(session, match, 3)
    assert found(session, at=NOW + 5 * DAY - SECOND) == []
    assert found(session, at=NOW + 5 * DAY) == ["O5"]
    assert the_alert(session, "O5").words == (
        "K01: P01 tried and tried, and heard nothing back. Call the other side."
    )


@pytest.mark.parametrize(("reply", "after"), [("day", 4), ("two_days", 5), ("week", 10)])
def test_the_time_for_an_answer_is_the_one_agreed_on_and_three_days(
    session: Session, match: Match, reply: str, after: int
) -> None:
    agree_on(session, match, "two_weeks", reply=reply)
    writes(session, match, 3)
    assert found(session, at=NOW + after * DAY - SECOND) == []
    assert found(session, at=NOW + after * DAY) == ["O5"]


def test_two_tries_are_none_too_many(session: Session, match: Match) -> None:
    writes(session, match, 2)
    assert found(session, at=NOW + 9 * DAY) == []


def test_a_text_that_follows_one_of_the_other_side_is_a_try_like_any(
    session: Session, match: Match
) -> None:
    """In the log the two are two-way contact; who wrote last still waits."""
    log(session, match, TEXT, Outcome.DELIVERED, back=True, at=NOW - HOUR)
    for day in range(3):
        tried = log(session, match, TEXT, Outcome.DELIVERED, at=NOW + day * DAY)
        tried.two_way = True
    session.flush()
    assert found(session, at=NOW + 5 * DAY) == ["O5"]


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(TEXT, Outcome.DELIVERED), (CALL, Outcome.NO_ANSWER), (NOTE, Outcome.NOTE_LEFT)],
)
def test_any_try_back_is_an_answer(
    session: Session, match: Match, kind: ContactKind, outcome: Outcome
) -> None:
    writes(session, match, 3)
    log(session, match, kind, outcome, back=True, at=NOW + 4 * HOUR)
    assert found(session, at=NOW + 9 * DAY) == []


def test_whoever_accepts_a_call_has_answered_however_short_it_was(
    session: Session, match: Match
) -> None:
    writes(session, match, 3)
    log(session, match, at=NOW + 4 * HOUR).two_way = False
    session.flush()
    assert found(session, at=NOW + 9 * DAY) == []


def test_tries_are_counted_anew_when_the_alert_was_closed(session: Session, match: Match) -> None:
    writes(session, match, 3)
    found(session, at=NOW + 5 * DAY)
    close(session, "O5", at=NOW + 6 * DAY)
    writes(session, match, 2, at=NOW + 7 * DAY)
    assert found(session, at=NOW + 13 * DAY) == []
    writes(session, match, 1, at=NOW + 10 * DAY)
    assert found(session, at=NOW + 13 * DAY) == ["O5"]


def test_tries_in_a_pair_that_has_paused_are_no_alert(session: Session, match: Match) -> None:
    writes(session, match, 3)
    move(session, match, MatchState.PAUSED, at=NOW + HOUR)
    assert found(session, at=NOW + 9 * DAY) == []


@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.BUSY, Outcome.FAILED])
def test_three_calls_in_a_row_that_fail_make_staff_look_at_the_number(
    session: Session, match: Match, outcome: Outcome
) -> None:
    for hour in range(2):
        log(session, match, CALL, outcome, at=NOW + hour * HOUR)
    assert found(session, at=NEXT_DAY) == []
    log(session, match, CALL, outcome, at=NOW + 3 * HOUR)
    assert found(session, at=NEXT_DAY) == ["O6"]
    assert the_alert(session, "O6").person_id == person_of(match, Role.MENTOR).id


def test_a_call_that_reached_somebody_ends_the_row(session: Session, match: Match) -> None:
    for hour, outcome in enumerate(("busy", "busy", "declined", "busy", "busy")):
        log(session, match, CALL, Outcome(outcome), at=NOW + hour * HOUR)
    assert found(session, at=NEXT_DAY) == []


def test_calls_that_rang_nobody_are_no_trouble_with_the_number(
    session: Session, match: Match
) -> None:
    for hour, outcome in enumerate((Outcome.NOT_RUNG, Outcome.GAVE_UP, Outcome.DECLINED)):
        log(session, match, CALL, outcome, at=NOW + hour * HOUR)
    assert found(session, at=NEXT_DAY) == []


def test_two_texts_in_a_row_that_were_not_delivered_are_an_alert(
    session: Session, match: Match
) -> None:
    log(session, match, TEXT, Outcome.UNDELIVERED)
    assert found(session, at=NEXT_DAY) == []
    log(session, match, TEXT, Outcome.UNDELIVERED, at=NOW + HOUR)
    assert found(session, at=NEXT_DAY) == ["O6"]


def test_a_number_out_of_use_is_an_alert_until_it_is_corrected(
    session: Session, match: Match
) -> None:
    phone = person_of(match).phone
    phone.unusable_at = NOW
    assert found(session, at=NOW) == ["O6"]
    phone.unusable_at = None
    close(session, "O6", at=NOW + HOUR)
    assert found(session, at=NEXT_DAY) == []


def test_a_corrected_number_is_believed_until_a_row_of_its_own_has_failed(
    session: Session, match: Match
) -> None:
    for hour in range(3):
        log(session, match, CALL, Outcome.FAILED, at=NOW + hour * HOUR)
    found(session, at=NOW + 3 * HOUR)
    close(session, "O6", at=NOW + 4 * HOUR)
    log(session, match, CALL, Outcome.FAILED, at=NOW + 5 * HOUR)
    log(session, match, CALL, Outcome.FAILED, at=NOW + 6 * HOUR)
    assert found(session, at=NEXT_DAY) == []
    log(session, match, CALL, Outcome.FAILED, at=NOW + 7 * HOUR)
    assert found(session, at=NEXT_DAY) == ["O6"]


@pytest.mark.parametrize(
    ("kind", "times", "seconds"), [(CALL, 7, 60), (CALL, 1, 10801), (TEXT, 81, None)]
)
def test_a_day_of_very_much_contact_is_looked_at(
    session: Session, match: Match, kind: ContactKind, times: int, seconds: int | None
) -> None:
    for minute in range(times - 1):
        log(session, match, kind, at=NOW + minute * 60 * SECOND, seconds=seconds)
    assert found(session, at=NEXT_DAY) == []
    log(session, match, kind, at=NOW + 2 * HOUR, seconds=seconds)
    assert found(session, at=NOW + 2 * HOUR) == []
    assert found(session, at=NEXT_DAY) == ["O19"]


def test_three_hours_of_talk_are_not_too_much(session: Session, match: Match) -> None:
    log(session, match, seconds=10800)
    assert found(session, at=NEXT_DAY) == []


def test_repeated_calls_at_night_are_looked_at(session: Session, match: Match) -> None:
    log(session, match, CALL, Outcome.NOT_RUNG, reason="late there", at=NOW)
    assert found(session, at=NEXT_DAY) == []
    log(session, match, CALL, Outcome.NOT_RUNG, reason="late there", at=NOW + HOUR)
    assert found(session, at=NEXT_DAY) == ["O19"]


def test_the_day_on_which_the_clock_changes_has_23_hours_and_all_of_them_count(
    session: Session, match: Match
) -> None:
    """8 March 2026 in Chicago lasts from 6 in the morning UTC to 5 in the morning of the 9th."""
    for at in (datetime(2026, 3, 8, 6, tzinfo=UTC), datetime(2026, 3, 9, 4, 59, tzinfo=UTC)):
        log(session, match, at=at, seconds=5401)
    assert found(session, at=datetime(2026, 3, 9, 4, 59, 59, tzinfo=UTC)) == []
    assert found(session, at=datetime(2026, 3, 9, 5, tzinfo=UTC)) == ["O19"]


@pytest.mark.parametrize(("after", "rules"), [(90 * DAY - SECOND, ["O20"]), (90 * DAY, [])])
def test_a_number_shared_in_the_first_90_days_is_looked_at(
    session: Session, match: Match, after: object, rules: list[str]
) -> None:
    assert isinstance(after, type(DAY))
    log(session, match, at=NOW + after - HOUR)
    log(session, match, TEXT, Outcome.DELIVERED, reason=SHARED, at=NOW + after)
    assert found(session, at=NOW + after + HOUR) == rules
