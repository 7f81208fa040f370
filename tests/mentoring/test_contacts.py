"""The contact log: attempts before the first ring, each settled once, and what is two-way."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mentoring.contacts import (
    call_is_over,
    count_two_way,
    find_contact,
    is_on_a_call,
    log_between,
    log_refusal,
    see_leg,
    settle,
)
from mentoring.db import Database, Session
from mentoring.matches import move_match
from mentoring.models import (
    CallLeg,
    Contact,
    ContactKind,
    LegSide,
    Line,
    Match,
    MatchState,
    Outcome,
)
from mentoring.routing import Refusal
from tests.make import (
    DAN,
    NOW,
    all_at_once,
    another_process,
    make_lines,
    make_match,
    make_person,
    make_phone,
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


def test_an_attempt_says_who_called_whom_on_which_line_and_no_content(
    session: Session, match: Match
) -> None:
    way = way_of(session, match)
    contact = log_between(
        session, way, ContactKind.CALL, source_sid="CA1", outcome=Outcome.ATTEMPTED, now=NOW
    )
    assert (contact.match_id, contact.line_id) == (match.id, match.line_id)
    assert contact.from_person_id == way.mine.person_id
    assert contact.to_person_id == way.other.person_id
    assert (contact.two_way, contact.ended_at, contact.caller_index) == (False, None, None)


def test_one_event_makes_one_entry_and_is_found_again(session: Session, match: Match) -> None:
    way = way_of(session, match)
    contact = log_between(
        session, way, ContactKind.CALL, source_sid="CA1", outcome=Outcome.ATTEMPTED, now=NOW
    )
    assert find_contact(session, "CA1", 1) is contact
    assert find_contact(session, "CA1", 2) is None

    def log_again() -> None:
        with session.begin_nested():
            log_between(
                session, way, ContactKind.CALL, source_sid="CA1", outcome=Outcome.BUSY, now=NOW
            )

    with pytest.raises(IntegrityError):
        log_again()


def test_the_same_event_told_on_two_connections_makes_one_entry(real_db: Database) -> None:
    with real_db.transaction() as session:
        make_lines(session, 1)
        made = make_match(session).id

    def tell(session: Session) -> int:
        found = find_contact(session, "SM1", 1)
        if found is None:
            way = way_of(session, session.get_one(Match, made))
            found = log_between(
                session, way, ContactKind.TEXT, source_sid="SM1", outcome=Outcome.QUEUED, now=NOW
            )
        return found.id

    with another_process(real_db) as other:
        ids = all_at_once(*(lambda db=db: db.run(tell) for db in (real_db, other, real_db, other)))

    assert len(set(ids)) == 1
    with real_db.transaction() as session:
        assert len(session.scalars(select(Contact)).all()) == 1


def test_a_stranger_stands_in_the_log_by_blind_index_only(session: Session, match: Match) -> None:
    contact = log_refusal(
        session,
        Refusal.UNKNOWN,
        ContactKind.CALL,
        number=DAN,
        line_id=match.line_id,
        person_id=None,
        source_sid="CA1",
        now=NOW,
    )
    session.flush()
    assert contact.caller_index == session.vault.index(DAN)
    assert (contact.outcome, contact.reason) == (Outcome.REFUSED, "unknown caller")
    assert contact.ended_at == NOW


def test_somebody_we_know_stands_in_the_log_by_name_and_not_by_index(
    session: Session, match: Match
) -> None:
    person = match.sides[0].person
    contact = log_refusal(
        session,
        Refusal.CLOSED,
        ContactKind.TEXT,
        number=DAN,
        line_id=match.line_id,
        person_id=person.id,
        source_sid="SM1",
        now=NOW,
    )
    assert (contact.from_person_id, contact.caller_index) == (person.id, None)


def test_an_entry_is_settled_once_and_later_stories_change_nothing(
    session: Session, match: Match
) -> None:
    contact = log_between(
        session,
        way_of(session, match),
        ContactKind.CALL,
        source_sid="CA1",
        outcome=Outcome.ATTEMPTED,
        now=NOW,
    )
    settle(contact, Outcome.NO_ANSWER, now=NOW + HOUR, reason="rang out")
    settle(contact, Outcome.TALKED, now=NOW + 2 * HOUR, reason="late news")
    assert (contact.outcome, contact.ended_at, contact.reason) == (
        Outcome.NO_ANSWER,
        NOW + HOUR,
        "rang out",
    )


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


@pytest.mark.parametrize("outcome", [Outcome.QUEUED, Outcome.UNDELIVERED, Outcome.BLOCKED])
def test_a_text_that_never_arrived_is_no_answer_and_cannot_be_answered(
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


def leg(
    session: Session,
    status: str,
    *,
    phone_id: int | None = None,
    contact_id: int | None = None,
    seconds: int | None = None,
) -> CallLeg | None:
    """Tell one status of the leg CA1."""
    return see_leg(
        session,
        call_sid="CA1",
        status=status,
        side=LegSide.CALLEE,
        phone_id=phone_id,
        contact_id=contact_id,
        seconds=seconds,
        now=NOW,
    )


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=50,
    deadline=None,
    database=None,
)
@given(
    words=st.lists(
        st.sampled_from(["initiated", "ringing", "in-progress", "completed", "busy", "strange"]),
        min_size=1,
        max_size=8,
    )
)
def test_a_leg_only_rises_in_whatever_order_its_statuses_are_told(
    session: Session, words: list[str]
) -> None:
    rank = {"strange": -1, "initiated": 0, "ringing": 1, "in-progress": 2}
    with session.begin_nested() as example:
        shown = [(leg(session, word), _status(session))[1] for word in words]
        ended = [word for word in words if word in ("completed", "busy")]
        assert shown[-1] == (ended[0] if ended else max(words, key=lambda word: rank[word]))
        assert call_is_over(session, "CA1") is bool(ended)
        example.rollback()
    session.expire_all()


def _status(session: Session) -> str:
    return session.scalars(select(CallLeg.status).where(CallLeg.call_sid == "CA1")).one()


def test_a_leg_keeps_when_it_was_answered_and_how_long_it_lasted(session: Session) -> None:
    leg(session, "in-progress")
    ended = leg(session, "completed", seconds=42)
    assert ended is not None
    assert (ended.answered_at, ended.ended_at, ended.seconds) == (NOW, NOW, 42)
    assert leg(session, "in-progress") is None


def test_one_leg_told_on_two_connections_is_one_row(real_db: Database) -> None:
    def tell(session: Session, status: str) -> None:
        leg(session, status)

    with another_process(real_db) as other:
        outcomes = all_at_once(
            lambda: real_db.run(lambda session: tell(session, "ringing")),
            lambda: other.run(lambda session: tell(session, "in-progress")),
            lambda: other.run(lambda session: tell(session, "ringing")),
        )
    assert outcomes == [None] * 3
    with real_db.transaction() as session:
        assert _status(session) == "in-progress"


@pytest.mark.parametrize(
    ("status", "after", "is_believed"),
    [
        ("ringing", timedelta(minutes=1), True),
        ("in-progress", timedelta(minutes=14), True),
        ("in-progress", timedelta(minutes=16), False),
        ("completed", timedelta(seconds=1), False),
    ],
)
def test_a_phone_is_on_a_call_while_we_have_reason_to_believe_it(
    session: Session, status: str, after: timedelta, is_believed: bool
) -> None:
    phone = make_phone(session)
    leg(session, status, phone_id=phone.id)
    assert is_on_a_call(session, phone.id, now=NOW + after) is is_believed


def test_a_talk_is_believed_as_long_as_talks_may_last(session: Session, match: Match) -> None:
    way = way_of(session, match)
    contact = log_between(
        session, way, ContactKind.CALL, source_sid="CA0", outcome=Outcome.ACCEPTED, now=NOW
    )
    leg(session, "in-progress", phone_id=way.other.phone_id, contact_id=contact.id)
    after_an_hour = NOW + timedelta(minutes=60)
    assert is_on_a_call(session, way.other.phone_id, now=after_an_hour)
    assert not is_on_a_call(session, way.other.phone_id, now=after_an_hour + HOUR)
    assert not is_on_a_call(session, way.mine.phone_id, now=NOW)


def test_a_line_of_ours_is_part_of_every_entry(session: Session, match: Match) -> None:
    line = session.get_one(Line, contact_of(session, match).line_id)
    assert line.number == match.line.number
