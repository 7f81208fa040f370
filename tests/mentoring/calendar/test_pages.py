"""The days of a match: whoever is to be called by staff about check-ins is asked by no machine."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.calendar.deeds import do_due
from mentoring.calendar.invitations import open_invitation
from mentoring.db import Session
from mentoring.matches import plan_day
from mentoring.models import (
    Due,
    DueKind,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Role,
    StaffTask,
)
from mentoring.tasks import open_task
from tests.make import NOW
from tests.watch import close, make_pair, move, person_of

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


def test_a_check_in_that_waited_unasked_till_the_next_one_is_let_go(session: Session) -> None:
    match = make_pair(session, MatchState.ACTIVE)
    for day in (14, 30):
        open_invitation(
            session,
            "checkin",
            match_id=match.id,
            person=person_of(match),
            number=day,
            at=NOW + 90 * DAY,
            now=NOW,
        )
    session.scalars(select(Invitation)).first().state = InvitationState.ASKED  # type: ignore[union-attr]
    plan_day(session, match, 60, now=NOW)

    do_due(session, now=NOW + 60 * DAY)

    mine = select(Invitation.number, Invitation.state).where(
        Invitation.person_id == person_of(match).id, Invitation.flow == "checkin"
    )
    assert session.execute(mine.order_by(Invitation.number)).all() == [
        (14, InvitationState.ASKED),
        (30, InvitationState.CANCELLED),
        (60, InvitationState.WAITING),
    ]


def lives_until(session: Session, match: Match, day: int, *, since: int) -> None:
    """Let the days of a match come one by one, each looked at in the middle of it."""
    for each in range(since, day + 1):
        do_due(session, now=match.opened_at + each * DAY + DAY / 2)
        session.flush()


def quarters_asked(session: Session) -> list[int]:
    found = select(Invitation.number).where(Invitation.flow == "milestone")
    return sorted(set(session.scalars(found)))


def support_calls(session: Session) -> list[str]:
    words = select(StaffTask.words).where(StaffTask.rule == "support call")
    return sorted({text.split(": it is ")[1] for text in session.scalars(words)})


def days_planned(session: Session, day: int) -> list[str | None]:
    """Return what came of each plan for a day of the match."""
    planned = Due.kind == DueKind.CALENDAR, Due.round == day
    return list(session.scalars(select(Due.outcome).where(*planned)))


@pytest.mark.parametrize("rest", [MatchState.PAUSED, MatchState.SAFETY_HOLD])
@pytest.mark.parametrize("wakes_on", [95, 125])
def test_the_questions_of_a_quarter_and_the_call_of_staff_wait_for_the_end_of_a_rest(
    session: Session, rest: MatchState, wakes_on: int
) -> None:
    match = make_pair(session, MatchState.ACTIVE)
    move(session, match, rest)
    plan_day(session, match, 90, now=NOW)
    lives_until(session, match, wakes_on - 1, since=90)
    assert (quarters_asked(session), support_calls(session)) == ([], [])

    move(session, match, MatchState.ACTIVE, at=NOW + wakes_on * DAY)
    lives_until(session, match, wakes_on + 10, since=wakes_on)

    assert quarters_asked(session) == [90]
    assert support_calls(session) == ["90 days old."]
    assert len(days_planned(session, 120)) == 1


def test_of_two_quarters_in_one_long_hold_only_the_newer_is_asked_about(session: Session) -> None:
    match = make_pair(session, MatchState.ACTIVE)
    move(session, match, MatchState.SAFETY_HOLD)
    plan_day(session, match, 270, now=NOW)
    lives_until(session, match, 369, since=270)

    move(session, match, MatchState.ACTIVE, at=NOW + 370 * DAY)
    lives_until(session, match, 372, since=370)

    assert support_calls(session) == ["360 days old."]
    assert 270 not in quarters_asked(session)


def test_a_day_with_a_check_in_alone_is_left_out_in_a_rest(session: Session) -> None:
    match = make_pair(session, MatchState.ACTIVE)
    move(session, match, MatchState.PAUSED)
    plan_day(session, match, 120, now=NOW)
    lives_until(session, match, 121, since=120)

    move(session, match, MatchState.ACTIVE, at=NOW + 122 * DAY)
    lives_until(session, match, 125, since=122)

    assert days_planned(session, 120) == ["nothing asked: paused"]
    assert session.scalars(select(Invitation).where(Invitation.number == 120)).all() == []
