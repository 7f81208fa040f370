"""The days of a match: whoever is to be called by staff about check-ins is asked by no machine."""

from datetime import timedelta

from sqlalchemy import select

from mentoring.calendar.deeds import do_due
from mentoring.db import Session
from mentoring.matches import plan_day
from mentoring.models import Invitation, Match, MatchState, Role
from mentoring.tasks import open_task
from tests.make import NOW
from tests.watch import close, make_pair, person_of

DAY = timedelta(days=1)


def asked_on(session: Session, match: Match, day: int) -> list[Role]:
    """Let a day of the match come; return who is asked for a check-in then."""
    plan_day(session, match, day, now=NOW)
    do_due(session, now=NOW + day * DAY)
    found = select(Invitation.person_id).where(
        Invitation.flow == "checkin", Invitation.number == day
    )
    ids = set(session.scalars(found))
    return sorted(side.role for side in match.sides if side.person_id in ids)


def test_who_let_two_check_ins_go_by_is_left_to_staff_until_they_have_called(
    session: Session,
) -> None:
    match = make_pair(session, MatchState.ACTIVE)
    rosa = person_of(match)
    open_task(session, rule="O9", words="Call.", subject=rosa.code, person=rosa, now=NOW)
    session.flush()
    assert asked_on(session, match, 60) == [Role.MENTOR]
    close(session, "O9", at=NOW + 61 * DAY)
    assert asked_on(session, match, 120) == [Role.MENTOR, Role.PROTEGE]
