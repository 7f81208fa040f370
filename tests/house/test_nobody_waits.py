"""A caller waits in silence while we work, so no webhook waits for the carrier or the broker."""

import threading
from typing import Any, cast

import pytest
from celery import Celery

from app.bench_senders import CALL, Step
from mentoring.db import Database
from scheduling.wake import Waker
from tests.house.line import KIM, LUIS, MAIN, PAIR, ROSA, Call, Line
from tests.recording_carrier import RecordingCarrier


class UntouchedCarrier:
    """A carrier that remembers whatever is wanted of it, and does nothing."""

    def __init__(self) -> None:
        self.wanted: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.wanted.append(name)
        raise ConnectionError("A webhook wanted something of the carrier.")


class Broker:
    """A broker that remembers in which threads it was asked, and answers none until it is let."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.answers = threading.Event()
        self.threads: set[threading.Thread] = set()

    def send_task(self, *_: object, **__: object) -> None:
        self.threads.add(threading.current_thread())
        self.asked.set()
        self.answers.wait(timeout=10)


@pytest.fixture
def carrier() -> RecordingCarrier:
    return cast(RecordingCarrier, UntouchedCarrier())


def everything_happens(line: Line) -> None:
    """An intake by phone, texts, a call that is taken, one that is not, a voice note, a STOP."""
    Call(line, KIM).goes_on(*CALL)
    for number, to in ((ROSA, PAIR), (LUIS, PAIR), (ROSA, MAIN)):
        line.text(number, "Did the bank call back?", to=to)
    call = Call(line, ROSA, PAIR)
    call.is_picked_up().presses("1")
    # The line of the other one is busy now, so he leaves a note.
    Call(line, LUIS, PAIR).goes_on(Step("recording", "10"))
    call.goes_to("/voice/dial-ended", DialCallStatus="completed", DialCallDuration="300")
    Call(line, LUIS, MAIN).presses("0")
    line.text(KIM, "STOP")


def test_no_webhook_asks_the_carrier_for_anything(line: Line, carrier: UntouchedCarrier) -> None:
    everything_happens(line)

    assert carrier.wanted == []
    assert len(line.asked) > len(CALL)


def test_no_webhook_waits_for_a_broker_that_does_not_answer(db: Database, line: Line) -> None:
    broker = Broker()
    db.wake = Waker(cast(Celery, broker))
    try:
        everything_happens(line)

        assert broker.asked.wait(timeout=10), "what was queued wakes the worker"
        assert threading.current_thread() not in broker.threads
    finally:
        broker.answers.set()
