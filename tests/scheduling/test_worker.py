"""Sending in production: a real Celery worker and beat on a real Redis, as the runbook says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from mentoring.db import Database
from mentoring.outbox import oldest_due
from scheduling.celery_app import make_celery
from scheduling.pulse import worker_answers
from scheduling.wake import Waker
from telephony.emulator import LocalServer
from tests.contract.openapi import faults_of_sent
from tests.scheduling.processes import Carrier, beat, environment, queue, worker


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    made = Carrier()
    yield made
    assert faults_of_sent(made.emulator.requests) == []


@pytest.fixture
def settings(carrier: Carrier, real_db: Database, redis_url: str) -> Iterator[dict[str, str]]:
    assert isinstance(real_db.bind, Engine)
    url = real_db.bind.url.render_as_string(hide_password=False)
    with LocalServer(carrier.emulator.wsgi_app) as api:
        yield environment(url, redis_url, api.url)


def test_a_committed_text_wakes_the_worker_and_leaves(
    carrier: Carrier, real_db: Database, redis_url: str, settings: dict[str, str]
) -> None:
    real_db.wake = Waker(make_celery(redis_url))
    with worker(settings):
        queue(real_db, "one")
        assert carrier.wait_for_texts(1)


def test_beat_sends_what_nobody_was_woken_for(
    carrier: Carrier, real_db: Database, settings: dict[str, str], tmp_path: Path
) -> None:
    queue(real_db, "one")
    with worker(settings), beat(settings, tmp_path):
        assert carrier.wait_for_texts(1)


def test_a_broker_that_is_down_costs_a_webhook_nothing(real_db: Database) -> None:
    real_db.wake = Waker(make_celery("redis://127.0.0.1:1/0"))
    queue(real_db, "one")
    with real_db.transaction() as session:
        assert oldest_due(session) is not None


def test_a_worker_is_known_to_be_alive_or_dead(
    carrier: Carrier, real_db: Database, redis_url: str, settings: dict[str, str]
) -> None:
    assert not worker_answers(redis_url)
    queue(real_db, "one")
    real_db.wake = Waker(make_celery(redis_url))
    with worker(settings) as kill:
        queue(real_db, "two")
        assert carrier.wait_for_texts(2)
        assert worker_answers(redis_url)
        kill()
        assert not worker_answers(redis_url)


def test_a_broker_that_does_not_answer_is_no_living_worker() -> None:
    assert not worker_answers("redis://127.0.0.1:1/0")
