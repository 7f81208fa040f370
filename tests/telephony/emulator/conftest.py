"""The emulator, a pretend application and the official client, for each test anew."""

from collections.abc import Callable, Iterator

import pytest

from telephony.emulator import Options
from tests.seats import Seats
from tests.telephony.emulator.world import World, make_world

MakeWorld = Callable[[Options | None], World]


@pytest.fixture
def worlds(seats: Seats) -> Iterator[MakeWorld]:
    """Return a function that makes a world with options; only the latest one is served."""
    made: list[World] = []

    def make(options: Options | None = None) -> World:
        made.append(make_world(seats, options))
        return made[-1]

    yield make
    seats.clear()
    for world in made:
        world.client.http_client.session.close()
        world.emulator.close()


@pytest.fixture
def world(worlds: MakeWorld) -> World:
    return worlds(None)
