"""Check-ins by phone: in a call of ours, by calling back later, half by text and half by call."""

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from mentoring.models import Answer, Contact, ContactKind, Invitation, InvitationState, Mode, Role
from tests.journeys.cast import LUIS, ROSA, goes_through, person_at
from tests.journeys.test_check_ins import change
from tests.phone import Caller
from tests.town import MAIN, Town

CHICAGO = ZoneInfo("America/Chicago")
FIRST = "Have you and Luis talked or texted yet?"


def landline_pair(town: Town) -> None:
    """Rosa has a landline and talks; Luis texts."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.VOICE, landline=True, texts=False)
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT)
    town.match(rosa, luis)


def answers_of_rosa(town: Town) -> dict[str, str | None]:
    person_id = person_at(town, ROSA).id
    with town.db.transaction() as session:
        rows = session.scalars(select(Answer).where(Answer.person_id == person_id))
        return {row.question: row.value for row in rows}


def states_of_rosa(town: Town) -> list[InvitationState]:
    person_id = person_at(town, ROSA).id
    with town.db.transaction() as session:
        return list(
            session.scalars(
                select(Invitation.state)
                .where(Invitation.person_id == person_id)
                .order_by(Invitation.id)
            )
        )


def calls_to_rosa(town: Town) -> list[str]:
    """Return when the service called, as day and hour in Chicago."""
    with town.db.transaction() as session:
        rows = session.scalars(
            select(Contact).where(Contact.kind == ContactKind.SERVICE).order_by(Contact.started_at)
        )
        return [f"{row.started_at.astimezone(CHICAGO):%a %b %d %H:%M}" for row in rows]


def has_used_the_call_of_the_day(town: Town) -> Caller:
    """Rosa, who has a landline, has answered her first check-in by phone on a Friday."""
    landline_pair(town)
    rosa = town.until_it_rings(ROSA)
    rosa.answers()
    goes_through(rosa, ("1", FIRST), ("2", "Thank you, Rosa."))
    rosa.hangs_up()
    town.texts(LUIS, MAIN, "1")
    return rosa


def test_a_landline_is_called_on_the_day_and_answers_by_keypad(town: Town) -> None:
    landline_pair(town)

    rosa = town.until_it_rings(ROSA)

    rosa.answers()
    rosa.hears("Hello, this is BridgeLine. Is this Rosa?")
    rosa.hears_none_of("Luis")
    goes_through(rosa, ("1", FIRST))
    # She was asked nothing before, so there is nothing to go on with.
    rosa.hears_none_of("Your answers are saved", "We go on from where you were")
    goes_through(rosa, ("2", "Thank you, Rosa. That helps."))
    town.settle()
    assert calls_to_rosa(town) == ["Fri Mar 06 11:00"]
    assert answers_of_rosa(town) == {"CKA": "not_yet"}
    assert states_of_rosa(town) == [InvitationState.ANSWERED]
    town.days_pass(8)
    assert len(calls_to_rosa(town)) == 1


def test_the_monthly_check_in_is_four_keys_on_the_phone(town: Town) -> None:
    landline_pair(town)
    rosa = town.until_it_rings(ROSA)
    rosa.answers()
    goes_through(rosa, ("1", FIRST), ("1", "Thank you, Rosa."))
    town.settle()

    rosa = town.until_it_rings(ROSA, days=20)

    rosa.answers()
    goes_through(
        rosa,
        ("1", "This is your check-in: 4 short questions"),
        ("1", "Press a number from 1 to 5"),
        ("4", "Is the amount of contact right"),
        ("2", "closer to your goal than last month"),
        ("1", "Would you like a call from staff"),
        ("2", "Thank you, Rosa."),
    )
    town.settle()
    assert answers_of_rosa(town) == {
        "CKA": "yes",
        "CK0": "start",
        "CK1": "4",
        "CK2": "right",
        "CK3": "yes",
        "CK4": "no",
    }


def test_who_missed_the_call_calls_back_and_is_asked_then(town: Town) -> None:
    landline_pair(town)
    town.until_it_rings(ROSA)
    town.phone(ROSA).reject()
    town.settle()

    rosa = town.caller(ROSA)
    rosa.calls(MAIN)

    rosa.hears("Hello again", FIRST)
    rosa.presses("3")
    rosa.hears("Thank you, Rosa.")
    town.days_pass(6)
    assert answers_of_rosa(town) == {"CKA": "tried"}
    assert len(calls_to_rosa(town)) == 1


def test_who_never_answers_is_called_twice_at_two_parts_of_the_day_and_then_by_a_person(
    town: Town,
) -> None:
    landline_pair(town)

    town.days_pass(12)

    assert calls_to_rosa(town) == ["Fri Mar 06 11:00", "Tue Mar 10 12:00"]
    assert states_of_rosa(town) == [InvitationState.LAPSED]
    assert "P01 has not answered the first check-in. Please call or text." in [
        task.words for task in town.tasks()
    ]


def test_a_second_call_comes_at_the_same_part_of_the_day_where_no_other_is_ever_open(
    town: Town,
) -> None:
    town.db.programme = replace(town.db.programme, check_in_until=time(17))
    landline_pair(town)
    change(town, ROSA, profile={"hours": "2,3"})

    town.days_pass(12)

    assert calls_to_rosa(town) == ["Fri Mar 06 12:00", "Tue Mar 10 13:00"]
    assert states_of_rosa(town) == [InvitationState.LAPSED]


def test_what_was_begun_by_text_goes_on_by_phone_where_it_stands(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT)
    town.match(rosa, luis)
    town.days_pass(3.1)
    town.texts(ROSA, MAIN, "1")
    town.days_pass(11)
    town.texts(ROSA, MAIN, "1", "5")

    caller = town.caller(ROSA)
    caller.calls(MAIN)

    caller.hears("We go on from where you were", "Is the amount of contact right")
    goes_through(
        caller,
        ("2", "closer to your goal"),
        ("1", "Would you like a call from staff"),
        ("2", "Thank you, Rosa."),
    )
    assert answers_of_rosa(town)["CK1"] == "5"
    assert answers_of_rosa(town)["CK4"] == "no"
    assert states_of_rosa(town)[-1] is InvitationState.ANSWERED


def test_after_two_texts_a_call_is_announced_and_comes_on_the_day_that_was_named(
    town: Town,
) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT)
    town.match(rosa, luis)

    caller = town.until_it_rings(ROSA)

    assert [text.body[:34] for text in town.phone(ROSA).inbox] == [
        "Have you and Luis talked or texted",
        "A question is waiting for you. Tex",
        "A few questions from us are still ",
    ]
    assert "on Wed, Mar 11" in town.phone(ROSA).inbox[-1].body
    assert f"{town.clock.now().astimezone(CHICAGO):%a, %b %d}" == "Wed, Mar 11"
    caller.answers()
    goes_through(caller, ("1", FIRST), ("1", "Thank you, Rosa."))


@pytest.mark.parametrize(("hours", "asked_at"), [("", "11:00"), ("3", "17:00")])
def test_of_a_question_asked_on_a_friday_no_two_texts_come_on_one_day(
    town: Town, hours: str, asked_at: str
) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT)
    town.match(rosa, luis)
    change(town, ROSA, profile={"hours": hours})

    town.until_it_rings(ROSA)

    texts = [text.at.astimezone(CHICAGO) for text in town.phone(ROSA).inbox]
    assert f"{texts[0]:%H:%M}" == asked_at
    assert [f"{at:%a}" for at in texts] == ["Fri", "Mon", "Tue"]
    assert f"{town.clock.now().astimezone(CHICAGO):%a}" == "Wed"


def test_nobody_is_called_who_has_answered_a_minute_before(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT)
    town.match(rosa, luis)
    town.days_pass(6.9)
    town.texts(ROSA, MAIN, "menu", "2")

    town.days_pass(5)

    assert calls_to_rosa(town) == []


def test_whoever_texts_stop_is_not_called_instead_and_staff_take_over(town: Town) -> None:
    town.match(town.person(Role.PROTEGE, "Rosa", ROSA), town.person(Role.MENTOR, "Luis", LUIS))
    town.texts(ROSA, MAIN, "STOP")

    town.days_pass(12)

    assert town.phone(ROSA).calls == []
    assert [task.rule for task in town.tasks() if task.rule in ("O16", "check-in")] != []
    assert states_of_rosa(town) == [InvitationState.LAPSED]
