"""Who is never dialled: emergency, premium and foreign numbers, and whoever has never agreed."""

from mentoring.models import Mode, OptOutKind, Person, PersonState, Role
from mentoring.optouts import refuse
from mentoring.people import add_person, find_or_add_phone, find_phone
from tests.journeys.cast import LUIS, ROSA, dialled, pair
from tests.town import MAIN, PAIRS, Town

REFUSED = ("+1911", "911", "+112", "+1988", "+19005550123", "+442079460123", "+881612345678")


def added_by_staff(town: Town, name: str, number: str) -> Person:
    """A mentor whom nobody has asked for any consent yet."""
    now = town.clock.now()
    with town.db.transaction() as session:
        phone = find_or_add_phone(session, number, now=now)
        person = add_person(
            session,
            role=Role.MENTOR,
            phone=phone,
            first_name=name,
            state=PersonState.AVAILABLE,
            actor="staff",
            reason="test",
            now=now,
        )
        person.mode, person.zone = Mode.BOTH, "America/Chicago"
    return person


def test_a_match_never_makes_the_line_dial_emergency_premium_or_foreign_numbers(
    town: Town,
) -> None:
    for place, number in enumerate(REFUSED):
        mine = f"+1515555{150 + place:04}"
        town.match(town.person(Role.PROTEGE, "Rosa", mine), added_by_staff(town, "Max", number))
        caller = town.caller(mine)
        caller.calls(PAIRS[place % len(PAIRS)])
        if "Max" not in caller.heard:
            caller.hangs_up()
            caller.calls(MAIN)
            caller.presses("1")
        caller.hears("Max can't take calls right now", "voice note")
        caller.hangs_up()
    assert dialled(town) == []
    assert "<Number" not in "".join(hook.response_body for hook in town.emulator.webhooks)
    assert {task.rule for task in town.tasks()} == {"number"}


def test_a_no_to_calls_by_a_computer_does_not_keep_a_partner_from_calling(town: Town) -> None:
    pair(town)
    with town.db.transaction() as session:
        phone = find_phone(session, LUIS)
        assert phone is not None
        refuse(session, phone, OptOutKind.CALLS, source="staff", now=town.clock.now())
    town.caller(ROSA).calls(PAIRS[0])
    luis = town.caller(LUIS)
    luis.answers()
    luis.hears("Rosa would like to talk")


def test_somebody_who_never_agreed_to_anything_is_not_rung_and_staff_ask_them(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    luis = added_by_staff(town, "Luis", LUIS)
    town.match(rosa, luis)
    caller = town.caller(ROSA)
    caller.calls(PAIRS[0])
    caller.hears("Luis can't take calls right now", "leave a voice note after the tone")
    caller.records("Please call me")
    caller.presses("2")
    assert dialled(town) == []
    town.settle()
    assert town.phone(LUIS).inbox == []
    assert [(task.rule, task.words) for task in town.tasks()] == [
        ("consent", "M01 was called and not rung: they never agreed. Ask for their consent.")
    ]


def test_on_a_shared_phone_the_consent_of_one_is_not_that_of_the_other(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    town.person(Role.PROTEGE, "Ellen", LUIS, shared=True)
    town.match(rosa, added_by_staff(town, "Luis", LUIS))
    town.caller(ROSA).calls(PAIRS[0])
    assert dialled(town) == []
