"""What counts as two-way contact: an accepted talk long enough, or texts from both sides."""

from datetime import timedelta

import pytest

from mentoring.contacts import count_two_way, log_between
from mentoring.db import Session
from mentoring.matches import move_match
from mentoring.models import (
    Contact,
    ContactKind,
    Match,
    MatchState,
    Outcome,
)
from tests.make import (
    NOW,
    make_lines,
    make_match,
    make_person,
    way_of,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def match(session: Session) -> Match:
    make_lines(session, 1)
    return make_match(session)


def contact_of(
    session: Session,
    match: Match,
    kind: ContactKind = ContactKind.TEXT,
    *,
    outcome: Outcome = Outcome.DELIVERED,
    back: bool = False,
    after: timedelta = timedelta(),
    seconds: int | None = None,
    is_accepted: bool = False,
) -> Contact:
    """Log one finished contact and let it count."""
    made = log_between(
        session,
        way_of(session, match, back=back),
        kind,
        source_sid=f"{kind}:{back}:{after}",
        outcome=outcome,
        now=NOW + after,
    )
    made.seconds = seconds
    made.accepted_at = NOW + after if is_accepted else None
    session.flush()
    count_two_way(session, made, now=NOW + after)
    return made


@pytest.mark.parametrize(
    ("seconds", "is_accepted", "counts"),
    [
        (119, True, False),
        (120, True, True),
        (3600, True, True),
        (3600, False, False),
        (0, True, False),
        (None, True, False),
    ],
)
def test_a_talk_counts_from_120_accepted_seconds_on(
    session: Session, match: Match, seconds: int | None, is_accepted: bool, counts: bool
) -> None:
    talk = contact_of(
        session,
        match,
        ContactKind.CALL,
        outcome=Outcome.TALKED,
        seconds=seconds,
        is_accepted=is_accepted,
    )
    assert talk.two_way is counts
    assert match.state is (MatchState.EARLY if counts else MatchState.INTRO)


@pytest.mark.parametrize(
    "outcome", [Outcome.ATTEMPTED, Outcome.DECLINED, Outcome.NO_ANSWER, Outcome.FAILED]
)
def test_a_call_that_reached_nobody_never_counts(
    session: Session, match: Match, outcome: Outcome
) -> None:
    call = contact_of(
        session, match, ContactKind.CALL, outcome=outcome, seconds=600, is_accepted=True
    )
    assert not call.two_way


@pytest.mark.parametrize(
    ("apart", "counts"),
    [
        (timedelta(), True),
        (timedelta(minutes=5), True),
        (72 * HOUR, True),
        (72 * HOUR + timedelta(seconds=1), False),
    ],
)
def test_texts_from_both_sides_count_within_72_hours(
    session: Session, match: Match, apart: timedelta, counts: bool
) -> None:
    contact_of(session, match)
    answer = contact_of(session, match, back=True, after=apart)
    assert answer.two_way is counts
    assert match.state is (MatchState.EARLY if counts else MatchState.INTRO)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ContactKind.TEXT, ContactKind.NOTE),
        (ContactKind.NOTE, ContactKind.TEXT),
        (ContactKind.NOTE, ContactKind.NOTE),
    ],
)
def test_a_text_may_answer_a_voice_note_and_the_reverse(
    session: Session, match: Match, first: ContactKind, second: ContactKind
) -> None:
    left = {ContactKind.TEXT: Outcome.DELIVERED, ContactKind.NOTE: Outcome.NOTE_LEFT}
    contact_of(session, match, first, outcome=left[first])
    assert contact_of(session, match, second, outcome=left[second], back=True, after=HOUR).two_way


def test_texts_from_one_side_only_never_count(session: Session, match: Match) -> None:
    contact_of(session, match)
    assert not contact_of(session, match, after=HOUR).two_way


@pytest.mark.parametrize(
    "outcome", [Outcome.QUEUED, Outcome.SENT, Outcome.UNDELIVERED, Outcome.BLOCKED]
)
def test_a_text_that_has_not_arrived_is_no_answer_and_cannot_be_answered(
    session: Session, match: Match, outcome: Outcome
) -> None:
    contact_of(session, match, outcome=outcome)
    assert not contact_of(session, match, back=True, after=HOUR).two_way
    assert not contact_of(session, match, after=2 * HOUR, outcome=outcome).two_way


@pytest.mark.parametrize("kind", [ContactKind.MENU, ContactKind.STAFF, ContactKind.CALL])
def test_a_text_does_not_answer_a_survey_a_menu_or_a_short_call(
    session: Session, match: Match, kind: ContactKind
) -> None:
    contact_of(session, match, kind, outcome=Outcome.SERVED, back=True, seconds=600)
    assert not contact_of(session, match, after=HOUR).two_way


@pytest.mark.parametrize("kind", [ContactKind.MENU, ContactKind.STAFF])
def test_a_survey_or_a_menu_call_never_counts_however_long(
    session: Session, match: Match, kind: ContactKind
) -> None:
    served = contact_of(session, match, kind, outcome=Outcome.SERVED, seconds=900, is_accepted=True)
    assert not served.two_way
    assert match.state is MatchState.INTRO


def test_an_answer_in_another_match_is_no_answer_here(session: Session) -> None:
    make_lines(session, 2)
    first = make_match(session)
    eve = make_person(session, name="Eve", which=9)
    second = make_match(session, eve, first.sides[1].person)
    contact_of(session, second)
    assert not contact_of(session, first, back=True, after=HOUR).two_way


def test_only_the_introduction_moves_on_at_the_first_two_way_contact(
    session: Session, match: Match
) -> None:
    move_match(session, match, MatchState.PAUSED, actor="staff", reason="ill", now=NOW)
    talk = contact_of(
        session, match, ContactKind.CALL, outcome=Outcome.TALKED, seconds=300, is_accepted=True
    )
    assert talk.two_way
    assert match.state is MatchState.PAUSED


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_texts_from_both_sides_count_in_whatever_order_their_arrival_is_told(
    session: Session, order: tuple[int, int]
) -> None:
    make_lines(session, 1)
    match = make_match(session)
    contacts = [
        log_between(
            session,
            way_of(session, match, back=bool(which)),
            ContactKind.TEXT,
            source_sid=f"SM{which}",
            outcome=Outcome.QUEUED,
            now=NOW + which * HOUR,
        )
        for which in (0, 1)
    ]
    for which in order:
        contacts[which].outcome = Outcome.DELIVERED
        session.flush()
        count_two_way(session, contacts[which], now=NOW + 2 * HOUR)
    assert any(contact.two_way for contact in contacts)
    assert match.state is MatchState.EARLY
