"""What the programme has set out to do: set with a target, an owner and a day, and answered for.

Once its day is over, a goal is a task of its owner until somebody has written down what came of it.
Goals are of the whole programme, and people outside read them in the annual report.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mentoring.audit import write_audit
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Goal, GoalOutcome, Staff, StaffTask
from mentoring.publishing import for_outsiders
from mentoring.reports.periods import Period
from mentoring.rows import insert_or_find
from mentoring.tasks import GOAL, end_open_task, open_task

_WORKING_DAYS = 5
_MOST_AT_ONCE = 50
_TWICE = "There is that goal for that day already. Change it, or choose another day."


def set_goal(
    session: Session,
    words: str,
    *,
    target: str,
    measure: str | None,
    owner: Staff | None,
    due_on: date,
    actor: str,
    now: datetime,
) -> Goal:
    """Set a goal; raises ProgrammeError with a sentence for what people outside must not read."""
    goal = Goal(
        words=for_outsiders(session, words),
        target=for_outsiders(session, target),
        measure=measure,
        owner_id=owner.id if owner else None,
        due_on=due_on,
        set_by=actor,
        set_at=now,
    )
    kept = insert_or_find(session, goal, "words", "due_on")
    if kept is not goal:
        raise ProgrammeError(_TWICE)
    _note(session, goal, "set a goal", f"{goal.words}, until {due_on}", actor=actor, now=now)
    return goal


def change_goal(
    session: Session,
    goal: Goal,
    words: str,
    *,
    target: str,
    measure: str | None,
    owner: Staff | None,
    due_on: date,
    actor: str,
    now: datetime,
) -> None:
    """Change a goal while nothing is written down of what came of it; or raise ProgrammeError."""
    if goal.done_at is not None:
        raise ProgrammeError(f"Goal {goal.id} is over. Correct what came of it instead.")
    goal.words, goal.target = for_outsiders(session, words), for_outsiders(session, target)
    goal.measure, goal.owner_id, goal.due_on = measure, owner.id if owner else None, due_on
    try:
        session.flush()
    except IntegrityError as error:
        raise ProgrammeError(_TWICE) from error
    # Its day may be to come again, and its owner another one: the sweep asks anew.
    _end_question(session, goal, "the goal was changed", now)
    said = f"{goal.words}, {goal.target}, until {due_on}"
    _note(session, goal, "changed a goal", said, actor=actor, now=now)


def finish_goal(
    session: Session, goal: Goal, outcome: GoalOutcome, result: str, *, actor: str, now: datetime
) -> None:
    """Write down what came of a goal, for people outside; of one that is over, correct it."""
    goal.outcome, goal.result = outcome, for_outsiders(session, result)
    goal.done_at = goal.done_at or now
    session.flush()
    _end_question(session, goal, goal.result, now)
    _note(
        session,
        goal,
        "wrote what came of a goal",
        f"{outcome.value}: {goal.result}",
        actor=actor,
        now=now,
    )


def goals_of(session: Session, period: Period) -> Sequence[Goal]:
    """Return the goals whose day is in a period, the first day first."""
    return session.scalars(
        select(Goal)
        .where(Goal.due_on >= period.since, Goal.due_on < period.until)
        .order_by(Goal.due_on, Goal.id)
    ).all()


def ask_about_goals(session: Session, *, now: datetime) -> None:
    """Open a task for each goal whose day is over and of which nobody has said what came of it."""
    today = now.astimezone(session.programme.office).date()
    over = (
        select(Goal)
        .where(Goal.done_at.is_(None), Goal.due_on < today)
        .order_by(Goal.due_on, Goal.id)
        .limit(_MOST_AT_ONCE)
    )
    for goal in session.scalars(over).all():
        task = open_task(
            session,
            rule=GOAL,
            words=f"Say what came of goal {goal.id}: {goal.words}"[:200],
            subject=str(goal.id),
            working_days=_WORKING_DAYS,
            now=now,
        )
        task.owner_id = goal.owner_id


def goal_asked_by(task: StaffTask) -> int:
    """Return the number of the goal of which a task asks what came of it."""
    return int(task.dedupe_key.partition(":")[2].partition("@")[0])


def _end_question(session: Session, goal: Goal, outcome: str, now: datetime) -> None:
    end_open_task(session, f"{GOAL}:{goal.id}", outcome=outcome, now=now)


def _note(
    session: Session, goal: Goal, did: str, reason: str, *, actor: str, now: datetime
) -> None:
    write_audit(
        session,
        actor=actor,
        action=did,
        entity="goal",
        entity_id=str(goal.id),
        reason=reason,
        now=now,
    )
