"""Tasks: what waits for a person to do, such as a call back."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import Form, StringField

from admin.forms import Said, ShortEnough, attempt, sent
from admin.labels import rule_words
from admin.lists import Cell, Column, Filter, Link, Listing, When, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import people_by_id, person_link, task_of, zones_concerned
from admin.reasons import ReasonForm, ask_why, reason_in
from admin.rendering import render
from admin.views.alerts import state_of
from admin.words import recording_link
from mentoring.audit import reveal_number_of_task
from mentoring.errors import ProgrammeError
from mentoring.goals import goal_asked_by
from mentoring.models import Feedback, Phone, StaffTask
from mentoring.people import masked_number
from mentoring.phone import written
from mentoring.tasks import CHANGE, GOAL, close_task


class DoneForm(Form):
    """What came of a task."""

    outcome = StringField("What came of it?", [Said("Say what came of it."), ShortEnough()])


def add_to(pages: Pages) -> None:
    """Add the pages about tasks."""
    pages.get("/tasks", Permission.SEE, list_tasks)
    pages.get("/tasks/<int:number>", Permission.SEE, show_task)
    pages.post("/tasks/<int:number>", Permission.WORK, close_one_task)
    pages.get("/tasks/<int:number>/number", Permission.REVEAL, reveal_task)
    pages.post("/tasks/<int:number>/number", Permission.REVEAL, reveal_task)


_FILTERS = (
    Filter("show", "Show", [("closed", "closed"), ("all", "open and closed")], unasked="open"),
    Filter("rule", "About", hint="A word such as name, zone or landline."),
)


def list_tasks(visit: Visit) -> ResponseReturnValue:
    """List the tasks in scope that are no alerts: the open ones, unless others are asked for."""
    shown, rule = (each.value() for each in _FILTERS)
    chosen = select(StaffTask).where(StaffTask.severity.is_(None), visit.scope.tasks())
    if shown != "all":
        is_open = StaffTask.done_at.is_(None)
        chosen = chosen.where(~is_open if shown == "closed" else is_open)
    if rule:
        chosen = chosen.where(StaffTask.rule.icontains(rule, autoescape=True))
    return show(
        visit,
        Listing(
            title="Tasks",
            statement=chosen,
            order=(StaffTask.due_at, StaffTask.id),
            tie=StaffTask.id,
            filters=_FILTERS,
            empty="Nothing waits for staff. That is good. What is done is found under Show.",
            rows_of=lambda found: task_rows(visit, [row[0] for row in found]),
            columns=(
                Column("What to do", lambda row: row[0], StaffTask.words),
                Column("About", lambda row: row[1]),
                Column("Due", lambda row: row[2], StaffTask.due_at),
                Column("Kind", lambda row: row[3], StaffTask.rule),
                Column("State", lambda row: row[4], StaffTask.done_at),
            ),
        ),
    )


def task_rows(visit: Visit, tasks: list[StaffTask]) -> list[tuple[Cell, ...]]:
    """Return tasks as rows: what to do, whom it is about, by when, of which kind, and its state."""
    people = people_by_id(visit, [task.person_id for task in tasks])
    zones = zones_concerned(visit, tasks, people)
    rows: list[tuple[Cell, ...]] = []
    for task in tasks:
        person = people.get(task.person_id)
        about = person_link(person) if person else None
        words = Link(task.words, url_for("desk.show_task", number=task.id))
        due = When(task.due_at, *zones[task.id])
        rows.append((words, about, due, rule_words(task.rule), state_of(visit, task)))
    return rows


def show_task(visit: Visit, number: int) -> ResponseReturnValue:
    """Show one task and whom to call back."""
    return _shown(visit, task_of(visit, number, alert=False), DoneForm())


def close_one_task(visit: Visit, number: int) -> ResponseReturnValue:
    """Close a task with what came of it."""
    task, form = task_of(visit, number, alert=False), sent(DoneForm)
    if form.validate() and attempt(
        visit,
        form,
        lambda: close_task(
            visit.session, number, outcome=str(form.outcome.data).strip(), now=visit.now
        ),
    ):
        flash("The task is closed.", "done")
        return redirect(url_for("desk.today"), 303)
    return _shown(visit, task, form), 422


def reveal_task(visit: Visit, number: int) -> ResponseReturnValue:
    """Ask why, then show the number to call back; the look at it is kept (S11)."""
    task, form = task_of(visit, number, alert=False), sent(ReasonForm)
    phone = _phone(visit, task)
    if phone is None:
        raise ProgrammeError("Nobody's number belongs to this task.")
    back = url_for("desk.show_task", number=number)
    asked = ask_why(visit, form, title="Show the number to call back", back=back)
    if asked is not None:
        return asked
    real = reveal_number_of_task(
        visit.session, task, phone, actor=visit.actor, reason=reason_in(form), now=visit.now
    )
    flash("The number is shown below, this once.", "done")
    return _shown(visit, task, DoneForm(), number=written(real))


def _phone(visit: Visit, task: StaffTask) -> Phone | None:
    if task.phone_id is not None:
        return visit.session.get(Phone, task.phone_id)
    person = people_by_id(visit, [task.person_id]).get(task.person_id)
    return person.phone if person else None


def _closes_at(visit: Visit, task: StaffTask) -> Link | None:
    """Return where a task closes that is about feedback or a goal: with what came of it."""
    if task.rule == CHANGE:
        about = select(Feedback.id).where(Feedback.task_id == task.id)
        number = visit.session.scalar(about)
        address = url_for("desk.show_feedback", number=number)
        return Link(f"Open feedback {number}: it is closed there", address)
    if task.rule == GOAL:
        number = goal_asked_by(task)
        address = url_for("desk.show_goal", number=number)
        return Link(f"Open goal {number}: it is closed there", address)
    return None


def _shown(visit: Visit, task: StaffTask, form: DoneForm, *, number: str | None = None) -> str:
    phone = _phone(visit, task)
    masked = masked_number(visit.session, phone) if phone else None
    ((_, about, *_rest),) = task_rows(visit, [task])
    zones = zones_concerned(visit, [task], people_by_id(visit, [task.person_id]))[task.id]
    return render(
        "task.html",
        visit,
        task=task,
        form=form,
        revealed=number is not None,
        closes_at=_closes_at(visit, task),
        has_number=phone is not None,
        sound=recording_link(task.recording_id) if task.recording_id else None,
        facts=[
            ("About", about),
            ("Number", number or masked),
            ("Opened", When(task.opened_at, *zones)),
            ("Due", When(task.due_at, *zones)),
            ("State", state_of(visit, task)),
            ("What came of it", task.outcome),
        ],
    )
