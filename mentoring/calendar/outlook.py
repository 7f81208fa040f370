"""What will happen to whom in the next days, and why: the waiting dues, in words for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from mentoring.calendar.days import flow_on, has_support_call
from mentoring.calendar.ladders import LADDERS, Way
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.hours import check_in_hours, next_opening
from mentoring.models import (
    Delivery,
    DeliveryStatus,
    Due,
    DueKind,
    Invitation,
    Match,
    Person,
)

_WAYS = {
    Way.PREFERRED: "is asked in the way they like",
    Way.TEXT: "is reminded by text",
    Way.ANNOUNCE: "is told that we will call",
    Way.CALL: "is called",
    Way.STAFF: "staff are asked to call",
    Way.GIVE_UP: "it is given up",
}


@dataclass(frozen=True)
class Prospect:
    """One thing that will happen: when, to whom, in which match, what, and why."""

    at: datetime
    zone: str | None
    person: str | None
    match: str | None
    what: str
    why: str


def next_moment(session: Session, *, after: datetime) -> datetime | None:
    """Return the next moment after another at which something will be due or may leave, if any."""
    due = select(func.min(Due.due_at)).where(Due.done_at.is_(None), Due.due_at > after)
    held = select(func.min(Delivery.not_before)).where(
        Delivery.status == DeliveryStatus.QUEUED, Delivery.not_before > after
    )
    moments = [session.scalar(due), session.scalar(held)]
    return min((moment for moment in moments if moment is not None), default=None)


def outlook(
    session: Session, *, now: datetime, days: int, person_id: int | None = None
) -> Sequence[Prospect]:
    """Return what will happen within some days, soonest first.

    The moment is the one at which the person's hours are open; whether it comes to it is decided
    then, for they may have answered by that time.
    """
    chosen = (
        select(Due, Person, Match, Invitation)
        .outerjoin(Person, Person.id == Due.person_id)
        .outerjoin(Match, Match.id == Due.match_id)
        .outerjoin(Invitation, Invitation.id == Due.invitation_id)
        .where(Due.done_at.is_(None), Due.due_at < now + timedelta(days=days))
        .options(joinedload(Person.phone))
    )
    if person_id is not None:
        chosen = chosen.where(Due.person_id == person_id)
    found = [
        _prospect(session, due, person, match, invitation, now=now)
        for due, person, match, invitation in session.execute(chosen)
    ]
    return sorted(found, key=lambda prospect: prospect.at)


def _prospect(
    session: Session,
    due: Due,
    person: Person | None,
    match: Match | None,
    invitation: Invitation | None,
    *,
    now: datetime,
) -> Prospect:
    at = max(due.due_at, now)
    what, why = _words(due, invitation)
    zone = zone_named(person.zone) if person is not None else None
    if person is not None:
        if zone is None:
            why = f"{why}; waits for their time zone"
        else:
            at = next_opening(at, zone, check_in_hours(person, session.programme)) or at
    return Prospect(
        at,
        zone.key if zone is not None else None,
        person.code if person is not None else None,
        match.code if match is not None else None,
        what,
        why,
    )


def _words(due: Due, invitation: Invitation | None) -> tuple[str, str]:
    match due.kind:
        case DueKind.CALENDAR:
            staff = ", and staff are asked to call" if has_support_call(due.round) else ""
            name = LADDERS[flow_on(due.round)].name
            return f"both are invited to {name}{staff}", f"day {due.round} of the match"
        case DueKind.PLAN:
            return "both are asked for their plan", "once they have met"
        case DueKind.INVITE if invitation is not None:
            ladder = LADDERS[invitation.flow]
            rung = ladder.rung(due.round)
            why = ladder.name if due.round == 1 else f"{ladder.name}: no answer yet"
            return _WAYS[rung.way] if rung else "no more tries", why
    return due.kind.value, ""
