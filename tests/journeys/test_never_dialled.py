"""Emergency, premium and foreign numbers are never dialled, whoever wrote them into a record."""

from mentoring.models import Mode, Person, PersonState, Role
from mentoring.people import add_person, find_or_add_phone
from tests.journeys.cast import dialled
from tests.town import MAIN, PAIRS, Town

REFUSED = ("+1911", "911", "+112", "+1988", "+19005550123", "+442079460123", "+881612345678")


def somebody_with(town: Town, number: str) -> Person:
    """A mentor whose number came into the records by mistake; no phone here has it."""
    now = town.clock.now()
    with town.db.transaction() as session:
        phone = find_or_add_phone(session, number, now=now)
        person = add_person(
            session,
            role=Role.MENTOR,
            phone=phone,
            first_name="Max",
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
        town.match(town.person(Role.PROTEGE, "Rosa", mine), somebody_with(town, number))
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
