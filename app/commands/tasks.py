"""`bridgeline tasks`: what waits for a person to do, and what came of it."""

from argparse import Namespace
from collections.abc import Mapping

from sqlalchemy import select

from app.commands.desk import Desk, UsageError, reason_to_reveal
from app.commands.menu import Menu
from app.tables import Card, Cell, Done, Moment, Reply, Table
from mentoring.audit import reveal_number_of_task
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Match, Person, Phone, StaffTask
from mentoring.people import masked_number
from mentoring.tasks import close_task


def add_to(menu: Menu) -> None:
    """Add the group of commands about tasks."""
    group = menu.group("tasks", "what waits for staff", lists=True)
    listing = group.command("list", "list the open tasks, the most urgent first", list_tasks)
    listing.add_argument("--all", action="store_true", help="closed tasks as well")
    show = group.command("show", "show one task, and whom to call back", show_task)
    show.add_argument("id", metavar="ID", type=int)
    show.add_argument("--reveal", action="store_true", help="show the real number; needs --reason")
    show.add_argument("--reason", help="why you need the number; it is kept in the audit log")
    done = group.command("done", "close a task with what came of it", close)
    done.add_argument("id", metavar="ID", type=int)
    done.add_argument("--outcome", required=True, help="in a few words")


def list_tasks(desk: Desk, args: Namespace) -> Reply:
    """List tasks by their due time, in the office's zone."""
    chosen = select(StaffTask).order_by(StaffTask.due_at, StaffTask.id)
    if not args.all:
        chosen = chosen.where(StaffTask.done_at.is_(None))
    with desk.database().transaction() as session:
        codes = _codes(session)
        rows = [_row(session, desk, task, codes) for task in session.scalars(chosen)]
    return Table(
        ("id", "due", "overdue", "rule", "person", "what to do", "outcome"),
        rows,
        empty="Nothing waits for staff.",
    )


def _codes(session: Session) -> Mapping[int, str]:
    return {row.id: row.code for row in session.execute(select(Person.id, Person.code))}


def _row(
    session: Session, desk: Desk, task: StaffTask, codes: Mapping[int, str]
) -> tuple[Cell, ...]:
    return (
        task.id,
        Moment(task.due_at, session.programme.office),
        task.done_at is None and task.due_at < desk.now,
        task.rule,
        codes.get(task.person_id) if task.person_id else None,
        task.words,
        task.outcome,
    )


def show_task(desk: Desk, args: Namespace) -> Reply:
    """Show one task. Whoever called without being a participant can be called back from here."""
    reason = reason_to_reveal(args)
    with desk.database().transaction() as session:
        task = session.get(StaffTask, args.id)
        if task is None:
            raise ProgrammeError(f"There is no task {args.id}. `bridgeline tasks` lists them.")
        person = session.get(Person, task.person_id) if task.person_id else None
        match = session.get(Match, task.match_id) if task.match_id else None
        office = session.programme.office
        return Card(
            (
                ("id", task.id),
                ("what to do", task.words),
                ("rule", task.rule),
                ("opened", Moment(task.opened_at, office)),
                ("due", Moment(task.due_at, office)),
                ("person", person.code if person else None),
                ("match", match.code if match else None),
                ("recording", task.recording_id),
                ("number", _number(session, desk, task, person, reason)),
                ("outcome", task.outcome),
            )
        )


def _number(
    session: Session, desk: Desk, task: StaffTask, person: Person | None, reason: str | None
) -> str | None:
    phone = session.get(Phone, task.phone_id) if task.phone_id else None
    if phone is None and person is not None:
        phone = person.phone
    if phone is None:
        if reason is not None:
            raise ProgrammeError(f"Task {task.id} is about nobody's phone.")
        return None
    if reason is None:
        return masked_number(session, phone)
    return reveal_number_of_task(
        session, task, phone, actor=desk.actor, reason=reason, now=desk.now
    )


def close(desk: Desk, args: Namespace) -> Reply:
    """Close a task; what came of it is kept."""
    outcome = args.outcome.strip()[:200]
    if not outcome:
        raise UsageError('Say what came of it: --outcome "..."')
    with desk.database().transaction() as session:
        task = close_task(session, args.id, outcome=outcome, now=desk.now)
        return Done(f"Task {task.id} is closed: {task.outcome}.", (("id", task.id),))
