"""What journeys about calls of the service itself have in common."""

from datetime import datetime, timedelta

from sqlalchemy import select

from mentoring.lines import main_line
from mentoring.matches import match_with_code
from mentoring.models import (
    CallLeg,
    Contact,
    ContactKind,
    Delivery,
    Match,
    Person,
    Role,
)
from mentoring.queueing import queue_call
from tests.journeys.cast import LUIS, ROSA
from tests.phone import Caller
from tests.town import Town


def rosa_and_luis(town: Town, **rosa: object) -> tuple[Person, Match]:
    """Match Rosa with Luis; further facts are hers. Returns her and the match."""
    person = town.person(Role.PROTEGE, "Rosa", ROSA, **rosa)  # type: ignore[arg-type]
    return person, town.match(person, town.person(Role.MENTOR, "Luis", LUIS))


def queue(
    town: Town,
    person: Person,
    *,
    flow: str = "main_menu",
    match: Match | None = None,
    invitation_id: int | None = None,
    key: str = "check-in",
    not_before: datetime | None = None,
    keep_for: timedelta = timedelta(days=1),
) -> None:
    """Have the service ring somebody as soon as it may."""
    with town.db.transaction() as session:
        made = queue_call(
            session,
            flow=flow,
            person=session.merge(person),
            line=main_line(session),
            dedupe_key=key,
            match_id=match_with_code(session, match.code).id if match else None,
            invitation_id=invitation_id,
            not_before=not_before,
            keep_for=keep_for,
            now=town.clock.now(),
        )
        assert made is not None


def rings(town: Town, number: str = ROSA) -> Caller:
    """Let the phone ring, and take the call."""
    town.settle()
    caller = town.caller(number)
    assert caller.handset.ringing, "The phone does not ring."
    caller.answers()
    return caller


def entry(town: Town) -> Contact:
    """Return the one service call in the contact log."""
    (found,) = entries(town)
    return found


def entries(town: Town) -> list[Contact]:
    """Return the service calls in the contact log, oldest first."""
    return [contact for contact in town.log() if contact.kind is ContactKind.SERVICE]


def row(town: Town, key: str = "check-in") -> Delivery:
    """Return the row of a call in the outbox."""
    with town.db.transaction() as session:
        return session.scalars(select(Delivery).where(Delivery.dedupe_key == key)).one()


def legs(town: Town) -> list[CallLeg]:
    """Return every leg of a call, oldest first."""
    with town.db.transaction() as session:
        return list(session.scalars(select(CallLeg).order_by(CallLeg.id)))


def is_over(town: Town, caller: Caller) -> None:
    """Let the call end, and everything that follows from it happen."""
    caller.hears("[call ended]")
    town.settle()
