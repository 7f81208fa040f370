"""What the fictional programme was asked and has answered: believable, over, and no alert."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from app.seed import seed
from mentoring.alerts import list_alerts
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
    StaffTask,
)
from mentoring.oversight.sweep import oversee
from mentoring.reports.answered import CHECK_INS, E9
from mentoring.reports.periods import Period
from mentoring.reports.reading import read_facts

# Nights and mornings, in the middle of a week, after a weekend and after a holiday.
HOURS_LATER = (15, 24 * 6, 24 * 6 + 15, 24 * 269, 24 * 270 + 15)
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


def test_what_was_told_in_own_words_was_read_and_acted_on(seeded: Database) -> None:
    with seeded.transaction() as session:
        tasks = session.scalars(select(StaffTask).where(StaffTask.rule == "feedback")).all()
        words = select(Answer).where(Answer.question == "MS3").order_by(Answer.id)
        told = {
            session.vault.open(each.words_sealed, place=each.place("words_sealed"))
            for each in session.scalars(words)
            if each.words_sealed is not None
        }
    assert all(task.done_at and task.outcome for task in tasks)
    assert "Deux boutiques vendent mes bijoux." in told


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
            told.append([(e.person_id, e.question, e.value, e.turn, e.at) for e in answers])
    assert told[0] == told[1]
    assert told[0][-1][-1] < clock.now() - timedelta(hours=1)
