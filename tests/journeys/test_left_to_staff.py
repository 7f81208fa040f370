"""Calls or texts did not reach somebody: no machine tries again before staff (O6)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.alerts import close_alert, list_alerts
from mentoring.calendar.plans import ask_for_plan
from mentoring.lines import main_line
from mentoring.matches import match_with_code
from mentoring.models import DeliveryKind, Invitation, InvitationState, Person, Role, StaffTask
from mentoring.notices import queue_prompt
from mentoring.oversight.rules import OutcomeCode
from mentoring.people import person_with_code
from telephony.emulator import busy
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.service_calls import queue, row
from tests.town import MAIN, PAIRS, Town

CHECK_IN = "talked or texted yet?"


def nobody_reaches_rosa(town: Town) -> Person:
    """Luis calls three times and her phone is busy, which staff see."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS))
    town.phone(ROSA, when_rung=busy())
    for _ in range(3):
        luis = town.caller(LUIS)
        luis.calls(PAIRS[0])
        luis.hears("Rosa can't talk right now")
        luis.hangs_up()
        town.pass_time(600)
    town.ticker.oversee()
    assert [alert.rule for alert in open_alerts(town)] == ["O6"]
    return rosa


def open_alerts(town: Town) -> list[StaffTask]:
    with town.db.transaction() as session:
        return [alert for alert in list_alerts(session) if alert.rule == "O6"]


def staff_close_it(town: Town) -> None:
    with town.db.transaction() as session:
        (alert,) = [alert for alert in list_alerts(session) if alert.rule == "O6"]
        close_alert(session, alert.id, code=OutcomeCode.SPOKE, actor="staff", now=town.clock.now())


def tell(town: Town, prompt: str) -> None:
    """Let the service text one thing to Rosa by itself."""
    with town.db.transaction() as session:
        rosa = person_with_code(session, "P01")
        queue_prompt(
            session,
            prompt,
            to=rosa.phone,
            line=main_line(session),
            kind=DeliveryKind.NOTICE,
            dedupe_key=prompt,
            person=rosa,
            known={"mentor": "Luis"},
            now=town.clock.now(),
        )


def inbox(town: Town) -> list[str]:
    """Return what Rosa has been texted since, after the news of three calls."""
    return [text.body for text in town.phone(ROSA).inbox[3:]]


def test_no_question_is_asked_until_staff_have_closed_the_alert(town: Town) -> None:
    nobody_reaches_rosa(town)
    town.days_pass(20)
    assert inbox(town) == []
    assert any(CHECK_IN in text.body for text in town.phone(LUIS).inbox)
    staff_close_it(town)
    town.days_pass(12)
    assert any("4 short questions" in body for body in inbox(town))


def test_a_question_that_was_due_is_tried_only_once_they_have(town: Town) -> None:
    rosa = nobody_reaches_rosa(town)
    with town.db.transaction() as session:
        ask_for_plan(session, match_with_code(session, "K01"), now=town.clock.now())
    town.days_pass(9)
    with town.db.transaction() as session:
        asked = select(Invitation.state).where(Invitation.person_id == rosa.id)
        assert set(session.scalars(asked)) == {InvitationState.WAITING}
    staff_close_it(town)
    town.days_pass(3)
    assert "how sure are you" in inbox(town)[0]


def test_a_text_that_is_due_waits_for_staff_and_then_goes(town: Town) -> None:
    nobody_reaches_rosa(town)
    tell(town, "T-NUDGE")
    town.pass_time(4 * 3600)
    assert inbox(town) == []
    staff_close_it(town)
    town.pass_time(3600)
    assert "You and Luis have not talked for a while." in inbox(town)[0]


@pytest.mark.parametrize("news", ["T-MP3F", "T-MP3S", "T-R1", "T-R1N"])
def test_the_news_of_a_match_that_staff_have_opened_goes_at_once(town: Town, news: str) -> None:
    nobody_reaches_rosa(town)
    tell(town, news)
    town.pass_time(60)
    assert len(inbox(town)) == 1


def test_an_automated_call_waits_as_well(town: Town) -> None:
    rosa = nobody_reaches_rosa(town)
    queue(town, rosa, keep_for=timedelta(days=2))
    town.pass_time(3 * 3600)
    assert row(town).attempts == 0
    staff_close_it(town)
    town.pass_time(3600)
    assert row(town).attempts == 1


def test_what_the_partner_sends_and_what_they_ask_for_themselves_goes_on(town: Town) -> None:
    nobody_reaches_rosa(town)
    town.texts(LUIS, PAIRS[0], "Is all well?")
    assert inbox(town) == ["Luis: Is all well?"]
    (menu,) = town.texts(ROSA, MAIN, "MENU")
    assert menu.startswith("Reply 1")
    luis = town.caller(LUIS)
    luis.calls(PAIRS[0])
    luis.hangs_up()
    town.pass_time(60)
    assert "Luis tried to call you." in inbox(town)[-1]
