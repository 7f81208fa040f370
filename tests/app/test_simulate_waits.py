"""The wait for a mentor has a second opinion, which misses an alert that was not opened (O17)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.simulation.coordinator import Coordinator
from app.simulation.oracles import Oracles
from app.simulation.simulate import START
from app.simulation.somebody import Somebody
from app.simulation.tempers import PROMPT
from app.simulation.witness import Witness
from app.simulation.world import World, open_world
from mentoring.models import Person, Role, StaffTask

ROSA = "+15155550131"
DAY = timedelta(days=1)


def missed(world: World, coordinator: Coordinator, day: float) -> list[str]:
    said: list[str] = []
    with world.parts.db.transaction() as session:
        Oracles(Witness(world, []), coordinator, said.append).look(session, START + day * DAY)
    return said


def staff_are_told(world: World, code: str, *, at: datetime) -> None:
    with world.parts.db.transaction() as session:
        rosa = session.scalars(select(Person).where(Person.code == code)).one()
        row = StaffTask(rule="O17", words="-", dedupe_key="-", opened_at=at, due_at=at)
        row.person_id = rosa.id
        session.add(row)


def test_whoever_waits_for_three_weeks_unseen_by_staff_is_missed() -> None:
    with open_world(START, seed=1) as world:
        zone, phone = ZoneInfo("America/Chicago"), world.emulator.phone(ROSA)
        rosa = Somebody(ROSA, "Rosa", Role.PROTEGE, zone, PROMPT, phone)
        coordinator = Coordinator(world, [rosa])
        coordinator.add(rosa)
        since = f"{START + 21 * DAY:%m-%d}"
        assert missed(world, coordinator, 22) == []
        assert missed(world, coordinator, 23) == [
            f"O17 should have been opened for {rosa.code} since {since}"
        ]
        staff_are_told(world, rosa.code, at=START + 21 * DAY)
        assert missed(world, coordinator, 23) == []
