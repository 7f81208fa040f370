"""What the fictional programme was asked and has answered: believable, over, and no alert."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from app.seed import seed
from mentoring.alerts import list_alerts
from mentoring.calendar.days import CHECK_INS
from mentoring.clock import ManualClock
from mentoring.db import Database, Session
from mentoring.models import (
    Answer,
    Conversation,
    ConversationStatus,
    Delivery,
    Due,
    DueKind,
    Invitation,
    InvitationState,
    Match,
    StaffTask,
    Transition,
)
from mentoring.oversight.sweep import oversee
from mentoring.people import person_with_code
from mentoring.reports.answered import E9
from mentoring.reports.periods import Period
from mentoring.reports.reading import read_facts

# Nights and mornings, in the middle of a week, after a weekend and after a holiday.
HOURS_LATER = (15, 24 * 6, 24 * 6 + 15, 24 * 269, 24 * 270 + 15)
SURVEYS = ("survey_protege_1", "survey_protege_2", "survey_mentor_1", "survey_mentor_2")
STORIES = ["O1", "O10", "O15", "O16", "O17", "O3"]


def _invited(session: Session, *flows: str) -> list[Invitation]:
    chosen = select(Invitation).where(Invitation.flow.in_(flows)).order_by(Invitation.id)
    return list(session.scalars(chosen))


def test_about_sixty_check_ins_were_asked_and_seven_in_ten_answered(seeded: Database) -> None:
    with seeded.transaction() as session:
        states = Counter(each.state for each in _invited(session, *CHECK_INS))
    assert set(states) == {InvitationState.ANSWERED, InvitationState.LAPSED}
    assert 55 <= states.total() <= 70
    assert 0.65 <= states[InvitationState.ANSWERED] / states.total() <= 0.75


def test_a_report_of_a_year_counts_the_check_ins_with_their_channels_and_tries(
    seeded: Database, clock: ManualClock
) -> None:
    today = clock.now().date()
    year = Period(today.replace(year=today.year - 1, day=1), today)
    with seeded.transaction() as session:
        sent = len(_invited(session, *CHECK_INS))
        facts = read_facts(session, period=year, community=None, now=clock.now())
    cases = E9.find(facts)
    assert len(cases["E9.some"]) == sent
    assert cases["E9.some"] == cases["E9.complete"]
    groups = [each.groups for each in cases["E9.answers"]]
    assert {each["channel"] for each in groups} == {"text", "voice"}
    assert {each["try"] for each in groups} == {"first", "second"}


def test_whoever_answered_nothing_was_tried_to_the_end_and_called_by_staff(
    seeded: Database,
) -> None:
    with seeded.transaction() as session:
        lapsed = [e for e in _invited(session, *CHECK_INS) if e.state is InvitationState.LAPSED]
        for each in lapsed:
            tries = session.scalars(
                select(Due).where(Due.invitation_id == each.id).order_by(Due.round)
            ).all()
            assert [due.round for due in tries] == [1, 2, 3, 4, 5]
            assert tries[-1].outcome == "no answer"
            key = f"lapsed:{each.id}"
            task = session.scalars(select(StaffTask).where(StaffTask.dedupe_key == key)).one()
            assert task.outcome == "Called: all is well."
    assert lapsed


def test_nobody_lets_two_check_ins_in_a_row_go_by(seeded: Database) -> None:
    with seeded.transaction() as session:
        asked = sorted(_invited(session, *CHECK_INS), key=lambda each: each.due_at)
        for person in {each.person_id for each in asked}:
            lapsed = [e.state is InvitationState.LAPSED for e in asked if e.person_id == person]
            assert not any(a and b for a, b in pairwise(lapsed))


def test_four_pairs_told_how_far_they_came_and_staff_still_call_one_of_them(
    seeded: Database,
) -> None:
    with seeded.transaction() as session:
        states = Counter(each.state for each in _invited(session, "milestone"))
        decided = session.scalars(
            select(Due.outcome).where(Due.kind == DueKind.MILESTONE, Due.done_at.is_not(None))
        ).all()
        asked = select(StaffTask.words).where(StaffTask.rule == "milestone")
        (to_do,) = session.scalars(asked.where(StaffTask.done_at.is_(None))).all()
        (done,) = session.scalars(asked.where(StaffTask.done_at.is_not(None))).all()
    assert states == {InvitationState.ANSWERED: 8}
    assert Counter(decided) == {"keep / keep": 2, "keep / finish": 1, "keep / change": 1}
    assert "day 90: call both (keep / change)" in to_do
    assert "day 168: call both (keep / finish)" in done


def test_both_sides_of_the_three_closed_matches_answered_the_whole_survey(
    seeded: Database,
) -> None:
    with seeded.transaction() as session:
        closed = {
            each.id for each in session.scalars(select(Match).where(Match.closed_at.is_not(None)))
        }
        told = {
            (invited.match_id, invited.flow): session.scalars(
                select(Answer.question)
                .join(Conversation, Conversation.id == Answer.conversation_id)
                .where(Conversation.invitation_id == invited.id)
                .order_by(Answer.turn)
            ).all()
            for invited in _invited(session, *SURVEYS)
        }
        outcomes = session.scalars(
            select(Due.outcome).where(Due.kind == DueKind.SURVEY, Due.done_at.is_not(None))
        ).all()
    assert len(closed) == 3
    for match_id in closed:
        protege = [told[match_id, f"survey_protege_{part}"] for part in (1, 2)]
        mentor = [told[match_id, f"survey_mentor_{part}"] for part in (1, 2)]
        assert " ".join(protege[0]) == "CS1 CS2 CS3 CS4 CS5 CS6"
        assert " ".join(protege[1]) == "CS7 CS8 CS9 DEB NX1"
        assert " ".join(mentor[0]) == "CS1 CM2 CM3 CM4 CM5 CM6"
        assert " ".join(mentor[1]) == "CM7 CS8 CS9 DEB"
    assert outcomes == ["2 of 2 asked"] * 6


def test_what_was_told_in_own_words_was_read_and_acted_on(seeded: Database) -> None:
    with seeded.transaction() as session:
        tasks = session.scalars(select(StaffTask).where(StaffTask.rule == "feedback")).all()
        told = {
            session.vault.open(each.words_sealed, place=each.place("words_sealed"))
            for each in session.scalars(select(Answer).where(Answer.question.in_(("MS3", "CS9"))))
            if each.words_sealed is not None
        }
    assert all(task.done_at and task.outcome for task in tasks)
    assert len([task for task in tasks if str(task.outcome).startswith("Done: ")]) == 2
    assert "Deux boutiques vendent mes bijoux." in told
    assert "Tell a mentor sooner when somebody has gone quiet." in told


def test_who_wanted_a_new_mentor_waited_again_after_two_weeks(seeded: Database) -> None:
    with seeded.transaction() as session:
        for code in ("P08", "P13"):
            person = person_with_code(session, code)
            moves = session.scalars(
                select(Transition)
                .where(Transition.entity == "person", Transition.entity_id == person.id)
                .order_by(Transition.id)
            ).all()
            states = [move.to_state for move in moves][-4:]
            assert states == ["alum", "waiting", "offered", "matched"]
            assert moves[-3].at - moves[-4].at == timedelta(days=14)


def _are_asked_one_by_one(session: Session) -> bool:
    asked = sorted(
        session.scalars(select(Invitation).where(Invitation.match_id.is_not(None))),
        key=lambda each: (each.person_id, each.asked_at or each.due_at),
    )
    return all(
        one.settled_at is None or other.asked_at is None or one.settled_at <= other.asked_at
        for one, other in pairwise(asked)
        if one.person_id == other.person_id
    )


@pytest.mark.parametrize("hours", HOURS_LATER)
def test_all_of_it_is_over_whenever_the_demo_begins(
    db: Database, clock: ManualClock, hours: int
) -> None:
    clock.advance(hours * 3600)
    with db.transaction() as session:
        seed(session, now=clock.now())
        assert len(_invited(session, *CHECK_INS)) >= 55
        newest = session.scalar(select(func.max(Answer.at)))
        waiting = session.scalars(
            select(Due.id)
            .where(Due.match_id.is_not(None), Due.due_at <= clock.now())
            .where(Due.done_at.is_(None))
        ).all()
        about_matches = select(Conversation.status).where(Conversation.invitation_id.is_not(None))
        oversee(session, now=clock.now())
        assert sorted(alert.rule for alert in list_alerts(session)) == STORIES
        assert newest is not None
        assert newest <= clock.now()
        assert not waiting
        assert _are_asked_one_by_one(session)
        assert session.scalar(select(func.count(Delivery.id))) == 0
        statuses = session.scalars(about_matches.where(Conversation.match_id.is_not(None)))
        assert set(statuses) == {ConversationStatus.FINISHED, ConversationStatus.LEFT}


def test_the_same_moment_gives_the_same_answers(
    seeded: Database, db: Database, clock: ManualClock
) -> None:
    with db.transaction() as session:
        seed(session, now=clock.now())
    told = []
    for database in (seeded, db):
        with database.transaction() as session:
            answers = session.scalars(select(Answer).order_by(Answer.id))
            told.append([(e.question, e.value, e.turn, e.at) for e in answers])
    assert told[0] == told[1]
    assert told[0][-1][-1] < clock.now() - timedelta(hours=1)
