"""Two who act in the same moment, and workers that tick at once: one end, one pause, one return."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.calendar.closing import begin_closing, set_last_talk
from mentoring.calendar.deeds import do_due
from mentoring.calendar.lookups import last_talk_at
from mentoring.calendar.pauses import come_back, pause_person
from mentoring.db import Database, Session
from mentoring.keeping_touch import Heard, note_wish
from mentoring.matches import close_match
from mentoring.models import (
    ClosureReason,
    Due,
    DueKind,
    Invitation,
    Match,
    MatchState,
    Person,
    PersonState,
    StaffTask,
    Transition,
)
from tests.make import NOW, all_at_once, make_lines, make_match


@pytest.fixture
def match_id(real_db: Database) -> int:
    """Return the id of a match of two."""
    with real_db.transaction() as session:
        make_lines(session)
        return make_match(session).id


def moves(session: Session, entity: str) -> list[str]:
    """Return to what a match or both people have moved, in order."""
    chosen = select(Transition.to_state).where(Transition.entity == entity)
    return list(session.scalars(chosen.order_by(Transition.id)))


def test_two_who_finish_in_the_same_moment_begin_one_end(real_db: Database, match_id: int) -> None:
    def finish(session: Session, actor: str) -> bool:
        match = session.get_one(Match, match_id)
        reason = ClosureReason.OTHER
        return begin_closing(session, match, reason=reason, actor=actor, why="asked", now=NOW)

    outcomes = all_at_once(
        *(lambda who=who: real_db.run(lambda session: finish(session, who)) for who in "abcd")
    )

    assert sorted(outcomes, key=bool) == [False, False, False, True]
    with real_db.transaction() as session:
        assert moves(session, "match") == ["intro", "closing"]
        assert len(session.scalars(select(Invitation)).all()) == 2


def test_of_two_times_for_the_last_talk_one_counts(real_db: Database, match_id: int) -> None:
    with real_db.transaction() as session:
        match = session.get_one(Match, match_id)
        begin_closing(session, match, reason=ClosureReason.OTHER, actor="a", why="asked", now=NOW)
    times = [NOW + timedelta(days=days) for days in (1, 2, 3)]

    def set_it(session: Session, day: int) -> None:
        match = session.get_one(Match, match_id)
        by = match.sides[day % 2].person
        set_last_talk(session, match, at=times[day], by=by, now=NOW)

    all_at_once(
        *(lambda day=day: real_db.run(lambda session: set_it(session, day)) for day in range(3))
    )

    with real_db.transaction() as session:
        talks = session.scalars(select(Due).where(Due.kind == DueKind.LAST_TALK)).all()
        assert len(talks) == 1
        assert last_talk_at(session, match_id) in times


def test_of_two_who_would_keep_in_touch_in_the_same_moment_the_second_brings_it_to_staff(
    real_db: Database, match_id: int
) -> None:
    def wish(session: Session, which: int) -> Heard:
        side = session.get_one(Match, match_id).sides[which]
        return note_wish(session, side, actor=side.person.code, now=NOW)

    with real_db.transaction() as session:
        match = session.get_one(Match, match_id)
        close_match(session, match, reason=ClosureReason.GOAL_MET, actor="staff", now=NOW)

    heard = all_at_once(
        *(lambda which=which: real_db.run(lambda session: wish(session, which)) for which in (0, 1))
    )

    assert set(heard) == {Heard.NOTED, Heard.BY_BOTH}
    with real_db.transaction() as session:
        tasks = session.scalars(select(StaffTask).where(StaffTask.rule == "keep in touch")).all()
        assert len(tasks) == 1


def test_both_pause_and_come_back_at_once_and_the_match_goes_on(
    real_db: Database, match_id: int
) -> None:
    with real_db.transaction() as session:
        people = list(session.scalars(select(Person.id).order_by(Person.id)))

    def pause(session: Session, person_id: int) -> None:
        person = session.get_one(Person, person_id)
        pause_person(session, person, actor=person.code, reason="ill", now=NOW)

    def back(session: Session, person_id: int) -> None:
        person = session.get_one(Person, person_id)
        come_back(session, person, actor=person.code, reason="well", now=NOW + timedelta(days=1))

    all_at_once(
        *(
            lambda person_id=person_id: real_db.run(lambda session: pause(session, person_id))
            for person_id in (*people, *people)
        )
    )
    with real_db.transaction() as session:
        assert session.get_one(Match, match_id).state is MatchState.PAUSED
    all_at_once(
        *(
            lambda person_id=person_id: real_db.run(lambda session: back(session, person_id))
            for person_id in people
        )
    )

    with real_db.transaction() as session:
        assert moves(session, "match") == ["intro", "paused", "intro"]
        assert {person.state for person in session.scalars(select(Person))} == {
            PersonState.MATCHED,
            PersonState.ACTIVE,
        }


def test_four_workers_at_once_close_a_match_once_and_invite_each_side_once(
    real_db: Database, match_id: int
) -> None:
    with real_db.transaction() as session:
        match = session.get_one(Match, match_id)
        begin_closing(session, match, reason=ClosureReason.OTHER, actor="a", why="asked", now=NOW)
    later = NOW + timedelta(days=15)

    def work() -> None:
        while real_db.run(lambda session: do_due(session, now=later)):
            pass

    assert all_at_once(*[work] * 4) == [None] * 4

    with real_db.transaction() as session:
        assert moves(session, "match") == ["intro", "closing", "closed"]
        asked = select(Invitation.flow).where(Invitation.flow.startswith("survey"))
        assert sorted(session.scalars(asked)) == ["survey_mentor_1", "survey_protege_1"]
