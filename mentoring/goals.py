"""What the programme has set out to do: set with a target, an owner and a day, and answered for.

Once its day is over, a goal is a task of its owner until somebody has written down what came of it.
Goals are of the whole programme, and people outside read them in the annual report.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import String, bindparam, cast, exists, literal, select, update
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
# Reports begin with this day, and nobody sets a goal for later than in ten years.
_FIRST_DAY, _LONGEST = date(2000, 1, 1), timedelta(days=3653)
_TWICE = "There is that goal for that day already. Change it, or choose another day."


@dataclass(frozen=True)
class GoalSaid:
    """What a goal says: words and target for people outside, `measure` a key of a figure."""

    words: str
    target: str
    measure: str | None
    owner: Staff | None
    due_on: date

    @property
    def owner_id(self) -> int | None:
        """The number of whoever answers for it."""
        return self.owner.id if self.owner else None


def set_goal(session: Session, said: GoalSaid, *, actor: str, now: datetime) -> Goal:
    """Set a goal; raises ProgrammeError with a sentence for what people outside must not read."""
    said = _checked(session, said, now)
    goal = Goal(
        words=said.words,
        target=said.target,
        measure=said.measure,
        owner_id=said.owner_id,
        due_on=said.due_on,
        set_by=actor,
        set_at=now,
    )
    kept = insert_or_find(session, goal, "words", "due_on")
    if kept is not goal:
        raise ProgrammeError(_TWICE)
    told = ", ".join(f"{name} {value}" for name, value in _told(said).items())
    _note(session, goal, "set a goal", told, actor=actor, now=now)
    return goal


def change_goal(session: Session, goal: Goal, said: GoalSaid, *, actor: str, now: datetime) -> None:
    """Change a goal while nothing is written down of what came of it; or raise ProgrammeError."""
    if goal.done_at is not None:
        raise ProgrammeError(f"Goal {goal.id} is over. Correct what came of it instead.")
    said = _checked(session, said, now)
    was = _told(GoalSaid(goal.words, goal.target, goal.measure, goal.owner, goal.due_on))
    changed = [
        f"{name} {value} (was {was[name]})"
        for name, value in _told(said).items()
        if value != was[name]
    ]
    if not changed:
        raise ProgrammeError("It says just that already, so nothing was to be changed.")
    goal.words, goal.target, goal.measure = said.words, said.target, said.measure
    goal.owner, goal.due_on = said.owner, said.due_on
    try:
        session.flush()
    except IntegrityError as error:
        raise ProgrammeError(_TWICE) from error
    if goal.due_on >= _today(session, now):
        _end_question(session, goal, "the goal has a later day", now)
    session.execute(
        update(StaffTask)
        .where(StaffTask.open_key == _question(goal))
        .values(owner_id=said.owner_id)
        .execution_options(synchronize_session=False)
    )
    _note(session, goal, "changed a goal", ", ".join(changed), actor=actor, now=now)


def _checked(session: Session, said: GoalSaid, now: datetime) -> GoalSaid:
    """Return what a goal says, on one line each and fit for people outside."""
    if not _FIRST_DAY <= said.due_on <= _today(session, now) + _LONGEST:
        raise ProgrammeError("Choose a day in this century that comes within ten years.")
    words, target = (for_outsiders(session, each) for each in (said.words, said.target))
    return replace(said, words=words, target=target)


def _told(said: GoalSaid) -> dict[str, str]:
    """Return what a goal says, for the audit log: what is short first, for it keeps so much."""
    return {
        "until": said.due_on.isoformat(),
        "owner": said.owner.name if said.owner else "nobody",
        "figure": said.measure or "none",
        "target": said.target,
        "goal": said.words,
    }


def _today(session: Session, now: datetime) -> date:
    return now.astimezone(session.programme.office).date()


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


_IS_ASKED = exists().where(StaffTask.open_key == literal(f"{GOAL}:").concat(cast(Goal.id, String)))
_OVER = (
    select(Goal)
    .where(Goal.done_at.is_(None), Goal.due_on < bindparam("today"), ~_IS_ASKED)
    .order_by(Goal.due_on, Goal.id)
    .limit(_MOST_AT_ONCE)
    # Nobody writes what came of one of them between this and its task.
    .with_for_update()
)


def ask_about_goals(session: Session, *, now: datetime) -> None:
    """Open a task for each goal whose day is over and of which nobody has said what came of it."""
    for goal in session.scalars(_OVER, {"today": _today(session, now)}).all():
        task = open_task(
            session,
            rule=GOAL,
            words=f"Say what came of goal {goal.id}: {goal.words}"[:200],
            subject=str(goal.id),
            working_days=_WORKING_DAYS,
            now=now,
        )
        task.owner_id = goal.owner_id


def _question(goal: Goal) -> str:
    """Return what names the task that asks what came of a goal, while it is open."""
    return f"{GOAL}:{goal.id}"


def goal_asked_by(task: StaffTask) -> int:
    """Return the number of the goal of which a task asks what came of it."""
    return int(task.dedupe_key.partition(":")[2].partition("@")[0])


def _end_question(session: Session, goal: Goal, outcome: str, now: datetime) -> None:
    end_open_task(session, _question(goal), outcome=outcome, now=now)


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
