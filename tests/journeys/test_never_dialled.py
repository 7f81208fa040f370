"""Emergency, premium and foreign numbers are never dialled, whoever wrote them into a record."""

import pytest
from mentoring.models import Mode, Person, PersonState, Role
from mentoring.people import add_person, find_or_add_phone
from tests.journeys.cast import ROSA, dialled
from tests.town import MAIN, PAIRS, Town

REFUSED = {
    "an emergency number": "+1911",
    "an emergency number without a country": "911",
    "another emergency number": "+112",
    "a crisis line": "+1988",
    "a premium number": "+19005550123",
    "a foreign number": "+442079460123",
    "a satellite phone": "+881612345678",
    "no number": "+1555",
}


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


@pytest.mark.parametrize("number", REFUSED.values(), ids=REFUSED.keys())
def test_a_match_never_makes_the_line_dial(town: Town, number: str) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    town.match(rosa, somebody_with(town, number))
    caller = town.caller(ROSA)
    caller.calls(PAIRS[0])
    caller.hears("Max can't take calls right now", "voice note")
    caller.hangs_up()
    caller.calls(MAIN)
    caller.presses("1")
    caller.hears("Max can't take calls right now")
    assert dialled(town) == []
    assert "<Number" not in "".join(hook.response_body for hook in town.emulator.webhooks)
    assert [task.rule for task in town.tasks()] == ["number"]
