"""Goals: set once, changed while they are open, a task once their day is over, answered for."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.goals import GoalSaid, ask_about_goals, change_goal, finish_goal, goals_of, set_goal
from mentoring.models import AuditEntry, Goal, GoalOutcome, Staff, StaffTask
from mentoring.operators import put_on_call
from mentoring.reports.annual import NOTHING_YET, draft_of, goals_in
from mentoring.reports.periods import Period
from mentoring.tasks import close_task
from tests.make import NOW, all_at_once, another_process

DAY = date(2026, 3, 31)
LATER = NOW + timedelta(days=60)


def a_goal(
    session: Session,
    words: str = "More people stay.",
    *,
    day: date = DAY,
    owner: Staff | None = None,
) -> Goal:
    said = GoalSaid(words, "8 of 10", "E7.healthy", owner, day)
    return set_goal(session, said, actor="staff:Olga", now=NOW)


def changed(
    session: Session, goal: Goal, words: str, *, day: date = DAY, now: datetime = NOW
) -> None:
    said = GoalSaid(words, "9 of 10", None, None, day)
    change_goal(session, goal, said, actor="staff:Olga", now=now)


def questions(session: Session, *, still_open: bool = True) -> list[StaffTask]:
    """Return the tasks that ask what came of a goal."""
    chosen = select(StaffTask).where(StaffTask.rule == "goal").order_by(StaffTask.id)
    if still_open:
        chosen = chosen.where(StaffTask.done_at.is_(None))
    return list(session.scalars(chosen))


def test_the_same_goal_for_the_same_day_is_set_once(session: Session) -> None:
    a_goal(session)

    with pytest.raises(ProgrammeError, match="There is that goal for that day already"):
        a_goal(session)
    a_goal(session, day=DAY + timedelta(days=1))


def test_of_two_who_set_the_same_goal_at_once_one_is_told(real_db: Database) -> None:
    def sets() -> int:
        with another_process(real_db) as process, process.transaction() as session:
            return a_goal(session).id

    assert {type(each) for each in all_at_once(sets, sets)} == {int, ProgrammeError}


def test_a_goal_changed_into_another_one_is_refused(session: Session) -> None:
    a_goal(session)
    other = a_goal(session, "Nobody waits.")
    with pytest.raises(ProgrammeError, match="There is that goal"), session.begin_nested():
        changed(session, other, "More people stay.")

    assert session.get_one(Goal, other.id).words == "Nobody waits."


@pytest.mark.parametrize("words", ["Call 515 555 0188 each day.", "P05 finds a mentor."])
def test_people_outside_read_no_number_and_no_code(session: Session, words: str) -> None:
    with pytest.raises(ProgrammeError):
        a_goal(session, words)


def test_once_its_day_is_over_it_is_a_task_of_its_owner_until_it_is_answered_for(
    session: Session,
) -> None:
    owner = put_on_call(session, name="Olga", typed="515 555 0192", now=NOW)
    goal = a_goal(session, owner=owner)
    ask_about_goals(session, now=NOW)
    assert questions(session) == []
    for _ in range(2):
        ask_about_goals(session, now=LATER)

    (task,) = questions(session)
    assert (task.owner_id, task.words) == (
        owner.id,
        f"Say what came of goal {goal.id}: More people stay.",
    )
    with pytest.raises(ProgrammeError, match="Open it on the page Goals"):
        close_task(session, task.id, outcome="done", now=LATER)
    finish_goal(session, goal, GoalOutcome.MISSED, "7 of 10 stayed.", actor="staff:Olga", now=LATER)
    assert questions(session) == []
    assert task.outcome == "7 of 10 stayed."
    ask_about_goals(session, now=LATER)
    assert len(questions(session, still_open=False)) == 1


def test_the_day_of_the_goal_itself_is_not_over(session: Session) -> None:
    a_goal(session)
    evening = session.programme.office
    last = NOW.astimezone(evening).replace(month=3, day=31, hour=23, minute=59)
    ask_about_goals(session, now=last)
    assert questions(session) == []
    ask_about_goals(session, now=last + timedelta(minutes=1))
    assert len(questions(session)) == 1


def test_a_goal_that_gets_a_later_day_asks_nothing_until_then(session: Session) -> None:
    goal = a_goal(session)
    ask_about_goals(session, now=LATER)
    changed(session, goal, goal.words, day=DAY + timedelta(days=300))
    ask_about_goals(session, now=LATER)

    assert questions(session) == []


def test_what_is_over_is_corrected_and_not_changed(session: Session) -> None:
    goal = a_goal(session)
    for result in ("8 of 10 stayed.", "9 of 10 stayed."):
        finish_goal(session, goal, GoalOutcome.REACHED, result, actor="staff:Olga", now=NOW)

    assert goal.result == "9 of 10 stayed."
    with pytest.raises(ProgrammeError, match=f"Goal {goal.id} is over"):
        changed(session, goal, "Less.")
    actions = session.scalars(
        select(AuditEntry.reason).where(AuditEntry.entity == "goal").order_by(AuditEntry.id)
    ).all()
    assert actions == [
        "until 2026-03-31, owner nobody, figure E7.healthy, target 8 of 10, goal More people stay.",
        "reached: 8 of 10 stayed.",
        "reached: 9 of 10 stayed.",
    ]


def test_a_report_has_the_goals_of_its_days_and_of_no_community(session: Session) -> None:
    quarter = Period(date(2026, 1, 1), date(2026, 4, 1))
    a_goal(session, day=date(2026, 4, 1))
    a_goal(session)
    a_goal(session, "First.", day=date(2026, 1, 1))

    assert [each.words for each in goals_of(session, quarter)] == ["First.", "More people stay."]
    assert goals_in(session, quarter, "River") == ()


def test_the_draft_tells_of_the_goals_in_sentences(session: Session) -> None:
    a_goal(session, "More people stay")
    draft = draft_of(session, Period(date(2026, 1, 1), date(2027, 1, 1)))

    assert draft.startswith("This is what BridgeLine did in 2026.")
    assert f"A goal: More people stay. Our target: 8 of 10. {NOTHING_YET}" in draft


def test_the_audit_log_holds_what_a_goal_said_before(session: Session) -> None:
    goal = a_goal(session)
    changed(session, goal, goal.words, day=DAY + timedelta(days=1))
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "changed a goal")).one()

    assert entry.reason == (
        "until 2026-04-01 (was 2026-03-31), figure none (was E7.healthy), target 9 of 10"
        " (was 8 of 10)"
    )
    with pytest.raises(ProgrammeError, match="It says just that already"):
        changed(session, goal, goal.words, day=DAY + timedelta(days=1))


def test_a_change_gives_nobody_more_days_to_answer(session: Session) -> None:
    owner = put_on_call(session, name="Olga", typed="515 555 0192", now=NOW)
    goal = a_goal(session, owner=owner)
    ask_about_goals(session, now=LATER)
    (task,) = questions(session)
    changed(session, goal, "More people stay with us.", now=LATER)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "changed a goal")).one()
    assert entry.reason.startswith("owner nobody (was Olga), figure none (was E7.healthy)")
    ask_about_goals(session, now=LATER + timedelta(days=7))
    session.refresh(task)

    assert questions(session) == [task]
    assert task.owner_id is None


def test_each_of_many_goals_becomes_a_task(session: Session) -> None:
    for number in range(60):
        a_goal(session, f"Goal {number}.")
    for _ in range(2):
        ask_about_goals(session, now=LATER)

    assert len(questions(session)) == 60


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1999, 12, 31), date(9999, 12, 31)])
def test_a_day_that_was_mistyped_is_refused(session: Session, day: date) -> None:
    with pytest.raises(ProgrammeError, match="Choose a day in this century"):
        a_goal(session, day=day)
