"""The carrier refuses, fails, or does not answer: nothing is lost and nothing is sent twice."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.models import Delivery, DeliveryStatus, Outcome
from telephony.carrier import SentText, TextRequest
from telephony.dispatch import Dispatcher
from telephony.emulator import delivered, undelivered
from telephony.twilio_carrier import TwilioCarrier
from tests.journeys.cast import LUIS, ROSA, contacts, pair
from tests.seats import Seats
from tests.town import ACCOUNT, PAIRS, TOKEN, Town, open_town


def received(town: Town) -> list[str]:
    return [text.body for text in town.phone(LUIS).inbox]


def wait_it_out(town: Town) -> None:
    for _ in range(4):
        town.pass_time(150)


@pytest.mark.parametrize(("status", "times"), [(429, 3), (500, 1), (503, 2)])
def test_a_refused_text_arrives_once_a_little_later(town: Town, status: int, times: int) -> None:
    pair(town)
    town.emulator.faults.rest_error(status, match="Messages", times=times)
    town.texts(ROSA, PAIRS[0], "Hello")
    wait_it_out(town)
    assert received(town) == ["Rosa: Hello"]
    assert town.phone(ROSA).inbox == []


@pytest.mark.parametrize("processed", [True, False])
def test_a_text_whose_fate_is_unknown_is_looked_up_before_anything_else(
    town: Town, processed: bool
) -> None:
    pair(town)
    town.emulator.faults.rest_silence(match="Messages", processed=processed)
    town.texts(ROSA, PAIRS[0], "Hello")
    wait_it_out(town)
    assert received(town) == ["Rosa: Hello"]
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.DELIVERED


def test_an_error_after_the_text_was_taken_does_not_send_it_twice(town: Town) -> None:
    pair(town)
    town.emulator.faults.rest_error(500, match="Messages", processed=True)
    town.texts(ROSA, PAIRS[0], "Hello")
    wait_it_out(town)
    assert received(town) == ["Rosa: Hello"]


def test_two_equal_texts_both_arrive_though_the_second_is_uncertain(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Hello", "ok")
    town.emulator.faults.rest_silence(match="Messages", processed=False)
    town.texts(ROSA, PAIRS[0], "ok")
    wait_it_out(town)
    assert received(town) == ["Rosa: Hello", "ok", "ok"]


def test_two_equal_texts_arrive_twice_though_the_first_is_uncertain(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Hello")
    town.emulator.faults.rest_silence(match="Messages", processed=True)
    town.texts(ROSA, PAIRS[0], "ok", "ok")
    wait_it_out(town)
    assert received(town) == ["Rosa: Hello", "ok", "ok"]


@pytest.mark.parametrize("trouble", ["429", "silence"])
def test_parts_and_texts_stay_in_order_when_the_first_has_trouble(town: Town, trouble: str) -> None:
    pair(town)
    if trouble == "429":
        town.emulator.faults.rest_error(429, match="Messages")
    else:
        town.emulator.faults.rest_silence(match="Messages", processed=False)
    body = " ".join(f"word{number}" for number in range(400))
    town.texts(ROSA, PAIRS[0], body, "And one more thing")
    wait_it_out(town)
    assert "".join(received(town)) == f"Rosa: {body}And one more thing"


def test_replies_of_ours_stay_in_order_too(town: Town) -> None:
    town.texts(ROSA, "+15155550100", "Hi", "1", "1", "1", "1", "1")
    town.emulator.faults.rest_error(429, match="Messages")
    town.texts(ROSA, "+15155550100", "1")
    wait_it_out(town)
    joined, question = (text.body for text in town.phone(ROSA).inbox[-2:])
    assert joined.startswith("Thank you. You joined")
    assert question.startswith("Are you 18")


def test_trouble_with_one_persons_text_does_not_hold_up_another(town: Town) -> None:
    pair(town)
    town.emulator.faults.rest_silence(match="Messages", processed=False)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.texts(LUIS, PAIRS[0], "Hello Rosa")
    assert [text.body for text in town.phone(ROSA).inbox] == ["Luis: Hello Rosa"]


class Dies(TwilioCarrier):
    """A carrier whose first text goes out, but the process dies before it knows."""

    died = False

    def send_text(self, text: TextRequest) -> SentText:
        sent = super().send_text(text)
        if not self.died:
            self.died = True
            raise KeyboardInterrupt
        return sent


def test_a_worker_that_dies_in_mid_call_sends_nothing_twice(town: Town) -> None:
    pair(town)
    town.db.wake = lambda: None
    carrier = Dies(ACCOUNT, TOKEN, base_url=town.parts.settings.TWILIO_API_BASE)
    worker = Dispatcher(town.db, carrier, town.clock, town.parts.addresses)
    town.phone(ROSA).text(PAIRS[0], "Hello")
    with pytest.raises(KeyboardInterrupt):
        worker.drain()
    with town.db.transaction() as session:
        assert session.scalars(select(Delivery.status)).all() == [DeliveryStatus.SENDING]
    wait_it_out(town)
    assert received(town) == ["Rosa: Hello"]
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.DELIVERED


def test_a_restart_of_the_worker_loses_nothing(town: Town) -> None:
    pair(town)
    town.db.wake = lambda: None
    for number in range(5):
        town.phone(ROSA).text(PAIRS[0], f"Text {number}")
    assert received(town) == []
    town.settle()
    assert received(town) == ["Rosa: Text 0", *(f"Text {number}" for number in range(1, 5))]


@pytest.fixture
def real_town(real_db: Database, clock: ManualClock, seats: Seats) -> Iterator[Town]:
    """A town on a database with real commits, for several workers at once."""
    with open_town(real_db, clock, seats) as opened:
        yield opened


def test_two_workers_at_once_send_each_text_once(real_town: Town) -> None:
    town = real_town
    pair(town)
    town.db.wake = lambda: None
    bodies = [f"Text {number}" for number in range(12)]
    for body in bodies:
        town.phone(ROSA).text(PAIRS[0], body)
    start = threading.Barrier(2)
    errors: list[BaseException] = []

    def work() -> None:
        # A worker of its own, with its own way into the database.
        db = Database(town.db.bind, vault=town.db.vault, programme=town.db.programme)
        worker = Dispatcher(db, town.parts.carrier, town.clock, town.parts.addresses)
        start.wait()
        try:
            while worker.drain(limit=2).total:
                pass
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    town.settle()
    assert sorted(text.removeprefix("Rosa: ") for text in received(town)) == sorted(bodies)
    posts = [r for r in town.emulator.requests if r.method == "POST"]
    assert len(posts) == len(bodies)


def test_a_number_that_is_unknown_for_once_is_tried_the_next_day_and_can_be_called(
    town: Town,
) -> None:
    pair(town)
    town.phone(LUIS).when_texted = undelivered(30005)
    town.texts(ROSA, PAIRS[0], "Hello")
    town.phone(LUIS).when_texted = delivered()

    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("[ringing]")
    assert town.phone(LUIS).ringing == PAIRS[0]
    rosa.hangs_up()
    town.days_pass(1.1)

    assert "Rosa: Hello" in received(town)
    assert "number" not in [task.rule for task in town.tasks()]


def test_a_number_that_is_unknown_the_next_day_as_well_is_out_of_use(town: Town) -> None:
    pair(town)
    town.phone(LUIS).when_texted = undelivered(30005)
    town.texts(ROSA, PAIRS[0], "Hello")
    assert "number" not in [task.rule for task in town.tasks()]

    town.days_pass(1.1)

    assert "number" in [task.rule for task in town.tasks()]
