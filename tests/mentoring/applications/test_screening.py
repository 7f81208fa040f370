"""What staff write down and decide about an application, and what nobody may pass over (S19)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from mentoring.applications.checklist import ORIENTATION_TALK, SCREENING_TALK, file_of
from mentoring.applications.orientation import invite_the_forgotten
from mentoring.applications.screening import (
    add_reference,
    decide,
    note_talk,
    override_checks,
    reference_answered,
    tick,
    untick,
)
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.matches import open_match
from mentoring.models import (
    AuditEntry,
    DecisionOutcome,
    DecisionReason,
    How,
    Invitation,
    Person,
    PersonState,
    Reference,
    Role,
    StaffTask,
    Transition,
    Verdict,
)
from mentoring.people import move_person
from mentoring.retention import blank_old_content
from tests.make import NOW, agree, make_lines, make_person

STAFF = "staff:Charlotte"
TODAY = date(2026, 3, 3)


@pytest.fixture
def mentor(session: Session) -> Person:
    """Ada, who has answered all questions of the intake."""
    return make_person(session, Role.MENTOR, "Ada", state=PersonState.SCREENING)


def tick_off(session: Session, person: Person, item: str = SCREENING_TALK) -> None:
    tick(session, person, item, held_on=TODAY, how=How.CALL, words="ok", actor=STAFF, now=NOW)


def tick_twice(session: Session, person: Person) -> None:
    tick_off(session, person)
    tick_off(session, person)


def refer(session: Session, mentor: Person, count: int = 2, *, first: int = 0) -> list[Reference]:
    """Write down people who know the mentor, each with another number, and what they told."""
    known = []
    for place in range(first, first + count):
        reference = add_reference(
            session,
            mentor,
            name=f"Mia {place}",
            number=f"515 555 018{place}",
            agreed="by phone",
            actor=STAFF,
            now=NOW,
        )
        answer(session, mentor, reference.id)
        known.append(reference)
    return known


def answer(session: Session, mentor: Person, reference_id: int) -> None:
    reference_answered(
        session,
        mentor,
        reference_id,
        verdict=Verdict.GOOD,
        words="Kind.",
        actor=STAFF,
        now=NOW,
    )


def settle(
    session: Session,
    person: Person,
    outcome: DecisionOutcome = DecisionOutcome.ELIGIBLE,
    reason: DecisionReason = DecisionReason.FITS,
    words: str = "",
) -> None:
    decide(session, person, outcome=outcome, reason=reason, words=words, actor=STAFF, now=NOW)


def audits(session: Session) -> list[tuple[str, str]]:
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, row.reason) for row in rows]


def test_a_protege_needs_the_talk_and_no_references(session: Session) -> None:
    ben = make_person(session, state=PersonState.SCREENING)
    with pytest.raises(ProgrammeError, match="Missing: the screening talk"):
        settle(session, ben)
    tick_off(session, ben)
    settle(session, ben)

    assert ben.state is PersonState.ORIENTATION
    (invitation,) = session.scalars(select(Invitation))
    assert (invitation.flow, invitation.match_id) == ("orientation_protege", None)


def test_a_mentor_is_not_found_eligible_with_anything_missing(
    session: Session, mentor: Person
) -> None:
    with pytest.raises(ProgrammeError, match="the screening talk, 2 answers from references"):
        settle(session, mentor)
    tick_off(session, mentor)
    refer(session, mentor, 1)
    with pytest.raises(ProgrammeError, match="Missing: 1 answer from references"):
        settle(session, mentor)
    with pytest.raises(ProgrammeError, match=r"Whoever has that number is reference \d+ already"):
        refer(session, mentor, 1)
    refer(session, mentor, 1, first=1)
    settle(session, mentor)

    assert mentor.state is PersonState.ORIENTATION
    moved = session.scalars(select(Transition).order_by(Transition.id.desc())).first()
    assert moved is not None
    assert (moved.to_state, moved.actor, moved.reason) == ("orientation", STAFF, "eligible")
    assert [action for action, _ in audits(session)] == [
        "ticked screening talk",
        "added reference",
        "reference answered",
        "added reference",
        "reference answered",
        "decided eligible",
    ]


@pytest.mark.parametrize("to", [PersonState.AVAILABLE, PersonState.OFFERED, PersonState.ACTIVE])
def test_no_mentor_begins_to_serve_with_something_missing(
    session: Session, mentor: Person, to: PersonState
) -> None:
    tick_off(session, mentor)
    refer(session, mentor)
    settle(session, mentor)
    with pytest.raises(ProgrammeError, match="the orientation talk, the lessons and the promise"):
        move_person(session, mentor, to, actor=STAFF, reason="in a hurry", now=NOW)
    assert mentor.state is PersonState.ORIENTATION


def test_nobody_is_matched_with_a_mentor_who_was_not_screened(
    session: Session, mentor: Person
) -> None:
    make_lines(session)
    ben = make_person(session)
    with pytest.raises(ProgrammeError, match="M01 cannot be active yet"):
        open_match(session, protege=ben, mentor=mentor, actor=STAFF, now=NOW)


def test_the_last_thing_that_was_missing_makes_a_mentor_available(
    session: Session, mentor: Person
) -> None:
    tick_off(session, mentor)
    refer(session, mentor)
    settle(session, mentor)
    agree(session, mentor.phone, "AM", person=mentor)
    tick_off(session, mentor, ORIENTATION_TALK)
    assert mentor.state is PersonState.AVAILABLE


def test_a_promise_from_before_the_decision_does_not_count(
    session: Session, mentor: Person
) -> None:
    agree(session, mentor.phone, "AM", person=mentor, now=NOW - timedelta(days=400))
    tick_off(session, mentor)
    refer(session, mentor)
    settle(session, mentor)
    tick_off(session, mentor, ORIENTATION_TALK)
    assert file_of(session, mentor).missing_to_serve() == ["the lessons and the promise"]
    assert mentor.state is PersonState.ORIENTATION


def test_it_takes_two_admins_to_let_checks_pass(session: Session, mentor: Person) -> None:
    def let_pass(actor: str) -> int:
        return override_checks(session, mentor, reason="known for years", actor=actor, now=NOW)

    assert let_pass("staff:Ana") == 1
    with pytest.raises(ProgrammeError, match="You have said so already"):
        let_pass("staff:Ana")
    with pytest.raises(ProgrammeError, match="Not yet"):
        settle(session, mentor)
    assert let_pass("staff:Bo") == 0
    settle(session, mentor)
    assert mentor.state is PersonState.ORIENTATION
    # The lessons and the promise stand above any override.
    assert file_of(session, mentor).missing_to_serve() == ["the lessons and the promise"]
    assert [reason for action, reason in audits(session) if action == "overrode checks"] == [
        "known for years"
    ] * 2


def test_an_override_of_an_earlier_application_does_not_count(
    session: Session, mentor: Person
) -> None:
    for actor in ("staff:Ana", "staff:Bo"):
        override_checks(session, mentor, reason="known", actor=actor, now=NOW)
    for state, days in ((PersonState.EXITED, 1), (PersonState.SCREENING, 2)):
        then = NOW + timedelta(days=days)
        move_person(session, mentor, state, actor=STAFF, reason="again", now=then)
    session.flush()
    assert not file_of(session, mentor).overrides


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (DecisionOutcome.REFERRED, DecisionReason.OTHER_SERVICE),
        (DecisionOutcome.DECLINED, DecisionReason.REFERENCES),
    ],
)
def test_whoever_is_not_taken_on_is_told_by_a_person(
    session: Session, mentor: Person, outcome: DecisionOutcome, reason: DecisionReason
) -> None:
    with pytest.raises(ProgrammeError, match="Say in your own words why"):
        settle(session, mentor, outcome, reason)
    settle(session, mentor, outcome, reason, "Wants to sell insurance.")

    assert mentor.state is PersonState.EXITED
    (task,) = session.scalars(select(StaffTask))
    assert task.rule == "decision"
    assert "Tell them in person, kindly" in task.words
    assert "insurance" not in str(audits(session)) + task.words


def test_a_protege_is_never_declined_and_a_reason_goes_with_its_decision(
    session: Session, mentor: Person
) -> None:
    ben = make_person(session, state=PersonState.SCREENING)
    with pytest.raises(ProgrammeError, match="Refer them to what fits better"):
        settle(session, ben, DecisionOutcome.DECLINED, DecisionReason.OTHER, "no")
    with pytest.raises(ProgrammeError, match="a reason that goes with the decision"):
        settle(session, mentor, DecisionOutcome.DECLINED, DecisionReason.FITS, "no")


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda s, m: tick_off(s, m, "star_sign"), "There is no star sign on the list"),
        (tick_twice, "is ticked already"),
        (lambda s, m: untick(s, m, SCREENING_TALK, reason="x", actor=STAFF, now=NOW), "not ticked"),
        (lambda s, m: answer(s, m, 99), "has no reference 99"),
        (lambda s, m: answer(s, m, refer(s, m)[0].id), "has answered already"),
        (lambda s, m: note_talk(s, m, {"pace": "x"}, actor=STAFF, now=NOW), "Choose one of"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    session: Session, mentor: Person, work: Callable[[Session, Person], object], said: str
) -> None:
    with pytest.raises(ProgrammeError, match=said):
        work(session, mentor)


def test_nobody_is_written_down_as_a_reference_without_their_yes(
    session: Session, mentor: Person
) -> None:
    with pytest.raises(ProgrammeError, match="Without their yes nobody is asked"):
        add_reference(
            session, mentor, name="Mia", number="515 555 0180", agreed=" ", actor=STAFF, now=NOW
        )


def test_a_tick_is_taken_back_and_what_was_told_in_the_talk_is_kept(
    session: Session, mentor: Person
) -> None:
    tick_off(session, mentor)
    untick(session, mentor, SCREENING_TALK, reason="it was somebody else", actor=STAFF, now=NOW)
    session.flush()
    note_talk(session, mentor, {"motive": "give_back", "pace": "brief"}, actor=STAFF, now=NOW)

    assert file_of(session, mentor).checks == {}
    assert (mentor.profile["motive"], mentor.profile["pace"]) == ("give_back", "brief")
    assert audits(session)[-1] == ("wrote down the talk", "motive: give_back, pace: brief")


def test_references_are_forgotten_thirty_days_after_the_decision(
    session: Session, mentor: Person
) -> None:
    known = refer(session, mentor)
    tick_off(session, mentor)
    settle(session, mentor)

    def names(days: float) -> list[bool]:
        blank_old_content(session, now=NOW + timedelta(days=days))
        session.expire_all()
        return [reference.name_sealed is not None for reference in known]

    assert names(29.9) == [True, True]
    assert names(30.1) == [False, False]
    assert [(each.number_sealed, each.words_sealed) for each in known] == [(None, None)] * 2
    # That they answered still counts.
    assert "answers" not in str(file_of(session, mentor).missing_to_serve())


def test_an_undecided_application_keeps_its_references(session: Session, mentor: Person) -> None:
    known = refer(session, mentor)
    blank_old_content(session, now=NOW + timedelta(days=90))
    session.expire_all()
    assert all(reference.number_sealed for reference in known)


def test_whoever_comes_back_to_the_lessons_from_a_hold_is_invited_again(session: Session) -> None:
    ben = make_person(session, state=PersonState.SCREENING)
    tick_off(session, ben)
    settle(session, ben)
    for state, days in ((PersonState.SUSPENDED, 1), (PersonState.ORIENTATION, 5)):
        then = NOW + timedelta(days=days)
        move_person(session, ben, state, actor=STAFF, reason="a hold", now=then)
    session.flush()
    for hours in (1, 2):
        invite_the_forgotten(session, now=NOW + timedelta(days=5, hours=hours))
    numbers = session.scalars(select(Invitation.number).order_by(Invitation.id)).all()
    assert numbers == [1, 2]
