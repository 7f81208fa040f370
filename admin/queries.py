"""What several pages look up: people, matches and alerts in somebody's scope, and their names."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from flask import abort, url_for
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from admin.concerns import reasons_shown
from admin.labels import in_words, who_did
from admin.lists import Cell, Link, When
from admin.office import Visit
from mentoring.holds import DECISION
from mentoring.models import (
    Contact,
    Match,
    MatchSide,
    MatchState,
    Person,
    Role,
    StaffTask,
    Transition,
)

Found = TypeVar("Found")
_HISTORY_SHOWN = 50
_MOST_COMMUNITIES = 200


def person_of(visit: Visit, code: str) -> Person:
    """Return a person in scope by code; a page that is not there otherwise."""
    return _or_not_found(
        visit.session.scalar(
            select(Person).where(Person.code == code.upper()[:20], visit.scope.people())
        )
    )


def match_of(visit: Visit, code: str) -> Match:
    """Return a match in scope by code, with its sides and their people."""
    return _or_not_found(
        visit.session.scalar(
            select(Match)
            .where(Match.code == code.upper()[:20], visit.scope.matches())
            .options(joinedload(Match.line), selectinload(Match.sides).joinedload(MatchSide.person))
        )
    )


def task_of(visit: Visit, task_id: int, *, alert: bool) -> StaffTask:
    """Return a task or an alert in scope by its number."""
    is_alert = StaffTask.severity.is_not(None)
    return _or_not_found(
        visit.session.scalar(
            select(StaffTask).where(
                StaffTask.id == task_id, visit.scope.tasks(), is_alert if alert else ~is_alert
            )
        )
    )


def _or_not_found(found: Found | None) -> Found:
    if found is None:
        abort(404)
    return found


def people_by_id(visit: Visit, ids: Iterable[int | None]) -> Mapping[int | None, Person]:
    """Return people by their ids, in one statement."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    found = visit.session.scalars(select(Person).where(Person.id.in_(wanted)))
    return {person.id: person for person in found}


def communities_of(visit: Visit) -> Sequence[str]:
    """Return the communities that somebody sees by name: theirs, or all that people belong to."""
    if visit.scope.communities is not None:
        return sorted(visit.scope.communities)
    known = select(Person.community).where(Person.community != "").distinct()
    return visit.session.scalars(known.order_by(Person.community).limit(_MOST_COMMUNITIES)).all()


def matches_by_id(visit: Visit, ids: Iterable[int | None]) -> Mapping[int | None, str]:
    """Return the codes of matches by their ids, in one statement."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    rows = visit.session.execute(select(Match.id, Match.code).where(Match.id.in_(wanted)))
    return dict(rows.all())


def zones_concerned(
    visit: Visit, tasks: Sequence[StaffTask], people: Mapping[int | None, Person]
) -> Mapping[int, list[str | None]]:
    """Return by which clocks tasks or alerts are read: of the person they are about, or of both."""
    pairs = {each.match_id for each in tasks if each.person_id not in people} - {None}
    both: dict[int | None, list[str | None]] = {number: [] for number in pairs}
    if pairs:
        for match_id, zone in visit.session.execute(
            select(MatchSide.match_id, Person.zone)
            .join(Person, Person.id == MatchSide.person_id)
            .where(MatchSide.match_id.in_(pairs))
            .order_by(MatchSide.id)
        ):
            both[match_id].append(zone)
    return {
        each.id: [person.zone]
        if (person := people.get(each.person_id)) is not None
        else both.get(each.match_id, [])
        for each in tasks
    }


def open_matches_of(visit: Visit, people: Collection[Person]) -> Mapping[int, list[str]]:
    """Return the codes of the open matches of each of these people."""
    codes: dict[int, list[str]] = {person.id: [] for person in people}
    rows = visit.session.execute(
        select(MatchSide.person_id, Match.code)
        .join(Match, Match.id == MatchSide.match_id)
        .where(MatchSide.person_id.in_(codes), Match.state != MatchState.CLOSED)
        .order_by(Match.id)
    )
    for person_id, code in rows:
        codes[person_id].append(code)
    return codes


def newest_two_way(visit: Visit, match_ids: Collection[int]) -> Mapping[int | None, datetime]:
    """Return when each of these matches last had two-way contact."""
    rows = visit.session.execute(
        select(Contact.match_id, func.max(Contact.started_at))
        .where(Contact.match_id.in_(match_ids), Contact.two_way.is_(True))
        .group_by(Contact.match_id)
    )
    return dict(rows.all())


def known_communities(visit: Visit) -> Sequence[str]:
    """Return the communities that they see, in which there is somebody."""
    known = select(Person.community).where(Person.community != "", visit.scope.people()).distinct()
    return visit.session.scalars(known.order_by(Person.community).limit(50)).all()


def side_of(match: Match, role: Role) -> Person:
    """Return the protege or the mentor of a match."""
    return next(side.person for side in match.sides if side.role is role)


def zones_of(match: Match) -> tuple[str | None, str | None]:
    """Return the zones of the two of a match."""
    return side_of(match, Role.PROTEGE).zone, side_of(match, Role.MENTOR).zone


def history_rows(
    visit: Visit, entity: str, entity_id: int, *zones: str | None
) -> list[tuple[Cell, ...]]:
    """Return the changes of state of a person or match, newest first: when, from, to, who, why.

    What single people say of a hold stands among those of its match. `zones` are those of the one
    or two people concerned.
    """
    told_with = (entity, DECISION) if entity == "match" else (entity,)
    moves = visit.session.scalars(
        select(Transition)
        .where(Transition.entity.in_(told_with), Transition.entity_id == entity_id)
        .order_by(Transition.id.desc())
        .limit(_HISTORY_SHOWN)
    ).all()
    return [
        (
            When(move.at, *zones),
            in_words(move.from_state or ""),
            in_words(move.to_state),
            who_did(move.actor),
            reason,
        )
        for move, reason in zip(moves, reasons_shown(visit, moves), strict=True)
    ]


def person_link(person: Person, page: str = "desk.show_person") -> Link:
    """Return a person's name, leading to a page of theirs; others may have the same name."""
    address = url_for(page, code=person.code)
    return Link(person.shown_name, address, told=f"{person.shown_name} ({person.code})")


def task_link(task: StaffTask) -> Link:
    """Return a task or an alert by its words, leading to its page."""
    return Link(task.words, task_address(task.id, is_alert=task.severity is not None))


def task_address(number: int, *, is_alert: bool) -> str:
    """Return the address of the page of a task or an alert."""
    return url_for("desk.show_alert" if is_alert else "desk.show_task", number=number)


def concerns(person: Person) -> ColumnElement[bool]:
    """Return the condition that an entry of the contact log is about a person."""
    return or_(Contact.from_person_id == person.id, Contact.to_person_id == person.id)


def refuse_part(visit: Visit, what: str) -> None:
    """Refuse whoever sees some communities alone to change what belongs to all of them."""
    if visit.scope.communities is not None:
        abort(403, f"{what}, and you look after some communities. Ask whoever sees all of them.")
