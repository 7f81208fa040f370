"""What comes next for somebody who applies, and by when: nobody is without a next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import Due, DueKind, Person, StaffTask


@dataclass(frozen=True)
class NextStep:
    """What comes next and by when. `task_id` names the task of staff, if it is one."""

    words: str
    at: datetime
    task_id: int | None = None
    is_alert: bool = False


def next_steps(session: Session, people: Sequence[Person]) -> Mapping[int, NextStep]:
    """Return what comes next for each of these people: a task of staff, else a question of ours."""
    ids = [person.id for person in people]
    steps: dict[int, NextStep] = {}
    asked = select(Due).where(
        Due.person_id.in_(ids), Due.kind == DueKind.INVITE, Due.done_at.is_(None)
    )
    for due in session.scalars(asked.order_by(Due.due_at.desc())):
        if due.person_id is not None:
            steps[due.person_id] = NextStep(
                "They are asked or reminded by the service.", due.due_at
            )
    tasks = select(StaffTask).where(StaffTask.person_id.in_(ids), StaffTask.done_at.is_(None))
    for task in session.scalars(tasks.order_by(StaffTask.due_at.desc())):
        if task.person_id is not None:
            is_alert = task.severity is not None
            steps[task.person_id] = NextStep(task.words, task.due_at, task.id, is_alert)
    return steps
