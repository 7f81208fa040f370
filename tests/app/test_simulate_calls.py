"""A simulation holds our record of calls beside the carrier's, leg by leg, in both directions."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete, select, update

from app.simulation.play import Play
from app.simulation.simulate import START, begin, live_one_day
from app.simulation.tempers import PROMPT
from app.simulation.world import open_world
from mentoring.db import Session
from mentoring.models import CallLeg, Delivery, DeliveryKind


@pytest.fixture(scope="module")
def lived() -> Iterator[Play]:
    """Two pairs who like to talk, after five days."""
    with open_world(START, seed=3) as world:
        play = begin(world, days=1, pairs=2, seed=3)
        for who in play.people:
            who.temper, who.likes_calls = PROMPT, True
        for day in range(5):
            live_one_day(play, day)
        assert play.checks.breaches == []
        assert [call.direction for call in world.emulator.store.calls.values()] != []
        yield play


def forget_the_legs(session: Session) -> None:
    session.execute(delete(CallLeg))


def end_them_otherwise(session: Session) -> None:
    session.execute(update(CallLeg).values(status="busy"))


def let_them_last_longer(session: Session) -> None:
    session.execute(update(CallLeg).values(seconds=9999))


def invent_one(session: Session) -> None:
    session.scalars(select(CallLeg)).first().call_sid = "CA" + "0" * 32  # type: ignore[union-attr]


def forget_whom_we_rang(session: Session) -> None:
    placed = update(Delivery).where(Delivery.kind == DeliveryKind.CALL)
    session.execute(placed.values(carrier_sid=None))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (forget_the_legs, "we know nothing of a call (outbound-api, completed)"),
        (end_them_otherwise, "a call is ('busy', "),
        (let_them_last_longer, "a call is ('completed', 9999) here, and ('completed', "),
        (invent_one, "the carrier knows nothing of the call CA000"),
        (forget_whom_we_rang, "the outbox knows nothing of the call CA"),
    ],
)
def test_a_record_of_calls_that_is_wrong_is_seen(
    lived: Play, change: Callable[[Session], object], words: str
) -> None:
    lived.checks.breaches.clear()
    with lived.world.parts.db.transaction() as session:
        change(session)
        session.flush()
        lived.checks.look_at_rows(session)
        session.rollback()

    assert [breach for breach in lived.checks.breaches if words in breach] != []
