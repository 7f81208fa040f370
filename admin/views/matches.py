"""Matches: the list, and a page for each with its timeline and what its state allows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from admin.concerns import outcome_shown
from admin.labels import in_words, options, severity_tag, state_of_match
from admin.lists import Cell, Column, Filter, Link, Listing, When, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import history_rows, match_of, newest_two_way, side_of, task_link, zones_of
from admin.rendering import render
from admin.views.contacts import entry_rows
from admin.words import links_to_words
from mentoring.alerts import is_at_risk
from mentoring.calendar.ladders import LADDERS
from mentoring.calendar.outlook import outlook
from mentoring.calendar.plan_versions import newest_plan, plan_to_read_back
from mentoring.calendar.slot_times import next_moment
from mentoring.clock import zone_named
from mentoring.flows.slots import spoken_slot
from mentoring.models import (
    RUNNING,
    Contact,
    Invitation,
    InvitationState,
    Match,
    MatchSide,
    MatchState,
    Person,
    Plan,
    Role,
    StaffTask,
)
from mentoring.phone import written

_SHOWN = 50
# How many days a match is looked ahead, and how much of it is shown.
_AHEAD, _COMING = 400, 10
_RHYTHMS = {"week": "every week", "two_weeks": "every 2 weeks", "month": "every month"}
_REPLIES = {"day": "within a day", "two_days": "within 2 days", "week": "within a week"}
# In which a match may be ended well; one that closes is ending already.
_MAY_FINISH = (*RUNNING, MatchState.PAUSED)
_ENDING = (MatchState.CLOSING, MatchState.CLOSED)


def add_to(pages: Pages) -> None:
    """Add the pages about matches."""
    pages.get("/matches", Permission.SEE, list_matches)
    pages.get("/matches/<code>", Permission.SEE, show_match)


# What the first page counts: what rests or is on hold does not go on.
GOING_ON = "going_on"
_GOING_ON = (*RUNNING, MatchState.CLOSING)
_FILTERS = (
    Filter("q", "Match or person", hint="A code or a name, such as K03, P05 or Rosa."),
    Filter("state", "State", [(GOING_ON, "goes on"), *options(MatchState)]),
    Filter("risk", "At risk", [("yes", "at risk")]),
)


_SIDES = {role: aliased(MatchSide) for role in Role}
_PEOPLE = {role: aliased(Person) for role in Role}
# Each row is a match, whether it is at risk, and when the two were last in contact.
_COLUMNS: tuple[Column[Any], ...] = (
    Column("Match", lambda row: _link(row[0]), Match.code),
    Column("State", lambda row: state_of_match(row[0], at_risk=row[1]), Match.state),
    Column(
        "Protege",
        lambda row: _person(side_of(row[0], Role.PROTEGE)),
        _PEOPLE[Role.PROTEGE].first_name,
    ),
    Column(
        "Mentor",
        lambda row: _person(side_of(row[0], Role.MENTOR)),
        _PEOPLE[Role.MENTOR].first_name,
    ),
    Column("Line", lambda row: written(row[0].line.number)),
    Column("Opened", lambda row: _opened(row[0]), Match.opened_at),
    Column("Last two-way contact", lambda row: row[2]),
    Column("Closed", lambda row: _closed(row[0]), Match.closed_at),
)


def list_matches(visit: Visit) -> ResponseReturnValue:
    """List the matches in scope with the newest contact of each."""

    def rows_of(found: Sequence[Any]) -> Sequence[tuple[Match, bool, When | None]]:
        newest = newest_two_way(visit, [row[0].id for row in found])
        rows = []
        for match, at_risk in found:
            last = newest.get(match.id)
            rows.append((match, at_risk, When(last, *zones_of(match)) if last else None))
        return rows

    links = (Link("Open a match", url_for("desk.open_one")),) if visit.may(Permission.WORK) else ()
    return show(
        visit,
        Listing(
            title="Matches",
            statement=_chosen(visit),
            tie=Match.id,
            filters=_FILTERS,
            links=links,
            empty="No match was opened yet. The page Matching shows who waits and who fits them.",
            rows_of=rows_of,
            columns=_COLUMNS,
        ),
    )


def does_go_on() -> ColumnElement[bool]:
    """Choose the matches that go on, as the first page counts them."""
    return or_(*(Match.state == state for state in _GOING_ON))


def _chosen(visit: Visit) -> Select[Match, bool]:
    """Ask for the matches in scope that the filters let through."""
    words, state, risk = (each.value() for each in _FILTERS)
    chosen = select(Match, is_at_risk()).options(
        joinedload(Match.line), selectinload(Match.sides).joinedload(MatchSide.person)
    )
    for role in Role:
        side, person = _SIDES[role], _PEOPLE[role]
        chosen = chosen.join(side, (side.match_id == Match.id) & (side.role == role)).join(
            person, person.id == side.person_id
        )
    chosen = chosen.where(visit.scope.matches())
    if state == GOING_ON:
        chosen = chosen.where(does_go_on())
    elif state:
        chosen = chosen.where(Match.state == state)
    if risk:
        chosen = chosen.where(is_at_risk())
    if words:
        people = _PEOPLE.values()
        chosen = chosen.where(
            or_(
                Match.code == words.upper(),
                *(person.code == words.upper() for person in people),
                *(person.first_name.icontains(words, autoescape=True) for person in people),
            )
        )
    return chosen


def _link(match: Match) -> Link:
    return Link(match.code, url_for("desk.show_match", code=match.code))


def _opened(match: Match) -> When:
    return When(match.opened_at, *zones_of(match))


def _person(person: Person) -> Link:
    return Link(
        f"{person.shown_name} ({person.code})", url_for("desk.show_person", code=person.code)
    )


def _closed(match: Match) -> str | None:
    return in_words(match.closure_reason) if match.closure_reason else None


def show_match(visit: Visit, code: str) -> ResponseReturnValue:
    """Show one match: who, plan, contacts, alerts, what comes, and every change of state."""
    match, session = match_of(visit, code), visit.session
    contacts = session.scalars(
        select(Contact)
        .where(Contact.match_id == match.id)
        .order_by(Contact.started_at.desc(), Contact.id.desc())
        .limit(_SHOWN)
    ).all()
    alerts = session.scalars(
        select(StaffTask)
        .where(StaffTask.match_id == match.id)
        .order_by(StaffTask.id.desc())
        .limit(_SHOWN)
    ).all()
    coming = outlook(session, now=visit.now, days=_AHEAD, match_id=match.id)[:_COMING]
    at_risk = session.scalar(select(exists().where(Match.id == match.id, is_at_risk())))
    return render(
        "match.html",
        visit,
        match=match,
        state=state_of_match(match, at_risk=bool(at_risk)),
        facts=_facts(match),
        plan=_plan(visit, match),
        actions=_actions(visit, match),
        asked=_asked(visit, match),
        contacts=_contact_rows(visit, contacts),
        alerts=[_alert_row(visit, each, match) for each in alerts],
        coming=[
            (When(each.at, *zones_of(match)), each.person or "both", each.what, each.why)
            for each in coming
        ],
        history=history_rows(visit, "match", match.id, *zones_of(match)),
    )


def _contact_rows(visit: Visit, contacts: Sequence[Contact]) -> list[tuple[Cell, ...]]:
    """Return the contacts and, for who may read words, where those that are kept are opened."""
    rows = entry_rows(visit, contacts)
    if not visit.may(Permission.REVEAL):
        return rows
    links = links_to_words(visit, contacts)
    return [(*row, links.get(each.id)) for row, each in zip(rows, contacts, strict=True)]


def _asked(visit: Visit, match: Match) -> list[tuple[Cell, ...]]:
    """Return what each of the two was asked and whether they answered; what they said is closed."""
    invitations = visit.session.scalars(
        select(Invitation)
        .where(Invitation.match_id == match.id)
        .order_by(Invitation.due_at.desc(), Invitation.id.desc())
        .limit(_SHOWN)
    )
    people = {side.person_id: side.person for side in match.sides}
    rows: list[tuple[Cell, ...]] = []
    for each in invitations:
        ladder, person = LADDERS.get(each.flow), people.get(each.person_id)
        rows.append(
            (
                When(each.asked_at or each.due_at, *zones_of(match)),
                ladder.name if ladder is not None else in_words(each.flow),
                _person(person) if person is not None else None,
                "not asked yet" if each.state is InvitationState.WAITING else each.state.value,
            )
        )
    return rows


def _facts(match: Match) -> list[tuple[str, Cell]]:
    zones = zones_of(match)
    free_at = match.line_free_at
    return [
        ("Protege", _person(side_of(match, Role.PROTEGE))),
        ("Mentor", _person(side_of(match, Role.MENTOR))),
        ("Pair line", written(match.line.number)),
        ("Opened", _opened(match)),
        ("Closed", When(match.closed_at, *zones) if match.closed_at else None),
        ("Why it ended", _closed(match)),
        ("Its line is free for others", When(free_at, *zones) if free_at else None),
    ]


def _plan(visit: Visit, match: Match) -> list[tuple[str, Cell]]:
    newest = newest_plan(visit.session, match.id)
    plan = plan_to_read_back(visit.session, match.id) or newest
    if plan is None or newest is None:
        return []
    facts: list[tuple[str, Cell]] = [
        ("They talk", _RHYTHMS.get(plan.rhythm, plan.rhythm)),
        ("At", f"{spoken_slot(plan.slot)}, by the clocks of {plan.zone}"),
        ("A text is answered", _REPLIES.get(plan.reply, plan.reply)),
        ("Next time by the plan", _next_time(plan, match, visit.now)),
        ("Version", plan.version),
        ("Proposed", When(plan.proposed_at, *zones_of(match))),
        ("Agreed", _agreed(plan)),
    ]
    if newest is not plan and newest.ended_at is None:
        rhythm = _RHYTHMS.get(newest.rhythm, newest.rhythm)
        facts.append(("Proposed anew", f"{rhythm}, {spoken_slot(newest.slot)}; {_agreed(newest)}"))
    return facts


def _agreed(plan: Plan) -> str:
    """Say who has agreed to a version of the plan."""
    agreed = {"the protege": plan.protege_agreed_at, "the mentor": plan.mentor_agreed_at}
    waits = [who for who, at in agreed.items() if at is None]
    if not waits:
        return "both"
    return f"still to agree: {' and '.join(waits)}" if plan.ended_at is None else "not by both"


def _next_time(plan: Plan, match: Match, now: datetime) -> When | None:
    """Return when the slot of a plan comes next; it is told by the clocks of one of the two."""
    zone = zone_named(plan.zone)
    if zone is None:
        return None
    try:
        return When(next_moment(plan.slot, zone=zone, after=now), *zones_of(match))
    except ValueError:
        return None


def _actions(visit: Visit, match: Match) -> list[Link]:
    allowed = {
        "hold": ("Stop all contact", match.state.connects and visit.may(Permission.WORK)),
        "release": (
            "Lift the hold",
            match.state is MatchState.SAFETY_HOLD and visit.may(Permission.RELEASE),
        ),
        "pause": ("Let it rest", match.state in RUNNING and visit.may(Permission.WORK)),
        "resume": (
            "End the pause",
            match.state is MatchState.PAUSED and visit.may(Permission.WORK),
        ),
        "finish": ("Let it end well", match.state in _MAY_FINISH and visit.may(Permission.WORK)),
        "reopen": (
            "Take back the end",
            match.state is MatchState.CLOSING and visit.may(Permission.WORK),
        ),
        "touch": (
            "Note: keep in touch",
            match.state in _ENDING and visit.may(Permission.WORK),
        ),
        "close": (
            "Close it now",
            match.state is not MatchState.CLOSED and visit.may(Permission.WORK),
        ),
    }
    return [
        Link(words, url_for(f"desk.{name}", code=match.code))
        for name, (words, holds) in allowed.items()
        if holds
    ]


def _alert_row(visit: Visit, task: StaffTask, match: Match) -> tuple[Cell, ...]:
    return (
        task_link(task),
        severity_tag(task.severity),
        When(task.due_at, *zones_of(match)),
        (outcome_shown(visit, task) or "closed") if task.done_at else "open",
    )
