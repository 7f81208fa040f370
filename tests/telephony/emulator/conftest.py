"""The emulator, a pretend application and the official client, for each test anew."""

from collections.abc import Iterator

import pytest

from tests.telephony.emulator.world import World, make_world


@pytest.fixture
def world() -> Iterator[World]:
    yield from make_world()
