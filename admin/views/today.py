"""The first page: what needs a person today, and the pulse of the programme."""

from datetime import datetime, time, timedelta

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, func, select

from admin.labels import fitting
from admin.lists import Cell, When
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import person_link
from admin.rendering import render, render_news
from admin.views.alerts import ALERT_TITLES, alert_rows, by_urgency
from admin.views.matches import GOING_ON, does_go_on
from admin.views.tasks import task_rows
from mentoring.models import (
    Contact,
    Match,
    Person,
    PersonState,
    Severity,
    StaffTask,
)

_SHOWN = 10
# Today and the six days before it.
_A_WEEK = timedelta(days=6)
_APPLYING = (PersonState.SCREENING, PersonState.ORIENTATION)


def add_to(pages: Pages) -> None:
    """Add the first page, and what its script asks for."""
    pages.get("/", Permission.SEE, today)
    pages.get("/news", Permission.SEE, news)


def today(visit: Visit) -> ResponseReturnValue:
    """Show what needs a person today."""
    return render("today.html", visit, **_facts(visit))


def news(visit: Visit) -> ResponseReturnValue:
    """Return the moving part of the first page.

    `said` is what is announced: how many alerts are open, and how many of them are urgent.
    """
    return render_news("today_part.html", visit, _facts(visit))


def _facts(visit: Visit) -> dict[str, object]:
    session, now = visit.session, visit.now
    is_open = StaffTask.done_at.is_(None) & visit.scope.tasks()
    is_alert = StaffTask.severity.is_not(None)
    alerts = session.scalars(
        select(StaffTask).where(is_open, is_alert).order_by(*by_urgency()).limit(_SHOWN)
    ).all()
    tasks = session.scalars(
        select(StaffTask)
        .where(is_open, ~is_alert)
        .order_by(StaffTask.due_at, StaffTask.id)
        .limit(_SHOWN)
    ).all()
    counts = session.execute(
        select(
            func.count().filter(is_alert),
            func.count().filter(StaffTask.severity.in_((Severity.HIGH, Severity.CRITICAL))),
            func.count().filter(~is_alert),
            func.count().filter(StaffTask.due_at < now),
        )
        .select_from(StaffTask)
        .where(is_open)
    ).one()
    return {
        "alerts": alert_rows(visit, alerts),
        "alert_titles": ALERT_TITLES,
        "tasks": task_rows(visit, list(tasks)),
        "applications": _applications(visit),
        "alerts_open": counts[0],
        "tasks_open": counts[2],
        "said": _said(*counts),
        "pulse": _pulse(visit),
    }


def _said(alerts: int, urgent: int, tasks: int, overdue: int) -> str:
    """Return the counts in a sentence, which is shown and, when it changes, announced."""
    open_ones = f"{_counted(alerts, 'alert')} and {_counted(tasks, 'task')} open"
    return f"{open_ones}: {urgent} urgent, {overdue} overdue."


def _counted(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count or 'no'} {what}s"


def _applications(visit: Visit) -> list[tuple[Cell, ...]]:
    """Return who has applied and waits for a person, the longest wait first."""
    waiting = visit.session.scalars(
        select(Person)
        .where(Person.state.in_(_APPLYING), visit.scope.people())
        .order_by(Person.state_since, Person.id)
        .limit(_SHOWN)
    )
    return [
        (
            person_link(person),
            person.role.value,
            person.state.value,
            When(person.state_since, person.zone),
        )
        for person in waiting
    ]


def _pulse(visit: Visit) -> list[tuple[str, int, str]]:
    """Return how the programme is, as (what, how many, the list that shows them)."""
    people = visit.scope.people()
    waiting = _count(visit, Person, people & (Person.state == PersonState.WAITING))
    free = _count(visit, Person, people & (Person.state == PersonState.AVAILABLE))
    going_on = _count(visit, Match, visit.scope.matches() & does_go_on())
    first = (visit.now.astimezone(visit.zone) - _A_WEEK).date()
    since = datetime.combine(first, time(), tzinfo=visit.zone)
    week = first.isoformat()
    contacts = visit.session.execute(
        select(func.count(), func.count().filter(Contact.two_way.is_(True)))
        .select_from(Contact)
        .where(Contact.started_at >= since, visit.scope.contacts())
    ).one()
    return [
        (
            fitting(waiting, "protege waits for a mentor", "proteges wait for a mentor"),
            waiting,
            url_for("desk.list_people", state="waiting"),
        ),
        (
            fitting(free, "mentor is free", "mentors are free"),
            free,
            url_for("desk.list_people", state="available"),
        ),
        (
            fitting(going_on, "match goes on", "matches go on"),
            going_on,
            url_for("desk.list_matches", state=GOING_ON),
        ),
        ("calls and texts this week", contacts[0], url_for("desk.list_contacts", since=week)),
        (
            "two-way contacts this week",
            contacts[1],
            url_for("desk.list_contacts", two_way="yes", since=week),
        ),
    ]


def _count(visit: Visit, kind: type[Person] | type[Match], holds: ColumnElement[bool]) -> int:
    return visit.session.scalar(select(func.count(kind.id)).where(holds)) or 0
