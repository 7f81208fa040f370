"""A question was on its way when its match began to rest: nobody is asked about it meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.pauses import come_back, pause_person
from mentoring.marks import MarkName, set_mark
from mentoring.models import (
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    InvitationState,
    Match,
    Person,
)
from mentoring.oversight.nudge import nudge
from tests.journeys.cast import ROSA, hold, person_at
from tests.journeys.ending import got, text_pair
from tests.journeys.talks import until
from tests.journeys.test_check_in_calls import (
    FIRST,
    has_used_the_call_of_the_day,
    landline_pair,
    states_of_rosa,
)
from tests.journeys.test_holds import release
from tests.journeys.test_told_at_the_next_call import they_talk
from tests.phone import Caller
from tests.town import MAIN, Town

# Day 3, on which the first check-in comes.
FRIDAY = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def is_in_a_call_when_it_falls_due(town: Town) -> Caller:
    """Rosa has called us herself when her check-in falls due, so it waits until she hangs up."""
    until(town, FRIDAY - timedelta(seconds=5))
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("To call Luis press 1")
    rosa.presses("3")
    rosa.hears("To pause or finish")
    town.pass_time(8)
    assert rosa.is_in_call
    assert statuses(town) == [DeliveryStatus.QUEUED]
    return rosa


def statuses(town: Town, kind: DeliveryKind = DeliveryKind.CALL) -> list[DeliveryStatus]:
    """Return how far each call of ours, or text, has come, oldest first."""
    found = select(Delivery.status).where(Delivery.kind == kind).order_by(Delivery.id)
    with town.db.transaction() as session:
        return list(session.scalars(found))


def test_who_pauses_in_the_call_before_it_is_not_rung_about_the_pair_after_it(town: Town) -> None:
    landline_pair(town)
    rosa = is_in_a_call_when_it_falls_due(town)
    rosa.presses("3")
    rosa.presses("1")
    rosa.hears("Your match is on pause")
    rosa.hangs_up()

    town.days_pass(5)

    assert rosa.handset.ringing is None
    assert statuses(town) == [DeliveryStatus.EXPIRED]


def test_a_check_in_that_waited_for_a_hold_comes_once_it_is_lifted(town: Town) -> None:
    landline_pair(town)
    rosa = is_in_a_call_when_it_falls_due(town)
    rosa.hangs_up()
    hold(town)
    town.pass_time(3600)
    assert rosa.handset.ringing is None

    release(town)

    rosa = town.until_it_rings(ROSA, days=0.1)
    rosa.answers()
    rosa.presses("1")
    rosa.hears(FIRST)


def test_who_picks_up_while_the_match_is_put_on_hold_is_asked_nothing(town: Town) -> None:
    landline_pair(town)
    rosa = town.until_it_rings(ROSA)
    rosa.answers()
    rosa.hears("Is this Rosa?")
    hold(town)

    rosa.presses("1")

    rosa.hears("I have nothing to ask", "Goodbye")
    rosa.hears_none_of("Luis")
    assert states_of_rosa(town) == [InvitationState.ASKED], "she is asked when the match goes on"


@pytest.mark.parametrize("lifted", [True, False])
def test_a_question_by_text_waits_with_its_match(town: Town, *, lifted: bool) -> None:
    text_pair(town)
    until(town, FRIDAY - 60 * MINUTE)
    with town.db.transaction() as session:
        # It is queued, and the carrier takes nothing for a while.
        set_mark(session, MarkName.SENDING_PAUSES, town.clock.now() + timedelta(hours=2))
    town.pass_time(90 * 60)
    assert statuses(town, DeliveryKind.NOTICE)[0] is DeliveryStatus.QUEUED
    hold(town)

    town.pass_time(5 * 3600)
    assert got(town, ROSA) == []
    if lifted:
        release(town)
        town.pass_time(2 * 3600)
    assert [FIRST in body for body in got(town, ROSA)] == [True] * lifted


def test_who_was_to_be_asked_again_later_is_not_asked_while_the_match_is_on_hold(
    town: Town,
) -> None:
    match = text_pair(town)
    rosa, now = person_at(town, ROSA), town.clock.now()
    with town.db.transaction() as session:
        open_invitation(
            session, "talk_check", match_id=match.id, person=rosa, number=1, at=now, now=now
        )
    town.settle()
    assert "Did your talk go OK?" in got(town, ROSA)[-1]
    (said,) = town.texts(ROSA, MAIN, "LATER")
    assert said.startswith("No rush. I will ask again in 2 days.")
    hold(town)
    before = got(town, ROSA)

    town.days_pass(4)

    assert got(town, ROSA) == before


@pytest.mark.parametrize("talked", [True, False])
def test_of_a_silence_nobody_hears_a_day_late_once_the_two_have_talked(
    town: Town, talked: bool
) -> None:
    rosa = has_used_the_call_of_the_day(town)
    with town.db.transaction() as session:
        (match,) = session.scalars(select(Match)).all()
        nudge(session, match, number=1, now=town.clock.now())
    town.days_pass(0.02)
    if talked:
        they_talk(town)

    # Till Monday; on Tuesday she is asked how the talk went.
    town.days_pass(3.5, until=lambda: rosa.handset.ringing is not None)

    assert (rosa.handset.ringing is None) is talked


@pytest.mark.parametrize("is_back", [True, False])
def test_who_is_back_is_not_asked_whether_their_pause_ends(town: Town, is_back: bool) -> None:
    rosa = has_used_the_call_of_the_day(town)
    now = town.clock.now()
    with town.db.transaction() as session:
        person = session.get_one(Person, person_at(town, ROSA).id)
        pause_person(session, person, actor="staff", reason="ill", days=5, now=now)
        open_invitation(
            session, "pause_check", match_id=None, person=person, number=1, at=now, now=now
        )
    town.days_pass(0.02)
    if is_back:
        with town.db.transaction() as session:
            person = session.get_one(Person, person_at(town, ROSA).id)
            come_back(session, person, actor="staff", reason="well again", now=town.clock.now())

    town.days_pass(4, until=lambda: rosa.handset.ringing is not None)

    assert (rosa.handset.ringing is None) is is_back
