"""The other side of a talk that was moved takes no texts: a call tells them, or staff do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.calendar.outlook import outlook
from mentoring.calendar.talks import ASKED_BEFORE
from mentoring.matches import close_match, match_with_code
from mentoring.models import ClosureReason, Delivery, Due, DueKind, Mode
from telephony.emulator import busy, no_answer, voicemail
from telephony.emulator.behaviour import WhenRung
from tests.journeys.cast import LUIS, ROSA, hold
from tests.journeys.talks import HOUR, THURSDAY, got, local, outcomes, planned, states, until
from tests.journeys.test_changed_talks import to_tell
from tests.journeys.test_holds import release
from tests.phone import Caller
from tests.town import MAIN, Town

LANDLINE = {"landline": True, "texts": False, "mode": Mode.VOICE}
A_SECOND = timedelta(seconds=1)
# The phone of Luis has had the call of the day when Rosa moves the talk on Thursday, so he is
# called when the hours of Friday begin.
FRIDAY = THURSDAY + 16 * HOUR + A_SECOND
# At 6 pm, and the clocks go forward on the Sunday before.
MONDAY = THURSDAY + 97 * HOUR
TELL_LUIS = "Tell M01: their talk is now Mon, Mar 9 at 6 pm there."


def rosa_moves_it_to_monday(town: Town, rosa: dict[str, object] | None = None) -> None:
    planned(town, "fri 16:00", rosa=rosa, luis=LANDLINE)
    until(town, THURSDAY + HOUR)
    said = town.texts(ROSA, MAIN, "2", "Mon 6 pm")[-1]
    assert said.startswith("Your talk with Luis is now Mon, Mar 9 at 6 pm")


def luis_hears_it(town: Town) -> Caller:
    """Let Luis take the call about the new time, on Friday morning."""
    until(town, FRIDAY)
    luis = town.caller(LUIS)
    assert luis.handset.ringing == MAIN
    luis.answers()
    luis.presses("1")
    luis.hears("Your talk with Rosa is Mon, Mar 9 at 6 pm your time.", "To have us ring you")
    return luis


def rung_about(town: Town) -> list[str]:
    """Return what Luis was rung about, of what is asked before talks."""
    with town.db.transaction() as session:
        calls = select(Delivery.flow).where(
            Delivery.flow.in_(ASKED_BEFORE), Delivery.carrier_sid.is_not(None)
        )
        return [str(flow) for flow in session.scalars(calls.order_by(Delivery.id))]


def test_a_landline_that_was_called_today_is_told_by_staff_before_a_talk_of_today(
    town: Town,
) -> None:
    planned(town, luis=LANDLINE)
    until(town, THURSDAY - 24 * HOUR)
    luis = town.caller(LUIS)
    luis.answers()
    luis.presses("1")
    luis.hears("Your talk with Rosa is Thu")
    luis.presses("1")
    luis.hears("[call ended]")
    until(town, THURSDAY - 23 * HOUR)

    assert "We will tell Luis." in town.texts(ROSA, MAIN, "2", "today 7 pm")[-1]

    assert to_tell(town) == ["Tell M01: their talk is now Wed, Mar 4 at 7 pm there."]
    (task,) = [task for task in town.tasks() if task.rule == "talk"]
    assert local(task.due_at) == "Wed Mar 04 18:00"
    until(town, THURSDAY - 21 * HOUR - A_SECOND)
    assert rung_about(town) == ["talk_reminder"]


@pytest.mark.parametrize("behaviour", [no_answer(), busy(), voicemail()])
def test_of_a_call_that_told_nobody_staff_tell_while_there_is_time(
    town: Town, behaviour: WhenRung
) -> None:
    rosa_moves_it_to_monday(town)
    town.phone(LUIS, when_rung=behaviour)
    until(town, FRIDAY + timedelta(minutes=59))
    assert to_tell(town) == []

    until(town, FRIDAY + HOUR)

    assert to_tell(town) == [TELL_LUIS]
    # The reminder comes a day before all the same, and nobody else is asked to tell.
    until(town, MONDAY - 23 * HOUR)
    assert rung_about(town) == ["talk_reminder", "new_time", "talk_reminder"]
    until(town, MONDAY - HOUR)
    assert to_tell(town) == [TELL_LUIS]


def test_who_was_called_about_a_new_time_is_reminded_a_day_before_too(town: Town) -> None:
    rosa_moves_it_to_monday(town)
    luis = luis_hears_it(town)
    luis.presses("1")
    luis.hears("We will ring you at 6 pm.", "[call ended]")

    until(town, MONDAY - 25 * HOUR)
    luis = town.until_it_rings(LUIS, days=0.05)

    assert "Mon, Mar 9 at 6 pm" in got(town, ROSA)[-1]
    assert rung_about(town) == ["talk_reminder", "new_time", "talk_reminder"]
    luis.answers()
    luis.presses("1")
    luis.hears("Your talk with Rosa is Mon, Mar 9 at 6 pm your time.")
    assert to_tell(town) == []


def test_where_one_reads_texts_only_the_call_offers_no_ring(town: Town) -> None:
    rosa_moves_it_to_monday(town, rosa={"mode": Mode.TEXT})
    until(town, FRIDAY)
    luis = town.caller(LUIS)
    luis.answers()
    luis.presses("1")
    luis.hears("You and Rosa plan to be in touch Mon, Mar 9 at 6 pm your time.", "If that is right")
    luis.presses("1")
    luis.hears("Your talk with Rosa stays Mon, Mar 9 at 6 pm")


def test_who_heard_it_and_hung_up_is_not_told_once_more(town: Town) -> None:
    rosa_moves_it_to_monday(town)
    luis_hears_it(town).hangs_up()

    until(town, FRIDAY + 5 * HOUR)

    assert to_tell(town) == []
    assert outcomes(town, DueKind.TALK_TOLD) == ["heard"]


def test_who_asks_for_a_person_before_anything_was_said_is_told_by_staff(town: Town) -> None:
    rosa_moves_it_to_monday(town)
    until(town, FRIDAY)
    luis = town.caller(LUIS)
    luis.answers()
    luis.hears("Is this Luis?")
    luis.presses("0")
    luis.hangs_up()

    until(town, FRIDAY + HOUR)

    assert to_tell(town) == [TELL_LUIS]


def test_who_calls_back_and_answers_need_not_be_told_by_staff(town: Town) -> None:
    rosa_moves_it_to_monday(town)
    town.phone(LUIS, when_rung=no_answer())
    until(town, FRIDAY + 2 * HOUR)
    assert to_tell(town) == [TELL_LUIS]
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.hears("Your talk with Rosa is Mon, Mar 9 at 6 pm your time.")

    luis.presses("1")

    luis.hears("We will ring you")
    town.pass_time(3600)
    assert to_tell(town) == []
    assert outcomes(town, DueKind.TALK_TOLD) == ["heard"]


def test_a_talk_that_is_moved_once_more_is_told_once(town: Town) -> None:
    rosa_moves_it_to_monday(town)
    town.phone(LUIS, when_rung=no_answer())
    until(town, FRIDAY + 2 * HOUR)
    # Rosa answers what she is asked that day, so the reminder can ask her.
    town.texts(ROSA, MAIN, "1")
    until(town, MONDAY - 23 * HOUR)
    assert to_tell(town) == [TELL_LUIS]

    assert "is now Mon, Mar 9 at 7 pm" in town.texts(ROSA, MAIN, "2", "Mon 7 pm")[-1]
    assert to_tell(town) == []
    until(town, MONDAY - HOUR)

    assert to_tell(town) == [TELL_LUIS.replace("6 pm", "7 pm")]


@pytest.mark.parametrize("lasts", [timedelta(minutes=20), 3 * HOUR])
def test_after_a_rest_the_call_comes_before_staff_are_asked(town: Town, lasts: timedelta) -> None:
    rosa_moves_it_to_monday(town)
    until(town, FRIDAY - HOUR)
    hold(town)
    until(town, FRIDAY - HOUR + lasts + HOUR)
    release(town)

    luis = town.until_it_rings(LUIS, days=1)

    assert to_tell(town) == []
    luis.answers()
    luis.presses("1")
    luis.hears("Your talk with Rosa is Mon, Mar 9 at 6 pm your time.")
    luis.hangs_up()
    until(town, MONDAY - 25 * HOUR)
    assert (to_tell(town), outcomes(town, DueKind.TALK_TOLD)) == ([], ["heard"])


def test_after_a_rest_staff_are_asked_where_the_call_would_come_too_late(town: Town) -> None:
    planned(town, "thu 16:00", luis=LANDLINE)
    until(town, THURSDAY - 23 * HOUR)
    assert "is now Fri, Mar 6 at 9 am" in town.texts(ROSA, MAIN, "2", "Fri 9 am")[-1]
    # He would be called when the hours of Thursday begin.
    until(town, THURSDAY - 8 * HOUR)
    hold(town)
    until(town, THURSDAY - 7 * HOUR + timedelta(minutes=20))
    release(town)

    until(town, THURSDAY - 6 * HOUR)

    assert to_tell(town) == ["Tell M01: their talk is now Fri, Mar 6 at 9 am there."]


def is_called_off_for_a_pause(town: Town) -> None:
    town.texts(ROSA, MAIN, "PAUSE")
    until(town, MONDAY - 22 * HOUR)
    assert states(town)[-1] == ("Mon Mar 09 18:00", "cancelled")


def is_of_a_match_that_closes(town: Town) -> None:
    with town.db.transaction() as session:
        match, reason = match_with_code(session, "K01"), ClosureReason.OTHER
        close_match(session, match, reason=reason, actor="staff", now=town.clock.now())
    town.pass_time(3600)


def is_over(town: Town) -> None:
    until(town, MONDAY + HOUR)


@pytest.mark.parametrize("then", [is_called_off_for_a_pause, is_of_a_match_that_closes, is_over])
def test_of_a_talk_that_is_not_to_come_any_more_staff_are_not_to_tell_the_time(
    town: Town, then: Callable[[Town], None]
) -> None:
    rosa_moves_it_to_monday(town)
    town.phone(LUIS, when_rung=no_answer())
    until(town, FRIDAY + 2 * HOUR)
    assert to_tell(town) == [TELL_LUIS]

    then(town)

    assert to_tell(town) == []


def test_staff_are_not_asked_while_it_rings(town: Town) -> None:
    rosa_moves_it_to_monday(town)
    until(town, FRIDAY)
    with town.db.transaction() as session:
        for due in session.scalars(select(Due).where(Due.kind == DueKind.TALK_TOLD)):
            due.due_at = town.clock.now()
    town.settle()

    luis_hears_it(town).hangs_up()

    until(town, FRIDAY + HOUR)
    assert to_tell(town) == []
    assert outcomes(town, DueKind.TALK_TOLD) == ["heard"]


def test_due_tells_when_staff_are_asked(town: Town) -> None:
    rosa_moves_it_to_monday(town)

    with town.db.transaction() as session:
        told = outlook(session, now=town.clock.now(), days=7)

    (of_staff,) = [each for each in told if "staff" in each.what and each.match == "K01"]
    assert local(of_staff.at) == "Fri Mar 06 09:00"
    assert of_staff.what == "staff are to tell the new time, if no call has told it"
    assert of_staff.why == "one of them chose this time"
